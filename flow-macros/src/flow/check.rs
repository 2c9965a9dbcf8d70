//! What `flow!` sees in its own text.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::errors::Errors;
use crate::flow::parse::{Clause, Flow, Trigger};

/// Reports what stands there too often or not at all, and takes what is too much out of the flow,
/// so that nothing else is reported because of it.
pub(crate) fn check(flow: &mut Flow, errors: &mut Errors) {
    one_start(flow, errors);
    no_clause_twice(flow, errors);
    for ty in flow.streams.iter().skip(1) {
        errors.at(
            ty,
            "a flow streams one type, and this is the second: take one away",
        );
    }
    flow.streams.truncate(1);
    nothing_twice(&mut flow.resources, "with", errors);
    nothing_twice(&mut flow.external, "external", errors);
    nothing_twice(&mut flow.ignored, "ignore", errors);
}

fn one_start(flow: &mut Flow, errors: &mut Errors) {
    let mut first: Option<TokenStream> = None;
    flow.clauses.retain(|clause| {
        if !matches!(clause.trigger, Trigger::Start(_)) {
            return true;
        }
        let Some(first) = &first else {
            first = Some(clause.handler.to_token_stream());
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
    flow.clauses.retain(|clause| {
        let Trigger::Event(event) = &clause.trigger else {
            return true;
        };
        let handler = clause.handler.to_token_stream();
        let text = format!("when {} -> {handler}", event.to_token_stream());
        if seen.insert(text.clone()) {
            return true;
        }
        let message = format!("`{text}` stands here twice: take one away");
        errors.at(&Whole(clause), message);
        false
    });
}

/// A clause, for an error that underlines all of it.
struct Whole<'a>(&'a Clause);

impl ToTokens for Whole<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.keyword.to_tokens(tokens);
        self.0.handler.to_tokens(tokens);
    }
}

fn nothing_twice<T: ToTokens>(declared: &mut Vec<T>, keyword: &str, errors: &mut Errors) {
    let mut seen = HashSet::new();
    declared.retain(|what| {
        let text = what.to_token_stream().to_string();
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
