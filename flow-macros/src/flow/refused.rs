//! What a durable flow cannot have yet, as far as its text shows it.

use crate::errors::Errors;
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Flow, Trigger};
use crate::written::written;

/// How deep an `each` may be within others: what is recorded of a call has the index of its element
/// in each of them.
const DEEPEST: usize = 8;

pub(crate) fn check(flow: &Flow, errors: &mut Errors) {
    if !flow.is_durable() {
        return;
    }
    for clause in &flow.clauses {
        if let Some(by) = &clause.by {
            let path = written(&by.path());
            let message = format!(
                "a durable flow cannot match events `by {path}` yet, because keys are not \
                 recorded: emit one event that has both values, or count them in a `state`"
            );
            errors.at(by, message);
        }
        if let Trigger::Open(resource, _) = &clause.trigger {
            let name = written(&**resource);
            let message = format!(
                "`{name}` would be opened again each time the execution is loaded, so a durable \
                 flow cannot open it: declare `with {name};`, and give it to the flow"
            );
            errors.at(resource, message);
        }
        if let Trigger::Reminder(_) = &clause.trigger {
            let message = "a durable flow cannot remind yet, because the clock of a reminder is not \
                           recorded: give the question a shorter `within`, and ask again in its `else`";
            errors.at(&clause.keyword, message);
        }
        if !clause.repeats {
            too_deep(&clause.route, 0, errors);
        }
    }
}

fn too_deep(route: &Route, depth: usize, errors: &mut Errors) {
    for stage in &route.stages {
        let mut depth = depth;
        if let Stage::Each(each) = stage {
            depth += 1;
            if depth == DEEPEST + 1 {
                let message = format!(
                    "a durable flow has at most {DEEPEST} `each` within each other: emit an event \
                     for each element here, and go on in a clause of its own"
                );
                errors.at(&each.keyword, message);
            }
        }
        for inner in stage.routes() {
            too_deep(inner, depth, errors);
        }
    }
}
