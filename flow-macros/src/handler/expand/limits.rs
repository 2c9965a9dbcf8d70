//! The limits of a handler, which wrap the call of its function.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Token};

use crate::duration::Constant;
use crate::handler::expand::outcome::can_fail;
use crate::handler::expand::parts::Parts;
use crate::handler::limits::{Limits, Retry};
use crate::spans::over;

/// The limits in the handler's description. With `is_silent`, it neither puts nor emits.
pub(super) fn described(limits: &Limits, is_silent: bool) -> TokenStream {
    let timeout = limits.timeout.map(|after| {
        let after = Constant(after);
        let silent = is_silent.then(|| quote!(.silent()));
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

/// The check that a retried handler can fail, which depends on its return type.
pub(super) fn retried(parts: &Parts<'_>) -> Option<TokenStream> {
    let limits = &parts.args.limits;
    let retry = limits.retry.as_ref().filter(|_| limits.timeout.is_none())?;
    let (name, can_fail) = (parts.name(), can_fail(&parts.returned));
    Some(quote_spanned! {retry.key.span()=>
        const _: () = {
            const __DEFECT: u8 = !#can_fail as u8;
            <::flow_core::__private::Defect<__DEFECT> as ::flow_core::__private::MayBeRepeated<#name>>::OK
        };
    })
}

/// The checks of the handler's types, and an expression that runs `attempt` within the limits. Each
/// limit is a future around the next. Each check is a function, so that a defect is reported once.
pub(super) fn limited(
    parts: &Parts<'_>,
    outcome: &TokenStream,
    attempt: &TokenStream,
) -> (TokenStream, TokenStream) {
    let limits = &parts.args.limits;
    let (name, error) = (parts.name(), quote!(<#outcome>::Error));
    let mut asked = TokenStream::new();
    let mut future = quote!(async move { #attempt });
    if let Some(after) = limits.timeout {
        let after = Constant(after);
        let at = parts.returned.span();
        // rustc points to the type that it must infer.
        let error_type = Token![_](at);
        let made = over(
            at,
            |at| quote_spanned!(at=> ::flow_core::__private::timed_out::<#name, #error_type>),
        );
        asked.extend(quote! {
            fn __timed_out(__timed_out: ::flow_core::TimedOut) -> #error {
                #made(__timed_out)
            }
        });
        future = quote! {
            ::flow_core::__private::within(__cx, #after, __timed_out, #future)
        };
    }
    if limits.concurrency.is_some() {
        future = quote!(::flow_core::__private::in_turn(__cx, #future));
    }
    let Some(retry) = &limits.retry else {
        return (asked, quote!(#future.await));
    };
    asked.extend(asked_by_retry(parts, retry, &error));
    (asked, repeated(parts, retry, &future))
}

/// The functions that a retry needs: one clones the input, one decides about an error.
fn asked_by_retry(parts: &Parts<'_>, retry: &Retry, error: &TokenStream) -> TokenStream {
    let (name, input) = (parts.name(), parts.input());
    // Located there but resolved at the macro call, or rustc would suggest a reference.
    let at = input.map_or_else(|| name.span(), Spanned::span);
    let at = Span::call_site().located_at(at);
    let ty = input.map_or_else(|| quote!(()), |ty| quote!(#ty));
    let again = over(
        at,
        |at| quote_spanned!(at=> <#ty as ::flow_core::__private::CloneForRetry<#name>>::again),
    );
    let judge = |condition: &Path| {
        let judged = Ident::new("__error", condition.span());
        let judge = quote_spanned!(condition.span()=> #condition(#judged));
        (quote!(#judged), judge)
    };
    let always = || (quote!(_), quote!(true));
    let (judged, judge) = retry.condition.as_ref().map_or_else(always, judge);
    quote! {
        const __AGAIN: fn(&#ty) -> #ty = #again;
        fn __is_worth_it(#judged: &#error) -> bool {
            #judge
        }
    }
}

/// The loop over the attempts.
fn repeated(parts: &Parts<'_>, retry: &Retry, attempt: &TokenStream) -> TokenStream {
    let (attempts, jitter) = (retry.attempts, retry.jitter);
    let (backoff, max) = (Constant(retry.backoff), Constant(retry.max));
    let (pattern, ty) = match parts.input() {
        Some(ty) => (quote!(__input), quote!(#ty)),
        None => (quote!(()), quote!(())),
    };
    quote! {
        ::flow_core::__private::retry(
            __cx,
            const { ::flow_core::__private::Retry::new(#attempts, #backoff, #max, #jitter) },
            #pattern,
            __AGAIN,
            __is_worth_it,
            move |#pattern: #ty, __cx| async move {
                let __cx = &__cx;
                #attempt.await
            },
        )
        .await
    }
}
