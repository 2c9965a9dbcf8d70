//! The attributes of an item that what is generated for it must have as well.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Meta, Token, punctuated::Punctuated};

/// Attributes for generated items, taken from those of the user's item.
pub(crate) struct Forwarded {
    /// `#[deprecated]`
    pub(crate) deprecated: Option<Attribute>,
    /// `allow` for each lint that is allowed or expected. An expectation stays with the user's item
    /// alone, because each copy of it would have to be fulfilled.
    allowed: TokenStream,
}

impl Forwarded {
    pub(crate) fn new(attrs: &[Attribute]) -> Self {
        let named = |attr: &&Attribute| attr.path().is_ident("deprecated");
        let allowed = attrs.iter().filter_map(allowed);
        Self {
            deprecated: attrs.iter().find(named).cloned(),
            allowed: quote!(#(#[allow(#allowed)])*),
        }
    }

    /// For an item that names no deprecated one unless the user does.
    pub(crate) fn lints(&self) -> &TokenStream {
        &self.allowed
    }

    /// For items that name the user's, which may be deprecated.
    pub(crate) fn lints_of_uses(&self) -> TokenStream {
        let allowed = &self.allowed;
        let deprecated = self.deprecated.is_some();
        let deprecated = deprecated.then(|| quote!(#[allow(deprecated)]));
        quote!(#allowed #deprecated)
    }

    /// The items, in a `const` with the attributes if there are any.
    pub(crate) fn around(&self, items: TokenStream) -> TokenStream {
        let lints = self.lints_of_uses();
        if lints.is_empty() {
            return items;
        }
        quote!(#lints const _: () = { #items };)
    }
}

/// The lints of `allow(…)` and `expect(…)`, with the reason.
fn allowed(attr: &Attribute) -> Option<TokenStream> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    let named = list.path.is_ident("allow") || list.path.is_ident("expect");
    named.then(|| list.tokens.clone())
}

/// Turns `expect(lint)` into `allow(lint)` for the lints that `moves` names: what is generated for
/// the item raises or prevents them, so the item itself cannot fulfil the expectation.
pub(crate) fn without_expecting(attr: &Attribute, moves: &[&str]) -> TokenStream {
    let Meta::List(list) = &attr.meta else {
        return attr.to_token_stream();
    };
    let parsed = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let (true, Ok(lints)) = (list.path.is_ident("expect"), parsed) else {
        return attr.to_token_stream();
    };
    let moves = |lint: &&Meta| moves.iter().any(|name| lint.path().is_ident(name));
    let (allowed, kept): (Vec<_>, Vec<_>) = lints.iter().partition(moves);
    if allowed.is_empty() {
        return attr.to_token_stream();
    }
    // A reason alone expects nothing.
    let kept = (kept.iter().any(|lint| !lint.path().is_ident("reason")))
        .then(|| quote!(#[expect(#(#kept),*)]));
    quote!(#[allow(#(#allowed),*)] #kept)
}
