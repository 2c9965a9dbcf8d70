//! The flow's types, its checks, and the loop that runs its clauses.

mod activation;
mod checks;
mod code;
mod deliver;
mod desc;
mod graph;
mod named;
mod names;
mod nodes;
mod payload;
mod plan;
mod rescues;
mod rustdoc;
mod svg;
mod typed;
mod values;
mod work;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::Flow;

pub(crate) fn expand(flow: &Flow, mut errors: Errors) -> TokenStream {
    let plan = Plan::new(flow, &mut errors);
    // A clause that could not be read would be missed by the checks of the whole graph.
    let checks = errors.is_empty().then(|| checks::checks(&plan));
    let first_error = errors.first();
    let errors = errors.into_tokens();
    let graph = graph::graph(&plan);
    let abilities = graph::abilities(&plan);
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
    // Where items are expected rustc says that it "ignores" the first token, so that names the way out.
    quote! {'_a_flow_outside_of_functions_begins_with_its_name: {
        #errors
        enum #this {}
        #inside
        ::flow_core::__private::Flow::<#this, _>::new()
    }}
}

/// Has an IDE look at the paths in clauses that are in error, so that it completes them; the
/// compiler has reported those already.
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
