//! Which errors of handlers lead to which clause.

use crate::graph::desc::{GraphDesc, HandlerDesc, TriggerDesc};

/// Whether an error may leave the handler.
pub(super) const fn may_fail(handler: &HandlerDesc) -> bool {
    handler.graph.is_some() || handler.timeout.is_some() || !handler.shape.failure.is_empty()
}

/// The clause that takes the errors of the handler, unless it has an `else`; the number of clauses
/// if there is none.
pub(super) const fn rescue_of(graph: &GraphDesc, handler: &HandlerDesc) -> usize {
    let mut of_all = graph.clauses.len();
    let mut i = 0;
    while i < graph.clauses.len() {
        match &graph.clauses[i].trigger {
            TriggerDesc::Rescue(Some(rescued)) if rescued.is(handler) => return i,
            TriggerDesc::Rescue(None) => of_all = i,
            _ => {}
        }
        i += 1;
    }
    of_all
}

/// Whether any clause is a rescue.
pub(super) const fn has_rescues(graph: &GraphDesc) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if let TriggerDesc::Rescue(_) = clause.trigger {
            return true;
        }
        clauses = rest;
    }
    false
}
