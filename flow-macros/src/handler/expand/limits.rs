//! The limits of a handler, which wrap the call of its function.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Token, Type};

use crate::handler::expand::outcome::fails;
use crate::handler::expand::parts::Parts;
use crate::handler::expand::unclear;
use crate::handler::limits::{Limits, Retry};
use crate::limit::{Value, asked};
use crate::spans::over;

/// The limits in the handler's description. With `is_silent`, it neither puts nor emits.
pub(super) fn described(limits: &Limits, is_silent: bool) -> TokenStream {
    let timeout = limits.timeout.as_ref().map(|after| {
        let after = after.value();
        let silent = is_silent.then(|| quote!(.silent()));
        quote!(.timeout(#after) #silent)
    });
    let attempts = limits.retry.as_ref().map(|retry| {
        let attempts = retry.attempts.value();
        // The waits are random unless it is said.
        let pause = retry.jitter.as_ref().map(|_| {
            let pauses = pauses(retry);
            quote!(.longest_pause(#pauses.longest(#attempts)))
        });
        quote!(.attempts(#attempts) #pause)
    });
    let concurrency = limits.concurrency.as_ref().map(|concurrency| {
        let calls = concurrency.calls.value();
        if concurrency.is_shared {
            quote!(.shared_concurrency(#calls))
        } else {
            quote!(.concurrency(#calls, ::core::any::TypeId::of::<Self>))
        }
    });
    let once = limits.once.as_ref().map(|_| quote!(.once()));
    quote!(#timeout #attempts #concurrency #once)
}

/// The limits that a flow can replace when it runs.
pub(super) fn replaceable(parts: &Parts<'_>) -> TokenStream {
    let (name, limits) = (parts.name(), &parts.args.limits);
    let is_own = limits.concurrency.as_ref().map(|all| !all.is_shared);
    let has = [
        (limits.timeout.is_some(), "HasTimeout"),
        (limits.retry.is_some(), "HasRetry"),
        (is_own.unwrap_or_default(), "HasConcurrency"),
    ];
    let has = has.into_iter().filter(|(has, _)| *has);
    has.map(|(_, limit)| {
        let limit = Ident::new(limit, Span::call_site());
        quote! {
            #[automatically_derived]
            impl ::flow_core::__private::#limit for #name {}
        }
    })
    .collect()
}

/// The checks of limits that are constants.
pub(super) fn checks(limits: &Limits) -> TokenStream {
    let timeout = limits.timeout.as_ref();
    let timeout = timeout.and_then(|after| after.check("HandlerTimeoutAboveZero"));
    let calls = limits.concurrency.as_ref().and_then(|all| {
        all.calls.check(if all.is_shared {
            "SharedConcurrencyAboveZero"
        } else {
            "ConcurrencyAboveZero"
        })
    });
    let retry = limits.retry.as_ref().map(|retry| {
        let attempts = retry.attempts.check("AttemptsAboveOne");
        let backoff = retry.backoff.as_ref();
        let backoff = backoff.and_then(|backoff| backoff.check("BackoffAboveZero"));
        let max = retry.max.as_ref();
        let max = max.and_then(|(_, max)| max.check("MaxAboveZero"));
        let compared = compared(retry);
        quote!(#attempts #backoff #max #compared)
    });
    quote!(#timeout #calls #retry)
}

/// The check that the waits of a retry agree. The macro has compared literals.
fn compared(retry: &Retry) -> Option<TokenStream> {
    let is_known = |value: &Value<Duration>| value.known().is_some();
    let (key, max) = retry.max.as_ref()?;
    if is_known(max) && retry.backoff.as_ref().is_none_or(is_known) {
        return None;
    }
    let (pauses, at) = (pauses(retry), key.span());
    let kind = quote!(#pauses.disagree() as ::core::primitive::u8);
    Some(asked((at, at), &kind, "BackoffBelowMax"))
}

/// The waits of a retry.
fn pauses(retry: &Retry) -> TokenStream {
    let set = |key: &str, value: TokenStream| {
        let key = Ident::new(key, Span::call_site());
        quote!(.#key(#value))
    };
    let backoff = retry.backoff.as_ref();
    let backoff = backoff.map(|backoff| set("backoff", backoff.value()));
    let max = retry.max.as_ref();
    let max = max.map(|(_, max)| set("max", max.value()));
    let jitter = retry.jitter.as_ref();
    let jitter = jitter.map(|jitter| set("jitter", jitter.value()));
    quote!(::flow_core::__private::Pauses::new() #backoff #max #jitter)
}

/// The check that a retried handler can fail, which depends on its return type.
pub(super) fn retried(parts: &Parts<'_>) -> Option<TokenStream> {
    let limits = &parts.args.limits;
    let retry = limits.retry.as_ref().filter(|_| limits.timeout.is_none())?;
    let name = parts.name();
    let fails = fails(&parts.returned).unwrap_or_else(|| quote!(false));
    Some(quote_spanned! {retry.key.span()=>
        const _: () = {
            const __DEFECT: ::core::primitive::u8 = !#fails as ::core::primitive::u8;
            <::flow_core::__private::Defect<__DEFECT> as ::flow_core::__private::MayBeRepeated<#name>>::OK
        };
    })
}

/// The check that a retried handler which acts on the outside takes its idempotency key.
pub(super) fn keyed(parts: &Parts<'_>) -> Option<TokenStream> {
    let effect = parts.args.effect.as_ref()?;
    parts.args.limits.retry.as_ref()?;
    let name = parts.name();
    let defect = over(
        effect.span(),
        |at| quote_spanned!(at=> ::flow_core::__private::Defect<__DEFECT>),
    );
    Some(quote! {
        const _: () = {
            use ::flow_core::__private::NoParameter as _;
            const __DEFECT: ::core::primitive::u8 =
                ::flow_core::__private::repeated_without_key(
                    ::flow_core::__private::Parameters::<
                        #name,
                        ::flow_core::IdempotencyKey,
                    >::PRESENT,
                );
            <#defect as ::flow_core::__private::RetriesWithKey<#name>>::OK
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
    if limits.timeout.is_some() {
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
            ::flow_core::__private::within(__cx, __timed_out, #future)
        };
    }
    if let Some(concurrency) = &limits.concurrency {
        future = if concurrency.is_shared {
            let calls = concurrency.calls.value();
            asked.extend(quote! {
                static __PERMITS: ::flow_core::__private::SharedPermits =
                    ::flow_core::__private::SharedPermits::new(#calls);
            });
            quote!(::flow_core::__private::in_turn_of_all(__cx, &__PERMITS, #future))
        } else {
            quote!(::flow_core::__private::in_turn(__cx, #future))
        };
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
    let at = input.or_else(|| parts.unclear().next());
    let at = at.map_or_else(|| name.span(), Spanned::span);
    let at = Span::call_site().located_at(at);
    let ty = unclear::value(parts).unwrap_or_else(|| quote!(()));
    // Both are `Clone`, with other words: an error of another crate cannot derive it.
    let is_failed = matches!(input, Some(Type::Path(path)) if path
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "Failed"));
    let clones = if is_failed {
        "CloneFailedForRetry"
    } else {
        "CloneForRetry"
    };
    let clones = Ident::new(clones, Span::call_site());
    // rustc warns of an import that it does not need at a place of the user's.
    let is_failed = quote!({
        use ::flow_core::__private::IsPlain as _;
        ::flow_core::__private::Probe::<#ty>::IS_FAILED
    });
    let again = over(at, |at| {
        if input.is_some() || parts.unclear().next().is_none() {
            quote_spanned!(at=> <#ty as ::flow_core::__private::#clones<#name>>::again)
        } else {
            quote_spanned!(at=> ::flow_core::__private::kept::<#ty, #name, #is_failed>)
        }
    });
    let judge = |condition: &Path| {
        let judged = Ident::new("__error", condition.span());
        let judge = quote_spanned!(condition.span()=> #condition(#judged));
        (quote!(#judged), judge)
    };
    let always = || (quote!(_), quote!(true));
    let (judged, judge) = retry.condition.as_ref().map_or_else(always, judge);
    quote! {
        const __AGAIN: fn(&#ty) -> #ty = #again;
        fn __is_worth_it(#judged: &#error) -> ::core::primitive::bool {
            #judge
        }
    }
}

/// The loop over the attempts.
fn repeated(parts: &Parts<'_>, retry: &Retry, attempt: &TokenStream) -> TokenStream {
    let pauses = pauses(retry);
    let (pattern, ty) = match unclear::value(parts) {
        Some(ty) => (quote!(__input), quote!(#ty)),
        None => (quote!(()), quote!(())),
    };
    quote! {
        ::flow_core::__private::retry(
            __cx,
            const { #pauses },
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
