//! Random durable flows that crash at random: they come to the same as without a crash, and as in
//! memory.
//!
//! `crashing/graphs.rs` holds the flows, as `generate.rs` makes them from a seed;
//! `CRASHING_GRAPHS=7 cargo test -p tests --test crashing` writes it anew from another.
//! `CRASHING_CASES=10000 CRASHING_SEED=1` runs more cases, and others. `CRASHING_RUNS=20` crashes
//! each of them more often.
//!
//! What the outside does next depends on the names of the calls that wait alone, and it does so
//! when nothing else happens. So the calls of an execution come to their results in the same order,
//! however often it crashes, and everything that the order of them decides is the same: which
//! events meet, which branch is the first, and with what it ends. Cases in which two calls that
//! wait have the same name are left out. So are flows with a `concurrency`, `every` or handlers
//! that wait longer than their `timeout` while others wait: these go by the time, and
//! `tests/crashes` crashes them one by one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "crashing/client.rs"]
mod client;
#[path = "crashing/counting.rs"]
#[allow(dead_code, reason = "the flows of a seed need not use every handler")]
mod counting;
#[path = "crashing/cutting.rs"]
mod cutting;
#[path = "crashing/engine.rs"]
mod engine;
#[allow(dead_code, reason = "the model uses the rest")]
mod generate;
#[allow(dead_code, reason = "the model uses the rest")]
mod graph;
#[allow(unused_imports, reason = "not every file rescues errors")]
#[allow(clippy::redundant_closure_for_method_calls, reason = "closures are what is tested")]
#[path = "crashing/graphs.rs"]
#[rustfmt::skip]
mod graphs;
#[allow(
    dead_code,
    unused_imports,
    reason = "durable flows do not use every handler"
)]
mod handlers;
mod parts;
#[path = "crashing/script.rs"]
mod script;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::panic;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use fastrand::Rng;
use flow_core::durable::{Fault, HostOptions, MemoryStore};
use futures::future::{Either, select};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::client::Client;
use crate::cutting::{Cut, CutStore, Point};
use crate::engine::{InStore, Outcome, Runner, counted};
use crate::generate::Kind;
use crate::script::{MOST_PUTS, PLANNED, Plan, World};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/model/crashing/graphs.rs");

fn number(variable: &str) -> Option<u64> {
    let number = std::env::var(variable).ok()?;
    Some(number.parse().expect("a number"))
}

#[test]
fn the_flows_are_those_of_the_generator() {
    if let Some(seed) = number("CRASHING_GRAPHS") {
        return std::fs::write(FILE, generate::text(Kind::Durable, seed)).unwrap();
    }
    assert!(
        generate::text(Kind::Durable, graphs::SEED) == std::fs::read_to_string(FILE).unwrap(),
        "they are out of date: set `CRASHING_GRAPHS={}` to write them anew",
        graphs::SEED
    );
}

fn runtime() -> Runtime {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap()
}

/// What became of an execution, and what its handlers have done.
#[derive(Debug)]
struct Trace {
    outcome: Outcome,
    effects: BTreeMap<String, usize>,
    done_outside: Vec<Vec<String>>,
    /// Calls that waited could not be told apart.
    is_ambiguous: bool,
}

impl Trace {
    fn of(outcome: Outcome, world: &World) -> Self {
        Self {
            outcome,
            effects: world.effects(),
            done_outside: world.done_outside(),
            is_ambiguous: world.is_ambiguous(),
        }
    }
}

fn in_memory(runner: &Runner, plan: Plan) -> Trace {
    let world = World::new(plan);
    let execution = async { (runner.in_memory)(world.clone(), runner.externals).await };
    let outcome = runtime().block_on(execution);
    Trace::of(outcome, &world)
}

/// What cuts the lives of an execution.
struct Cuts {
    rng: Rng,
    left: u32,
    /// How many have struck.
    struck: u32,
}

