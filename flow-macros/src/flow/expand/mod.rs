//! The flow's types, its checks, and the loop that runs its clauses.

mod checks;
mod code;
mod data;
mod named;
mod rescues;
mod rustdoc;
mod svg;
mod values;

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path, Type, parse_quote};

use crate::errors::Errors;
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
    /// For each clause, how many handlers there are in those before it.
    first_handlers: Vec<usize>,
}

/// The clauses that name one event by the same path.
struct Listeners<'a> {
    event: &'a Path,
    targets: Vec<Target>,
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

impl Target {
    fn variant(self) -> Ident {
        match self.part {
            Some(part) => format_ident!("Clause{}Part{part}", self.clause),
            None => variant(self.clause),
        }
    }
}

pub(crate) fn expand(flow: &Flow, mut errors: Errors) -> TokenStream {
    let this = flow.header.as_ref().and_then(|header| header.name.clone());
    let values = Values::new(flow, &mut errors);
    let whole = errors.is_empty();
    let plan = Plan {
        flow,
        this: this.unwrap_or_else(|| Ident::new("__ThisFlow", Span::mixed_site())),
        values,
        listeners: listeners(flow),
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

fn variant(clause: usize) -> Ident {
    format_ident!("Clause{clause}")
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

    fn graph(&self) -> TokenStream {
        let this = &self.this;
        let variants = self.clauses().flat_map(|(index, clause)| {
            let payload = payload(self.flow, clause);
            let whole = variant(index);
            let parts = match &clause.trigger {
                Trigger::All(events) => events.as_slice(),
                _ => &[],
            };
            let parts = parts.iter().enumerate().map(move |(part, event)| {
                let part = format_ident!("Clause{index}Part{part}");
                quote!(#part(#event))
            });
            std::iter::once(quote!(#whole(#payload))).chain(parts)
        });
        let resources = self.resources(&quote!(::flow_core::__private::Missing));
        let given = self.resources(&quote!(::flow_core::__private::Present));
        let (item, input, output) = (self.item(), self.input(), &self.values.output);
        let start = if let Some((index, _)) = self.start() {
            let variant = variant(index);
            quote!(__Activation::#variant(__input))
        } else {
            quote!(match __input {
                () => ::core::unreachable!("a flow without `start` does not compile"),
            })
        };
        let desc = data::graph(self);
        let states = self.states();
        let places = self.clauses().map(|(index, _)| {
            let (variant, first) = (variant(index), self.first_handlers.get(index));
            quote!(__Activation::#variant(_) => (#index, #first),)
        });
        let deliveries = self.listeners.iter().map(delivery);
        let items = self.items();
        let (partners, pair) = self.partners();
        let answers = self.answers();
        let work = code::work(self);
        quote! {
            #[allow(clippy::large_enum_variant, private_interfaces)]
            pub enum __Activation { #(#variants),* }
            #partners
            #[allow(
                clippy::items_after_statements,
                clippy::large_stack_arrays,
                clippy::too_many_lines,
                private_interfaces
            )]
            #[doc(hidden)]
            impl ::flow_core::__private::Graph for #this {
                type Input = #input;
                type Item = #item;
                type Output = #output;
                type Activation = __Activation;
                type Partners = __Partners;
                type Resources = #resources;
                type Given = #given;
                const DESC: &'static ::flow_core::__private::GraphDesc = &#desc;
                #[inline]
                fn start(__input: #input) -> __Activation {
                    #start
                }
                #[inline]
                fn states(__input: &#input, __states: &mut ::flow_core::__private::Shelf) {
                    #states
                }
                #[inline]
                fn run_out() -> ::core::option::Option<Self::Output> {
                    ::flow_core::__private::output(())
                }
                #pair
                #answers
                #[inline]
                fn deliver<__E: ::flow_core::Event>(
                    __event: __E,
                    mut __clause: impl ::core::ops::FnMut(__Activation),
                ) {
                    let mut __event = ::core::option::Option::Some(__event);
                    #(#deliveries)*
                }
                #[inline]
                fn place(__activation: &__Activation) -> (usize, usize) {
                    #[allow(unreachable_patterns)]
                    match *__activation {
                        #(#places)*
                        _ => (0, 0),
                    }
                }
                #[inline]
                fn item<__T: 'static>(__item: __T) -> ::core::option::Option<Self::Item> {
                    let mut __item = ::core::option::Option::Some(__item);
                    #items
                    ::core::option::Option::None
                }
                #work
            }
        }
    }

    fn resources(&self, state: &TokenStream) -> TokenStream {
        let resources = self.flow.resources.iter().rev();
        resources.fold(
            quote!(()),
            |rest, ty| quote!((::flow_core::__private::Slot<#ty, #state>, #rest)),
        )
    }

    fn states(&self) -> TokenStream {
        let states = self.flow.states.iter().map(|state| {
            let ty = &state.ty;
            let value = if let Some(make @ Expr::Path(_)) = &state.make {
                // What a closure takes, rustc finds out only where it is called.
                quote_spanned! {at(make.span())=>
                    ::flow_core::__private::Makes::<#ty, Self::Input>::make(&#make, __input)
                }
            } else if let Some(make) = &state.make {
                quote_spanned!(at(make.span())=> (#make)(__input))
            } else {
                quote_spanned!(ty.span()=> <#ty as ::flow_core::__private::Initial>::make())
            };
            quote!(::flow_core::__private::Shelf::insert_state::<#ty>(__states, #value);)
        });
        quote! {
            let _ = (__input, &__states);
            #(#states)*
        }
    }

    fn items(&self) -> TokenStream {
        let mut seen = std::collections::HashSet::new();
        let handlers = self
            .flow
            .clauses
            .iter()
            .flat_map(|clause| clause.route.handlers());
        handlers
            .filter(|handler| seen.insert(handler.to_token_stream().to_string()))
            .map(|handler| {
                let handler = values::itself(handler);
                quote! {
                    if let __some @ ::core::option::Option::Some(_) =
                        <#handler as ::flow_core::__private::Fits<Self>>::item(&mut __item)
                    {
                        return __some;
                    }
                }
            })
            .collect()
    }

    /// Where events wait for their partners: a queue for each, so that the oldest ones meet.
    fn partners(&self) -> (TokenStream, Option<TokenStream>) {
        let mut fields = Vec::new();
        let mut arms = Vec::new();
        for (index, clause) in self.clauses() {
            let Trigger::All(events) = &clause.trigger else {
                continue;
            };
            let (field, whole) = (format_ident!("clause{index}"), variant(index));
            fields.push(quote!(#field: (#(::flow_core::__private::Waiting<#events>,)*)));
            let all: Vec<_> = (0..events.len()).map(syn::Index::from).collect();
            let values: Vec<_> = (0..events.len())
                .map(|part| format_ident!("__{part}"))
                .collect();
            for part in &all {
                let variant = format_ident!("Clause{index}Part{}", part.index);
                arms.push(quote! {
                    __Activation::#variant(__event) => {
                        let __all = &mut __partners.borrow_mut().#field;
                        __all.#part.push_back(__event);
                        if #(__all.#all.is_empty())||* {
                            return ::core::option::Option::None;
                        }
                        match (#(__all.#all.pop_front(),)*) {
                            (#(::core::option::Option::Some(#values),)*) => {
                                ::core::option::Option::Some(__Activation::#whole((#(#values,)*)))
                            }
                            _ => ::core::option::Option::None,
                        }
                    }
                });
            }
        }
        if fields.is_empty() {
            return (
                quote!(
                    type __Partners = ();
                ),
                None,
            );
        }
        let partners = quote! {
            #[allow(private_interfaces)]
            #[derive(::core::default::Default)]
            pub struct __Partners { #(#fields),* }
        };
        let pair = quote! {
            #[inline]
            fn pair(
                __activation: __Activation,
                __partners: &::core::cell::RefCell<__Partners>,
            ) -> ::core::option::Option<__Activation> {
                match __activation {
                    #(#arms)*
                    __whole => ::core::option::Option::Some(__whole),
                }
            }
        };
        (partners, Some(pair))
    }

    /// Which clause takes an answer, and which a question without one.
    fn answers(&self) -> Option<TokenStream> {
        let (mut answered, mut unanswered) = (Vec::new(), Vec::new());
        for (index, clause) in self.clauses() {
            let variant = variant(index);
            match &clause.trigger {
                Trigger::Answered(event) => {
                    let from = quote!(::flow_core::Answered<__Q>);
                    let to = quote!(::flow_core::Answered<#event>);
                    answered.push(taken(&from, &to, &variant));
                }
                Trigger::Unanswered(event) => {
                    unanswered.push(taken(&quote!(__Q), &quote!(#event), &variant));
                }
                _ => {}
            }
        }
        if answered.is_empty() {
            return None;
        }
        Some(quote! {
            fn answered<__Q: ::flow_core::Event>(
                __arrived: ::flow_core::Answered<__Q>,
            ) -> ::core::option::Option<__Activation> {
                let mut __arrived = ::core::option::Option::Some(__arrived);
                #(#answered)*
                ::core::option::Option::None
            }
            fn unanswered<__Q: ::flow_core::Event>(
                __arrived: __Q,
            ) -> ::core::option::Option<__Activation> {
                let mut __arrived = ::core::option::Option::Some(__arrived);
                let _ = &mut __arrived;
                #(#unanswered)*
                ::core::option::Option::None
            }
        })
    }

    /// What handlers and handles may ask of the flow.
    fn abilities(&self) -> TokenStream {
        let this = &self.this;
        let resources = &self.flow.resources;
        let states = self.flow.states.iter().map(|state| &state.ty);
        let external = &self.flow.external;
        let asked = self
            .clauses()
            .filter_map(|(_, clause)| match &clause.trigger {
                Trigger::Answered(event) => Some(event),
                _ => None,
            });
        let asked: Vec<_> = asked.collect();
        let streamed = asked.iter().map(|event| {
            quote_spanned! {event.span()=>
                let () = <#event as ::flow_core::Question>::OK;
            }
        });
        let streamed = (!asked.is_empty()).then(|| quote!(const _: () = { #(#streamed)* };));
        quote! {
            #streamed
            #(#[doc(hidden)] impl<__H> ::flow_core::__private::Provides<#resources, __H> for #this {})*
            #(#[doc(hidden)] impl<__H> ::flow_core::__private::HasState<#states, __H> for #this {})*
            #(#[doc(hidden)] impl ::flow_core::__private::External<#external> for #this {})*
            #(#[doc(hidden)] impl ::flow_core::__private::Asking<#asked> for #this {})*
        }
    }
}

/// Runs a clause with what arrived, if that is what it takes.
fn taken(from: &TokenStream, to: &TokenStream, variant: &Ident) -> TokenStream {
    quote! {
        if let ::core::option::Option::Some(__arrived) =
            ::flow_core::__private::take::<#from, #to>(&mut __arrived)
        {
            return ::core::option::Option::Some(__Activation::#variant(__arrived));
        }
    }
}

fn delivery(group: &Listeners<'_>) -> TokenStream {
    let event = group.event;
    let mut variants: Vec<_> = group
        .targets
        .iter()
        .map(|target| target.variant())
        .collect();
    let last = variants.pop();
    let shared =
        quote_spanned! {event.span()=> <#event as ::flow_core::__private::Shared>::another };
    quote! {
        if let ::core::option::Option::Some(__event) =
            ::flow_core::__private::take::<__E, #event>(&mut __event)
        {
            #(__clause(__Activation::#variants(#shared(&__event)));)*
            __clause(__Activation::#last(__event));
            return;
        }
    }
}
