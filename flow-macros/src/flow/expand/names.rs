//! How the expansion names handlers, and the spans of its own names.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::flow::tree::Flow;
use crate::spans::between;

/// A span at this place for names that the macro generates. They are resolved at the macro call, so
/// that they also match if a `macro_rules!` has written a part of the flow.
pub(super) fn at(place: Span) -> Span {
    Span::call_site().located_at(place)
}

/// The span of the last word of a path.
pub(super) fn last_word(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, Spanned::span)
}

/// The function of flow-core with this name that calls a handler, or the one that waits for its turn
/// in an execution with a `concurrency`.
pub(super) fn in_turn(flow: &Flow, function: &str, at: Span) -> Ident {
    if flow.may_take_turns() {
        Ident::new(&format!("{function}_in_turn"), at)
    } else {
        Ident::new(function, at)
    }
}

/// The type that implements the traits of the handler: see `Handler::Itself`.
pub(super) fn itself(handler: &Path) -> TokenStream {
    of_handler(handler, "Itself")
}

/// `<handler as Handler>::item`. All uses have the same span, so rustc reports a type that is not a
/// handler only once.
pub(super) fn of_handler(handler: &Path, item: &str) -> TokenStream {
    between(handler.span(), last_word(handler), |at| {
        let item = Ident::new(item, at);
        quote_spanned!(at=> <#handler as ::flow_core::Handler>::#item)
    })
}
