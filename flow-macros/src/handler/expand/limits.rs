//! The limits of a handler: its function's call, wrapped in those that it has.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Type};

use crate::duration::Constant;
use crate::handler::limits::Limits;

/// As a part of the handler's description. `silent`: it neither puts nor emits.
pub(super) fn described(limits: &Limits, silent: bool) -> TokenStream {
    let timeout = limits.timeout.map(|after| {
        let after = Constant(after);
        let silent = silent.then(|| quote!(.silent()));
        quote!(.timeout(#after) #silent)
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
pub(super) fn retried(
    limits: &Limits,
    name: &Ident,
    can_fail: &TokenStream,
) -> Option<TokenStream> {
    let retry = limits.retry.as_ref().filter(|_| limits.timeout.is_none())?;
    let text = name.to_string();
    Some(quote_spanned! {retry.key.span()=>
        const _: () = ::flow_core::__private::check(
            ::flow_core::__private::unretried(#text, #can_fail)
        );
    })
}

/// What `attempt` returns, within the limits; each part of it is a future that begins when the one
/// around it lets it. Before that, what is asked of the handler's types: in functions of its own, so
/// that each defect is reported once.
pub(super) fn limited(
    limits: &Limits,
    name: &Ident,
    input: Option<&Type>,
    returned: &Type,
    outcome: &TokenStream,
    attempt: &TokenStream,
) -> (TokenStream, TokenStream) {
    let error = quote!(<#outcome>::Error);
    let mut asked = TokenStream::new();
    let mut future = quote!(async move { #attempt });
    if let Some(after) = limits.timeout {
        let after = Constant(after);
        let made = quote_spanned! {returned.span()=>
            ::flow_core::__private::timed_out::<#name, _>
        };
        asked.extend(quote! {
            fn __timed_out(__timed_out: ::flow_core::TimedOut) -> #error {
                #made(__timed_out)
            }
        });
        future = quote! {
            ::flow_core::__private::within::<Self, _, _>(#after, __timed_out, #future)
        };
    }
    if limits.concurrency.is_some() {
        future = quote!(::flow_core::__private::in_turn(__cx, #future));
    }
    let Some(retry) = &limits.retry else {
        return (asked, quote!(#future.await));
    };
    let (attempts, jitter) = (retry.attempts, retry.jitter);
    let (backoff, max) = (Constant(retry.backoff), Constant(retry.max));
    let (pattern, ty) = match input {
        Some(ty) => (quote!(__input), quote!(#ty)),
        None => (quote!(()), quote!(())),
    };
    // Located there, not written there, or rustc would advise to take a reference.
    let at = input.map_or_else(|| name.span(), Spanned::span);
    let at = Span::call_site().located_at(at);
    let again = quote_spanned!(at=> <#ty as ::flow_core::__private::Again<#name>>::again);
    let (judged, judge) = match &retry.condition {
        None => (quote!(_), quote!(true)),
        Some(condition) => {
            let judged = Ident::new("__error", condition.span());
            (
                quote!(#judged),
                quote_spanned!(condition.span()=> #condition(#judged)),
            )
        }
    };
    asked.extend(quote! {
        const __AGAIN: fn(&#ty) -> #ty = #again;
        fn __is_worth_it(#judged: &#error) -> bool {
            #judge
        }
    });
    let retried = quote! {
        ::flow_core::__private::retry(
            __cx,
            const { ::flow_core::__private::Retry::new(#attempts, #backoff, #max, #jitter) },
            #pattern,
            __AGAIN,
            __is_worth_it,
            move |#pattern: #ty| #future,
        )
        .await
    };
    (asked, retried)
}
