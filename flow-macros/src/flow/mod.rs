//! `flow! { … }`

mod check;
mod document;
mod expand;
mod parse;
mod route;
mod tree;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) use crate::flow::document::attribute as document;

pub(crate) fn expression(input: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut flow = parse::flow(input.clone(), &mut errors);
    // The check below removes surplus clauses, which may be half-typed.
    let words = expand::words(&flow);
    check::check(&mut flow, &mut errors);
    expand::expand(&flow, input, &words, errors)
}
