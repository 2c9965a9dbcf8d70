//! What the function returns, as tokens that ask whether that is a `Result`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

/// `Returned as Outcome<…>`
pub(super) fn outcome(returned: &Type) -> TokenStream {
    let can_fail = can_fail(returned);
    quote!(#returned as ::flow_core::__private::Outcome<#can_fail>)
}

/// Whether it is a `Result`, under whatever name: a constant of its type.
pub(super) fn can_fail(returned: &Type) -> TokenStream {
    match returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => quote!(false),
        returned => quote! {{
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<#returned>::FALLIBLE
        }},
    }
}
