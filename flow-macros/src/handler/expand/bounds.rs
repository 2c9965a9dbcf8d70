//! The requirements between a flow and the handler, as implementations of traits.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::handler::check::Param;
use crate::handler::expand::parts::Parts;
use crate::handler::expand::unclear;
use crate::handler::updates::written_back;
use crate::written::key;

/// The handler's requirements on a flow, except for events.
pub(super) fn fits(parts: &Parts<'_>) -> TokenStream {
    let (name, item, puts) = (parts.name(), &parts.item, parts.puts);
    let streams = puts.then(|| quote!(__G: ::flow_core::__private::StreamsItem<#item, #name>,));
    let provides = parts.params.iter().filter_map(|param| match param {
        Param::Resource(ty) => Some(quote!(__G: ::flow_core::__private::HasResource<#ty>)),
        Param::State(ty) => Some(quote!(__G: ::flow_core::__private::HasState<#ty>)),
        _ => None,
    });
    let provides = provides.chain(unclear::provided(parts));
    let convert = if puts {
        quote! {
            ::core::option::Option::map(
                ::flow_core::__private::input::<#item, __T>(__item),
                <__G as ::flow_core::__private::StreamsItem<#item, #name>>::convert,
            )
        }
    } else {
        quote! {
            let _ = __item;
            ::core::option::Option::None
        }
    };
    quote! {
        #[automatically_derived]
        impl<__G> ::flow_core::__private::RunsIn<__G> for #name
        where
            __G: ::flow_core::__private::Graph,
            #streams
        {
            #[inline]
            fn item<__T: 'static>(
                __item: &mut ::core::option::Option<__T>,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                #convert
            }
        }
        #[automatically_derived]
        impl<__G> ::flow_core::__private::Needs<__G> for #name
        where
            #(#provides,)*
        {
        }
    }
}

/// The events and values that may trigger the handler.
pub(super) fn takes(parts: &Parts<'_>) -> TokenStream {
    let name = parts.name();
    let arrived = quote!(__I);
    let value = unclear::value_of(parts, &arrived).unwrap_or(arrived);
    let on = if let Some(events) = &parts.args.on {
        quote! {
            #(
                #[automatically_derived]
                impl ::flow_core::__private::On<#events> for #name {
                    type Parameter = #events;
                    type Input = #events;
                }
            )*
        }
    } else {
        quote! {
            #[automatically_derived]
            impl<__I> ::flow_core::__private::On<__I> for #name {
                type Parameter = #value;
                type Input = __I;
            }
        }
    };
    quote! {
        #on
        #[automatically_derived]
        impl<__I> ::flow_core::__private::Accepts<__I> for #name {
            type Parameter = #value;
        }
    }
}

/// The types of the parameters that a flow may declare, each once.
fn parameters(parts: &Parts<'_>) -> Vec<TokenStream> {
    let (name, mut seen) = (parts.name(), HashSet::new());
    let clear = parts.params.iter().filter_map(|param| match param {
        Param::Resource(ty) => Some(quote!(::flow_core::Res<#ty>)),
        Param::State(ty) => Some(quote!(::flow_core::State<#ty>)),
        _ => None,
    });
    let mut types: Vec<_> = clear.filter(|ty| seen.insert(key(ty))).collect();
    let mut known = types.clone();
    // The words of these do not show whether two are of one type.
    for ty in parts.unclear().filter(|ty| seen.insert(key(ty))) {
        let number = known.len();
        types.push(if known.is_empty() {
            quote!(#ty)
        } else {
            quote! {
                <#name as ::flow_core::__private::Distinct<#ty, {
                    use ::flow_core::__private::Differs as _;
                    #(::flow_core::__private::Pair::<#ty, #known>::SAME)||*
                }, #number>>::Type
            }
        });
        known.push(quote!(#ty));
    }
    types
}

/// What it emits and streams, and the resources and states that it takes.
pub(super) fn declares(parts: &Parts<'_>) -> TokenStream {
    let (name, emits, item) = (parts.name(), parts.emits(), &parts.item);
    let streams = parts.puts.then(|| {
        quote! {
            #[automatically_derived]
            impl ::flow_core::Streams<#item> for #name {
                const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
            }
        }
    });
    let asks = parameters(parts);
    let numbers = 1..u8::MAX;
    let numbered = numbers.zip(emits).map(|(number, event)| {
        quote! {
            #[automatically_derived]
            impl ::flow_core::__private::EmitsAt<#number> for #name {
                type Event = #event;
            }
        }
    });
    let numbers = 1..u8::MAX;
    let states = numbers
        .zip(written_back(parts.function))
        .map(|(number, state)| {
            quote! {
                #[automatically_derived]
                impl ::flow_core::__private::WritesBackAt<#number> for #name {
                    type State = #state;
                }
            }
        });
    quote! {
        #(#numbered)*
        #(#states)*
        #(
            #[automatically_derived]
            impl ::flow_core::Emits<#emits> for #name {
                const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
            }
        )*
        #streams
        #(
            #[automatically_derived]
            impl ::flow_core::__private::HasParameter<#asks> for #name {}
        )*
    }
}
