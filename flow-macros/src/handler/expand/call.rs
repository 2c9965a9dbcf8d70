//! The call of the function with the value that arrived.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::handler::check::{Param, looks_like_an_answer};
use crate::handler::expand::limits;
use crate::handler::expand::outcome::outcome;
use crate::handler::expand::parts::Parts;
use crate::handler::expand::unclear;
use crate::spans::over;
use crate::written::key;

/// `Handler::call`: calls the function with the value that arrived, if it takes the type.
pub(super) fn call(parts: &Parts<'_>) -> TokenStream {
    let (name, returned) = (parts.name(), &parts.returned);
    let outcome = outcome(returned);
    // A future that is not `Send` is reported at the function's name.
    let future = over(name.span(), |at| {
        quote_spanned! {at=>
            impl ::core::future::Future<
                Output = ::core::result::Result<Self::Value, Self::Error>,
            > + ::core::marker::Send
        }
    });
    let mut unclear = 0;
    let arguments = parts.params.iter().map(|param| match param {
        Param::Event(_) => quote!(__input),
        Param::Unclear(ty) => {
            unclear += 1;
            unclear::argument(unclear - 1, ty)
        }
        Param::Cx => unclear::borrowed(parts.function).map_or_else(
            || quote!(__cx),
            |ty| {
                let context = unclear::context(ty, &quote!(__R), name);
                quote!(#context::of(__cx))
            },
        ),
        Param::Resource(ty) if matches!(**ty, Type::TraitObject(_)) => {
            quote!(::flow_core::__private::declared_object::<#ty, _, _>(__cx))
        }
        Param::Resource(ty) => quote!(::flow_core::Cx::declared_resource::<#ty>(__cx)),
        Param::State(ty) => quote!(::flow_core::Cx::declared_state::<#ty>(__cx)),
    });
    let arguments: Vec<_> = arguments.collect();
    let (prepare, unpack) = match unclear::value(parts) {
        Some(ty) => {
            let prepare = prepare(parts, &ty);
            let unpack = quote! {
                let ::core::option::Option::Some(__input) = __input else {
                    ::flow_core::__private::unexpected()
                };
            };
            (prepare, unpack)
        }
        None => (quote!(let _ = __input;), quote!()),
    };
    let called = called(parts, &arguments);
    let attempt = quote! {
        let __returned: #returned = #called.await;
        <#outcome>::into_result(__returned)
    };
    let (asked, calls) = if parts.args.limits.are_there() {
        limits::limited(parts, &outcome, &attempt)
    } else {
        (TokenStream::new(), attempt)
    };
    quote! {
        #[inline]
        fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
            __input: __I,
            __cx: &::flow_core::Cx<__R, Self>,
        ) -> #future {
            #asked
            #prepare
            async move {
                let _ = __cx;
                #unpack
                #calls
            }
        }
    }
}

/// The call of the function.
fn called(parts: &Parts<'_>, arguments: &[TokenStream]) -> TokenStream {
    let name = parts.name();
    if parts.unclear().next().is_none() {
        return quote!(#name(#(#arguments),*));
    }
    // One of them may take the value, which is not kept until the function is done.
    let value = if parts.input().is_some() {
        quote!(::core::option::Option::<()>::None)
    } else {
        quote!(::core::option::Option::Some(__input))
    };
    quote! {{
        let mut __value = #value;
        #name(#(#arguments),*)
    }}
}

/// Converts the value that arrived to an `Option` of the handler's input.
fn prepare(parts: &Parts<'_>, ty: &TokenStream) -> TokenStream {
    let inputs = inputs(parts, ty);
    quote! {
        let mut __arrived = ::core::option::Option::Some(__input);
        let __input = ::core::option::Option::<#ty>::None;
        #(
            let __input = match __input {
                ::core::option::Option::None => #inputs,
                __some => __some,
            };
        )*
    }
}

/// The same conversion for a test's replacement of the handler, if one is needed.
pub(super) fn taken(parts: &Parts<'_>) -> Option<TokenStream> {
    let ty = unclear::value(parts)?;
    // The first conversion is that of the parameter's own type.
    inputs(parts, &ty).nth(1)?;
    let prepare = prepare(parts, &ty);
    Some(quote! {
        fn boxed_input<__I: ::core::marker::Send + 'static>(
            __input: __I,
        ) -> ::flow_core::__private::BoxedInput {
            #prepare
            ::flow_core::__private::boxed_input(__input)
        }
    })
}

/// The conversions to the type of the parameter: from itself, and from each event of `on`. (An
/// event with the name of the parameter's type needs no conversion of its own.)
fn inputs<'a>(
    parts: &'a Parts<'_>,
    value: &'a TokenStream,
) -> impl Iterator<Item = TokenStream> + 'a {
    let itself = quote!(::flow_core::__private::input::<#value, __I>(&mut __arrived));
    let named = parts.input().map(key);
    let others = parts.args.on.iter().flatten();
    let others = others.filter(move |event| Some(key(event)) != named);
    let converted = others.map(move |event| {
        if parts.input().is_some_and(looks_like_an_answer) {
            // rustc points to the event.
            return quote! {
                ::flow_core::__private::converted_answer::<#value, #event, __I>(&mut __arrived)
            };
        }
        let ty = parts.input().or_else(|| parts.unclear().next());
        let at = ty.map_or_else(Span::call_site, Spanned::span);
        let taken = unclear::value_of(parts, &event.to_token_stream());
        // rustc warns of an import that it does not need at a place of the user's.
        let is_answer = quote!({
            use ::flow_core::__private::IsPlain as _;
            ::flow_core::__private::Probe::<#taken>::IS_ANSWER
        });
        over(at, |at| {
            if parts.input().is_some() {
                quote_spanned! {at=>
                    ::flow_core::__private::converted::<#value, #event, __I>(&mut __arrived)
                }
            } else {
                quote_spanned! {at=>
                    ::flow_core::__private::converted_if_taken::<
                        #value,
                        #taken,
                        #event,
                        __I,
                        #is_answer,
                    >(&mut __arrived)
                }
            }
        })
    });
    let nothing = parts
        .input()
        .is_none()
        .then(|| quote!(::flow_core::__private::nothing::<#value>()));
    std::iter::once(itself).chain(converted).chain(nothing)
}
