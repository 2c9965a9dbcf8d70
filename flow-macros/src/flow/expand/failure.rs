//! The errors of handlers as they arrive at a rescue or an `else`. In a durable flow, one that is
//! neither recorded as it is nor taken as its type arrives as a `Recorded`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Ident, Path};

use crate::flow::asks::is_ask;
use crate::flow::expand::names::{asked_for, itself, of_handler};
use crate::flow::route::{Taken, Taker};
use crate::flow::tree::Flow;
use crate::written::key;

/// The type of the error of the handler, as it arrives.
pub(super) fn error_of(flow: &Flow, handler: &Path) -> TokenStream {
    let error = of_handler(handler, "Error");
    match is_kept(flow, handler) {
        Some(kept) => quote!(<#error as ::flow_core::__private::ErrorOf<{ #kept }>>::Type),
        None => error,
    }
}

/// The function that asks whether a rescue takes over the error of the handler.
pub(super) fn rescues(flow: &Flow, this: &Ident, handler: &Path) -> TokenStream {
    let itself = itself(handler);
    let Some(kept) = is_kept(flow, handler) else {
        return quote!(::flow_core::__private::Worker::<#this>::rescues::<#itself>);
    };
    let error = of_handler(handler, "Error");
    quote! {
        <#error as ::flow_core::__private::ErrorOf<{ #kept }>>::rescues::<#itself, #this, _>
    }
}

/// Whether the error of the handler keeps its type, as an expression. `None` if it is certain.
pub(super) fn is_kept(flow: &Flow, handler: &Path) -> Option<TokenStream> {
    if !flow.is_durable() || is_ask(handler) {
        return None;
    }
    let error = of_handler(handler, "Error");
    let recorded = is_recorded(&error);
    let taken = flow.takers.get(&key(handler));
    let taken = taken.map(|takers| {
        let taken = is_taken(takers, &error);
        quote!(|| #taken)
    });
    Some(quote! {
        #[allow(unused_imports)]
        use ::flow_core::__private::{Differs as _, NotBoxed as _, NotRecorded as _};
        #recorded #taken
    })
}

/// Whether an error is recorded as it is, as an expression.
pub(super) fn is_recorded(error: &impl ToTokens) -> TokenStream {
    let asked = asked_for(error);
    quote! {
        ::flow_core::__private::Probe::<#asked>::RECORDED
            || ::flow_core::__private::ErrorProbe::<#error>::IS_BOXED
            || ::flow_core::__private::is_never::<#error>()
    }
}

/// Whether one of these takes an error as its type, as an expression.
pub(super) fn is_taken(takers: &[Taker], error: &impl ToTokens) -> TokenStream {
    let taken = takers.iter().map(|taker| {
        let parameter = match &taker.takes {
            Taken::By(handler) => {
                let itself = itself(handler);
                quote!(<#itself as ::flow_core::__private::Accepts<()>>::Parameter)
            }
            Taken::Type(ty) => ty.to_token_stream(),
        };
        let cause = taker.cause.as_ref().map(|cause| match cause {
            Taken::By(handler) => {
                let wanted = of_handler(handler, "Cause");
                quote!(, <#wanted as ::flow_core::__private::CauseSpec>::Cause)
            }
            Taken::Type(ty) => quote!(, #ty),
        });
        quote! {
            || ::flow_core::__private::Pair::<#parameter, ::flow_core::Failed<#error #cause>>::SAME
        }
    });
    quote!((false #(#taken)*))
}
