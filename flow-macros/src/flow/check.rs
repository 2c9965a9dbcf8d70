//! What `flow!` sees in its own text.

use std::collections::HashMap;

use quote::ToTokens;

use crate::errors::{Errors, after};
use crate::flow::parse::{Flow, Trigger};

pub(crate) fn check(flow: &Flow, errors: &mut Errors) {
    one_start(flow, errors);
    no_clause_twice(flow, errors);
    for (i, ty) in flow.streams.iter().enumerate() {
        if i > 0 {
            errors.at(ty, "a flow streams one type: this is the second `streams`");
        }
    }
    nothing_twice(&flow.resources, "with", errors);
    nothing_twice(&flow.external, "external", errors);
    nothing_twice(&flow.ignored, "ignore", errors);
}

fn one_start(flow: &Flow, errors: &mut Errors) {
    let mut starts = flow
        .clauses
        .iter()
        .filter(|clause| matches!(clause.trigger, Trigger::Start(_)));
    let Some(first) = starts.next() else {
        // A broken `start` clause was reported as such.
        if errors.is_empty() {
            errors.push(after(
                None,
                "a flow needs a start: add `start -> handler;` with the handler it begins with",
            ));
        }
        return;
    };
    let handler = first.handler.to_token_stream();
    for second in starts {
        errors.at(
            &second.keyword,
            format!(
                "a flow has one `start`, and it is `start -> {handler}`: \
                 let that handler emit an event, and take it with `when`"
            ),
        );
    }
}

fn no_clause_twice(flow: &Flow, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for clause in &flow.clauses {
        let Trigger::Event(event) = &clause.trigger else {
            continue;
        };
        let text = (
            event.to_token_stream().to_string(),
            clause.handler.to_token_stream().to_string(),
        );
        if seen.insert(text, ()).is_some() {
            let whole = Whole(clause);
            let clause = format!(
                "when {} -> {}",
                event.to_token_stream(),
                clause.handler.to_token_stream()
            );
            errors.at(
                &whole,
                format!("`{clause}` stands here twice: take one away"),
            );
        }
    }
}

/// A clause, for an error that underlines all of it.
struct Whole<'a>(&'a crate::flow::parse::Clause);

impl ToTokens for Whole<'_> {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        self.0.keyword.to_tokens(tokens);
        self.0.handler.to_tokens(tokens);
    }
}

fn nothing_twice<T: ToTokens>(declared: &[T], keyword: &str, errors: &mut Errors) {
    let mut seen = HashMap::new();
    for what in declared {
        let text = what.to_token_stream().to_string();
        if seen.insert(text.clone(), ()).is_some() {
            errors.at(
                what,
                format!("`{keyword} {text};` stands here twice: take one away"),
            );
        }
    }
}
