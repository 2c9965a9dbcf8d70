//! What the flow names without an attribute: functions without `#[handler]`, and types without
//! `#[derive(Event)]`.

use std::collections::{HashMap, HashSet};

use syn::Path;

use crate::elsewhere::underived;
use crate::errors::Errors;
use crate::flow::asks::is_ask;
use crate::flow::tree::{Flow, Trigger};
use crate::functions::is_unmarked;
use crate::types::parsed::Reporter;
use crate::types::{
    is_associated, is_lone_ask, is_variable, made, method, misspelt, no_event, no_question,
};
use crate::written::{key, written};

/// Reports functions without `#[handler]`, and removes their clauses. rustc would only say that it
/// expected a type.
pub(crate) fn marked(flow: &mut Flow, errors: &mut Errors) {
    let mut seen = HashMap::new();
    flow.clauses.retain(|clause| {
        let mut is_whole = true;
        for handler in clause.route.handlers() {
            let is_known = seen.get(&key(handler)).copied();
            let is_marked = is_known.unwrap_or_else(|| {
                is_ask(handler)
                    || !is_unmarked(handler)
                        && !is_associated(handler)
                        && misspelt(handler).is_none()
                        && !is_lone_ask(handler)
                        && method(handler).is_none()
                        && made(handler).is_none()
                        && !is_local(handler)
            });
            if is_known.is_none() && !is_marked {
                let name = written(handler);
                let message = if is_lone_ask(handler) {
                    "`ask` needs its question: `ask Question -> handler`".to_owned()
                } else if let Some(meant) = misspelt(handler) {
                    format!("unknown handler `{name}`: did you mean `{meant}`?")
                } else if let Some(call) = method(handler) {
                    let what = if call.starts_with("value.") {
                        "method"
                    } else {
                        "function"
                    };
                    format!(
                        "`{name}` is a {what}, and no handler: call it in a closure, \
                         `|value| {call}`"
                    )
                } else if let Some((what, made)) = made(handler) {
                    let advice = match clause.trigger {
                        Trigger::Open(..) => "name one that returns it".to_owned(),
                        _ => format!("make it in a closure, `|value| {made}`"),
                    };
                    format!("`{name}` is {what}, and no handler: {advice}")
                } else if is_local(handler) {
                    format!(
                        "`{name}` is a variable, and no handler: write a closure, or the name of an \
                         `async fn` with `#[handler]` or of a flow, `flow Name(…);`"
                    )
                } else if is_associated(handler) {
                    format!(
                        "`{name}` is in an `impl`, but a handler is a free function: move it out"
                    )
                } else {
                    format!("`{name}` is not a handler: add `#[handler]` to the function")
                };
                errors.at(handler, message);
            }
            seen.insert(key(handler), is_marked);
            is_whole &= is_marked;
        }
        is_whole
    });
    let is_marked = |handler: &Path| seen.get(&key(handler)) != Some(&false);
    flow.clauses.retain(|clause| match &clause.trigger {
        Trigger::Rescue(Some(handler)) => is_marked(handler),
        _ => true,
    });
}

/// Whether the path is that of a variable of the file, and of nothing else.
fn is_local(handler: &Path) -> bool {
    handler.get_ident().is_some_and(is_variable)
}

/// Reports types that do not derive `Event`, each once, and removes their clauses.
pub(crate) fn derived(flow: &mut Flow, errors: &mut Errors) -> bool {
    let mut seen = HashMap::new();
    let mut questions: HashSet<_> = flow.asks.iter().map(|ask| key(&ask.event)).collect();
    questions.extend(
        flow.clauses
            .iter()
            .filter_map(|clause| match &clause.trigger {
                Trigger::Answered(event) => Some(key(event)),
                _ => None,
            }),
    );
    let mut is_event = |event: &Path| {
        *seen.entry(key(event)).or_insert_with(|| {
            let reporter = underived(event, None);
            if reporter == Some(Reporter::Flow) {
                let is_question = questions.contains(&key(event));
                let message = if is_question {
                    no_question(event)
                } else {
                    no_event(event)
                };
                errors.at(event, message);
            }
            reporter.is_none()
        })
    };
    let named = |flow: &Flow| (flow.clauses.len(), flow.external.len(), flow.ignored.len());
    let before = named(flow);
    let asked = flow.asks.iter();
    let asked = asked.filter(|ask| !is_event(&ask.event));
    let asked: Vec<_> = asked.map(|ask| key(&ask.handler)).collect();
    flow.clauses.retain(|clause| {
        let handlers = clause.route.handlers();
        !handlers.iter().any(|handler| asked.contains(&key(handler)))
    });
    flow.clauses.retain(|clause| match &clause.trigger {
        Trigger::Answered(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
            is_event(event)
        }
        Trigger::Reminder(reminder) => is_event(&reminder.question),
        // All of them are reported.
        trigger => trigger
            .events()
            .iter()
            .fold(true, |are_events, event| is_event(event) & are_events),
    });
    flow.asks.retain(|ask| !asked.contains(&key(&ask.handler)));
    flow.external.retain(&mut is_event);
    flow.ignored.retain(&mut is_event);
    if questions
        .iter()
        .any(|question| seen.get(question) == Some(&false))
    {
        // `Asked<…>` of it.
        flow.streams.clear();
    }
    named(flow) == before
}
