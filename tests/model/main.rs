//! The engine against a model: random flows with random handlers, in a random order.
//!
//! `graphs.rs` holds the flows, as `generate.rs` makes them from a seed; `MODEL_GRAPHS=7 cargo test
//! -p tests --test model` writes it anew from another. `MODEL_CASES=100000 MODEL_SEED=1` runs more
//! cases, and others. Of the cases that fail, the one with the shortest flow and log is run with
//! fewer calls as long as it fails, and is printed with its flow. With `MODEL_SHRINK=1`, the flow
//! is made smaller as well: `shrink.rs` compiles flows with one thing less, takes the smallest that
//! still differs, and goes on with it. That takes minutes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::result_large_err,
    reason = "an interpreter is to be obvious, not fast"
)]

mod case;
mod drive;
mod engine;
mod gates;
mod generate;
mod graph;
#[allow(dead_code, reason = "the flows of a seed need not use every handler")]
mod handlers;
#[allow(clippy::redundant_closure_for_method_calls, reason = "closures are what is tested")]
#[rustfmt::skip]
mod graphs;
mod instants;
mod interpreter;
mod parts;
mod script;
mod shrink;
mod smaller;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic;

use tokio::runtime::Runtime;

use crate::case::Case;
use crate::drive::Around;
use crate::engine::Runner;
use crate::generate::Kind;
use crate::graph::Graph;
use crate::script::{PLANNED, World, without_names};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/model/graphs.rs");

/// What an execution did: the log of its handlers, its items, and what it ended with.
#[derive(Debug, PartialEq)]
struct Trace {
    log: Vec<String>,
    items: Vec<String>,
    ended: String,
    /// Calls that wait after the end.
    left: bool,
}

impl Trace {
    fn of(world: &World, (items, ended): (Vec<String>, String)) -> Self {
        Self {
            log: world.log(),
            items,
            ended: in_order(&without_names(&ended)),
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
        return std::fs::write(FILE, generate::text(Kind::Modelled, seed)).unwrap();
    }
    assert!(
        generate::text(Kind::Modelled, graphs::SEED) == std::fs::read_to_string(FILE).unwrap(),
        "they are out of date: set `MODEL_GRAPHS={}` to write them anew",
        graphs::SEED
    );
}

/// Stages whose time is over at the same instant are told in an order that the laws leave open.
fn in_order(ended: &str) -> String {
    const NEXT: &str = "; then `F";
    let (error, kept) = ended.split_once("; kept ").unwrap_or((ended, ""));
    let mut failures: Vec<_> = error.split(NEXT).collect();
    let late = failures
        .iter()
        .filter(|told| told.contains("`finally` took longer"));
    if late.count() > 1 {
        failures[1..].sort_unstable();
    }
    format!("{}; kept {kept}", failures.join(NEXT))
}

/// The flows, and what runs them.
struct Tested {
    graphs: Vec<Graph>,
    runners: Vec<Runner>,
    runtime: Runtime,
    /// How many steps handlers have done.
    steps: Cell<u64>,
}

/// Returns the traces of the engine and of the model, and in what they may differ.
fn traces(tested: &Tested, index: usize, case: &Case) -> (Trace, Trace, String) {
    let (graphs, runtime) = (&tested.graphs, &tested.runtime);
    let run = |run: &dyn Fn(Around<'_>) -> (Vec<String>, String)| {
        let world = World::new(*case);
        let ended = run(Around {
            case,
            world: &world,
            runtime,
        });
        (Trace::of(&world, ended), world)
    };
    let (engine, of_engine) = run(&tested.runners[index]);
    let (model, of_model) = run(&|around| interpreter::run(graphs, index, around));
    tested.steps.set(tested.steps.get() + of_engine.steps());
    (engine, model, of_model.left_open())
}

/// Whether the engine does something else than the model in a case that is not open.
fn differs(tested: &Tested, index: usize, case: &Case) -> bool {
    let (engine, model, open) = traces(tested, index, case);
    engine != model && open.is_empty()
}

#[test]
fn the_engine_does_what_the_model_does() {
    quiet_about_planned_panics();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let handle = runtime.handle().clone();
    let _entered = handle.enter();
    let tested = Tested {
        graphs: generate::graphs(Kind::Modelled, graphs::SEED),
        runners: graphs::RUNNERS.to_vec(),
        runtime,
        steps: Cell::new(0),
    };
    if shrink::is_asked_for_a_batch() {
        return shrink::try_batch(tested);
    }
    let graphs = &tested.graphs;
    let cases = number("MODEL_CASES").unwrap_or(25_000);
    let first = number("MODEL_SEED").unwrap_or(0);
    let mut endings = ENDINGS.map(|part| (part, 0_u32));
    let (mut failing, mut others) = (BTreeMap::new(), BTreeMap::new());
    for seed in first..first + cases {
        let case = Case::new(seed);
        let index = usize::try_from(seed).unwrap() % graphs.len();
        let (engine, model, open) = traces(&tested, index, &case);
        for (part, count) in &mut endings {
            *count += u32::from(model.ended.contains(*part));
        }
        if engine != model && !open.is_empty() {
            *others.entry(open).or_insert(0) += 1;
        } else if engine != model {
            // The shortest of each flow.
            let size = engine.log.len() + graphs[index].size();
            let smallest = failing.entry(index).or_insert((size, case));
            if size < smallest.0 {
                *smallest = (size, case);
            }
        }
    }
    let open: u64 = others.values().sum();
    eprintln!(
        "{cases} cases from seed {first}, {} steps, {open} in another order {others:?}; {endings:?}",
        tested.steps.get()
    );
    assert!(
        open * 200 <= cases,
        "{open} of {cases} are in another order"
    );
    if !failing.is_empty() {
        let mut failing: Vec<_> = failing.into_iter().collect();
        failing.sort_by_key(|(_, (size, _))| *size);
        if number("MODEL_SHRINK").is_some() {
            let (index, (_, case)) = failing[0];
            match shrink::shrink(index, &case) {
                Ok(told) => panic!("{told}"),
                Err(why) => eprintln!("{why}"),
            }
        }
        failing.truncate(3);
        let told = failing.into_iter().map(|(index, (_, case))| {
            let case = shrunk(&tested, index, case);
            difference(&tested, index, &case)
        });
        let told: Vec<_> = told.collect();
        panic!(
            "{}\n\n`MODEL_SHRINK=1` makes the first flow smaller",
            told.join("\n\n")
        );
    }
    assert!(
        cases < 10_000 || endings.iter().all(|(_, count)| *count > 0),
        "{endings:?}"
    );
}

/// Parts of the texts of endings, each of which occurs in ten thousand cases.
const ENDINGS: [&str; 19] = [
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
    "began to take",
    "was given up",
    "timed out on ",
    "the execution took longer",
    "went on for longer",
    "was idle for",
    "in `every`",
];

/// A case that differs too, with fewer calls and steps. The flow stays as it was compiled.
fn shrunk(tested: &Tested, index: usize, mut case: Case) -> Case {
    loop {
        let mut smaller = case.smaller().into_iter();
        let smaller = smaller.find(|smaller| differs(tested, index, smaller));
        match smaller {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

/// The case and its flow, what both did, and what each did then.
fn difference(tested: &Tested, index: usize, case: &Case) -> String {
    let (engine, model, _) = traces(tested, index, case);
    let mut lines = vec![format!("{case:?}"), tested.graphs[index].text()];
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
                .take(30)
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
