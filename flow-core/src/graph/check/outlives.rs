//! Handlers that never return, in a flow with an `end`: what is under way then is finished first, so
//! an execution that has come to it is never over.
//!
//! As for cycles of clauses, only what is certain is reported: no handler can end the execution, and
//! nothing limits what goes on after the `end`.

use crate::graph::check::connections::Connections;
use crate::graph::check::endless::{can_end, drains};
use crate::graph::check::reach::Reach;
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc};

/// The clauses whose handlers run on after the `end` for ever, if they never return.
pub(super) const fn outlive<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> [bool; N] {
    let (mut outlive, mut any, mut i) = ([false; N], false, 0);
    while i < N {
        outlive[i] = connections.reached[i] && any_runs_on(graph.clauses[i].route);
        any |= outlive[i];
        i += 1;
    }
    if !any || !drains(graph, connections) || can_end(graph) {
        return [false; N];
    }
    if graph.finally.is_some() {
        // What only the `finally` leads to is dropped at its limit.
        let before = Reach::before_finally(graph, connections).reached;
        let mut i = 0;
        while i < N {
            outlive[i] &= before[i];
            i += 1;
        }
    }
    outlive
}

const fn any_runs_on(route: &[StageDesc]) -> bool {
    let mut handlers = route;
    while let Some((stage, rest)) = handlers.split_first() {
        let runs_on = match stage {
            StageDesc::Handler(handler) => never_returns(handler),
            StageDesc::Join(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= any_runs_on(branch);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= any_runs_on(arm.route);
                    arms = others;
                }
                any
            }
            StageDesc::Each { route, .. } => any_runs_on(route),
            StageDesc::Else { route, stand_in } => any_runs_on(route) || any_runs_on(stand_in),
            // The branch that wins a `first` drops the others.
            _ => false,
        };
        if runs_on {
            return true;
        }
        handlers = rest;
    }
    false
}

pub(super) const fn never_returns(handler: &HandlerDesc) -> bool {
    handler.shape.success.is_empty()
        && handler.shape.failure.is_empty()
        && handler.timeout.is_none()
        && handler.graph.is_none()
}
