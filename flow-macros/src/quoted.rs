//! Names that may be written in quotes or bare.

use syn::parse::ParseStream;
use syn::{LitStr, Path, Token, Type, bracketed, token};

use crate::errors::Errors;

const EVENT: &str = "expected the path of an event, for example `UserInput`";

const ONE_EVENT: &str =
    "expected the path of one event, for example `UserInput`: several are a list, `[A, B]`";

/// A path, in quotes or bare; in quotes, each of its tokens has the literal's span.
pub(crate) fn path(input: ParseStream<'_>, expected: &str) -> syn::Result<Path> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return literal
            .parse_with(Path::parse_mod_style)
            .map_err(|_| syn::Error::new(literal.span(), expected));
    }
    let at = input.span();
    let path = input
        .call(Path::parse_mod_style)
        .map_err(|_| syn::Error::new(at, expected))?;
    if input.peek(token::Paren) || input.peek(token::Brace) {
        let message = "an event is named by its type alone: remove what follows";
        return Err(input.error(message));
    }
    Ok(path)
}

/// The type of the items, in quotes or bare.
pub(crate) fn item_type(input: ParseStream<'_>) -> syn::Result<Type> {
    const EXPECTED: &str = "expected the type of the items, for example `String`";
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return literal
            .parse()
            .map_err(|_| syn::Error::new(literal.span(), EXPECTED));
    }
    let at = input.span();
    input.parse().map_err(|_| syn::Error::new(at, EXPECTED))
}

/// `"A"`, `A`, `["A", "B"]` or `[A, B]`
pub(crate) fn paths(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Vec<Path>> {
    if !input.peek(token::Bracket) {
        return Ok(vec![path(input, ONE_EVENT)?]);
    }
    let list;
    bracketed!(list in input);
    let mut paths = Vec::new();
    while !list.is_empty() {
        match path(&list, EVENT) {
            Ok(path) => paths.push(path),
            Err(error) => {
                errors.push(error);
                while !list.is_empty() && !list.peek(Token![,]) {
                    list.parse::<proc_macro2::TokenTree>()?;
                }
            }
        }
        if !list.is_empty() {
            list.parse::<Token![,]>()?;
        }
    }
    Ok(paths)
}
