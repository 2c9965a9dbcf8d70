//! The function, generic over the router that it runs on, and the type with its name.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{FnArg, Signature, Type, parse_quote};

use crate::handler::check::is_cx;
use crate::handler::parse::{Args, Function};
use crate::spans::beside;

/// The kind of context that the function gets.
#[derive(Clone, Copy)]
pub(super) enum Context {
    Whole,
    /// A context that accepts everything.
    InError,
}

/// The function, generic over the router it runs on if it has a context.
pub(super) fn function(args: &Args, function: &Function, context: Context) -> TokenStream {
    let mut sig = function.sig.clone();
    fill_in_context(&mut sig, context);
    let sig = with_generics(&sig);
    let (attrs, vis, body) = (&function.attrs, &function.vis, &function.body);
    let document = matches!(context, Context::Whole).then(|| {
        let args = beside(args.tokens.clone());
        quote!(#[cfg_attr(doc, ::flow_core::__private::document_handler(#args))])
    });
    quote! {
        #document
        #(#attrs)*
        #[allow(clippy::unused_async)]
        #vis #sig #body
    }
}

/// Turns `&Cx` into `&Cx<__R, handler>`. The path keeps its tokens, and so its span and meaning.
fn fill_in_context(sig: &mut Signature, context: Context) {
    let name = sig.ident.clone();
    let mut found = false;
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let ty = match &mut *typed.ty {
            Type::Reference(reference) => &mut *reference.elem,
            ty => ty,
        };
        if !is_cx(ty) {
            continue;
        }
        found = true;
        *ty = match context {
            Context::Whole => parse_quote!(#ty<__R, #name>),
            Context::InError => {
                parse_quote!(<#ty<__R, #name> as ::flow_core::__private::Fallback>::Cx)
            }
        };
    }
    if found {
        sig.generics
            .params
            .push(parse_quote!(__R: ::flow_core::Router));
    }
}

/// Adds `<>` if there are no generic parameters. Without it, rustc would suggest a parameter for a
/// missing type in `Res<T>`, and so report the type twice: with this suggestion, and at the
/// declaration without it.
fn with_generics(sig: &Signature) -> TokenStream {
    if !sig.generics.params.is_empty() {
        return sig.to_token_stream();
    }
    let mut words = sig.to_token_stream().into_iter();
    let mut written = TokenStream::new();
    for word in words.by_ref() {
        let is_name = matches!(&word, TokenTree::Ident(ident) if *ident == sig.ident);
        word.to_tokens(&mut written);
        if is_name {
            break;
        }
    }
    quote!(#written<> #(#words)*)
}

/// The type with the function's name, which is free in the type namespace. `use` imports both. An
/// editor shows `page` for it; its examples are already tested as those of the function.
pub(super) fn twin(function: &Function, page: Option<&str>) -> TokenStream {
    let (vis, name) = (&function.vis, &function.sig.ident);
    let page = page.map(|page| quote!(#[cfg_attr(not(doctest), doc = #page)]));
    quote! {
        #page
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::empty_enums)]
        #vis enum #name {}
    }
}
