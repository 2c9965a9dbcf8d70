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
    check::check(&mut flow, &mut errors);
    expand::expand(&flow, errors)
}
