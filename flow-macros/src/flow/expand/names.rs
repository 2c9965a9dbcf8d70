//! How the expansion names handlers, and where its own names are.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::spans::between;

/// A place of the text for names of the macro's own: resolved as the text itself, they would be others
/// where a `macro_rules!` has written a part of it.
pub(super) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// Where a path ends.
pub(super) fn last_word(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, Spanned::span)
}

/// The handler, as it is asked what it can do: see `Handler::Itself`.
pub(super) fn itself(handler: &Path) -> TokenStream {
    of_handler(handler, "Itself")
}

/// `<handler as Handler>::item`. rustc points to all of the path, wherever it needs a handler: so of
/// another type it says that once.
pub(super) fn of_handler(handler: &Path, item: &str) -> TokenStream {
    between(handler.span(), last_word(handler), |at| {
        let item = Ident::new(item, at);
        quote_spanned!(at=> <#handler as ::flow_core::Handler>::#item)
    })
}
