//! The names of clauses in what a durable flow records. They are the text of the clause without its
//! layout, so that clauses may be added around it, and nothing that counts.

use std::collections::HashMap;

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;

use crate::flow::asks::asking;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::written::{spaced, written};

/// The name of each clause of the flow. No two are the same.
pub(super) fn clauses(flow: &Flow) -> Vec<String> {
    let mut unique = Unique::default();
    // That of the clause with partners, which comes before those for what is left of them.
    let mut paired = String::new();
    let clauses = flow.clauses.iter();
    let names = clauses.map(|clause| {
        let route = text(flow, &clause.route_tokens());
        let name = match &clause.trigger {
            Trigger::Start(_) => format!("start -> {route}"),
            Trigger::Answered(event) => format!("ask {} -> {route}", written(event)),
            Trigger::Unanswered(event) => format!("ask {} else -> {route}", written(event)),
            Trigger::LeftOver(event) => format!("{paired} else {} -> {route}", written(event)),
            Trigger::Reminder(reminder) => {
                format!("ask {} every -> {route}", written(&reminder.question))
            }
            Trigger::Every(_) => format!("every -> {route}"),
            Trigger::All(events) => {
                let events: Vec<_> = events.iter().map(written).collect();
                let by = clause.by.as_ref().map(|by| format!(" {}", spaced(by)));
                let by = by.unwrap_or_default();
                format!("when {}{by} -> {route}", events.join(" & "))
            }
            _ => text(flow, clause),
        };
        if !clause.trigger.parts().is_empty() {
            paired.clone_from(&name);
        }
        unique.name(name)
    });
    names.collect()
}

/// Names with a number after each that was there before.
#[derive(Default)]
pub(super) struct Unique(HashMap<String, usize>);

impl Unique {
    pub(super) fn name(&mut self, name: String) -> String {
        let count = self.0.entry(name.clone()).or_insert(0);
        *count += 1;
        match count {
            1 => name,
            count => format!("{name} #{count}"),
        }
    }
}

impl Clause {
    /// Its route, as it is written.
    fn route_tokens(&self) -> TokenStream {
        self.route.stages.to_token_stream()
    }
}

/// The text, with the words of each stage that asks in place of the name of its handler, which is
/// numbered.
fn text(flow: &Flow, tokens: &impl ToTokens) -> String {
    spaced(&worded(flow, tokens.to_token_stream()))
}

fn worded(flow: &Flow, tokens: TokenStream) -> TokenStream {
    let mut words = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => match asking(&flow.asks, &name.clone().into()) {
                Some(ask) => {
                    ask.keyword.to_tokens(&mut words);
                    ask.event.to_tokens(&mut words);
                }
                None => name.to_tokens(&mut words),
            },
            TokenTree::Group(group) => {
                let inner = worded(flow, group.stream());
                Group::new(group.delimiter(), inner).to_tokens(&mut words);
            }
            token => token.to_tokens(&mut words),
        }
    }
    words
}
