//! The flow as an implementation of `Graph`: its types, and what leads from one handler to others.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use crate::flow::expand::{Listeners, Plan, at, data, values, work};
use crate::flow::parse::Trigger;

/// How many events one function chooses among.
const FEW_EVENTS: usize = 16;

impl Plan<'_> {
    pub(super) fn graph(&self) -> TokenStream {
        let this = &self.this;
        let activations = self.activations();
        let resources = self.resources(&quote!(::flow_core::__private::Missing));
        let given = self.resources(&quote!(::flow_core::__private::Present));
        let (item, input, output) = (self.item(), self.input(), &self.values.output);
        let start = if let Some((index, _)) = self.start() {
            self.activation(index, &quote!(__input))
        } else {
            quote!(match __input {
                () => ::core::unreachable!("a flow without `start` does not compile"),
            })
        };
        let desc = data::graph(self);
        let states = self.states();
        let places = self.places();
        let deliveries = self.deliveries();
        let waits = self.waits();
        let items = self.items();
        let (partners, pair) = self.partners();
        let answers = self.answers();
        let work = work::work(self);
        quote! {
            #activations
            #partners
            #[allow(
                clippy::indexing_slicing,
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
                const DESC: &'static ::flow_core::__private::GraphDesc = #desc;
                const WAITS: &'static [u64] = &::flow_core::__private::waits::<#waits>(
                    <Self as ::flow_core::__private::Graph>::DESC,
                );
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
                    #deliveries
                }
                #[inline]
                fn place(__activation: &__Activation) -> (usize, usize) {
                    #[allow(unreachable_patterns)]
                    match *__activation {
                        #places
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
        let mut seen = HashSet::new();
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

    /// What becomes of `__event`: that which a constant chooses, so that of all others nothing is
    /// compiled for its type.
    fn deliveries(&self) -> TokenStream {
        if self.listeners.len() <= FEW_EVENTS {
            let arms = self.listeners.iter().map(|group| self.delivery(group));
            return self.chosen(&quote!(#(#arms)*));
        }
        // Functions of a few arms each: rustc also looks at those that it does not compile.
        let chunks = self.listeners.chunks(FEW_EVENTS).enumerate();
        let (functions, arms): (Vec<_>, Vec<_>) = chunks
            .map(|(index, groups)| {
                let name = format_ident!("__deliver_{index}");
                let arms = groups.iter().map(|group| self.delivery(group));
                let body = self.chosen(&quote!(#(#arms)*));
                let first_waits = groups.iter().filter_map(Listeners::first_wait);
                let function = quote! {
                    #[inline]
                    fn #name<__E: ::flow_core::Event>(
                        __event: __E,
                        mut __clause: impl ::core::ops::FnMut(__Activation),
                    ) {
                        #body
                    }
                };
                (
                    function,
                    quote!(#(#first_waits)|* => #name(__event, __clause),),
                )
            })
            .unzip();
        let chosen = self.chosen(&quote!(#(#arms)*));
        quote!(#(#functions)* #chosen)
    }

    /// A `match` whose arm is known as soon as the type of the event is.
    fn chosen(&self, arms: &TokenStream) -> TokenStream {
        let this = &self.this;
        quote! {
            match ::flow_core::__private::Arrival::<#this, __E>::WAIT {
                #arms
                _ => {}
            }
        }
    }

    fn delivery(&self, group: &Listeners<'_>) -> TokenStream {
        let event = group.event;
        let shared = quote_spanned! {event.span()=>
            <#event as ::flow_core::__private::Shared>::another
        };
        let (each, own) = (quote!(#shared(&__event)), quote!(__event));
        let targets = group.targets.iter().enumerate().map(|(index, target)| {
            let is_last = index + 1 == group.targets.len();
            target.activation(self, if is_last { &own } else { &each })
        });
        let first = group.first_wait();
        quote! {
            #first => {
                if let ::core::option::Option::Some(__event) =
                    ::flow_core::__private::take::<__E, #event>(
                        &mut ::core::option::Option::Some(__event)
                    )
                {
                    #(__clause(#targets);)*
                }
            }
        }
    }

    /// Which clause takes an answer, and which a question without one.
    fn answers(&self) -> Option<TokenStream> {
        let (mut answered, mut unanswered) = (Vec::new(), Vec::new());
        for (index, clause) in self.clauses() {
            let clause_with = self.activation(index, &quote!(__arrived));
            match &clause.trigger {
                Trigger::Answered(event) => {
                    let from = quote!(::flow_core::Answered<__Q>);
                    let to = quote!(::flow_core::Answered<#event>);
                    answered.push(taken(&from, &to, &clause_with));
                }
                Trigger::Unanswered(event) => {
                    unanswered.push(taken(&quote!(__Q), &quote!(#event), &clause_with));
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
    pub(super) fn abilities(&self) -> TokenStream {
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
fn taken(from: &TokenStream, to: &TokenStream, activation: &TokenStream) -> TokenStream {
    quote! {
        if let ::core::option::Option::Some(__arrived) =
            ::flow_core::__private::take::<#from, #to>(&mut __arrived)
        {
            return ::core::option::Option::Some(#activation);
        }
    }
}
