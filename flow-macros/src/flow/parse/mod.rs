//! Parses the text of a flow into a tree. Each clause ends at a `;`, so an error in one does not
//! affect the others.

mod ask;
mod clause;
mod every;
mod first;
mod glue;
mod header;
mod line;
mod meant;
mod partners;
mod route;
mod when;
mod with;
mod words;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};

use crate::errors::Errors;
use crate::flow::parse::line::Line;
use crate::flow::tree::Flow;

pub(crate) fn flow(input: TokenStream, errors: &mut Errors) -> Flow {
    let mut flow = Flow::default();
    for tokens in split_at_semicolons(input) {
        let mut line = Line::new(&tokens);
        line.asked_before = flow.asks.len() + flow.rescued_asks.len();
        let parsed = (|input: ParseStream<'_>| line.clauses(input, &mut flow)).parse2(tokens);
        let is_whole = parsed.is_ok() && !line.half_typed;
        errors.append(line.late);
        if parsed.is_ok() {
            let reminders = line.asks.iter().filter_map(|ask| {
                let reminds = ask.reminds.clone()?;
                Some(ask::reminder(
                    reminds,
                    ask.event.clone(),
                    Some(ask.handler.clone()),
                ))
            });
            flow.clauses.extend(reminders);
        }
        flow.asks.append(&mut line.asks);
        flow.rescued_asks.append(&mut line.rescued_asks);
        if errors.note(parsed).is_none() || !is_whole {
            flow.half_typed.events.append(&mut line.words.events);
            flow.half_typed.handlers.append(&mut line.words.handlers);
        }
    }
    flow
}

/// A bracketed group is a single token tree, so every `;` here ends a clause.
fn split_at_semicolons(input: TokenStream) -> Vec<TokenStream> {
    let mut lines = vec![Vec::new()];
    for token in input {
        match (&token, lines.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ';' => lines.push(Vec::new()),
            (_, Some(line)) => line.push(token),
            (_, None) => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
        .into_iter()
        .map(|line| line.into_iter().collect())
        .collect()
}
