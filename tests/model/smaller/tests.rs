//! What is made smaller, and what is left.

use super::{ends, size, smaller, text, used};
use crate::generate::{self, Kind};
use crate::graph::Graph;

/// Takes the smallest that still fails, as long as there is one.
fn shrunk(mut graphs: Vec<Graph>, index: usize, fails: impl Fn(&str) -> bool) -> String {
    assert!(fails(&text(&graphs, index)));
    loop {
        let mut candidates = smaller(&graphs, index).into_iter();
        match candidates.find(|smaller| fails(&text(smaller, index))) {
            Some(smaller) => graphs = smaller,
            None => return text(&graphs, index),
        }
    }
}

/// A seed whose flows are not those of `graphs.rs`, and one of them for which `fails` holds.
fn failing(fails: impl Fn(&str) -> bool) -> (Vec<Graph>, usize) {
    let seeds = (1_000..3_000).map(|seed| generate::graphs(Kind::Modelled, seed));
    let mut all = seeds.flat_map(|graphs| (0..graphs.len()).map(move |at| (graphs.clone(), at)));
    all.find(|(graphs, at)| fails(&text(graphs, *at))).unwrap()
}

fn clauses(text: &str) -> usize {
    let is_part = |line: &str| line.starts_with("    flow ") || line.starts_with("        else");
    let lines = text.lines().filter(|line| line.contains(" -> "));
    lines.filter(|line| !is_part(line)).count()
}

#[test]
fn what_does_not_matter_is_gone() {
    let is_each = |line: &str| line.contains("each") && !line.contains("else");
    let fails = |text: &str| text.contains("when B | C") && text.lines().any(is_each);
    let (graphs, index) = failing(|text| fails(text) && clauses(text) > 6);
    let small = shrunk(graphs, index, fails);
    // `start`, and the two that matter.
    assert!(clauses(&small) <= 3, "{small}");
    for gone in ["else", "first", "external", "finally", "j2"] {
        assert!(!small.contains(gone), "{small}");
    }
}

#[test]
fn a_flow_within_it_is_made_smaller_as_well() {
    let has_two = |text: &str| text.matches("flow! {").count() == 2;
    // A rescue would keep the clause of its handler.
    let rescues = |text: &str| text.contains("rescue");
    // Where the flow ends, so that no other clause is left for that.
    let is_first = |line: &str| line.contains("first (") && line.contains(" -> end");
    let has_first = |text: &str| text.lines().any(is_first);
    let fails = |text: &str| has_two(text) && has_first(text) && !rescues(text);
    let (graphs, index) = failing(|text| fails(text) && clauses(text) > 8);
    let small = shrunk(graphs, index, fails);
    // `start` of each, the end of each, and the one with the flow.
    assert!(clauses(&small) <= 5, "{small}");
}

#[test]
fn each_is_smaller_and_refers_to_nothing_that_is_gone() {
    let graphs = generate::graphs(Kind::Modelled, 1);
    for index in 0..6 {
        let all = smaller(&graphs, index);
        assert!(!all.is_empty());
        for smaller in all {
            assert!(size(&smaller, index) < size(&graphs, index));
            for used in used(&smaller, index) {
                let graph = &smaller[used];
                assert!(used == index || graph.has_output);
                assert_eq!(graph.has_output, graph.clauses.iter().any(ends));
            }
        }
    }
}
