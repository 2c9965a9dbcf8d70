//! The costs of compiling a flow:
//! `cargo run --release --manifest-path benches/compile-time/Cargo.toml`.
//!
//! It generates and checks programs of several sizes: with a flow of all handlers, with
//! `#[handler]` alone, and without the framework; and flows whose graphs take longest to check. If
//! one misses its target, it exits with 1.

mod compiler;
mod program;
mod table;
mod workspace;
mod worst;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use compiler::Note;
use program::Variant;
use table::{Checked, Row};
use workspace::{Ask, Subject, Workspace};
use worst::{Shape, Worst};

const HANDLERS: [u16; 3] = [50, 200, 500];

/// The number of compilations of each program. The medians count.
const ROUNDS: usize = 7;

/// The target: with this many handlers, a flow costs at most this multiple of its handlers alone.
const TARGET: (u16, f64) = (200, 1.5);

/// Flows that differ in what is checked: the clauses, the flow with less and the one with more to
/// check, and how much longer that one may take.
const CHECKED: [(u16, Worst, Worst, Option<Duration>); 5] = {
    const fn of(shape: Shape, sound: bool) -> Worst {
        Worst { shape, sound }
    }
    let tangle = (of(Shape::Tangle, false), of(Shape::Tangle, true));
    [
        (
            200,
            of(Shape::Diamonds, false),
            of(Shape::DiamondsAndPair, false),
            Some(Duration::from_millis(150)),
        ),
        (
            200,
            of(Shape::Chain, false),
            of(Shape::Chain, true),
            Some(Duration::from_millis(300)),
        ),
        (50, tangle.0, tangle.1, None),
        (100, tangle.0, tangle.1, None),
        (200, tangle.0, tangle.1, None),
    ]
};

fn main() -> io::Result<ExitCode> {
    if let Some(note) = compiler::called() {
        return compiler::compile(&note);
    }
    let subjects: Vec<Subject> = HANDLERS
        .into_iter()
        .flat_map(|handlers| Variant::FRAMEWORK.map(|variant| Subject { variant, handlers }))
        .collect();
    let pairs = CHECKED.map(|(handlers, less, more, _)| {
        [less, more].map(|worst| Subject {
            variant: Variant::Worst(worst),
            handlers,
        })
    });
    let all = [subjects.as_slice(), pairs.as_flattened()].concat();
    let workspace = Workspace::generate(&all)?;
    let rows = measure(&workspace, &subjects)?;
    table::times(&rows);
    table::sizes(&rows);
    let checked = checks(&workspace, &pairs)?;
    table::checked(&checked);
    table::builds(&builds(&workspace)?);
    Ok(
        if rows.iter().all(Row::is_met) && checked.iter().all(Checked::is_met) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        },
    )
}

fn measure(workspace: &Workspace, subjects: &[Subject]) -> io::Result<Vec<Row>> {
    // The first compilation of each pays for the dependencies and for cold caches, so its time does
    // not count. It only provides the size of the expansion, which is always the same.
    let mut expansions = Vec::new();
    for subject in subjects {
        expansions.push(workspace.compile(*subject, Ask::Expansion)?.expansion);
    }
    let notes = rounds(workspace, subjects)?;
    let mut medians = notes.iter().zip(expansions).map(|(notes, expansion)| Note {
        cpu: median(notes.iter().map(|note| note.cpu)),
        memory: median(notes.iter().map(|note| note.memory)),
        expansion,
    });
    let mut next = || medians.next().unwrap_or_default();
    Ok(HANDLERS
        .map(|handlers| Row {
            handlers,
            // In the order of `Variant::FRAMEWORK`.
            flow: next(),
            attribute: next(),
            plain: next(),
            target: (handlers == TARGET.0).then_some(TARGET.1),
        })
        .into())
}

/// What is measured of each program. They take turns, so that a disturbance affects all of them.
fn rounds(workspace: &Workspace, subjects: &[Subject]) -> io::Result<Vec<Vec<Note>>> {
    let mut notes = vec![Vec::new(); subjects.len()];
    for _ in 0..ROUNDS {
        for (subject, notes) in subjects.iter().zip(&mut notes) {
            notes.push(workspace.compile(*subject, Ask::Cost)?);
        }
    }
    Ok(notes)
}

/// The flows that differ in what is checked.
fn checks(workspace: &Workspace, pairs: &[[Subject; 2]]) -> io::Result<Vec<Checked>> {
    let subjects = pairs.as_flattened();
    for subject in subjects {
        workspace.compile(*subject, Ask::Cost)?;
    }
    let notes = rounds(workspace, subjects)?;
    let mut medians = notes
        .iter()
        .map(|notes| median(notes.iter().map(|note| note.cpu)));
    let mut next = || medians.next().unwrap_or_default();
    let rows = CHECKED.map(|(clauses, less, more, target)| Checked {
        clauses,
        names: [less.name(), more.name()],
        cpu: [next(), next()],
        target,
    });
    Ok(rows.into())
}

/// Debug builds of the flows with their handlers.
fn builds(workspace: &Workspace) -> io::Result<Vec<(u16, Note)>> {
    let build = |handlers| {
        let subject = Subject {
            variant: Variant::Flow,
            handlers,
        };
        // The first build may include the dependencies.
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
