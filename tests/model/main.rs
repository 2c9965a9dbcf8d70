//! The engine against a model: random flows with random handlers, in a random order.
//!
//! `graphs.rs` holds the flows, as `generate.rs` makes them from a seed; `MODEL_GRAPHS=7 cargo test
//! -p tests --test model` writes it anew from another. `MODEL_CASES=100000 MODEL_SEED=1` runs more
//! cases, and others. Of the cases that fail, the one with the shortest flow and log is run with
//! fewer calls as long as it fails, and is printed with its flow. A flow is not made smaller,
//! because it is compiled.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "the flows of a seed need not use every handler")]
mod engine;
mod generate;
mod graph;
#[rustfmt::skip]
mod graphs;
mod interpreter;
mod script;

use std::panic;

use crate::graph::Graph;
use crate::script::{Case, PLANNED, World};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/model/graphs.rs");

/// What an execution did: the log of its handlers, its items, and what it ended with.
#[derive(Debug, PartialEq)]
struct Trace {
    log: Vec<String>,
    items: Vec<u16>,
    ended: String,
    /// Calls that wait after the end.
    left: bool,
}

impl Trace {
    fn of(world: &World, (items, ended): (Vec<u16>, String)) -> Self {
        Self {
            log: world.log(),
            items,
            ended,
            left: world.is_waited_at(),
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    let number = std::env::var(variable).ok()?;
    Some(number.parse().expect("a number"))
}

#[test]
fn the_flows_are_those_of_the_generator() {
    if let Some(seed) = number("MODEL_GRAPHS") {
        return std::fs::write(FILE, generate::text(seed)).unwrap();
    }
    assert!(
        generate::text(graphs::SEED) == std::fs::read_to_string(FILE).unwrap(),
        "they are out of date: set `MODEL_GRAPHS={}` to write them anew",
        graphs::SEED
    );
}

/// Returns the traces of the engine and of the model.
fn traces(graphs: &[Graph], index: usize, case: &Case, steps: &mut u64) -> (Trace, Trace) {
    let world = World::new(*case);
    let engine = Trace::of(&world, graphs::RUNNERS[index](case, &world));
    *steps += world.steps();
    let world = World::new(*case);
    let model = Trace::of(&world, interpreter::run(graphs, index, case, &world));
    (engine, model)
}

#[test]
fn the_engine_does_what_the_model_does() {
    quiet_about_planned_panics();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    // The clock of a `finally` stands still.
    let _entered = runtime.enter();
    let graphs = generate::graphs(graphs::SEED);
    let cases = number("MODEL_CASES").unwrap_or(50_000);
    let first = number("MODEL_SEED").unwrap_or(0);
    let mut steps = 0;
    let mut endings = ENDINGS.map(|part| (part, 0_u32));
    let mut failing: Option<(usize, usize, Case)> = None;
    for seed in first..first + cases {
        let case = Case::new(seed);
        let index = usize::try_from(seed).unwrap() % graphs.len();
        let (engine, model) = traces(&graphs, index, &case, &mut steps);
        for (part, count) in &mut endings {
            *count += u32::from(model.ended.contains(*part));
        }
        let size = engine.log.len() + graphs[index].size();
        let is_smaller = failing.is_none_or(|(smallest, ..)| size < smallest);
        if engine != model && is_smaller {
            failing = Some((size, index, case));
        }
    }
    eprintln!("{cases} cases from seed {first}, {steps} steps; {endings:?}");
    if let Some((_, index, case)) = failing {
        let case = shrunk(&graphs, index, case);
        panic!("{}", difference(&graphs, index, &case));
    }
    assert!(
        cases < 10_000 || endings.iter().all(|(_, count)| *count > 0),
        "{endings:?}"
    );
}

/// Parts of the texts of endings, each of which occurs in ten thousand cases.
const ENDINGS: [&str; 13] = [
    "ends with nothing",
    "ends with 1",
    "failed on start",
    "panicked on `",
    "in a rescue",
    "in `finally`",
    "without reaching `end`",
    "was left with",
    "kept Some",
    "max_events",
    "max_pending",
    "waits with",
    "was given up",
];

/// A case that differs too, with fewer calls and steps. The flow stays as it was compiled.
fn shrunk(graphs: &[Graph], index: usize, mut case: Case) -> Case {
    loop {
        let smaller = case.smaller().into_iter().find(|smaller| {
            let (engine, model) = traces(graphs, index, smaller, &mut 0);
            engine != model
        });
        match smaller {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

/// The case and its flow, what both did, and what each did then.
fn difference(graphs: &[Graph], index: usize, case: &Case) -> String {
    let (engine, model) = traces(graphs, index, case, &mut 0);
    let mut lines = vec![format!("{case:?}"), graphs[index].text()];
    let pairs = engine.log.iter().zip(&model.log);
    let same = pairs.take_while(|(one, other)| one == other).count();
    lines.extend_from_slice(&engine.log[..same]);
    for (name, trace) in [("the engine", engine), ("the model", model)] {
        lines.push(format!("{name}:"));
        lines.extend(
            trace
                .log
                .into_iter()
                .skip(same)
                .map(|line| format!("    {line}")),
        );
        lines.push(format!("    items {:?}, left {}", trace.items, trace.left));
        lines.push(format!("    {}", trace.ended));
    }
    lines.join("\n")
}

fn quiet_about_planned_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&PLANNED) {
            before(info);
        }
    }));
}
