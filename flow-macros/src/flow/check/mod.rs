//! The checks that need only the text of the flow.

mod duplicates;
mod misplaced;
mod rescues;
mod unmarked;

use proc_macro2::Span;

use crate::errors::Errors;
use crate::flow::check::duplicates::{
    asked_once, no_clause_twice, nothing_opened_twice, nothing_twice, nothing_twice_by, one_input,
    one_limit, one_start,
};
use crate::flow::check::misplaced::{
    no_arm_after_all, no_end_in_branches, no_end_in_finally, skips_an_item,
};
use crate::flow::check::rescues::{rescued_asks, rescued_by_other_paths, rescues_run};
use crate::flow::tree::Flow;
use crate::functions::is_value;

pub(crate) use crate::flow::check::unmarked::{derived, marked};

/// Reports duplicate and missing parts. Removes duplicates from the flow, so that they cause no
/// follow-on errors.
pub(crate) fn check(flow: &mut Flow, errors: &mut Errors) {
    asked_once(flow, errors);
    rescued_asks(flow, errors);
    rescued_by_other_paths(flow);
    rescues_run(flow, errors);
    not_itself(flow, errors);
    one_start(flow, errors);
    one_input(flow, errors);
    no_clause_twice(flow, errors);
    skips_an_item(flow, errors);
    no_end_in_branches(flow, errors);
    no_end_in_finally(flow, errors);
    flow.finally.truncate(1);
    no_arm_after_all(flow, errors);
    for ty in flow.streams.iter().skip(1) {
        errors.at(ty, "duplicate `streams`: remove one");
    }
    flow.streams.truncate(1);
    nothing_twice(&mut flow.resources, "with", errors);
    nothing_opened_twice(flow, errors);
    nothing_twice_by(&mut flow.states, |state| &state.ty, "state", errors);
    nothing_twice(&mut flow.external, "external", errors);
    nothing_twice(&mut flow.ignored, "ignore", errors);
    for path in flow.krate.iter().skip(1) {
        errors.at(path, "duplicate `crate`: remove one");
    }
    flow.krate.truncate(1);
    one_limit(&mut flow.timeout, errors);
    one_limit(&mut flow.idle_timeout, errors);
    one_limit(&mut flow.drain, errors);
    one_limit(&mut flow.max_events, errors);
    one_limit(&mut flow.max_pending, errors);
    one_limit(&mut flow.concurrency, errors);
    for (word, keywords) in [("sound", &mut flow.sound), ("durable", &mut flow.durable)] {
        for keyword in keywords.iter().skip(1) {
            errors.at(keyword, format!("duplicate `{word}`: remove one"));
        }
        keywords.truncate(1);
    }
}

/// Rejects a flow that is a stage of itself, for which rustc would report a cycle of types.
fn not_itself(flow: &mut Flow, errors: &mut Errors) {
    let name = flow.header.as_ref().and_then(|header| header.name.as_ref());
    let Some(name) = name else { return };
    flow.clauses.retain(|clause| {
        let handlers = clause.route.handlers();
        let Some(itself) = handlers.iter().find(|handler| handler.is_ident(name)) else {
            return true;
        };
        errors.at(
            itself,
            format!(
                "`{name}` cannot be a stage of itself: \
                 emit an event, and take it in a `when` clause"
            ),
        );
        false
    });
}

/// The error for a flow with a name where a value is expected. An error alone is a value of any
/// type.
pub(crate) fn named_value(flow: &Flow) -> Option<syn::Error> {
    let name = flow.name()?;
    is_value(Span::call_site()).then(|| {
        let message = format!(
            "a flow with a name is an item and no value: remove `flow {name}…;`, or move the flow out and \
             write `{name}::new()` here"
        );
        syn::Error::new(name.span(), message)
    })
}
