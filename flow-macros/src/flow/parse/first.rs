//! Parses `first (a, b -> c)`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, parenthesized, token};

use crate::flow::parse::line::Line;
use crate::flow::route::{First, Stage};

impl Line {
    pub(super) fn first(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        let keyword = input.call(Ident::parse_any)?;
        let inner;
        let paren = parenthesized!(inner in input);
        let branches = self.branches(&inner, form)?;
        if branches.len() < 2 {
            return Err(syn::Error::new(
                paren.span.join(),
                "`first` has at least two branches, `first (a, b)`: add one, or remove `first`",
            ));
        }
        Ok(Stage::First(First {
            keyword,
            paren,
            branches,
        }))
    }
}

/// Whether a `first` follows, which is a word only before its branches.
pub(super) fn at_first(input: ParseStream<'_>) -> bool {
    let word = input.fork().call(Ident::parse_any);
    word.is_ok_and(|word| word == "first") && input.peek2(token::Paren)
}
