//! `flow! { … }`

mod check;
mod expand;
mod parse;
mod route;
mod tree;

use proc_macro2::TokenStream;

use crate::errors::Errors;

pub(crate) fn expression(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut flow = parse::flow(input, &mut errors);
    // Before the check removes what is too much, and perhaps half typed.
    let words = expand::words(&flow);
    check::check(&mut flow, &mut errors);
    expand::expand(&flow, &words, errors)
}
