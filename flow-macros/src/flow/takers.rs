//! What takes the errors of handlers. An error that is taken as its type has to be recorded as that.

use std::collections::HashMap;

use syn::{Expr, Path};

use crate::flow::asks::is_ask;
use crate::flow::route::closure::parameter_of;
use crate::flow::route::{Route, Stage, Taken, Taker};
use crate::flow::tree::{Flow, Trigger};
use crate::written::key;

/// Notes them, if the flow is durable.
pub(crate) fn note(flow: &mut Flow) {
    if !flow.is_durable() {
        return;
    }
    let mut takers = HashMap::new();
    for clause in &flow.clauses {
        if let Trigger::Rescue(Some(handler)) = &clause.trigger {
            add(&mut takers, handler, &clause.route);
        }
        clause.route.walk(&mut |stage| {
            if let Stage::Else(choice) = stage
                && let Some(handler) = choice.tried.failing_handler()
            {
                add(&mut takers, handler, &choice.stand_in.1);
            }
        });
    }
    flow.takers = takers;
}

/// Notes that an error of the handler goes to the route.
fn add(takers: &mut HashMap<String, Vec<Taker>>, handler: &Path, route: &Route) {
    if !is_ask(handler) {
        let takers = takers.entry(key(handler)).or_default();
        begins(route, &mut |takes| {
            let of_closure = || {
                route
                    .cause_of_closure()
                    .cloned()
                    .map(Box::new)
                    .map(Taken::Type)
            };
            let cause = route.first_handler().cloned().map(Taken::By);
            takers.push(Taker {
                takes,
                cause: cause.or_else(of_closure),
            });
        });
    }
}

/// Calls `found` with all that takes the value that arrives at the route.
fn begins(route: &Route, found: &mut impl FnMut(Taken)) {
    match route.stages.first() {
        Some(Stage::Handler(handler)) if !is_ask(handler) => found(Taken::By(handler.clone())),
        Some(Stage::Else(choice)) => begins(&choice.tried, found),
        Some(Stage::Join { branches, .. }) => {
            for branch in branches {
                begins(branch, found);
            }
        }
        Some(Stage::First(first)) => {
            for branch in &first.branches {
                begins(branch, found);
            }
        }
        Some(Stage::Glue(function)) => {
            if let Expr::Closure(_) = **function
                && let Some(ty) = parameter_of(function)
            {
                found(Taken::Type(Box::new(ty.clone())));
            }
        }
        _ => {}
    }
}
