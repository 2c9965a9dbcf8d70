//! The checks that clauses which differ only in the paths of handlers run different handlers.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::flow::expand::checks::defect::check;
use crate::flow::expand::names::itself;
use crate::flow::route::{Each, Stage};
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::written::{key, without_modules};

/// How many clauses before it a clause is compared with, if all differ only in modules, and up to
/// how many for the same events if the names differ. A program that generates hundreds of them would
/// compare each with each.
const ALIKE: usize = 4;

/// The checks that clauses which differ only in the paths of handlers run different handlers.
pub(super) fn repeated(flow: &Flow) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    let mut known: HashMap<String, Vec<(String, &Clause)>> = HashMap::new();
    for clause in &flow.clauses {
        if clause.pattern.is_some() || clause.route.branches() {
            continue;
        }
        let handlers = clause.route.handlers();
        let Some(first) = handlers.first() else {
            continue;
        };
        let is_clock = matches!(clause.trigger, Trigger::Every(_));
        if clause.trigger.events().is_empty() && !is_clock {
            continue;
        }
        let text = without_modules(clause);
        let last_name = |path: &&Path| path.segments.last().map(|last| last.ident.to_string());
        let names: Vec<_> = handlers.iter().filter_map(last_name).collect();
        let (trigger, route) = (spelled(&clause.trigger), without_modules(&clause.route));
        let words = route.split(' ').map(|word| {
            let is_handler = names.iter().any(|name| name == word);
            if is_handler { "_" } else { word }
        });
        let words: Vec<_> = words.collect();
        let form = format!(
            "{trigger} {} {} {}",
            key(&clause.by),
            words.join(" "),
            expressions(clause).join(" ")
        );
        let before = known.entry(form).or_default();
        // A `use … as …` gives a handler another name.
        let is_small = before.len() < ALIKE;
        let alike = before
            .iter()
            .filter(|(other, _)| is_small || *other == text);
        for (_, other) in alike.rev().take(ALIKE) {
            let handlers = handlers.iter().map(|handler| itself(handler));
            let others = other.route.handlers();
            let others = others.iter().map(|handler| itself(handler));
            // Events of different modules may have the same name.
            let pairs = alphabetic(&clause.trigger);
            let pairs = pairs.into_iter().zip(alphabetic(&other.trigger));
            let pairs = pairs.filter(|(event, of_other)| key(event) != key(of_other));
            let (events, of_other): (Vec<_>, Vec<_>) = pairs.unzip();
            let same = quote!({
                use ::flow_core::__private::Differs as _;
                ::flow_core::__private::Pair::<
                    (#(#events,)* #(#handlers,)*),
                    (#(#of_other,)* #(#others,)*),
                >::SAME as ::core::primitive::u8
            });
            let first = itself(first);
            let question = match clause.trigger.events().first() {
                Some(event) => ("RunsOnce", quote!(#event, #first)),
                None => ("RunsOnceAPeriod", quote!(#first)),
            };
            checks.push(check(clause.keyword.span(), &same, &[question]));
        }
        before.push((text, clause));
    }
    checks
}

/// The events of a clause by their names, as the order of partners makes no difference.
fn alphabetic(trigger: &Trigger) -> Vec<&Path> {
    let mut events: Vec<_> = trigger.events().iter().collect();
    events.sort_by_key(without_modules);
    events
}

/// What a clause waits for, without modules.
fn spelled(trigger: &Trigger) -> String {
    let Trigger::All(_) = trigger else {
        return without_modules(trigger);
    };
    let events = alphabetic(trigger);
    let events: Vec<_> = events.into_iter().map(without_modules).collect();
    events.join(" & ")
}

/// What a clause names that is no type: closures and limits, of which only the text can be compared.
fn expressions(clause: &Clause) -> Vec<String> {
    let mut expressions = Vec::new();
    if let Trigger::Times(_, times) = &clause.trigger {
        expressions.push(key(times));
    }
    clause.route.walk(&mut |stage| match stage {
        Stage::Glue(glue) => expressions.push(key(glue)),
        Stage::Each(Each {
            limit: Some((_, limit)),
            ..
        }) => expressions.push(key(limit)),
        _ => {}
    });
    expressions
}
