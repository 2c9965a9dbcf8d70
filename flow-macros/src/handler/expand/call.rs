//! The call of the function with the value that arrived.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::handler::check::Param;
use crate::handler::expand::limits;
use crate::handler::expand::outcome::outcome;
use crate::handler::expand::parts::Parts;
use crate::handler::parse::Args;
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
    let arguments = parts.params.iter().map(|param| match param {
        Param::Event(_) => quote!(__input),
        Param::Cx => quote!(__cx),
        Param::Resource(ty) => quote!(::flow_core::Cx::declared_resource::<#ty>(__cx)),
        Param::State(ty) => quote!(::flow_core::Cx::declared_state::<#ty>(__cx)),
    });
    let (prepare, unpack) = match parts.input() {
        Some(ty) => {
            let prepare = prepare(parts.args, ty);
            let unpack = quote! {
                let ::core::option::Option::Some(__input) = __input else {
                    ::flow_core::__private::unexpected()
                };
            };
            (prepare, unpack)
        }
        None => (quote!(let _ = __input;), quote!()),
    };
    let attempt = quote! {
        let __returned: #returned = #name(#(#arguments),*).await;
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

/// Converts the value that arrived to an `Option` of the handler's input.
fn prepare(args: &Args, ty: &Type) -> TokenStream {
    let inputs = inputs(args, ty);
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
    let (args, ty) = (parts.args, parts.input()?);
    // The first conversion is that of the parameter's own type.
    inputs(args, ty).nth(1)?;
    let prepare = prepare(args, ty);
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
fn inputs<'a>(args: &'a Args, ty: &'a Type) -> impl Iterator<Item = TokenStream> + 'a {
    let itself = quote!(::flow_core::__private::input::<#ty, __I>(&mut __arrived));
    let named = key(ty);
    let others = args.on.iter().flatten();
    let others = others.filter(move |event| key(event) != named);
    let converted = others.map(move |event| {
        over(ty.span(), |at| {
            quote_spanned! {at=>
                ::flow_core::__private::converted::<#ty, #event, __I>(&mut __arrived)
            }
        })
    });
    std::iter::once(itself).chain(converted)
}
