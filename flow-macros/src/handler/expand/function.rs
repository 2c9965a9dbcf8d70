//! The function, generic over the router that it runs on, and the type with its name.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Ident, Lifetime, LifetimeParam, Signature, Type, parse_quote};

use crate::attributes::{Forwarded, without_expecting};
use crate::handler::check::{context as named, context_by_type, is_cx};
use crate::handler::expand::unclear;
use crate::handler::parse::{Args, Function};
use crate::spans::beside;

/// What to do where this lifetime is too short.
pub(crate) const BORROWED: &str = "'move_a_cx_clone_into_tasks";

/// The kind of context that the function gets.
#[derive(Clone, Copy)]
pub(super) enum Context {
    Whole,
    /// A task borrows it, which is reported: the body gets one that lives for ever.
    Borrowed,
    /// A context that accepts everything.
    InError,
    /// The same, where the handler has no type.
    Associated,
}

/// The function, generic over the router it runs on if it has a context.
pub(super) fn function(args: &Args, function: &Function, context: Context) -> TokenStream {
    let mut sig = function.sig.clone();
    let itself = match context {
        Context::Whole | Context::Borrowed => alias(function).unwrap_or_else(|| sig.ident.clone()),
        Context::InError => sig.ident.clone(),
        Context::Associated => Ident::new("__R", Span::call_site()),
    };
    fill_in_context(&mut sig, context, &itself);
    let sig = with_generics(&sig);
    let (vis, mut body) = (&function.vis, function.body.clone());
    if let (Context::Borrowed, Some(cx)) = (context, named(function)) {
        body = quote!({
            let #cx = ::flow_core::__private::forever(#cx);
            #body
        });
    }
    let moved = expected_elsewhere(args);
    let attrs = function.attrs.iter();
    let attrs = attrs.map(|attr| without_expecting(attr, moved));
    let document = matches!(context, Context::Whole).then(|| {
        let args = beside(args.tokens.clone());
        quote!(#[cfg_attr(doc, ::flow_core::__private::document_handler(#args))])
    });
    quote! {
        #document
        #(#attrs)*
        #[allow(clippy::needless_lifetimes, clippy::unused_async)]
        #vis #sig #body
    }
}

/// The lints that the function may not raise itself although its user expects them. The type with
/// its name uses it, and the arguments of the attribute name types that the function does not.
fn expected_elsewhere(args: &Args) -> &'static [&'static str] {
    if args.on.is_some() || args.emits.is_some() || args.streams.is_some() {
        &["dead_code", "deprecated"]
    } else {
        &["dead_code"]
    }
}

/// Another name of a deprecated handler's type. The signature of the function uses it without a
/// warning.
fn alias(function: &Function) -> Option<Ident> {
    let deprecated = Forwarded::new(&function.attrs).deprecated?;
    let at = deprecated.span().resolved_at(Span::call_site());
    Some(format_ident!("__{}", function.sig.ident.unraw(), span = at))
}

/// Turns `&Cx` into `&Cx<__R, handler>`. The path keeps its tokens, and so its span and meaning.
fn fill_in_context(sig: &mut Signature, context: Context, name: &Ident) {
    let by_type = context_by_type(sig);
    let mut found = false;
    for (index, input) in sig.inputs.iter_mut().enumerate() {
        let FnArg::Typed(typed) = input else { continue };
        let is_by_type = by_type == Some(index);
        let (ty, lifetime) = match &mut *typed.ty {
            Type::Reference(reference) => (&mut *reference.elem, Some(&mut reference.lifetime)),
            ty => (ty, None),
        };
        if !is_cx(ty) && !is_by_type {
            continue;
        }
        found = true;
        if let (Context::Whole | Context::Borrowed, Some(lifetime)) = (context, lifetime) {
            *lifetime = Some(borrowed());
            let params = &mut sig.generics.params;
            params.insert(0, GenericParam::Lifetime(LifetimeParam::new(borrowed())));
        }
        *ty = match (context, is_by_type) {
            (Context::Whole | Context::Borrowed, false) => parse_quote!(#ty<__R, #name>),
            (Context::InError | Context::Associated, false) => {
                parse_quote!(<#ty<__R, #name> as ::flow_core::__private::Fallback>::Cx)
            }
            (context, true) => {
                let filled = unclear::context(ty, &quote!(__R), name);
                match context {
                    Context::Whole | Context::Borrowed => parse_quote!(#filled::Cx),
                    Context::InError | Context::Associated => parse_quote!(#filled::Fallback),
                }
            }
        };
    }
    if found {
        sig.generics
            .params
            .push(parse_quote!(__R: ::flow_core::Router));
    }
}

/// The lifetime of the context, which rustc quotes where a task takes the context itself.
fn borrowed() -> Lifetime {
    Lifetime::new(BORROWED, Span::call_site())
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
///
/// `types` are the default of its only parameter, which rustc does not show. So an impl for the
/// type is as private as the most private of them, and its associated types may be private: they
/// may not be more private than the impl.
pub(super) fn twin(
    function: &Function,
    page: Option<&str>,
    types: Option<&TokenStream>,
) -> TokenStream {
    let (vis, name) = (&function.vis, &function.sig.ident);
    let forwarded = Forwarded::new(&function.attrs);
    // A handler with an error has no page, and no other warnings.
    let deprecated = forwarded.deprecated.as_ref().filter(|_| page.is_some());
    let alias = alias(function).filter(|_| page.is_some()).map(|alias| {
        quote! {
            #[doc(hidden)]
            #[allow(deprecated)]
            type #alias = #name;
        }
    });
    let lints = forwarded.lints();
    let (generics, never) = match types {
        Some(types) => (quote!(<__T = #types>), quote!(__T)),
        None => (quote!(), quote!(())),
    };
    let page = page.map(|page| quote!(#[cfg_attr(not(doctest), doc = #page)]));
    quote! {
        #page
        #[doc(hidden)]
        // A type for C may be named like a function.
        #[repr(C)]
        #lints
        #deprecated
        #vis enum #name #generics {
            #[doc(hidden)]
            Never(::flow_core::__private::Never<#never>),
        }
        #alias
    }
}
