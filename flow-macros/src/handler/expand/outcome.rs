//! The return type of the function, as tokens that detect whether it is a `Result`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Type;

/// `Returned as Outcome<…>`
pub(super) fn outcome(returned: &Type) -> TokenStream {
    let can_fail = can_fail(returned);
    quote!(#returned as ::flow_core::__private::Outcome<#can_fail>)
}

/// Whether the type is a `Result`, under any name: a constant of a probe.
pub(super) fn can_fail(returned: &Type) -> TokenStream {
    probed(returned, "FALLIBLE").unwrap_or_else(|| quote!(false))
}

/// Whether it may be an `Err`, if it is not certain from the text that it is no `Result`.
pub(super) fn fails(returned: &Type) -> Option<TokenStream> {
    probed(returned, "FAILS")
}

fn probed(returned: &Type, constant: &str) -> Option<TokenStream> {
    let constant = Ident::new(constant, Span::call_site());
    match returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => None,
        returned => Some(quote! {{
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<#returned>::#constant
        }}),
    }
}
