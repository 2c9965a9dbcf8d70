//! The documentation of a named flow. An ordinary build generates none, because the attribute that
//! requests it is only active under rustdoc.

mod links;
mod picture;

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, ItemStruct, Path, parse_quote};

use crate::errors::Errors;
use crate::flow::document::links::code;
use crate::flow::document::picture::Picture;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::flow::{check, parse};
use crate::krate;
use crate::limit::Value;
use crate::sources::Sources;
use crate::written::{key, written};

/// The type of the flow with its page, and the entries on the pages of its events.
pub(crate) fn attribute(flow: TokenStream, item: &TokenStream) -> TokenStream {
    // `flow!` has already reported the errors.
    let mut errors = Errors::default();
    let mut flow = parse::flow(flow, &mut errors);
    check::check(&mut flow, &mut errors);
    let Ok(mut item) = syn::parse2::<ItemStruct>(item.clone()) else {
        return item.clone();
    };
    let page = page(
        &flow,
        &item.ident,
        &Sources::of_this_crate(Span::call_site()),
    );
    item.attrs.push(parse_quote!(#[doc = #page]));
    item.attrs
        .push(parse_quote!(#[allow(rustdoc::private_intra_doc_links)]));
    let in_flow = in_flow(&flow, &item.ident);
    krate::named(quote!(#item #in_flow), flow.krate.first())
}

/// The text after the doc comment of the flow.
pub(super) fn page(flow: &Flow, name: &Ident, sources: &Sources) -> String {
    let mut picture = Picture::new(flow, sources);
    let mut lines = vec![
        format!("\n# Graph\n\n{}\n", picture.draw()),
        "Round boxes are events, square ones are handlers, ⇢ the events that they emit.".to_owned(),
    ];
    if !picture.unknown.is_empty() {
        let unknown: Vec<_> = picture
            .unknown
            .iter()
            .map(|path| code(&written(*path)))
            .collect();
        lines.push(format!(
            "What these emit is not part of this picture: {}.",
            unknown.join(", ")
        ));
    }
    lines.push(String::new());
    for (what, types) in facts(flow) {
        if !types.is_empty() {
            let types: Vec<_> = types.iter().map(|ty| code(ty)).collect();
            lines.push(format!("- {what}: {}", types.join(", ")));
        }
    }
    if !flow.sound.is_empty() && flow.clauses.iter().any(|clause| clause.route.ends()) {
        let proved = "\nThis flow is proved `sound`: it never stops short of its `end`.";
        lines.push(proved.to_owned());
    }
    if flow.is_durable() {
        let recorded = "\nThis flow is `durable`: what its executions do is recorded.";
        lines.push(recorded.to_owned());
    }
    lines.push(format!(
        "\n[`GRAPH`](Self::GRAPH) is the graph as data; `{name}::GRAPH.to_mermaid()` draws it with an \
         arrow for each event."
    ));
    lines.join("\n")
}

fn facts(flow: &Flow) -> [(&'static str, Vec<String>); 9] {
    let header = flow.header.as_ref();
    let input = header.and_then(|header| header.input.as_ref());
    let start = flow
        .clauses
        .iter()
        .find_map(|clause| match &clause.trigger {
            Trigger::Start(input) => input.as_deref(),
            _ => None,
        });
    let item = flow.streams.first().map(written);
    let opened = flow.opened().map(|(_, resource)| written(resource));
    let states = flow.states.iter().map(|state| written(&state.ty));
    [
        ("input", input.or(start).map(written).into_iter().collect()),
        (
            "output",
            flow.declared_output().map(written).into_iter().collect(),
        ),
        ("items", vec![item.unwrap_or_else(|| "String".to_owned())]),
        ("resources", flow.resources.iter().map(written).collect()),
        ("opened by each execution", opened.collect()),
        ("states", states.collect()),
        ("from outside", flow.external.iter().map(written).collect()),
        ("ignored", flow.ignored.iter().map(written).collect()),
        ("limits", limits(flow)),
    ]
}

/// The clauses that limit an execution.
fn limits(flow: &Flow) -> Vec<String> {
    let time = |value: &Value<Duration>| written(&value.as_written());
    let times = flow.timeout.iter().chain(&flow.idle_timeout);
    let times = times.map(|limit| format!("{} {}", limit.keyword, time(&limit.value)));
    let within = flow.drain.iter().chain(&flow.finally);
    let within = within.map(|limit| format!("{} within {}", limit.keyword, time(&limit.value)));
    let events = flow.max_events.iter().chain(&flow.max_pending);
    let events = events.map(|limit| {
        let number = |number: u64| number.to_string();
        format!("{} {}", limit.keyword, limit.value.text(number))
    });
    let concurrency = flow.concurrency.iter();
    let concurrency = concurrency.map(|limit| {
        let number = |number: usize| number.to_string();
        format!("{} {}", limit.keyword, limit.value.text(number))
    });
    times
        .chain(within)
        .chain(events)
        .chain(concurrency)
        .collect()
}

/// A clause as written, in which stages that ask have generated names.
fn text_of(flow: &Flow, clause: &Clause) -> String {
    let mut text = written(clause);
    // `__Ask10` begins with `__Ask1`.
    for ask in flow.asks.iter().rev() {
        text = text.replace(&key(&ask.handler), &ask.name());
    }
    text
}

/// For each event, the clauses that take it, or whose stages ask it.
fn in_flow(flow: &Flow, name: &Ident) -> TokenStream {
    let mut events: Vec<(String, &Path, Vec<String>)> = Vec::new();
    for clause in &flow.clauses {
        for event in clause.trigger.events() {
            let text = code(&text_of(flow, clause));
            match events.iter_mut().find(|(known, ..)| *known == key(event)) {
                Some((.., clauses)) => clauses.push(text),
                None => events.push((key(event), event, vec![text])),
            }
        }
    }
    // What only a stage asks is taken by no clause.
    for ask in &flow.asks {
        let is_it = |clause: &&Clause| {
            let handlers = clause.route.handlers();
            handlers
                .into_iter()
                .any(|handler| key(handler) == key(&ask.handler))
        };
        let Some(clause) = flow.clauses.iter().find(is_it) else {
            continue;
        };
        let text = code(&text_of(flow, clause));
        match events
            .iter_mut()
            .find(|(known, ..)| *known == key(&ask.event))
        {
            Some((.., clauses)) if clauses.contains(&text) => {}
            Some((.., clauses)) => clauses.push(text),
            None => events.push((key(&ask.event), &ask.event, vec![text])),
        }
    }
    let impls = events.iter().map(|(_, event, clauses)| {
        let clauses = clauses.join("\n\n");
        quote! {
            #[doc = #clauses]
            impl ::flow_core::InFlow<#name> for #event {}
        }
    });
    impls.collect()
}
