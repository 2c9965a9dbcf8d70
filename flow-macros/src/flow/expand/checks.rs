//! The checks of the whole graph, each at the word to change, and each once: a handler's own where it
//! is first named.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::errors::text;
use crate::flow::expand::{Plan, at};
use crate::flow::parse::Trigger;

pub(super) fn checks(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let clauses = plan.flow.clauses.len();
    let waits = plan.waits();
    let desc = quote!(<#this as ::flow_core::__private::Graph>::DESC);
    let check = |at: Span, what: &str, of: &TokenStream| {
        let what = Ident::new(what, at);
        alone(&quote_spanned! {at=>
            ::flow_core::__private::check(::flow_core::__private::#what(#desc, __SURVEY #of));
        })
    };
    let has_timeout = !plan.flow.timeout.is_empty() || !plan.flow.idle_timeout.is_empty();
    let mut all = Vec::new();
    let (mut seen, mut wait) = (HashSet::new(), 0_usize);
    for (index, clause) in plan.clauses() {
        let mut asked = Vec::new();
        for (handler, path) in clause.route.handlers().into_iter().enumerate() {
            if seen.insert(path.to_token_stream().to_string()) {
                asked.push(quote_spanned!(path.span()=> __unheard(#index, #handler);));
                if has_timeout {
                    asked.push(quote_spanned! {path.span()=>
                        ::flow_core::__private::check(
                            ::flow_core::__private::overlong(#desc, #index, #handler)
                        );
                    });
                }
            }
        }
        for (part, event) in clause.trigger.events().iter().enumerate() {
            asked.push(quote_spanned!(event.span()=> __in_vain(#wait, #part);));
            wait += 1;
        }
        // Where the handler emits what nobody takes, nothing is said of waiting in vain: both can be
        // asked in one `const`, of which rustc sees the first defect.
        if let [unheard, in_vain] = asked.as_slice()
            && matches!(clause.trigger, Trigger::Event(_))
        {
            all.push(alone(&quote!(#unheard #in_vain)));
        } else {
            all.extend(asked.iter().map(alone));
        }
        if let Trigger::Rescue(handler) = &clause.trigger {
            let at = handler
                .as_ref()
                .map_or(clause.keyword.span(), Spanned::span);
            all.push(alone(&quote_spanned! {at=>
                ::flow_core::__private::check(::flow_core::__private::unfailing(#desc, #index));
            }));
        }
    }
    for (index, event) in plan.flow.external.iter().enumerate() {
        all.push(check(event.span(), "idle_external", &quote!(, #index)));
    }
    for (index, event) in plan.flow.ignored.iter().enumerate() {
        all.push(check(event.span(), "idle_ignore", &quote!(, #index)));
    }
    all.extend(idle_types(plan));
    let output = plan
        .flow
        .header
        .as_ref()
        .and_then(|header| header.output.as_ref());
    if let Some(output) = output {
        all.push(check(output.span(), "unfinished", &quote!()));
    }
    let mut groups = vec![0_usize; waits];
    for (group, listeners) in plan.listeners.iter().enumerate() {
        for target in &listeners.targets {
            if let Some(entry) = groups.get_mut(target.wait) {
                *entry = group;
            }
        }
    }
    quote! {
        const __SURVEY: &::flow_core::__private::Survey<#clauses, #waits> =
            &::flow_core::__private::Survey::<#clauses, #waits>::new(#desc);
        // Asked of each clause, so in few words.
        #[allow(dead_code)]
        #[track_caller]
        const fn __unheard(clause: usize, handler: usize) {
            ::flow_core::__private::check(::flow_core::__private::unheard(
                #desc, __SURVEY, clause, handler,
            ));
        }
        #[allow(dead_code)]
        #[track_caller]
        const fn __in_vain(wait: usize, part: usize) {
            ::flow_core::__private::check(::flow_core::__private::in_vain(
                #desc, __SURVEY, &[#(#groups),*], wait, part,
            ));
        }
        #(#all)*
    }
}

/// In a `const` of its own, so that each defect is reported, whatever others there are.
fn alone(questions: &TokenStream) -> TokenStream {
    quote!(const _: () = { #questions };)
}

/// Resources and states that no handler takes. Which ones a handler does, its type says; so a probe
/// asks each pair of the two.
fn idle_types(plan: &Plan<'_>) -> Vec<TokenStream> {
    let this = &plan.this;
    let flow = plan.flow;
    let mut seen = HashSet::new();
    let mut handlers: Vec<_> = flow
        .clauses
        .iter()
        .flat_map(|clause| clause.route.handlers())
        .collect();
    handlers.retain(|handler| seen.insert(handler.to_token_stream().to_string()));
    let resources = flow.resources.iter().map(|ty| (ty, "Res"));
    let states = flow.states.iter().map(|state| (&state.ty, "State"));
    let mut checks: Vec<_> = resources
        .chain(states)
        .map(|(ty, wrapper)| {
            let taken = format!("{wrapper}<{}>", text(ty));
            let wrapper = Ident::new(wrapper, Span::call_site());
            let asked = quote!(::flow_core::#wrapper<#ty>);
            let check = quote_spanned!(at(ty.span())=> ::flow_core::__private::check(__defect););
            quote! {
                const _: () = {
                    #[allow(unused_imports)]
                    use ::flow_core::__private::NotTaken as _;
                    let __taken = false #(|| ::flow_core::__private::Asked::<#handlers, #asked>::TAKEN)*;
                    let __defect = ::flow_core::__private::idle_type(__SURVEY, __taken, #taken);
                    #check
                };
            }
        })
        .collect();
    if flow
        .header
        .as_ref()
        .is_some_and(|header| header.name.is_some())
    {
        let resources = &flow.resources;
        checks.push(quote! {
            #(#[doc(hidden)] impl ::flow_core::__private::Asks<::flow_core::Res<#resources>> for #this {})*
        });
    }
    checks
}
