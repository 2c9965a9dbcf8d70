//! The defects of a limit that is set at run time.

use crate::graph::desc::{GraphDesc, HandlerDesc, TriggerDesc};
use crate::graph::text::Text;

/// A limit is set at run time for a handler that the flow does not call.
pub(crate) const fn uncalled(graph: &GraphDesc, handler: &HandlerDesc) -> Option<Text> {
    if calls(graph, handler) {
        return None;
    }
    let text = Text::new()
        .with("no clause of this flow calls `")
        .with(handler.name)
        .with("`: name a handler that one does");
    Some(text)
}

/// A period is set at run time for a handler that no `every` begins with.
pub(crate) const fn begins_no_every(graph: &GraphDesc, handler: &HandlerDesc) -> Option<Text> {
    if begins_every(graph, handler) {
        return None;
    }
    let text = Text::new()
        .with("no `every` of this flow begins with `")
        .with(handler.name)
        .with("`: name the first handler of one");
    Some(text)
}

/// Whether an `every` clause or a reminder begins with the handler, in the flow or in one of its
/// stages.
const fn begins_every(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        if let (TriggerDesc::Every { .. } | TriggerDesc::Reminder { .. }, Some((first, _))) =
            (&clause.trigger, handlers.split_first())
            && first.is(handler)
        {
            return true;
        }
        while let Some((called, rest)) = handlers.split_first() {
            if let Some(stage) = called.graph
                && begins_every(stage, handler)
            {
                return true;
            }
            handlers = rest;
        }
        clauses = rest;
    }
    false
}

/// Whether a clause calls the handler, in the flow or in one of its stages.
const fn calls(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((called, rest)) = handlers.split_first() {
            if called.is(handler) {
                return true;
            }
            if let Some(stage) = called.graph
                && calls(stage, handler)
            {
                return true;
            }
            handlers = rest;
        }
        clauses = rest;
    }
    false
}
