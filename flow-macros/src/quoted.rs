//! Names that may be written in quotes or bare.

use syn::parse::ParseStream;
use syn::{LitStr, Path, Type};

/// A path, in quotes or bare; in quotes, each of its tokens has the literal's span.
pub(crate) fn path(input: ParseStream<'_>, expected: &str) -> syn::Result<Path> {
    if input.peek(LitStr) {
        let literal: LitStr = input.parse()?;
        return literal
            .parse_with(Path::parse_mod_style)
            .map_err(|_| syn::Error::new(literal.span(), expected));
    }
    let at = input.span();
    input
        .call(Path::parse_mod_style)
        .map_err(|_| syn::Error::new(at, expected))
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
