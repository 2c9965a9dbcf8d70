//! The facts about a flow that several checks read.

use crate::graph::check::choices::Choices;
use crate::graph::check::connections::Connections;
use crate::graph::check::endless::Endless;
use crate::graph::check::reach::Reach;
use crate::graph::desc::GraphDesc;

/// The analysis of a flow with `N` clauses, which wait for `W` events in all. It is made once, and
/// read by each check.
#[derive(Clone, Copy, Debug)]
pub struct Analysis<const N: usize, const W: usize> {
    pub(super) connections: Connections<N, W>,
    /// The cycles that nothing can end.
    pub(super) endless: Endless<N>,
    /// The choices behind each event.
    pub(super) choices: Choices<W>,
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
            connections,
        }
    }
}
