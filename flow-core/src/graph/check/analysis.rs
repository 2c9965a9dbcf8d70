//! The facts about a flow that several checks read.

use crate::graph::check::choices::Choices;
use crate::graph::check::connections::Connections;
use crate::graph::check::endless::Endless;
use crate::graph::check::outlives::outlive;
use crate::graph::check::reach::Reach;
use crate::graph::desc::{GraphDesc, TriggerDesc};

/// The analysis of a flow with `N` clauses, which wait for `W` events in all. It is made once, and
/// read by each check.
#[derive(Clone, Copy, Debug)]
pub struct Analysis<const N: usize, const W: usize> {
    pub(super) connections: Connections<N, W>,
    /// The cycles that nothing can end.
    pub(super) endless: Endless<N>,
    /// The choices behind each event.
    pub(super) choices: Choices<W>,
    /// What only the `finally` leads to, if the flow has limits that do not count there.
    pub(super) settles: [bool; N],
    /// The clauses with a handler that goes on for ever after the `end`.
    pub(super) outlive: [bool; N],
}

impl<const N: usize, const W: usize> Analysis<N, W> {
    #[must_use]
    pub const fn new(graph: &GraphDesc) -> Self {
        let mut connections = Connections::new(graph);
        let reach = Reach::new(graph, &connections);
        connections.reached = reach.reached;
        connections.unreached = reach.first_unreached(graph, &connections);
        Self {
            endless: Endless::find(graph, &connections),
            choices: Choices::find(graph, &connections),
            settles: settles(graph, &connections),
            outlive: outlive(graph, &connections),
            connections,
        }
    }

    /// Whether each event that a handler emits has a clause, as far as the events are known.
    #[must_use]
    pub const fn all_heard(&self) -> bool {
        !self.connections.open || self.connections.broken
    }

    /// Whether [`never_over`](super::never_over) finds nothing at any handler.
    #[must_use]
    pub const fn none_outlives(&self) -> bool {
        let mut i = 0;
        while i < N {
            if self.outlive[i] {
                return false;
            }
            i += 1;
        }
        true
    }

    /// Whether [`dead_wait`](super::dead_wait) finds nothing at any wait. `false` may be too much.
    #[must_use]
    pub const fn all_alive(&self, groups: &[usize]) -> bool {
        let connections = &self.connections;
        if connections.open || connections.broken || connections.questions {
            return false;
        }
        let mut wait = 0;
        while wait < W {
            let (of, clause) = (&connections.waits[wait], connections.waits[wait].clause);
            if !of.has_source
                || connections.unreached[clause]
                || self.endless.never_yields[clause]
                || self.endless.outlives_the_end[clause]
                // Two paths for one event.
                || (of.next < W && groups[of.next] != groups[wait])
            {
                return false;
            }
            wait += 1;
        }
        true
    }

    /// Whether no handler is marked `once`.
    #[must_use]
    pub const fn none_once(&self) -> bool {
        !self.connections.once
    }
}

const fn settles<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> [bool; N] {
    let mut settles = [false; N];
    if (graph.timeout.is_none() && graph.idle_timeout.is_none()) || !has_finally(graph) {
        return settles;
    }
    let reached = Reach::before_finally(graph, connections).reached;
    let mut i = 0;
    while i < N {
        settles[i] = connections.reached[i] && !reached[i];
        i += 1;
    }
    settles
}

const fn has_finally(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if let TriggerDesc::Finally = graph.clauses[i].trigger {
            return true;
        }
        i += 1;
    }
    false
}
