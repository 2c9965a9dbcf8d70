//! The flow as an implementation of `Graph`.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Token};

use crate::flow::expand::names::{at, itself};
use crate::flow::expand::plan::Plan;
use crate::flow::expand::recorded::names_outside;
use crate::flow::expand::twice::one_impl_each;
use crate::flow::expand::{desc, work};
use crate::flow::route::Stage;
use crate::flow::tree::{Flow, Trigger};
use crate::spans::{between, over};
use crate::written::key;

/// Nothing follows an `if` of which both ways lead to an end. The lint is allowed only there, as a
/// crate may forbid it.
fn unreachable(flow: &Flow) -> Option<TokenStream> {
    let mut all_end = false;
    for clause in &flow.clauses {
        clause.route.walk(&mut |stage| {
            if let Stage::If(choice) = stage {
                all_end |= choice.then.1.is_closed() && choice.otherwise.1.is_closed();
            }
        });
    }
    all_end.then(|| quote!(#[allow(unreachable_code)]))
}

pub(super) fn graph(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let unreachable = unreachable(plan.flow);
    let activations = plan.activations();
    let (partners, pair) = plan.partners();
    let types = types(plan);
    let constants = constants(plan);
    let begin = begin(plan);
    let answers = plan.answers();
    let finally = plan.finally();
    let deliveries = plan.deliveries();
    let places = plan.places();
    let (splits, pauses) = plan.split_types();
    let ask_again = plan.ask_again();
    let items = items(plan.flow);
    let work = work::work(plan);
    quote! {
        #activations
        #splits
        #partners
        #[allow(
            clippy::indexing_slicing,
            clippy::items_after_statements,
            clippy::large_stack_arrays,
            clippy::too_many_lines
        )]
        #unreachable
        #[doc(hidden)]
        impl ::flow_core::__private::Graph for #this {
            #types
            #constants
            #begin
            #pair
            #answers
            #finally
            #[inline]
            fn deliver<__E: ::flow_core::Event>(
                __event: __E,
                mut __clause: impl ::core::ops::FnMut(__Activation),
            ) {
                #deliveries
            }
            #[inline]
            fn place(__activation: &__Activation) -> (::core::primitive::usize, ::core::primitive::usize) {
                match *__activation {
                    #places
                    _ => (0, 0),
                }
            }
            #pauses
            #ask_again
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

fn types(plan: &Plan<'_>) -> TokenStream {
    // rustc reports a type that is less public than the flow at these words.
    let at_its_word = |name: &str, ty: &dyn ToTokens| {
        let ty = ty.to_token_stream();
        let (first, last) = match plan.flow.resources.as_slice() {
            [first, .., last] if name == "Resources" => (first.span(), last.span()),
            [only] if name == "Resources" => (only.span(), only.span()),
            _ => (ty.span(), ty.span()),
        };
        between(first, last, |at| {
            let name = Ident::new(name, at);
            quote_spanned!(at=> type #name = #ty;)
        })
    };
    let input = at_its_word("Input", &plan.input());
    let item = at_its_word("Item", &plan.item());
    let output = at_its_word("Output", &plan.values.output);
    let resources = at_its_word("Resources", &resources(plan.flow));
    quote! {
        #input
        #item
        #output
        #resources
        type Activation = __Activation;
        type Partners = __Partners;
    }
}

fn constants(plan: &Plan<'_>) -> TokenStream {
    let (mut desc, waits) = (desc::desc(plan), plan.waits());
    // rustc copies a constant behind each reference, so that each flow around this one would have
    // several copies of the last one's.
    if plan.flow.name().is_some() {
        desc = quote!({
            static __DESC: ::flow_core::__private::GraphDesc = *#desc;
            &__DESC
        });
    }
    let external = &plan.flow.external;
    let external = (!external.is_empty()).then(|| {
        quote! {
            const EXTERNAL: &'static [::flow_core::__private::Entrance<Self>] = {
                use ::flow_core::__private::NotClone as _;
                &[#(
                    ::flow_core::__private::Entrance::new::<#external>(
                        ::flow_core::__private::Copies::<#external>::COPY,
                    ),
                )*]
            };
        }
    });
    let every = plan.every();
    let reminders = plan.reminders();
    let codec = plan.codec();
    quote! {
        const DESC: &'static ::flow_core::__private::GraphDesc = #desc;
        const WAITS: &'static [::core::primitive::u64] = &::flow_core::__private::wait_ids::<#waits>(
            <Self as ::flow_core::__private::Graph>::DESC,
        );
        #external
        #every
        #reminders
        #codec
    }
}

/// The first activation of an execution, and its output if no clause ends it.
fn begin(plan: &Plan<'_>) -> TokenStream {
    let (input, states) = (plan.input(), states(plan.flow));
    let start = if let Some(index) = plan.first() {
        plan.activation(index, &quote!(__input))
    } else {
        quote!({
            let _ = __input;
            ::core::unreachable!("a flow without `start` does not compile")
        })
    };
    quote! {
        #[inline]
        fn start(__input: #input) -> __Activation {
            #start
        }
        #[inline]
        fn states(__input: &#input, __states: &mut ::flow_core::__private::TypeMap) {
            #states
        }
        #[inline]
        fn run_out() -> ::core::option::Option<Self::Output> {
            ::flow_core::__private::output(())
        }
    }
}

