//! Which errors of handlers lead to which clause.

use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};

/// Whether an error may leave the handler.
pub(super) const fn may_fail(handler: &HandlerDesc) -> bool {
    handler.graph.is_some() || handler.timeout.is_some() || !handler.shape.failure.is_empty()
}

/// Whether an error may leave the route.
pub(super) const fn route_may_fail(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let fails = match stage {
            StageDesc::Handler(handler) => may_fail(handler),
            // The stand-in takes what fails before it.
            StageDesc::Else {
                stand_in: route, ..
            }
            | StageDesc::Each { route, .. } => route_may_fail(route),
            StageDesc::First(branches) => all_may_fail(branches),
            StageDesc::Join(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= route_may_fail(branch);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= route_may_fail(arm.route);
                    arms = others;
                }
                any
            }
            // Nobody may answer.
            StageDesc::Ask { .. } => true,
            StageDesc::Closure(_)
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Emit { .. }
            | StageDesc::Skip => false,
        };
        if fails {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether an error may leave a `first` with these branches: only that of the last one does.
pub(super) const fn all_may_fail(mut branches: &[&[StageDesc]]) -> bool {
    while let Some((branch, others)) = branches.split_first() {
        if !route_may_fail(branch) {
            return false;
        }
        branches = others;
    }
    true
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
