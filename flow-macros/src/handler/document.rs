//! The documentation of a handler. The attribute that requests it is only active under rustdoc.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{FnArg, GenericParam, Ident, Lifetime, Pat, PathArguments, Signature, Type, parse_quote};

use crate::errors::Errors;
use crate::handler::check;
use crate::handler::expand;
use crate::handler::parse::{self, Function};
use crate::krate;
use crate::patterns::bindings;

/// The function with its original signature, and a list of the types that it takes, emits and
/// streams. rustdoc does not read the body.
pub(crate) fn attribute(args: TokenStream, item: &TokenStream) -> TokenStream {
    // `#[handler]` has already reported the errors.
    let mut errors = Errors::default();
    let args = parse::args(args, &mut errors);
    let Ok(mut function) = syn::parse2::<Function>(item.clone()) else {
        return item.clone();
    };
    as_written(&mut function.sig);
    let params = check::check(&args, &function, &mut errors);
    let page = expand::page(&args, &function, &params);
    for context in contexts(&mut function.sig) {
        *context = parse_quote!(::flow_core::__private::documented::Cx);
    }
    name_patterns(&mut function.sig);
    let Function {
        attrs, vis, sig, ..
    } = &function;
    let documented = quote! {
        #(#attrs)*
        #[doc = #page]
        #[allow(rustdoc::private_intra_doc_links)]
        #vis #sig { ::flow_core::__private::unexpected() }
    };
    krate::named(documented, args.krate.as_ref())
}

/// Removes the parts that `#[handler]` has added: the router, and the arguments of the context.
fn as_written(sig: &mut Signature) {
    let params = std::mem::take(&mut sig.generics.params).into_iter();
    let is_own = |param: &GenericParam| match param {
        GenericParam::Type(ty) => ty.ident == "__R",
        GenericParam::Lifetime(param) => is_ours(&param.lifetime),
        GenericParam::Const(_) => false,
    };
    sig.generics.params = params.filter(|param| !is_own(param)).collect();
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input
            && let Type::Reference(reference) = &mut *typed.ty
            && reference.lifetime.as_ref().is_some_and(is_ours)
        {
            reference.lifetime = None;
        }
    }
    for context in contexts(sig) {
        if matches!(context, Type::Path(ty) if ty.qself.is_some()) {
            *context = parse_quote!(Cx);
        } else if let Type::Path(ty) = context
            && let Some(last) = ty.path.segments.last_mut()
        {
            last.arguments = PathArguments::None;
        }
    }
}

fn is_ours(lifetime: &Lifetime) -> bool {
    format!("'{}", lifetime.ident) == expand::BORROWED
}

/// Gives each parameter a name. For a pattern in an `async fn`, rustdoc would show a name that the
/// compiler generated.
fn name_patterns(sig: &mut Signature) {
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        if matches!(*typed.pat, Pat::Ident(_)) {
            continue;
        }
        let name = match bindings(&typed.pat).as_slice() {
            [one] if one != "self" => one.clone(),
            _ => Ident::new("input", Span::call_site()),
        };
        typed.pat = parse_quote!(#name);
    }
}

/// The types named `Cx` behind a `&`, also those that `#[handler]` has found by their type.
fn contexts(sig: &mut Signature) -> impl Iterator<Item = &mut Type> {
    sig.inputs.iter_mut().filter_map(|input| {
        let FnArg::Typed(typed) = input else {
            return None;
        };
        match &mut *typed.ty {
            Type::Reference(reference) => match &*reference.elem {
                Type::Path(ty)
                    if ty
                        .path
                        .segments
                        .last()
                        .is_some_and(|last| last.ident == "Cx") =>
                {
                    Some(&mut *reference.elem)
                }
                _ => None,
            },
            _ => None,
        }
    })
}
