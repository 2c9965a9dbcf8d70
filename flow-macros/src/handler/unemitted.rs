//! Events that a handler declares and never emits.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use crate::handler::parse::{Args, Function};
use crate::handler::shape::Shape;
use crate::spans::over;

/// Reports each, unless the body may emit it where it is not followed, is not written yet, or is
/// that of a stand-in, which only fails.
pub(super) fn checks(args: &Args, function: &Function, shape: &Shape) -> TokenStream {
    if shape.escape.is_some() || shape.unfinished || shape.success.is_empty() {
        return TokenStream::new();
    }
    let name = &function.sig.ident;
    let events = args.emits.iter().flatten().enumerate().zip(1..u8::MAX);
    let unemitted = events.filter(|((index, _), _)| {
        let mut ways = shape.success.iter().chain(shape.failure.iter());
        ways.all(|way| way.count(*index).most == Some(0))
    });
    // Only the types tell which events the other names are, and only rustc which code there is.
    if !shape.named.is_empty() && !shape.conditions.is_empty() {
        return TokenStream::new();
    }
    unemitted
        .map(|((index, event), number)| {
            let kind = if shape.named.is_empty() {
                quote!(1)
            } else {
                quote!({
                    let desc = &<#name as ::flow_core::Handler>::DESC;
                    ::flow_core::__private::unemitted(desc, #index)
                })
            };
            let defect = over(
                event.span(),
                |at| quote_spanned!(at=> ::flow_core::__private::Defect<#kind>),
            );
            // By its number: a type that does not exist is reported where it is written.
            quote! {
                const _: () = <#defect as ::flow_core::__private::EmittedInBody<
                    #name,
                    <#name as ::flow_core::__private::EmitsAt<#number>>::Event,
                >>::OK;
            }
        })
        .collect()
}
