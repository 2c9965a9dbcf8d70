//! The limits of a handler: its function's call, wrapped in those that it has.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use crate::duration::Constant;
use crate::handler::limits::Limits;

/// As a part of the handler's description.
pub(super) fn described(limits: &Limits) -> TokenStream {
    let timeout = limits.timeout.map(|after| {
        let after = Constant(after);
        quote!(.timeout(#after))
    });
    let attempts = limits.retry.as_ref().map(|retry| {
        let attempts = retry.attempts;
        quote!(.attempts(#attempts))
    });
    let concurrency = limits
        .concurrency
        .map(|calls| quote!(.concurrency(#calls, ::core::any::TypeId::of::<Self>)));
    quote!(#timeout #attempts #concurrency)
}

/// Asks whether there is something to retry: the type of what it returns may be an alias.
pub(super) fn retried(limits: &Limits, name: &Ident, can_fail: &TokenStream) -> Option<TokenStream> {
    let retry = limits.retry.as_ref().filter(|_| limits.timeout.is_none())?;
    let text = name.to_string();
    Some(quote_spanned! {retry.key.span()=>
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unretried(#text, #can_fail)
        );
    })
}

/// What `attempt` returns, within the limits. Each of its parts is a future that begins when the one
/// around it lets it.
pub(super) fn limited(
    limits: &Limits,
    name: &Ident,
    input: Option<&Type>,
    returned: &Type,
    outcome: &TokenStream,
    attempt: &TokenStream,
) -> TokenStream {
    let mut future = quote!(async move { #attempt });
    if let Some(after) = limits.timeout {
        let after = Constant(after);
        // An error that cannot be made is reported at the return type.
        let within = quote_spanned! {returned.span()=>
            ::flow_core::__private::within::<#name, _, <#outcome>::Error, _>
        };
        future = quote!(#within(#after, #future));
    }
    if limits.concurrency.is_some() {
        future = quote!(::flow_core::__private::in_turn(__cx, #future));
    }
    let Some(retry) = &limits.retry else {
        return quote!(#future.await);
    };
    let (attempts, jitter) = (retry.attempts, retry.jitter);
    let (backoff, max) = (Constant(retry.backoff), Constant(retry.max));
    let is_worth_it = match &retry.condition {
        None => quote!(|_: &<#outcome>::Error| true),
        Some(condition) => {
            let judge = quote_spanned! {condition.span()=>
                ::flow_core::__private::Judges::<<#outcome>::Error>::judge
            };
            quote!(|__error: &<#outcome>::Error| #judge(&#condition, __error))
        }
    };
    let (pattern, ty, value) = match input {
        Some(ty) => (quote!(__input), quote!(#ty), quote!(__input)),
        None => (quote!(()), quote!(()), quote!(())),
    };
    let at = input.map_or_else(|| name.span(), Spanned::span);
    let again = quote_spanned!(at=> <#ty as ::flow_core::__private::Again<#name>>::again);
    quote! {
        ::flow_core::__private::retry(
            const { ::flow_core::__private::Retry::new(#attempts, #backoff, #max, #jitter) },
            #value,
            #again,
            #is_worth_it,
            move |#pattern: #ty| #future,
        )
        .await
    }
}