fn resources(flow: &Flow) -> TokenStream {
    let resources = flow.resources.iter().rev();
    resources.fold(quote!(()), |rest, ty| {
        quote!((::flow_core::__private::Slot<#ty, ::flow_core::__private::Missing>, #rest))
    })
}

fn states(flow: &Flow) -> TokenStream {
    let states = flow.states.iter().map(|state| {
        let ty = &state.ty;
        let has_type = |make: &Expr| matches!(make, Expr::Path(_) | Expr::Call(_) | Expr::MethodCall(_));
        let value = if let Some(make) = state.make.as_ref().filter(|make| has_type(make)) {
            // rustc infers the parameter type of a closure only where it is called.
            let reference = Token![&](at(make.span()));
            over(at(make.span()), |at| {
                quote_spanned! {at=>
                    ::flow_core::__private::MakesState::<#ty, Self::Input>::make(#reference #make, __input)
                }
            })
        } else if let Some(make) = &state.make {
            over(at(make.span()), |at| quote_spanned!(at=> (#make)(__input)))
        } else {
            over(
                ty.span(),
                |at| quote_spanned!(at=> <#ty as ::flow_core::__private::DefaultState>::make()),
            )
        };
        quote!(::flow_core::__private::TypeMap::insert_state::<#ty>(__states, #value);)
    });
    quote! {
        let _ = (__input, &__states);
        #(#states)*
    }
}

/// Code that finds the handler whose item type matches.
fn items(flow: &Flow) -> TokenStream {
    let mut seen = HashSet::new();
    flow.handlers()
        .filter(|handler| seen.insert(key(handler)))
        .map(|handler| {
            let handler = itself(handler);
            quote! {
                if let __some @ ::core::option::Option::Some(_) =
                    <#handler as ::flow_core::__private::RunsIn<Self>>::item(&mut __item)
                {
                    return __some;
                }
            }
        })
        .collect()
}

/// The checks that the flow declares what its handlers take. All are at one place and in one body,
/// so that rustc reports a resource once, however many handlers take it.
pub(super) fn needs(plan: &Plan<'_>) -> Option<TokenStream> {
    let this = &plan.this;
    let place = plan.flow.clauses.first()?.keyword.span();
    let mut seen = HashSet::new();
    let handlers = plan.flow.handlers();
    let handlers = handlers.filter(|handler| seen.insert(key(handler)));
    let asked = handlers.map(|handler| {
        let itself = itself(handler);
        // rustc points to this type, which is not at the word of the handler.
        let of = over(
            place,
            |at| quote_spanned!(at=> ::flow_core::__private::Itself<#itself>),
        );
        quote!(let () = <#of as ::flow_core::__private::Needs<#this>>::OK;)
    });
    Some(quote!(const _: () = { #(#asked)* };))
}

/// The traits by which handlers and handles find what the flow declares, such as resources.
pub(super) fn abilities(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let given = plan.flow.resources.iter();
    let resources = given.chain(plan.flow.opened().map(|(_, resource)| resource));
    let resources = one_impl_each(this, resources);
    let states = plan.flow.states.iter().map(|state| &state.ty);
    let states = one_impl_each(this, states);
    // A copy is made by way of its bytes.
    let snapshots = if plan.flow.is_durable() {
        states.clone()
    } else {
        Vec::new()
    };
    let external = one_impl_each(this, plan.flow.external.iter());
    let asked = plan
        .clauses()
        .filter_map(|(_, clause)| match &clause.trigger {
            Trigger::Answered(event) => Some(event),
            _ => None,
        });
    let in_place = plan.flow.asks.iter().map(|ask| &ask.event);
    let mut seen = HashSet::new();
    let asked = asked
        .chain(in_place)
        .filter(|event| seen.insert(key(event)));
    let asked: Vec<_> = asked.collect();
    let asks_itself = one_impl_each(this, asked.iter().copied());
    let streamed = asked.iter().map(|event| {
        let ok = over(
            event.span(),
            |at| quote_spanned!(at=> <#event as ::flow_core::Question>::ONLY_THE_EVENT_DERIVE_IMPLEMENTS_THIS),
        );
        quote!(let () = #ok;)
    });
    let finishes = (!plan.flow.finally.is_empty())
        .then(|| quote!(#[doc(hidden)] impl ::flow_core::__private::HasFinally for #this {}));
    let concurrent = (!plan.flow.concurrency.is_empty()).then(
        || quote!(#[doc(hidden)] impl ::flow_core::__private::HasTotalConcurrency for #this {}),
    );
    let streamed = (!asked.is_empty()).then(|| quote!(const _: () = { #(#streamed)* };));
    let outside: Vec<_> = plan.flow.external.iter().collect();
    let named = names_outside(&outside).into_iter().map(|name| {
        let is_durable = plan.flow.is_durable();
        is_durable.then(|| quote!(const NAME: &'static ::core::primitive::str = #name;))
    });
    quote! {
        #streamed
        #finishes
        #concurrent
        #(#[doc(hidden)] impl ::flow_core::__private::HasResource<#resources> for #this {})*
        #(#[doc(hidden)] impl ::flow_core::__private::HasState<#states> for #this {})*
        #(#[doc(hidden)] impl ::flow_core::__private::HasSnapshot<#snapshots> for #this {})*
        #(#[doc(hidden)] impl ::flow_core::__private::External<#external> for #this { #named })*
        #(#[doc(hidden)] impl ::flow_core::__private::AsksItself<#asks_itself> for #this {})*
        #[doc(hidden)]
        impl<__Q> ::flow_core::__private::AsksQuestion<__Q> for #this
        where
            ::flow_core::__private::Asks<
                { <#this as ::flow_core::__private::Graph>::DESC.stages_ask() },
            >: ::flow_core::__private::Allow<__Q, #this>,
        {
        }
    }
}
