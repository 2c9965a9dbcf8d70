//! How the expansion names handlers and what it asks of them, and the spans of its own names.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::flow::tree::Flow;
use crate::spans::{after, between, over};

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

/// A name for a type that is defined beside the words at this place, and may be used at them.
pub(super) fn alias(name: &str, at: Span) -> Ident {
    Ident::new(name, after(at))
}

/// Asks whether the place has no defect of the kind that the trait `name` is for. `defect` is an
/// [`alias`] of what is there.
pub(super) fn question(defect: &Ident, at: Span, name: &str, of: &TokenStream) -> TokenStream {
    // rustc points to the type, which is not the word itself.
    question_of(&over(at, |at| quote_spanned!(at=> #defect<>)), name, of)
}

pub(super) fn question_of(defect: &TokenStream, name: &str, of: &TokenStream) -> TokenStream {
    let name = Ident::new(name, Span::call_site());
    quote!(let () = <#defect as ::flow_core::__private::#name<#of>>::OK;)
}

/// The type that is asked for serde's traits in place of this one.
pub(super) fn asked_for(ty: &impl ToTokens) -> TokenStream {
    quote! {
        <#ty as ::flow_core::__private::AskedFor<{
            #[allow(unused_imports)]
            use ::flow_core::__private::Owns as _;
            ::flow_core::__private::Probe::<#ty>::BORROWS
        }>>::Type
    }
}
