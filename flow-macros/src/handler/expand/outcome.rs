//! The return type of the function, as tokens that detect whether it is a `Result`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

/// `Returned as Outcome<…>`
pub(super) fn outcome(returned: &Type) -> TokenStream {
    let can_fail = can_fail(returned);
    quote!(#returned as ::flow_core::__private::Outcome<#can_fail>)
}

/// Whether the type is a `Result`, under any name: a constant of a probe.
pub(super) fn can_fail(returned: &Type) -> TokenStream {
    match returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => quote!(false),
        returned => quote! {{
            use ::flow_core::__private::Infallible as _;
            ::flow_core::__private::Probe::<#returned>::FALLIBLE
        }},
    }
}
