//! The defects of a limit that is set at run time.

use crate::graph::desc::{GraphDesc, HandlerDesc, TriggerDesc};
use crate::graph::text::Text;

/// A limit is set at run time for a handler that the flow does not call, or that has no such limit.
pub(crate) const fn unlimited(
    graph: &GraphDesc,
    handler: &HandlerDesc,
    limit: &str,
    has_limit: bool,
) -> Option<Text> {
    if !calls(graph, handler) {
        let text = Text::new()
            .with("no clause of this flow calls `")
            .with(handler.name)
            .with("`: name a handler that one does");
        return Some(text);
    }
    if has_limit {
        return None;
    }
    let text = Text::new()
        .with("`")
        .with(handler.name)
        .with("` has no `")
        .with(limit)
        .with("` to replace: add one to its `#[handler]`");
    Some(text)
}

/// The message if one flow cannot replace the `concurrency` of the handler because all share it.
#[must_use]
pub(crate) const fn shared(handler: &HandlerDesc) -> Option<Text> {
    if !handler.concurrency_is_shared {
        return None;
    }
    let text = Text::new()
        .with("the `concurrency` of `")
        .with(handler.name)
        .with(
            "` is shared by all flows, so one of them cannot replace it: change it in its \
             `#[handler]`, or remove `shared` there",
        );
    Some(text)
}

/// A period is set at run time for a handler that no `every` clause begins with.
pub(crate) const fn begins_no_every(graph: &GraphDesc, handler: &HandlerDesc) -> Option<Text> {
    if begins_every(graph, handler) {
        return None;
    }
    let text = Text::new()
        .with("no `every` clause of this flow begins with `")
        .with(handler.name)
        .with("`: name the first handler of one");
    Some(text)
}

/// The flow has no `finally`, whose duration is set at run time.
pub(crate) const fn has_no_finally(graph: &GraphDesc) -> Option<Text> {
    if graph.finally.is_some() {
        return None;
    }
    let text = "this flow has no `finally` to limit: add `finally within \"30s\" -> handler` to it";
    Some(Text::new().with(text))
}

/// The flow has no `concurrency`, which is set at run time.
pub(crate) const fn has_no_concurrency(graph: &GraphDesc) -> Option<Text> {
    if graph.concurrency.is_some() {
        return None;
    }
    let text = "this flow has no `concurrency` to replace: add `concurrency 8;` to it";
    Some(Text::new().with(text))
}

/// Whether an `every` clause begins with the handler, in the flow or in one of its stages.
const fn begins_every(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        if let (TriggerDesc::Every { .. }, Some((first, _))) =
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
