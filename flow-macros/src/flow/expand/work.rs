//! The loop that a slot runs. Clauses with the same input and the same code share an arm.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;

use crate::flow::expand::bundles::{emitting_handler, single_handler};
use crate::flow::expand::code::Code;
use crate::flow::expand::emit;
use crate::flow::expand::names::{at, in_turn, itself, last_word};
use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::Plan;
use crate::spans::after;
use crate::written::key;

pub(super) fn work(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    let arms = arms(plan);
    let arms = arms
        .iter()
        .map(|(variants, body)| quote!(#(__Activation::#variants(__value))|* => #body));
    let run = in_turn(plan.flow, "run", Span::call_site());
    let bundles = plan.bundles.bundles().map(|(bundle, _)| {
        quote! {
            __Activation::#bundle(__one) => {
                __BundleActivation::<#bundle>::#run::<#this, _>(__one, __worker).await;
            }
        }
    });
    let calls = plan.flow.is_durable().then(|| {
        quote! {
            let mut __calls = ::flow_core::__private::Recorder::<Self>::calls(__worker);
            let _ = &mut __calls;
        }
    });
    quote! {
        #[allow(
            clippy::diverging_sub_expression,
            clippy::unused_unit
        )]
        async fn work<__W: ::flow_core::__private::Worker<Self>>(__worker: &__W) {
            #calls
            loop {
                '__clause: {
                    match ::flow_core::__private::Worker::<Self>::next(__worker).await {
                        #(#bundles)*
                        #(#arms)*
                        // Events that wait for a partner are not activations of their own.
                        _ => {}
                    }
                }
            }
        }
    }
}

/// The arms of the clauses that are not in bundles: the variants, and the code.
fn arms(plan: &Plan<'_>) -> Vec<(Vec<Ident>, TokenStream)> {
    let this = &plan.this;
    let mut arms: Vec<(Vec<Ident>, TokenStream)> = Vec::new();
    let mut same = HashMap::new();
    for (index, clause) in plan.code() {
        let variant = format_ident!("Clause{index}");
        if let Some(opening) = plan.opening(index) {
            arms.push((vec![variant], opening));
            continue;
        }
        let (handler, emits) = if plan.flow.is_durable() {
            arms.push((vec![variant], Code::of(plan, index, clause).clause()));
            continue;
        } else if let Some(handler) = single_handler(clause, &plan.rescues) {
            (handler, false)
        } else if let Some(handler) = emitting_handler(clause, &plan.rescues) {
            (handler, true)
        } else {
            arms.push((vec![variant], Code::of(plan, index, clause).clause()));
            continue;
        };
        // The code is the same for all of these clauses. The worker knows which one runs.
        let payload = payload(plan.flow, clause).into_token_stream();
        let key = format!("{payload} -> {} {emits}", key(handler));
        let arm = *same.entry(key).or_insert(arms.len());
        if let Some((variants, _)) = arms.get_mut(arm) {
            variants.push(variant);
            continue;
        }
        let itself = itself(handler);
        let place = at(after(last_word(handler)));
        let body = if emits {
            let (run_emitting, emit) = (in_turn(plan.flow, "run_emitting", place), emit::code());
            quote_spanned! {place=>
                ::flow_core::__private::#run_emitting::<#itself, #this, _, _>(
                    __worker, __value, |__value, __worker| #emit,
                ).await,
            }
        } else {
            let run_single = in_turn(plan.flow, "run_single", place);
            quote_spanned! {place=>
                ::flow_core::__private::#run_single::<#itself, #this, _, _>(__worker, __value).await,
            }
        };
        arms.push((vec![variant], body));
    }
    for split in plan.splits() {
        let code = Code::of(plan, split.clause, split.of).rest(&split);
        arms.push((vec![split.name()], code));
    }
    arms
}
