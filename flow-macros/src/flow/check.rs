//! What `flow!` sees in its own text.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::errors::Errors;
use crate::errors::text;
use crate::flow::parse::{Clause, Flow, Limit, Trigger};
use crate::flow::route::Stage;

/// Reports what stands there too often or not at all, and takes what is too much out of the flow,
/// so that nothing else is reported because of it.
pub(crate) fn check(flow: &mut Flow, errors: &mut Errors) {
    not_itself(flow, errors);
    one_start(flow, errors);
    one_input(flow, errors);
    no_clause_twice(flow, errors);
    rescued_is_there(flow, errors);
    for ty in flow.streams.iter().skip(1) {
        errors.at(
            ty,
            "a flow streams one type, and this is the second: take one away",
        );
    }
    flow.streams.truncate(1);
    nothing_twice(&mut flow.resources, "with", errors);
    nothing_twice_by(&mut flow.states, |state| &state.ty, "state", errors);
    nothing_twice(&mut flow.external, "external", errors);
    nothing_twice(&mut flow.ignored, "ignore", errors);
    one_limit(&mut flow.timeout, errors);
    one_limit(&mut flow.idle_timeout, errors);
    one_limit(&mut flow.max_events, errors);
}

fn one_limit<T>(limits: &mut Vec<Limit<T>>, errors: &mut Errors) {
    for limit in limits.iter().skip(1) {
        let keyword = &limit.keyword;
        errors.at(
            keyword,
            format!("a flow has one `{keyword}`, and this is the second: take one away"),
        );
    }
    limits.truncate(1);
}

/// A flow within itself would be a type that contains itself; rustc would speak of a cycle.
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
                "`{name}` is this flow, which cannot be a stage of itself: \
                 emit an event, and take it with `when`"
            ),
        );
        false
    });
}

fn one_start(flow: &mut Flow, errors: &mut Errors) {
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
                "a flow has one `start`, and it is `start -> {first}`: \
                 let that handler emit an event, and take it with `when`"
            ),
        );
        false
    });
    // A `start` that could not be read was reported as such.
    if first.is_none() && errors.is_empty() {
        errors.push(syn::Error::new(
            Span::call_site(),
            "a flow needs a start: add `start -> handler;` with the handler it begins with",
        ));
    }
}

fn no_clause_twice(flow: &mut Flow, errors: &mut Errors) {
    let mut seen = HashSet::new();
    let mut asked_once = true;
    flow.clauses.retain(|clause| {
        let what = match &clause.trigger {
            Trigger::Start(_) => return true,
            // They stand right behind the question.
            Trigger::Answered(_) | Trigger::Unanswered(_) => return asked_once,
            Trigger::Event(event) if matches!(clause.route.stages.as_slice(), [Stage::Ask(_)]) => {
                let what = format!("ask {}", text(event));
                asked_once = seen.insert(what.clone());
                if !asked_once {
                    let message = format!("`{what}` stands here twice: take one away");
                    errors.at(event, message);
                }
                return asked_once;
            }
            Trigger::Event(event) => format!("when {}", text(event)),
            Trigger::All(events) => {
                let events: Vec<_> = events.iter().map(text).collect();
                format!("when {}", events.join(" & "))
            }
            // What an error leads to is one thing, or none of them would know of the other.
            Trigger::Rescue(handler) => {
                let whose = handler.as_ref().map_or("rescue".to_owned(), |handler| {
                    format!("rescue {}", text(handler))
                });
                let first = seen.insert(whose.clone());
                if !first {
                    let message = format!("`{whose}` stands here twice: take one away");
                    errors.at(&Whole(clause), message);
                }
                return first;
            }
        };
        let what = format!("{what} -> {}", text(&clause.route));
        if seen.insert(what.clone()) {
            return true;
        }
        let message = if clause.route.branches() {
            "this clause stands here twice: take one away".to_owned()
        } else {
            format!("`{what}` stands here twice: take one away")
        };
        errors.at(&Whole(clause), message);
        false
    });
}

/// What is rescued is there.
fn rescued_is_there(flow: &Flow, errors: &mut Errors) {
    let known: HashSet<_> = flow
        .clauses
        .iter()
        .flat_map(|clause| clause.route.handlers())
        .map(text)
        .collect();
    for clause in &flow.clauses {
        if let Trigger::Rescue(Some(handler)) = &clause.trigger
            && !known.contains(&text(handler))
        {
            errors.at(
                handler,
                format!(
                    "`{}` is in no clause of this flow, so there is nothing to rescue",
                    text(handler)
                ),
            );
        }
    }
}

/// The input is said once.
fn one_input(flow: &Flow, errors: &mut Errors) {
    let header = flow.header.as_ref();
    let Some(input) = header.and_then(|header| header.input.as_ref()) else {
        return;
    };
    for clause in &flow.clauses {
        if let Trigger::Start(Some(ty)) = &clause.trigger {
            errors.at(
                ty,
                format!(
                    "the first line says already what this flow starts with, `{}`: \
                     write `start -> …`",
                    text(input)
                ),
            );
        }
    }
}

/// A clause, for an error that underlines all of it.
struct Whole<'a>(&'a Clause);

impl ToTokens for Whole<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.keyword.to_tokens(tokens);
        self.0.route.to_tokens(tokens);
    }
}

fn nothing_twice<T: ToTokens>(declared: &mut Vec<T>, keyword: &str, errors: &mut Errors) {
    nothing_twice_by(declared, |what| what, keyword, errors);
}

fn nothing_twice_by<T, U: ToTokens>(
    declared: &mut Vec<T>,
    name: impl Fn(&T) -> &U,
    keyword: &str,
    errors: &mut Errors,
) {
    let mut seen = HashSet::new();
    declared.retain(|what| {
        let what = name(what);
        let text = text(what);
        if seen.insert(text.clone()) {
            return true;
        }
        errors.at(
            what,
            format!("`{keyword} {text};` stands here twice: take one away"),
        );
        false
    });
}
