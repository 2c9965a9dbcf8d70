//! What may end an execution, whatever goes round in it.

use crate::graph::check::connections::Connections;
use crate::graph::check::rescued::{all_may_fail, may_fail, rescue_of};
use crate::graph::desc::{GraphDesc, StageDesc};

/// Whether any clause may end the execution while others go on.
pub(crate) const fn can_end(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        let clause = &graph.clauses[i];
        if clause.ends_now {
            return true;
        }
        let in_rescue = !clause.trigger.is_rescued();
        let mut h = 0;
        while h < clause.handlers.len() {
            let handler = &clause.handlers[h];
            if handler.shape.may_stop() || handler.shape.leaves {
                return true;
            }
            h += 1;
        }
        if fails(graph, clause.route, in_rescue) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether an error of the route may end the execution.
const fn fails(graph: &GraphDesc, mut route: &[StageDesc], in_rescue: bool) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let fails = match stage {
            StageDesc::Handler(handler) => {
                may_fail(handler) && (in_rescue || rescue_of(graph, handler) == graph.clauses.len())
            }
            // The stand-in takes what fails before it.
            StageDesc::Else {
                stand_in: route, ..
            }
            | StageDesc::Each { route, .. } => fails(graph, route, in_rescue),
            StageDesc::First(branches) if !all_may_fail(branches) => false,
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= fails(graph, branch, in_rescue);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= fails(graph, arm.route, in_rescue);
                    arms = others;
                }
                any
            }
            StageDesc::Closure(_)
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Emit { .. }
            | StageDesc::Skip
            | StageDesc::Ask { .. } => false,
        };
        if fails {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether the flow comes to an `end`, without a limit to what goes on after it.
pub(crate) const fn drains<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> bool {
    if graph.timeout.is_some() || graph.drain.is_some() || graph.max_events.is_some() {
        return false;
    }
    let mut i = 0;
    while i < N {
        if graph.clauses[i].ends && connections.reached[i] {
            return true;
        }
        i += 1;
    }
    false
}