impl Cuts {
    fn new(seed: u64, at_most: u32) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            left: at_most,
            struck: 0,
        }
    }

    fn next(&mut self) -> Option<Cut> {
        self.left = self.left.checked_sub(1)?;
        let rng = &mut self.rng;
        // Often while it recovers.
        let within = if rng.bool() { 4 } else { 24 };
        let fault = match rng.u8(..8) {
            0 => Fault::Tear,
            1 => Fault::Forget,
            2 => Fault::Keep,
            3 => Fault::Stop,
            4 => Fault::Fail,
            kind => {
                let point = match kind {
                    5 => Point::Begun,
                    6 => Point::Written,
                    _ => Point::Durable,
                };
                return Some(Cut::Dropped(rng.u64(..within), point));
            }
        };
        Some(Cut::Fault(rng.u64(..2 * within), fault))
    }
}

/// Runs an execution in all its lives.
fn in_store(runner: &Runner, plan: Plan, cuts: &mut Cuts) -> Trace {
    let world = World::new(plan);
    let mut store = MemoryStore::new();
    let mut client = Client::default();
    let mut now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let park_after = Duration::from_secs([0, 10, 60][usize::try_from(plan.seed % 3).unwrap()]);
    let mut lives = |cut: Option<Cut>, store: &MemoryStore, cuts: &mut Cuts, world: &World| {
        let runtime = runtime();
        let cut = CutStore::new(store.clone(), cut);
        let options = HostOptions::new()
            .park_after(park_after)
            .history(u64::MAX)
            .time_of_runtime(now);
        let (ended, host) = runtime.block_on(async {
            let began = Instant::now();
            let host = options.open(cut.clone());
            let by_id = (runner.register)(&host, world.clone());
            let hands = InStore {
                by_id: &*by_id,
                world,
            };
            let life = async {
                hands.start().await;
                let acts = pin!(client.act(world, runner.externals, &hands));
                let output = match select(pin!(hands.output()), acts).await {
                    Either::Left((output, _)) => output,
                    Either::Right(_) => unreachable!("the client acts until it is dropped"),
                };
                hands.outcome(output).await
            };
            let ended = match select(pin!(life), pin!(cut.death())).await {
                Either::Left((outcome, _)) => Some(outcome),
                Either::Right(_) => None,
            };
            now += began.elapsed();
            (ended, (host, by_id))
        });
        cuts.struck += u32::from(cut.was_cut());
        // Either may be first.
        if cuts.rng.bool() {
            drop(runtime);
            drop(host);
        } else {
            let _entered = runtime.enter();
            drop(host);
        }
        ended
    };
    for _ in 0..1_000 {
        let cut = cuts.next();
        if let Some(outcome) = lives(cut, &store, cuts, &world) {
            return Trace::of(outcome, &world);
        }
        store = store.reopen();
    }
    panic!("it makes no progress");
}

/// In what the two differ, if they do: that, and only the lines around.
fn differ(name: &str, one: &dyn Debug, two: &dyn Debug) -> Option<String> {
    let (one, two) = (format!("{one:#?}"), format!("{two:#?}"));
    if one == two {
        return None;
    }
    let same = one.lines().zip(two.lines());
    let same = same.take_while(|(one, two)| one == two).count();
    let rest = |text: &str| {
        let lines = text.lines().skip(same.saturating_sub(3));
        lines.take(12).collect::<Vec<_>>().join("\n")
    };
    Some(format!(
        "{name}, line {same}:\n{}\ninstead of:\n{}",
        rest(&one),
        rest(&two)
    ))
}

