//! Times, of which the driver has to know: deadlines and reminders of questions, and ticks.

use tokio::time::Instant;

use crate::graph::{GraphDesc, TriggerDesc};
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::Reminding;

/// In a box, because most executions never have any.
#[derive(Default)]
pub(crate) struct NewDeadlines {
    /// The deadlines of questions, by their numbers.
    pub(crate) questions: Vec<(Instant, u64)>,
    /// The numbers of the `every` clauses that have run to their end.
    pub(crate) ticked: Vec<usize>,
    /// Reminders of questions that were asked, or that have run to their end.
    pub(crate) reminders: Vec<Reminding>,
}

/// Whether the flow has `every` clauses.
pub(crate) const fn has_ticks<G: Graph>() -> bool {
    const { !G::EVERY.is_empty() }
}

/// Whether the clause with this number runs at certain times: that is no activity.
#[inline]
pub(crate) fn is_tick<G: Graph>(clause: usize) -> bool {
    let has_clocks = const { !G::EVERY.is_empty() || !G::REMINDERS.is_empty() };
    has_clocks && is_every(G::DESC, clause)
}

#[cold]
fn is_every(graph: &GraphDesc, clause: usize) -> bool {
    let clause = graph.clauses.get(clause);
    clause.is_some_and(|clause| {
        matches!(
            clause.trigger,
            TriggerDesc::Every { .. } | TriggerDesc::Reminder { .. }
        )
    })
}
