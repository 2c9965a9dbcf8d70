//! What a durable flow cannot have yet, as far as its text shows it.

use crate::errors::Errors;
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Flow, Trigger};
use crate::written::written;

/// How deep an `each` may be within others, within a `first`, and within branches that have an
/// `else`: what is recorded of a call has its way through them.
const DEEPEST: usize = 8;

/// How many branches a `first` may have: what is recorded of a call has the number of its branch in
/// a byte.
const MOST_BRANCHES: usize = 256;

pub(crate) fn check(flow: &Flow, errors: &mut Errors) {
    if !flow.is_durable() {
        return;
    }
    for clause in &flow.clauses {
        if let Trigger::Open(resource, _) = &clause.trigger {
            let name = written(&**resource);
            let message = format!(
                "`{name}` would be opened again each time the execution is loaded, so a durable \
                 flow cannot open it: declare `with {name};`, and give it to the flow"
            );
            errors.at(resource, message);
        }
        if !clause.repeats {
            too_large(&clause.route, 0, errors);
        }
    }
}

fn too_large(route: &Route, depth: usize, errors: &mut Errors) {
    for stage in &route.stages {
        let inner = depth + usize::from(is_step(stage));
        if depth == DEEPEST && inner > depth {
            let (what, advice) = match stage {
                Stage::Each(_) => ("`each`", "emit an event for each element here"),
                _ => (
                    "`each`, `first` and `else` of branches",
                    "emit an event here",
                ),
            };
            let message = format!(
                "a durable flow has at most {DEEPEST} {what} within each other: {advice}, and go on \
                 in a clause of its own"
            );
            match stage {
                Stage::Each(each) => errors.at(&each.keyword, message),
                Stage::First(first) => errors.at(&first.keyword, message),
                Stage::Else(choice) => errors.at(&choice.keyword, message),
                _ => {}
            }
        }
        if let Stage::First(first) = stage
            && first.branches.len() > MOST_BRANCHES
        {
            let message = format!(
                "a durable flow has at most {MOST_BRANCHES} branches in a `first`, because what is \
                 recorded of a call has the number of its branch in a byte: put some of them into a \
                 `first` within it"
            );
            errors.at(&first.keyword, message);
        }
        for (route, depth) in routes(stage, depth, inner) {
            too_large(route, depth, errors);
        }
    }
}

/// Whether it is a step on the way to the calls in it.
fn is_step(stage: &Stage) -> bool {
    match stage {
        Stage::Each(_) | Stage::First(_) => true,
        Stage::Else(choice) => choice.tried.has_branches(),
        _ => false,
    }
}

/// The routes in a stage, and how deep they are. What stands in is beside what was tried.
fn routes(stage: &Stage, outer: usize, inner: usize) -> Vec<(&Route, usize)> {
    match stage {
        Stage::Else(choice) => vec![(&choice.tried, inner), (&choice.stand_in.1, outer)],
        stage => {
            let routes = stage.routes().into_iter();
            routes.map(|route| (route, inner)).collect()
        }
    }
}
