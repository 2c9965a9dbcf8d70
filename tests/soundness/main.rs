//! Whether what `sound;` proves is true: random graphs, of which everything is tried that may happen.
//!
//! `SOUNDNESS_CASES=100000 SOUNDNESS_SEED=1` tries more graphs, and others. A graph that is accepted
//! and goes wrong is made smaller as long as it does, and is printed with the steps that lead there.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "the flows of a seed need not use every event")]
mod engine;
mod explore;
mod generate;
#[rustfmt::skip]
mod flows;
mod known;
mod net;
mod outcomes;
mod program;
mod search;
mod smaller;
mod spec;
mod walk;
mod well_formed;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flow_core::__private::{Analysis, dead_wait, sound};
use flow_core::graph::GraphDesc;

use crate::net::Net;
use crate::search::{Explored, Fault, Kind};
use crate::spec::Spec;

/// So many random executions look for events that do not belong together.
const WALKS: u64 = 20;

fn number(variable: &str) -> Option<u64> {
    let number = std::env::var(variable).ok()?;
    Some(number.parse().expect("a number"))
}

/// The kinds of the findings; none if it is proved.
fn findings(graph: &GraphDesc) -> Vec<u8> {
    let findings = sound::findings(graph);
    findings.iter().map(|finding| finding.kind).collect()
}

/// Whether `flow!` accepts the graph without the proof: each clause can be reached, and no loop goes on
/// whatever happens.
fn compiles(graph: &GraphDesc) -> bool {
    const WAITS: usize = generate::MOST;
    // The events of all graphs are named by one path each.
    let same: Vec<_> = graph
        .clauses
        .iter()
        .flat_map(|clause| clause.trigger.events())
        .map(|event| usize::try_from(event.id).unwrap())
        .collect();
    macro_rules! of_size {
        ($($clauses:literal)*) => {
            match graph.clauses.len() {
                $($clauses => {
                    let analysis = Analysis::<$clauses, WAITS>::new(graph);
                    let parts = graph.clauses.iter().flat_map(|clause| {
                        0..clause.trigger.events().len()
                    });
                    let mut parts = parts.enumerate();
                    parts.all(|(wait, part)| dead_wait(graph, &analysis, &same, wait, part) == 0)
                })*
                more => panic!("{more} clauses"),
            }
        };
    }
    of_size!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
}

/// What may go wrong.
fn explored(spec: &Spec, graph: &'static GraphDesc) -> Explored {
    let net = Net::new(graph);
    let mut explored = net.explore();
    let has_partners = spec.clauses.iter().any(|clause| {
        matches!(
            clause.trigger,
            spec::Trigger::All(_) | spec::Trigger::Times(..)
        ) && !clause.by
    });
    if has_partners {
        explored
            .faults
            .extend((0..WALKS).find_map(|seed| walk::walk(&net, seed)));
    }
    explored.faults.retain(|fault| {
        // A flow without an output may go on for ever.
        spec.has_output || fault.kind != Kind::NeverEnds
    });
    explored
}

fn goes_wrong(spec: &Spec, kind: Kind) -> Option<Fault> {
    if !well_formed::is_well_formed(spec) {
        return None;
    }
    let graph = spec.graph();
    if !compiles(graph) || !findings(graph).is_empty() {
        return None;
    }
    explored(spec, graph)
        .faults
        .into_iter()
        .find(|fault| fault.kind == kind)
}

/// The smallest graph that goes wrong in the same way.
fn shrunk(mut spec: Spec, kind: Kind) -> (Spec, Fault) {
    let smaller = |spec: &Spec| {
        let mut smaller = smaller::smaller(spec).into_iter();
        smaller.find(|smaller| goes_wrong(smaller, kind).is_some())
    };
    while let Some(one) = smaller(&spec) {
        spec = one;
    }
    let fault = goes_wrong(&spec, kind).unwrap();
    (spec, fault)
}

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/soundness/flows.rs");

#[test]
fn the_flows_are_those_of_the_generator() {
    if let Some(seed) = number("SOUNDNESS_FLOWS") {
        let seeds = program::seeds(seed);
        return std::fs::write(FILE, program::text(&seeds)).unwrap();
    }
    assert!(
        program::text(flows::SEEDS) == std::fs::read_to_string(FILE).unwrap(),
        "they are out of date: set `SOUNDNESS_FLOWS=1` to write them anew"
    );
}

