//! What it costs to compile a flow:
//! `cargo run --release --manifest-path benches/compile-time/Cargo.toml`.
//!
//! Programs of so many handlers are generated and checked: with a flow of them all, with
//! `#[handler]` alone, and without any of it. A missed target ends it with 1.

mod compiler;
mod program;
mod table;
mod workspace;

use std::io;
use std::process::ExitCode;

use compiler::Note;
use program::Variant;
use table::Row;
use workspace::{Ask, Subject, Workspace};

const HANDLERS: [u16; 3] = [50, 200, 500];

/// How often each is compiled; the medians count.
const ROUNDS: usize = 7;

/// What a flow may cost, as a multiple of its handlers alone, at so many handlers.
const TARGET: (u16, f64) = (200, 1.5);

fn main() -> io::Result<ExitCode> {
    if let Some(note) = compiler::called() {
        return compiler::compile(&note);
    }
    let subjects: Vec<Subject> = HANDLERS
        .into_iter()
        .flat_map(|handlers| Variant::ALL.map(|variant| Subject { variant, handlers }))
        .collect();
    let workspace = Workspace::generate(&subjects)?;
    let rows = measure(&workspace, &subjects)?;
    table::times(&rows);
    table::sizes(&rows);
    table::builds(&builds(&workspace)?);
    Ok(if rows.iter().all(Row::is_met) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn measure(workspace: &Workspace, subjects: &[Subject]) -> io::Result<Vec<Row>> {
    // The first compilation of each pays for the dependencies and for cold caches: it does not
    // count, and it is asked for what is always the same.
    let mut expansions = Vec::new();
    for subject in subjects {
        expansions.push(workspace.compile(*subject, Ask::Expansion)?.expansion);
    }
    // All take turns, so that what disturbs one disturbs the others.
    let mut notes = vec![Vec::new(); subjects.len()];
    for _ in 0..ROUNDS {
        for (subject, notes) in subjects.iter().zip(&mut notes) {
            notes.push(workspace.compile(*subject, Ask::Cost)?);
        }
    }
    let mut medians = notes.iter().zip(expansions).map(|(notes, expansion)| Note {
        cpu: median(notes.iter().map(|note| note.cpu)),
        memory: median(notes.iter().map(|note| note.memory)),
        expansion,
    });
    let mut next = || medians.next().unwrap_or_default();
    Ok(HANDLERS
        .map(|handlers| Row {
            handlers,
            // In the order of `Variant::ALL`.
            flow: next(),
            attribute: next(),
            plain: next(),
            target: (handlers == TARGET.0).then_some(TARGET.1),
        })
        .into())
}

/// Debug builds of the flows, the handlers of which are compiled with them.
fn builds(workspace: &Workspace) -> io::Result<Vec<(u16, Note)>> {
    let build = |handlers| {
        let subject = Subject {
            variant: Variant::Flow,
            handlers,
        };
        // The first one may have to build the dependencies.
        workspace.compile(subject, Ask::Build)?;
        let note = workspace.compile(subject, Ask::Build)?;
        Ok((handlers, note))
    };
    HANDLERS.into_iter().map(build).collect()
}

fn median<T: Copy + Default + Ord>(figures: impl Iterator<Item = T>) -> T {
    let mut figures: Vec<T> = figures.collect();
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
