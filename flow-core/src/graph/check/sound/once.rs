//! Whether a handler that is marked `once` is called once in an execution at most.

use crate::graph::check::analysis::Analysis;
use crate::graph::check::defects::{DEFECT, NONE};
use crate::graph::check::sound::memory::{Edge, NOWHERE, Slot, Wait};
use crate::graph::check::sound::most::{calls, plus, times_of};
use crate::graph::check::sound::net::Net;
use crate::graph::desc::GraphDesc;

/// How often each clause of a flow runs at most, for the handlers that are marked `once`.
#[derive(Clone, Copy, Debug)]
pub struct Runs<const N: usize> {
    most: [u8; N],
}

impl<const N: usize> Runs<N> {
    /// Without a handler that is marked, nothing is computed.
    #[must_use]
    pub const fn new<const W: usize, const E: usize>(
        graph: &GraphDesc,
        analysis: &Analysis<N, W>,
    ) -> Self {
        let mut runs = Self { most: [0; N] };
        if analysis.none_once() {
            return runs;
        }
        let (mut slots, mut waits) = ([Slot::NEW; N], [Wait::NEW; W]);
        let mut edges = [Edge::NEW; E];
        let mut net = Net::new(graph, &mut slots, &mut waits, &mut edges);
        net.find_order();
        if net.has_joins {
            net.find_balance();
        }
        net.find_single();
        let mut i = 0;
        while i < N {
            runs.most[i] = net.slots[i].most;
            i += 1;
        }
        runs
    }
}

/// The handler is marked `once`, and the flow may call it again.
#[must_use]
pub const fn called_again<const N: usize, const W: usize>(
    graph: &GraphDesc,
    runs: &Runs<N>,
    clause: usize,
    handler: usize,
) -> u8 {
    let handler = &graph.clauses[clause].handlers[handler];
    if !handler.once {
        return NONE;
    }
    let (mut most, mut i) = (0, 0);
    while i < N {
        if runs.most[i] > 0 {
            let in_clause = calls(graph.clauses[i].route, handler);
            most = plus(most, times_of(in_clause, runs.most[i]));
        }
        i += 1;
    }
    if most <= 1 {
        return NONE;
    }
    // One of the events that lead to it may come once, all the same.
    let (mut slots, mut waits) = ([Slot::NEW; N], [Wait::NEW; W]);
    let mut net = Net::new(graph, &mut slots, &mut waits, &mut []);
    let mut i = 0;
    while i < N {
        let in_clause = calls(graph.clauses[i].route, handler);
        let events = graph.clauses[i].trigger.events();
        if in_clause > 1 || (in_clause == 1 && events.is_empty()) {
            return DEFECT;
        }
        if in_clause == 1 {
            let first = net.first(events[0].id);
            net.set_target(first);
        }
        i += 1;
    }
    if net.comes_singly(NOWHERE) {
        NONE
    } else {
        DEFECT
    }
}