/// Each way, in a random order: the flow ends with its output, or with a failure of a handler where
/// the explorer comes to one, too.
#[test]
fn flows_that_are_proved_come_to_their_output() {
    let runs = number("SOUNDNESS_RUNS").unwrap_or(200);
    let first = number("SOUNDNESS_SEED").unwrap_or(0);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (index, run) in flows::RUNNERS.iter().enumerate() {
        let spec = generate::spec(flows::SEEDS[index]);
        let explored = explored(&spec, spec.graph());
        assert_eq!(explored.faults, [], "flow f{index}");
        // What goes on after the `end` may take too long, which the explorer has no time for.
        let may_fail = explored.may_fail || !explored.is_complete || spec.drains;
        for seed in first..first + runs {
            let ended = run(seed);
            assert!(
                ended == "it ends" || (ended == "it fails" && may_fail),
                "flow f{index} from seed {seed}: {ended}"
            );
            *counts.entry(ended).or_default() += 1;
        }
    }
    eprintln!("{counts:?}");
    assert!(counts.len() == 2, "{counts:?}");
}

/// What came of the graphs of some seeds.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<&'static str, u32>,
    /// By the kinds of the findings.
    alarms: BTreeMap<Vec<u8>, (u32, Spec)>,
    wrong: BTreeMap<Kind, (u32, Spec)>,
}

/// Counts a graph, of which the smallest is kept.
fn note<K: Ord>(all: &mut BTreeMap<K, (u32, Spec)>, kind: K, count: u32, spec: &Spec) {
    let (total, smallest) = all.entry(kind).or_insert_with(|| (0, spec.clone()));
    *total += count;
    if spec.text().len() < smallest.text().len() {
        smallest.clone_from(spec);
    }
}

impl Tally {
    fn of(seeds: impl Iterator<Item = u64>, spec: fn(u64) -> Spec) -> Self {
        let mut tally = Self::default();
        for seed in seeds {
            let case = tally.look_at(&spec(seed));
            *tally.counts.entry(case).or_default() += 1;
        }
        tally
    }

    fn look_at(&mut self, spec: &Spec) -> &'static str {
        let graph = spec.graph();
        if !compiles(graph) {
            return "refused without a proof";
        }
        let found = findings(graph);
        let explored = explored(spec, graph);
        match (found.is_empty(), explored.faults.is_empty()) {
            (true, true) if explored.is_complete => "proved, and nothing goes wrong",
            (true, true) => "proved, and nothing goes wrong that was tried",
            (true, false) => {
                for fault in &explored.faults {
                    note(&mut self.wrong, fault.kind, 1, spec);
                }
                "proved, and goes wrong"
            }
            (false, false) => "refused, and goes wrong",
            (false, true) if explored.is_complete => {
                note(&mut self.alarms, found, 1, spec);
                "a false alarm"
            }
            (false, true) => "refused, and nothing goes wrong that was tried",
        }
    }

    fn add(&mut self, other: Self) {
        for (case, count) in other.counts {
            *self.counts.entry(case).or_default() += count;
        }
        for (kinds, (count, spec)) in other.alarms {
            note(&mut self.alarms, kinds, count, &spec);
        }
        for (kind, (count, spec)) in other.wrong {
            note(&mut self.wrong, kind, count, &spec);
        }
    }
}

#[test]
fn what_is_proved_cannot_happen() {
    look_at_all(generate::spec);
}

#[test]
fn what_is_proved_of_durable_flows_cannot_happen() {
    look_at_all(|seed| generate::durable(generate::spec(seed)));
}

fn look_at_all(spec: fn(u64) -> Spec) {
    let cases = number("SOUNDNESS_CASES").unwrap_or(1_000);
    let first = number("SOUNDNESS_SEED").unwrap_or(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let parts = (0..threads).map(|part| {
            let seeds = (first..first + cases).skip(part).step_by(threads);
            scope.spawn(move || Tally::of(seeds, spec))
        });
        for part in parts.collect::<Vec<_>>() {
            tally.add(part.join().unwrap());
        }
    });
    eprintln!("{cases} graphs from seed {first}: {:#?}", tally.counts);
    for (kinds, (count, smallest)) in &tally.alarms {
        let text = smallest.text();
        eprintln!("{count} false alarms of {kinds:?}, such as\n{text}");
    }
    let mut report = String::new();
    for (kind, (count, smallest)) in tally.wrong {
        let (spec, fault) = shrunk(smallest, kind);
        let steps = fault.steps.join("\n        ");
        writeln!(report, "{count} {kind:?}: {}\n        {steps}", spec.text()).unwrap();
    }
    assert!(report.is_empty(), "what is proved may happen:\n{report}");
}
