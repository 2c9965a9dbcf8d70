//! What `sound;` asks for: a proof that the flow never stops short of its output.
//!
//! Each event is copied to every clause that waits for it, so clauses do not compete, and a choice
//! is made only within one activation. Such a net is free-choice by construction, and three passes
//! over its clauses are enough, where a state space would be exponential.
//!
//! The proof holds under assumptions: handlers return, loops end, and the outside answers what it
//! is asked and sends what is `external`.

mod balance;
mod blame;
mod causes;
mod counted;
mod finding;
mod forms;
mod kinds;
mod left_over;
mod lost;
mod memory;
mod most;
mod net;
mod once;
mod output;
mod rest;
mod single;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worst;

use crate::graph::check::analysis::Analysis;
use crate::graph::check::defects::NONE;
use crate::graph::check::partners::excluded_partners;
use crate::graph::desc::{GraphDesc, TriggerDesc};

pub use finding::Finding;
pub use kinds::{
    DEAD_END, ENDS_HERE, GIVES_AWAY, GOES_ON, IGNORED, LEAVES_OVER, LOOP, LOSES_UPDATE, MAY_RETURN,
    MAY_STOP_SHORT, MIXED_UP, PROVED, RETURNS_SHORT, STAGE, STOPS, TOO_WIDE, UNBOUNDED, UNKNOWN,
    UNPAIRED,
};
pub use memory::{Edge, Slot, Wait, edges};
pub use once::{Runs, called_again};

/// How many findings are reported at a time.
pub const FINDINGS: usize = 16;

/// The proof of a flow with `N` clauses, which wait for `W` events in all.
#[derive(Clone, Copy, Debug)]
pub struct Soundness<const N: usize> {
    /// What is missing for the proof: one for each clause at most.
    pub findings: [Finding; N],
}

impl<const N: usize> Soundness<N> {
    #[must_use]
    pub const fn new<const W: usize, const E: usize>(
        graph: &GraphDesc,
        analysis: &Analysis<N, W>,
    ) -> Self {
        let mut findings = [Finding::NONE; N];
        // The graph is not whole, which is an error of its own.
        if is_partial(analysis) {
            return Self { findings };
        }
        let mut slots = [Slot::NEW; N];
        let mut i = 0;
        while i < N {
            slots[i].never_runs = never_runs(graph, analysis, i);
            i += 1;
        }
        let mut waits = [Wait::NEW; W];
        prove(graph, &mut slots, &mut waits, &mut [Edge::NEW; E]);
        let mut i = 0;
        while i < N {
            // A loop that certainly never ends is a defect of its own.
            if slots[i].finding.kind != LOOP || !analysis.endless.any() {
                findings[i] = slots[i].finding;
            }
            i += 1;
        }
        Self { findings }
    }

    /// Whether nothing is missing.
    #[must_use]
    pub const fn is_proved(&self) -> bool {
        let mut i = 0;
        while i < N {
            if self.findings[i].kind != PROVED {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The first findings.
    #[must_use]
    pub const fn first(&self) -> [Finding; FINDINGS] {
        let mut first = [Finding::NONE; FINDINGS];
        let (mut found, mut i) = (0, 0);
        while i < N && found < FINDINGS {
            if self.findings[i].kind != PROVED {
                first[found] = self.findings[i];
                found += 1;
            }
            i += 1;
        }
        first
    }

    /// The number among the first findings, counted from 1, of that at a handler of the clauses
    /// from
    /// `first` to `last`, which have the same route; or, for `handler` beyond all, of that at the
    /// clauses themselves. 0 if there is none.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "there are few findings")]
    pub const fn number(&self, first: usize, last: usize, handler: usize) -> u8 {
        let (mut number, mut i) = (0, 0);
        while i <= last && number < FINDINGS {
            if self.findings[i].kind != PROVED {
                number += 1;
                if i >= first && self.findings[i].handler == handler {
                    return number as u8;
                }
            }
            i += 1;
        }
        0
    }

    /// The line of that finding, or the least number of events.
    #[must_use]
    pub const fn from(&self, first: usize, last: usize, handler: usize) -> u32 {
        match self.number(first, last, handler) {
            0 => 0,
            number => self.first()[number as usize - 1].from(),
        }
    }

    /// The greatest number of events.
    #[must_use]
    pub const fn to(&self, first: usize, last: usize, handler: usize) -> u32 {
        match self.number(first, last, handler) {
            0 => 0,
            number => self.first()[number as usize - 1].most,
        }
    }
}

/// Whether the graph lacks a clause, or an event that one waits for.
const fn is_partial<const N: usize, const W: usize>(analysis: &Analysis<N, W>) -> bool {
    let connections = &analysis.connections;
    let mut partial = connections.open || connections.broken;
    let mut w = 0;
    while w < W {
        partial |= !connections.waits[w].has_source;
        w += 1;
    }
    partial
}

/// Whether it is an error of its own that the clause never runs.
const fn never_runs<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
) -> bool {
    if !analysis.connections.reached[clause] {
        return true;
    }
    let TriggerDesc::All(events) = graph.clauses[clause].trigger else {
        return false;
    };
    let mut other = 1;
    while other < events.len() {
        let mut one = 0;
        while one < other {
            if excluded_partners(graph, analysis, clause, one, other) != NONE {
                return true;
            }
            one += 1;
        }
        other += 1;
    }
    false
}

/// Proves the graph, or finds what is missing. There is a slot for each clause, which has its
/// finding afterwards, a wait for each event of each clause, and as many edges as [`edges`]
/// returns.
pub const fn prove(graph: &GraphDesc, slots: &mut [Slot], waits: &mut [Wait], all: &mut [Edge]) {
    let mut net = net::Net::new(graph, slots, waits, all);
    net.find_stops();
    net.find_order();
    if net.has_joins {
        net.find_balance();
        net.find_left_over();
    }
    if graph.output.is_some() {
        net.find_output();
        // Nothing goes round without a cycle.
        if net.has_cycles {
            net.find_unrest();
        }
    }
    net.find_lost_updates();
}

/// [`prove`] at run time.
#[must_use]
pub fn findings(graph: &GraphDesc) -> Vec<Finding> {
    let waits = graph.clauses.iter();
    let waits = waits.map(|clause| clause.trigger.events().len()).sum();
    let mut slots = vec![Slot::NEW; graph.clauses.len()];
    let mut waits = vec![Wait::NEW; waits];
    prove(
        graph,
        &mut slots,
        &mut waits,
        &mut vec![Edge::NEW; edges(graph)],
    );
    let findings = slots.iter().map(|slot| slot.finding);
    findings.filter(|finding| finding.kind != PROVED).collect()
}
