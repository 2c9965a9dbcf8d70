//! `flow! { … }`

mod asks;
mod check;
mod document;
mod expand;
mod itself;
mod parse;
mod refused;
mod route;
mod takers;
mod tree;

use proc_macro2::TokenStream;
use quote::quote;

use crate::errors::Errors;
use crate::flow::tree::Flow;
use crate::krate;

pub(crate) use crate::flow::document::attribute as document;

pub(crate) fn expression(input: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (input, itself) = itself::renamed(input, &mut errors);
    let mut flow = parse::flow(input.clone(), &mut errors);
    // The check below removes surplus clauses, which may be half-typed.
    if let Some(error) = check::named_value(&flow) {
        return error.to_compile_error();
    }
    let words = expand::words(&flow);
    check::check(&mut flow, &mut errors);
    refused::check(&flow, &mut errors);
    let krate = flow.krate.first().cloned();
    let expansion = expansion(flow, (&input, &itself), &words, errors);
    krate::named(expansion, krate.as_ref())
}

fn expansion(
    mut flow: Flow,
    (input, itself): (&TokenStream, &TokenStream),
    words: &TokenStream,
    mut errors: Errors,
) -> TokenStream {
    let are_events = check::derived(&mut flow, &mut errors);
    check::marked(&mut flow, &mut errors);
    if !(errors.is_empty() || are_events) && flow.name().is_none() {
        // Where a type is no event, handlers that name it do not fit the other clauses.
        let errors = errors.into_tokens();
        return quote!({ #words #errors });
    }
    takers::note(&mut flow);
    expand::expand(&flow, (input, itself), words, errors)
}
