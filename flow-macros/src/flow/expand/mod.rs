//! The flow's types, its checks, and the loop that runs its clauses.

mod activation;
mod ask;
mod bundles;
mod checks;
mod code;
mod deliver;
mod desc;
mod durable;
mod editor;
mod emit;
mod every;
mod failure;
mod graph;
mod named;
mod names;
mod opening;
mod partners;
mod payload;
mod plan;
mod recorded;
mod reminders;
mod rescues;
mod serializable;
mod sound;
mod split;
mod stable;
mod twice;
mod typed;
mod values;
mod work;

use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use crate::flow::expand::editor::words;

use crate::errors::Errors;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::Flow;

/// The flow; `written` is the macro's whole input, and `itself` what it calls `Self`.
pub(crate) fn expand(
    flow: &Flow,
    (written, itself): (&TokenStream, &TokenStream),
    words: &TokenStream,
    mut errors: Errors,
) -> TokenStream {
    let plan = Plan::new(flow, &mut errors);
    emit::check(&plan, &mut errors);
    // They would report the absence of a clause that failed to parse.
    let checks = errors.is_empty().then(|| checks::checks(&plan));
    let needs = errors.is_empty().then(|| graph::needs(&plan));
    let is_in_error = !errors.is_empty();
    let first_error = errors.first();
    let errors = errors.into_tokens();
    let emits = emit::constants(&plan);
    let graph = graph::graph(&plan);
    let abilities = graph::abilities(&plan);
    let fits = &plan.values.checks;
    let asks = ask::handlers(flow);
    let inside = quote! {
        #itself
        #emits
        #asks
        #graph
        #abilities
        #fits
        #needs
        #checks
    };
    match &flow.header {
        Some(header) if header.name.is_some() => {
            let parts = named::Parts {
                written,
                errors: &errors,
                words,
                inside: &inside,
            };
            return named::items(&plan, header, &parts);
        }
        // Either an expression or items may be expected. A single error is valid as both.
        Some(header) if header.in_error => return first_error,
        _ => {}
    }
    let this = &plan.this;
    if is_in_error {
        // As an expression in error, it has no type that could be wrong for the code around it. It
        // begins as one without errors does, which is what an editor completes a word in.
        return quote! {'_a_flow_outside_of_functions_begins_with_its_name: {
            #words
            {
                enum #this {}
                #inside
                let _ = ::flow_core::__private::Flow::<#this, _>::new();
            }
            #errors
        }};
    }
    // Where items are expected, rustc quotes the first token, so its name says what to do.
    quote! {'_a_flow_outside_of_functions_begins_with_its_name: {
        #words
        {
            enum #this {}
            #inside
            ::flow_core::__private::Flow::<#this, _>::new()
        }
    }}
}