/// In what an execution in a store that has crashed so often differs from one that has not.
fn difference(crashed: &Trace, calm: &Trace, struck: u32) -> Option<String> {
    let (one, two) = (&crashed.outcome, &calm.outcome);
    let different = differ("calls", &one.calls, &two.calls)
        .or_else(|| differ("output", &one.output, &two.output))
        .or_else(|| differ("outside", &crashed.done_outside, &calm.done_outside));
    if different.is_some() {
        return different;
    }
    let (items, expected) = (counted(&one.items), counted(&two.items));
    if !items.keys().eq(expected.keys()) {
        return differ("items", &items, &expected);
    }
    let again: usize = items
        .iter()
        .map(|(item, count)| {
            count
                .checked_sub(expected[item])
                .unwrap_or(usize::MAX / 1_000)
        })
        .sum();
    if again > MOST_PUTS * one.restarted {
        return Some(format!(
            "{again} items again, {} restarts: {items:?}",
            one.restarted
        ));
    }
    let (effects, expected) = (&crashed.effects, &calm.effects);
    if !effects.keys().eq(expected.keys()) {
        return differ("effects", effects, expected);
    }
    effects.iter().find_map(|(effect, count)| {
        let least = expected[effect];
        let most = least * (1 + usize::try_from(struck).unwrap());
        let fits = (least..=most).contains(count);
        (!fits).then(|| format!("{effect}: {count} instead of {least}, {struck} crashes"))
    })
}

/// In what an execution in memory differs from one in a store.
fn difference_from_memory(memory: &Trace, calm: &Trace) -> Option<String> {
    let (one, two) = (&memory.outcome, &calm.outcome);
    differ("effects", &memory.effects, &calm.effects)
        .or_else(|| differ("output", &one.output, &two.output))
        .or_else(|| differ("items", &counted(&one.items), &counted(&two.items)))
        .or_else(|| differ("outside", &memory.done_outside, &calm.done_outside))
        .map(|told| format!("in memory, {told}"))
}

#[test]
fn random_flows_come_to_the_same_with_crashes() {
    quiet_about_planned_panics();
    let first = number("CRASHING_SEED").unwrap_or(0);
    let cases = number("CRASHING_CASES").unwrap_or(150);
    let runs = number("CRASHING_RUNS").unwrap_or(3);
    let (mut crashes, mut ambiguous, mut calls) = (0_u64, 0_u64, 0);
    let mut failures = Vec::new();
    let graphs = generate::graphs(Kind::Durable, graphs::SEED);
    for seed in first..first + cases {
        let plan = Plan::new(seed);
        let index = usize::try_from(seed).unwrap() % graphs::RUNNERS.len();
        let runner = &graphs::RUNNERS[index];
        let calm = in_store(runner, plan, &mut Cuts::new(0, 0));
        if calm.is_ambiguous {
            ambiguous += 1;
            continue;
        }
        calls += calm.outcome.calls.len();
        // What takes no events from outside has no handle in memory that cancels it.
        let in_memory =
            (!plan.cancels || !runner.externals.is_empty()).then(|| in_memory(runner, plan));
        let mut told = in_memory.and_then(|memory| difference_from_memory(&memory, &calm));
        for run in 0..runs {
            if told.is_some() {
                break;
            }
            let mut cuts = Cuts::new(seed * 1_000 + run, 16);
            let trace = in_store(runner, plan, &mut cuts);
            crashes += u64::from(cuts.struck);
            told = difference(&trace, &calm, cuts.struck)
                .map(|told| format!("run {run}, {} crashes: {told}", cuts.struck));
        }
        if let Some(told) = told {
            let size = calm.outcome.calls.len();
            let kind = told.lines().next().unwrap_or_default();
            eprintln!("seed {seed}, {size} calls: {kind}");
            failures.push((size, format!("{plan:?}\n{}{told}", graphs[index].text())));
        }
    }
    eprintln!(
        "{cases} cases from seed {first}, {calls} calls, {crashes} crashes, {ambiguous} ambiguous, {} differ",
        failures.len()
    );
    failures.sort();
    let shortest = failures.into_iter().map(|(_, told)| told).take(2);
    let told: Vec<_> = shortest.collect();
    assert!(told.is_empty(), "{}", told.join("\n\n"));
    assert!(2 * crashes > runs * (cases - ambiguous), "{crashes}");
    assert!(ambiguous * 4 < cases, "{ambiguous}");
}

fn quiet_about_planned_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&PLANNED) {
            before(info);
        }
    }));
}
