//! The checks for resources and states that no handler takes.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::expand::names::question_of;
use crate::flow::expand::plan::Plan;
use crate::spans::over;
use crate::written::key;

/// The checks for resources and states that no handler takes. Only the type of a handler shows
/// which ones it takes, so a probe tests each pair.
pub(super) fn unused_types(plan: &Plan<'_>) -> Vec<TokenStream> {
    let flow = plan.flow;
    let mut seen = HashSet::new();
    let mut handlers: Vec<_> = flow.handlers().collect();
    handlers.retain(|handler| seen.insert(key(handler)));
    // As a type argument, a function without `#[handler]` would cause a second error; an alias does
    // not.
    let aliases = (0..handlers.len()).map(|index| format_ident!("__Handler{index}"));
    let aliases: Vec<_> = aliases.collect();
    let opened = flow.opened().map(|(_, resource)| resource);
    let resources = flow.resources.iter().chain(opened);
    let resources = resources.map(|ty| (ty, "Res"));
    let states = flow.states.iter().map(|state| (&state.ty, "State"));
    resources
        .chain(states)
        .map(|(ty, wrapper)| {
            let wrapper = Ident::new(wrapper, Span::call_site());
            let asked = quote!(::flow_core::#wrapper<#ty>);
            let snapshot = (wrapper == "State" && flow.is_durable()).then(|| {
                quote! {
                    #(|| ::flow_core::__private::Parameters::<
                        #aliases,
                        ::flow_core::Snapshot<#ty>,
                    >::PRESENT)*
                }
            });
            let defect = over(
                ty.span(),
                |at| quote_spanned!(at=> ::flow_core::__private::Defect<__DEFECT>),
            );
            let question = question_of(&defect, "TakenAsParameter", &asked);
            quote! {
                const _: () = {
                    use ::flow_core::__private::NoParameter as _;
                    #(type #aliases = #handlers;)*
                    const __TAKEN: ::core::primitive::bool = false #(|| ::flow_core::__private::Parameters::<#aliases, #asked>::PRESENT)* #snapshot;
                    const __DEFECT: ::core::primitive::u8 = ::flow_core::__private::unused_type(__ANALYSIS, __TAKEN);
                    #question
                };
            }
        })
        .collect()
}
