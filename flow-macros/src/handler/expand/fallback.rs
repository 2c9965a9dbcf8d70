//! A handler with errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ReturnType, Type, parse_quote};

use crate::errors::Errors;
use crate::handler::check::{impl_trait, is_no_question};
use crate::handler::expand::function::{Context, function, twin};
use crate::handler::expand::outcome::outcome;
use crate::handler::expand::parts::Parts;
use crate::handler::expand::unclear;
use crate::handler::parse::{Args, Function};
use crate::handler::types::{holds, lasting, sized};

/// The errors, the function, and a type that declares nothing and accepts everything. So the flows
/// of the handler report no follow-on errors, and an editor keeps working in its body.
pub(crate) fn fallback(args: &Args, written: &Function, errors: Errors) -> TokenStream {
    if written.sig.receiver().is_some() {
        return associated(args, written, errors);
    }
    let errors = errors.into_tokens();
    let never_returns = matches!(&written.sig.output, ReturnType::Type(_, ty)
        if holds(ty, &|ty| matches!(ty, Type::Never(_))));
    let written = &mended(written);
    let parts = Parts::new(args, written, &[]);
    let (name, item) = (parts.name(), &parts.item);
    let function = function(args, written, Context::InError);
    let twin = twin(written, None, None);
    // The return type is used unless it is the error.
    let value = match &parts.returned {
        _ if never_returns => quote!(()),
        returned if impl_trait(returned).is_some() => quote!(()),
        returned => {
            let outcome = outcome(returned);
            quote!(<#outcome>::Value)
        }
    };
    let borrows = unclear::borrows_context(written);
    quote! {
        #errors
        #borrows
        #[allow(dead_code)]
        #function
        #twin
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Itself = Self;
            type Cause = ::flow_core::__private::WithoutCause;
            type Value = #value;
            type Error = ::flow_core::BoxError;
            const DESC: ::flow_core::__private::HandlerDesc =
                ::flow_core::__private::HandlerDesc::BROKEN;
            fn call<__R: ::flow_core::Router, __I: ::core::marker::Send + 'static>(
                _: __I,
                _: &::flow_core::Cx<__R, Self>,
            ) -> impl ::core::future::Future<
                Output = ::core::result::Result<Self::Value, Self::Error>,
            > + ::core::marker::Send {
                async { ::flow_core::__private::unexpected() }
            }
        }
        impl<__G: ::flow_core::__private::Graph> ::flow_core::__private::RunsIn<__G> for #name {
            fn item<__T: 'static>(
                _: &mut ::core::option::Option<__T>,
            ) -> ::core::option::Option<<__G as ::flow_core::__private::Graph>::Item> {
                ::core::option::Option::None
            }
        }
        impl<__G> ::flow_core::__private::Needs<__G> for #name {}
        impl<__E> ::flow_core::__private::On<__E> for #name {
            type Parameter = __E;
            type Input = __E;
        }
        impl<__I> ::flow_core::__private::Accepts<__I> for #name {
            type Parameter = __I;
        }
    }
}

/// The errors and the function, in an `impl` block, where no type can be defined.
pub(crate) fn associated(args: &Args, written: &Function, errors: Errors) -> TokenStream {
    let errors = errors.into_tokens();
    let function = function(args, written, Context::Associated);
    quote! {
        #errors
        #[allow(dead_code)]
        #function
    }
}

/// The function with types that raise no errors of rustc beside those of the macro.
fn mended(function: &Function) -> Function {
    let mut sig = function.sig.clone();
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input
            && sized(&typed.ty).is_some()
        {
            let ty = &typed.ty;
            *typed.ty = parse_quote!(&'static #ty);
        }
    }
    let mut body = function.body.clone();
    for input in &mut sig.inputs {
        // The type has a bound, and so have its fields.
        if is_no_question(input, &function.sig.ident) {
            *input = parse_quote!(_: ());
            body = quote!({ ::flow_core::__private::unexpected() });
        }
    }
    if let ReturnType::Type(_, ty) = &mut sig.output
        && let Some(lasting) = lasting(ty)
    {
        **ty = lasting;
    }
    Function {
        attrs: function.attrs.clone(),
        vis: function.vis.clone(),
        sig,
        body,
        has_no_body: function.has_no_body,
    }
}
