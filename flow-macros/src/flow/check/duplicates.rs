//! What a flow has twice, and may have once.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::errors::Errors;
use crate::flow::route::Stage;
use crate::flow::tree::{Clause, Flow, Limit, Trigger};
use crate::written::{key, written};

pub(super) fn one_limit<T>(limits: &mut Vec<Limit<T>>, errors: &mut Errors) {
    for limit in limits.iter().skip(1) {
        let keyword = &limit.keyword;
        errors.at(keyword, format!("duplicate `{keyword}`: remove one"));
    }
    limits.truncate(1);
}

pub(super) fn one_start(flow: &mut Flow, errors: &mut Errors) {
    let mut first: Option<TokenStream> = None;
    flow.clauses.retain(|clause| {
        if !matches!(clause.trigger, Trigger::Start(_)) {
            return true;
        }
        let Some(first) = &first else {
            first = Some(clause.route.to_token_stream());
            return true;
        };
        errors.at(
            &clause.keyword,
            format!(
                "duplicate `start`, after `start -> {first}`: \
                 remove one, or emit an event there and take it in a `when` clause"
            ),
        );
        false
    });
    // A `start` that failed to parse has been reported already.
    if first.is_none() && errors.is_empty() {
        errors.push(syn::Error::new(
            Span::call_site(),
            "this flow has no `start`: add `start -> handler;`",
        ));
    }
}

pub(super) fn no_clause_twice(flow: &mut Flow, errors: &mut Errors) {
    let mut seen = HashSet::new();
    let (mut asked_once, mut paired_once) = (true, true);
    flow.clauses.retain(|clause| {
        let asks = matches!(clause.route.only(), Some(Stage::Ask(_)));
        let (name, is_first) = match &clause.trigger {
            Trigger::Start(_) | Trigger::Open(..) => return true,
            // They come right after the question.
            Trigger::Answered(_) | Trigger::Unanswered(_) => return asked_once,
            Trigger::Reminder(reminder) => return asked_once || reminder.stage.is_some(),
            // They come right after the clause.
            Trigger::LeftOver(_) => return paired_once,
            Trigger::Event(event) if asks => {
                asked_once = seen.insert(format!("ask {}", key(event)));
                let name = format!("`ask {}`", written(event));
                if !asked_once {
                    errors.at(event, format!("duplicate {name}: remove one"));
                }
                return asked_once;
            }
            Trigger::Every(_) => {
                let name = format!("clause `{}`", written(clause));
                (name, seen.insert(key(clause)))
            }
            Trigger::Finally => ("`finally`".to_owned(), seen.insert("finally".to_owned())),
            // An error goes to a single rescue.
            Trigger::Rescue(handler) => {
                let whose = handler
                    .as_ref()
                    .map(|handler| format!(" {}", written(handler)));
                let name = format!("`rescue{}`", whose.unwrap_or_default());
                (name, seen.insert(format!("rescue {}", key(handler))))
            }
            Trigger::Event(_) | Trigger::All(_) | Trigger::Times(..) => {
                let mut events = clause.trigger.to_token_stream();
                clause.by.to_tokens(&mut events);
                let events = written(&events);
                let name = if clause.route.branches() {
                    format!("clause `when {events} -> …`")
                } else {
                    format!("clause `when {events} -> {}`", written(&clause.route))
                };
                (name, seen.insert(in_any_order(clause)))
            }
        };
        paired_once = is_first;
        if !is_first {
            errors.at(clause, format!("duplicate {name}: remove one"));
        }
        is_first
    });
}

/// [`key`] of a clause. Its partners are in the same order for `A & B` and `B & A`.
fn in_any_order(clause: &Clause) -> String {
    let Trigger::All(events) = &clause.trigger else {
        return key(clause);
    };
    let mut events: Vec<_> = events.iter().map(key).collect();
    events.sort_unstable();
    format!(
        "{} {} {}",
        events.join(" & "),
        key(&clause.by),
        key(&clause.route)
    )
}

/// Checks that the input is declared once.
pub(super) fn one_input(flow: &Flow, errors: &mut Errors) {
    let header = flow.header.as_ref();
    let Some(input) = header.and_then(|header| header.input.as_ref()) else {
        return;
    };
    for clause in &flow.clauses {
        if let Trigger::Start(Some(ty)) = &clause.trigger {
            errors.at(
                ty,
                format!(
                    "duplicate input type because the first line declares `{}`: \
                     write `start -> …`",
                    written(input)
                ),
            );
        }
    }
}

/// Rejects a question that a clause and a stage ask: an answer would have two ways to go.
pub(super) fn asked_once(flow: &Flow, errors: &mut Errors) {
    for ask in &flow.asks {
        let event = &ask.event;
        let is_its = |clause: &Clause| matches!(&clause.trigger, Trigger::Answered(of) if key(of) == key(event));
        if flow.clauses.iter().any(is_its) {
            let name = written(event);
            errors.at(
                event,
                format!(
                    "a clause `ask {name} -> …` asks this question as well: \
                     remove that clause, or emit `{name}` instead of this stage"
                ),
            );
        }
    }
}

/// Rejects a resource that is opened twice, or given as well.
pub(super) fn nothing_opened_twice(flow: &mut Flow, errors: &mut Errors) {
    let mut seen: HashSet<_> = flow.resources.iter().map(key).collect();
    flow.clauses.retain(|clause| {
        let Trigger::Open(resource, _) = &clause.trigger else {
            return true;
        };
        let is_first = seen.insert(key(resource));
        if !is_first {
            let name = written(resource);
            errors.at(resource, format!("duplicate `with {name}`: remove one"));
        }
        is_first
    });
}

pub(super) fn nothing_twice<T: ToTokens>(
    declared: &mut Vec<T>,
    keyword: &str,
    errors: &mut Errors,
) {
    nothing_twice_by(declared, |what| what, keyword, errors);
}

pub(super) fn nothing_twice_by<T, U: ToTokens>(
    declared: &mut Vec<T>,
    name: impl Fn(&T) -> &U,
    keyword: &str,
    errors: &mut Errors,
) {
    let mut seen = HashSet::new();
    declared.retain(|what| {
        let what = name(what);
        if seen.insert(key(what)) {
            return true;
        }
        let what_is = written(what);
        errors.at(
            what,
            format!("duplicate `{keyword} {what_is};`: remove one"),
        );
        false
    });
}
