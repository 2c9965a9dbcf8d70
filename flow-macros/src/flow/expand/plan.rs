//! A flow, with everything that the expansion needs to know about it.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, Path, Type, parse_quote};

use crate::errors::Errors;
use crate::flow::expand::bundles::Bundles;
use crate::flow::expand::payload::payload;
use crate::flow::expand::rescues::Rescues;
use crate::flow::expand::typed::{TypedRoute, typed};
use crate::flow::expand::values::Values;
use crate::flow::tree::{Clause, Flow, Header, Trigger};
use crate::written::key;

pub(super) struct Plan<'a> {
    pub(super) flow: &'a Flow,
    /// The type that implements `Graph`: the name of the flow, or a private one.
    pub(super) this: Ident,
    /// The route of each clause.
    pub(super) routes: Vec<TypedRoute<'a>>,
    pub(super) values: Values,
    pub(super) listeners: Vec<Listeners<'a>>,
    pub(super) rescues: Rescues<'a>,
    pub(super) bundles: Bundles<'a>,
    /// For each clause, the number of handlers in the clauses before it.
    pub(super) first_handlers: Vec<usize>,
}

/// The clauses that name one event by the same path.
pub(super) struct Listeners<'a> {
    pub(super) event: &'a Path,
    pub(super) targets: Vec<Target>,
}

impl Listeners<'_> {
    /// The number of the first one among all waits.
    pub(super) fn first_wait(&self) -> Option<usize> {
        self.targets.first().map(|target| target.wait)
    }
}

/// One of the events that a clause waits for.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) clause: usize,
    /// The index of the event among those of the clause, if one waits for others there.
    pub(super) part: Option<usize>,
    /// The number of this wait among those of all clauses.
    pub(super) wait: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(flow: &'a Flow, errors: &mut Errors) -> Self {
        let first_handlers = first_handlers(flow);
        let clauses = flow.clauses.iter().zip(&first_handlers);
        let routes: Vec<_> = clauses
            .map(|(clause, first)| typed(flow, clause, *first))
            .collect();
        let rescues = Rescues::new(flow);
        Self {
            flow,
            this: this(flow),
            values: Values::new(flow, &routes, errors),
            routes,
            listeners: listeners(flow),
            bundles: Bundles::new(flow, &rescues),
            rescues,
            first_handlers,
        }
    }

    pub(super) fn clauses(&self) -> impl Iterator<Item = (usize, &'a Clause)> {
        self.flow.clauses.iter().enumerate()
    }

    /// What the clause with this number waits for.
    pub(super) fn trigger(&self, clause: usize) -> Option<&'a Trigger> {
        self.flow.clauses.get(clause).map(|clause| &clause.trigger)
    }

    /// The clauses that are expanded as code.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &'a Clause)> {
        self.clauses()
            .filter(|(index, _)| !self.bundles.contains(*index))
    }

    /// The number of waits of all clauses.
    pub(super) fn waits(&self) -> usize {
        self.listeners.iter().map(|group| group.targets.len()).sum()
    }

    /// The type of the stream's items.
    pub(super) fn item(&self) -> Type {
        let first = self.flow.streams.first().cloned();
        first.unwrap_or_else(|| parse_quote!(::flow_core::__private::String))
    }

    pub(super) fn start(&self) -> Option<(usize, &'a Clause)> {
        self.clauses()
            .find(|(_, clause)| matches!(clause.trigger, Trigger::Start(_)))
    }

    /// The type of the input. Without a `start`, which is an error, only the first line declares it.
    pub(super) fn input(&self) -> Type {
        let start = self.start().map(|(_, start)| payload(self.flow, start));
        let declared = || self.flow.header.as_ref()?.input.clone();
        start.or_else(declared).unwrap_or_else(|| parse_quote!(()))
    }

    /// The activation of a clause with `value`.
    pub(super) fn activation(&self, clause: usize, value: &TokenStream) -> TokenStream {
        self.bundles.activation(clause, value).unwrap_or_else(|| {
            let variant = format_ident!("Clause{clause}");
            quote!(__Activation::#variant(#value))
        })
    }
}

/// The name of the flow's type. A deprecated one goes by another name in the expansion, so that
/// only its users are warned.
fn this(flow: &Flow) -> Ident {
    let private = || Ident::new("__ThisFlow", Span::mixed_site());
    let deprecated = flow.header.as_ref().is_some_and(Header::is_deprecated);
    let name = flow.name().filter(|_| !deprecated);
    name.cloned().unwrap_or_else(private)
}

fn listeners(flow: &Flow) -> Vec<Listeners<'_>> {
    let mut groups: Vec<Listeners<'_>> = Vec::new();
    let mut known = HashMap::new();
    let mut wait = 0;
    for (clause, written) in flow.clauses.iter().enumerate() {
        let events = written.trigger.events();
        for (part, event) in events.iter().enumerate() {
            let waits = !written.trigger.parts().is_empty();
            let target = Target {
                clause,
                part: waits.then_some(part),
                wait,
            };
            wait += 1;
            let next = groups.len();
            let group = *known.entry(key(event)).or_insert(next);
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
