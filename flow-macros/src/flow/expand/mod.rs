//! The flow's types, its checks, and the loop that runs its clauses.

mod activation;
mod checks;
mod code;
mod data;
mod graph;
mod lone;
mod named;
mod rescues;
mod rustdoc;
mod svg;
mod values;
mod work;

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type, parse_quote};

use crate::errors::Errors;
use crate::flow::expand::lone::Lone;
use crate::flow::expand::rescues::Rescues;
use crate::flow::expand::values::Values;
use crate::flow::parse::{Clause, Flow, Trigger};
use crate::flow::route::Stage;

/// A flow on its way out: what is written, and what was worked out about it.
struct Plan<'a> {
    flow: &'a Flow,
    /// The type that stands for the graph: the flow's name, or one that nobody sees.
    this: Ident,
    values: Values<'a>,
    listeners: Vec<Listeners<'a>>,
    rescues: Rescues<'a>,
    lone: Lone<'a>,
    /// For each clause, how many handlers there are in those before it.
    first_handlers: Vec<usize>,
}

/// The clauses that name one event by the same path.
struct Listeners<'a> {
    event: &'a Path,
    targets: Vec<Target>,
}

impl Listeners<'_> {
    /// The number of the first of them among all waits.
    fn first_wait(&self) -> Option<usize> {
        self.targets.first().map(|target| target.wait)
    }
}

/// A clause, and which of the events that it waits for.
#[derive(Clone, Copy)]
struct Target {
    clause: usize,
    /// If it waits for several.
    part: Option<usize>,
    /// Its number among all that any clause waits for.
    wait: usize,
}

pub(crate) fn expand(flow: &Flow, mut errors: Errors) -> TokenStream {
    let this = flow.header.as_ref().and_then(|header| header.name.clone());
    let values = Values::new(flow, &mut errors);
    let whole = errors.is_empty();
    let rescues = Rescues::new(flow);
    let plan = Plan {
        flow,
        this: this.unwrap_or_else(|| Ident::new("__ThisFlow", Span::mixed_site())),
        values,
        listeners: listeners(flow),
        lone: Lone::new(flow, &rescues),
        rescues,
        first_handlers: first_handlers(flow),
    };
    let first_error = errors.first();
    let errors = errors.into_tokens();
    let graph = plan.graph();
    let abilities = plan.abilities();
    // A clause that could not be read would be missed by the checks of the whole graph.
    let checks = whole.then(|| checks::checks(&plan));
    let fits = &plan.values.checks;
    let half_typed = half_typed(flow);
    let inside = quote! {
        #half_typed
        #graph
        #abilities
        #fits
        #checks
    };
    match &flow.header {
        Some(header) if header.name.is_some() => {
            return named::items(&plan, header, &errors, &inside);
        }
        // An expression or an item? One error alone is both.
        Some(header) if header.in_error => return first_error,
        _ => {}
    }
    let this = &plan.this;
    // Where items stand rustc says that it "ignores" the first token, so that is what to do about it.
    quote! {'_a_flow_outside_of_functions_begins_with_its_name: {
        #errors
        enum #this {}
        #inside
        ::flow_core::__private::Flow::<#this, _>::new()
    }}
}

/// Has an IDE look at the paths in clauses that are in error, so that it completes them; the
/// compiler has said its word on those already.
fn half_typed(flow: &Flow) -> Option<TokenStream> {
    let paths = &flow.half_typed;
    (!paths.is_empty()).then(|| {
        quote! {
            #[allow(unexpected_cfgs)]
            const _: () = {
                #[cfg(rust_analyzer)]
                {
                    #(let _ = ::core::marker::PhantomData::<#paths>;)*
                }
            };
        }
    })
}

/// A place of the text for names of the macro's own: with the span of the text itself, they would be
/// others where a `macro_rules!` has written a part of it.
fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

fn listeners(flow: &Flow) -> Vec<Listeners<'_>> {
    let mut groups: Vec<Listeners<'_>> = Vec::new();
    let mut known = HashMap::new();
    let mut wait = 0;
    for (clause, written) in flow.clauses.iter().enumerate() {
        let events = written.trigger.events();
        for (part, event) in events.iter().enumerate() {
            let several = matches!(written.trigger, Trigger::All(_));
            let target = Target {
                clause,
                part: several.then_some(part),
                wait,
            };
            wait += 1;
            let next = groups.len();
            let group = *known
                .entry(event.to_token_stream().to_string())
                .or_insert(next);
            match groups.get_mut(group) {
                Some(group) => group.targets.push(target),
                None => groups.push(Listeners {
                    event,
                    targets: vec![target],
                }),
            }
        }
    }
    groups
}

fn first_handlers(flow: &Flow) -> Vec<usize> {
    let mut count = 0;
    let clauses = flow.clauses.iter();
    clauses
        .map(|clause| {
            let first = count;
            count += clause.route.handlers().len();
            first
        })
        .collect()
}

/// What the clause is run with.
fn payload(flow: &Flow, clause: &Clause) -> Type {
    match &clause.trigger {
        Trigger::Start(Some(ty)) => (**ty).clone(),
        Trigger::Start(None) => {
            let input = flow.header.as_ref().and_then(|header| header.input.clone());
            input.unwrap_or_else(|| parse_quote!(()))
        }
        Trigger::Event(event) | Trigger::Unanswered(event) => parse_quote!(#event),
        Trigger::Answered(event) => {
            syn::parse_quote_spanned!(event.span()=> ::flow_core::Answered<#event>)
        }
        Trigger::All(events) => parse_quote!((#(#events,)*)),
        Trigger::Rescue(handler) => {
            let error = handler.as_ref().map_or_else(
                || quote!(::flow_core::BoxError),
                |handler| values::of_handler(handler, "Error"),
            );
            let told = rescuer(clause).map(|rescuer| {
                let wanted = values::of_handler(rescuer, "Cause");
                quote!(, <#wanted as ::flow_core::__private::Wanted>::Cause)
            });
            parse_quote!(::flow_core::Failed<#error #told>)
        }
    }
}

/// The handler that a rescue leads to: it says whether it wants to know the cause.
fn rescuer(clause: &Clause) -> Option<&Path> {
    match clause.route.stages.first() {
        Some(Stage::Handler(handler)) => Some(handler),
        _ => None,
    }
}

impl Plan<'_> {
    fn clauses(&self) -> impl Iterator<Item = (usize, &Clause)> {
        self.flow.clauses.iter().enumerate()
    }

    /// How many events its clauses wait for.
    fn waits(&self) -> usize {
        self.listeners.iter().map(|group| group.targets.len()).sum()
    }

    /// The type of the stream's items.
    fn item(&self) -> Type {
        let first = self.flow.streams.first().cloned();
        first.unwrap_or_else(|| parse_quote!(::flow_core::__private::String))
    }

    fn start(&self) -> Option<(usize, &Clause)> {
        self.clauses()
            .find(|(_, clause)| matches!(clause.trigger, Trigger::Start(_)))
    }

    /// The type of the input. Without a `start`, which is an error, there is none.
    fn input(&self) -> Type {
        let start = self.start().map(|(_, start)| payload(self.flow, start));
        start.unwrap_or_else(|| parse_quote!(()))
    }
}
