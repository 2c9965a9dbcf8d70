//! The expansion of a handler: its function, and a type with the same name for flows.

mod bounds;
mod call;
mod fallback;
mod function;
mod limits;
mod outcome;
mod page;
mod parts;
mod shape;
mod unclear;

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Type, Visibility};

pub(crate) use crate::handler::expand::fallback::{associated, fallback};
pub(crate) use crate::handler::expand::function::BORROWED;
pub(crate) use crate::handler::expand::page::page;

use crate::attributes::Forwarded;
use crate::docs::docs;
use crate::handler::body::undeclared;
use crate::handler::check::{Param, cause};
use crate::handler::expand::bounds::{declares, fits, takes};
use crate::handler::expand::call::{call, taken};
use crate::handler::expand::function::{Context, function, twin};
use crate::handler::expand::outcome::{can_fail, fails, outcome};
use crate::handler::expand::parts::Parts;
use crate::handler::parse::{Args, Function};
use crate::handler::shape::Shape;
use crate::handler::updates::written_back;
use crate::spans::over;
use crate::written::without_modules;

/// A handler without errors but for `is_borrowed`: a task borrows its context.
pub(crate) fn handler(
    args: &Args,
    written: &Function,
    params: &[Param],
    shape: &Shape,
    is_borrowed: bool,
) -> TokenStream {
    let parts = Parts::new(args, written, params);
    let context = if is_borrowed {
        Context::Borrowed
    } else {
        Context::Whole
    };
    let function = function(args, written, context);
    let twin = twin(
        written,
        Some(&page::hover(&parts)),
        private_types(&parts).as_ref(),
    );
    let declaration = declaration(&parts, shape);
    let limits = limits::checks(&args.limits);
    let retried = limits::retried(&parts);
    let keyed = limits::keyed(&parts);
    let replaceable = limits::replaceable(&parts);
    let fits = fits(&parts);
    let takes = takes(&parts);
    let declares = declares(&parts);
    let borrows = unclear::borrows_context(written);
    let macros = shape::macros(shape, parts.name());
    let generated = quote! {
        #borrows
        #declaration
        #limits
        #retried
        #keyed
        #replaceable
        #fits
        #takes
        #declares
        #macros
    };
    let generated = unclear::around(&parts, generated);
    let generated = Forwarded::new(&written.attrs).around(generated);
    quote! {
        #function
        #twin
        #generated
    }
}

/// The types that the handler's impls name as associated types, if one of them may be less public
/// than the handler.
fn private_types(parts: &Parts<'_>) -> Option<TokenStream> {
    if matches!(parts.function.vis, Visibility::Inherited) {
        return None;
    }
    let returned = match &parts.returned {
        Type::Tuple(tuple) if tuple.elems.is_empty() => None,
        returned => Some(returned),
    };
    let cause = parts.input().and_then(cause);
    let streams = parts.args.streams.as_ref().filter(|_| parts.puts);
    let types = [returned, streams, parts.input(), cause];
    let types = types.into_iter().flatten().map(ToTokens::to_token_stream);
    let events = parts.args.on.iter().flatten().chain(parts.emits());
    let events = events.map(ToTokens::to_token_stream);
    let states = written_back(parts.function).into_iter();
    let states = states.map(ToTokens::to_token_stream);
    // What another name of `Failed` stands for is found through it.
    let unclear = parts.unclear().map(ToTokens::to_token_stream);
    let mut seen = HashSet::new();
    let types = types.chain(events).chain(states).chain(unclear);
    let types = types.filter(|ty| seen.insert(ty.to_string()));
    let types: Vec<_> = types.collect();
    (!types.is_empty()).then(|| quote!((#(#types,)*)))
}

fn declaration(parts: &Parts<'_>, shape: &Shape) -> TokenStream {
    let (name, item, returned) = (parts.name(), &parts.item, &parts.returned);
    let outcome = outcome(returned);
    // A value or an error that cannot leave the handler, such as one that is not `Send`, is
    // reported at the return type.
    let error = over(returned.span(), |at| quote_spanned!(at=> <#outcome>::Error));
    let value = over(returned.span(), |at| quote_spanned!(at=> <#outcome>::Value));
    let call = call(parts);
    let cause = parts.input().and_then(cause);
    let cause = cause.map(|ty| quote!(::flow_core::__private::WithCause<#ty>));
    let cause = cause
        .or_else(|| unclear::cause(parts))
        .unwrap_or_else(|| quote!(::flow_core::__private::WithoutCause));
    let desc = desc(parts, shape);
    let taken = taken(parts);
    quote! {
        #[automatically_derived]
        impl ::flow_core::Handler for #name {
            type Item = #item;
            type Itself = Self;
            type Cause = #cause;
            type Value = #value;
            type Error = #error;
            const DESC: ::flow_core::__private::HandlerDesc = #desc;
            #call
            #taken
        }
    }
}

/// The handler as data.
fn desc(parts: &Parts<'_>, shape: &Shape) -> TokenStream {
    let (args, function, emits) = (parts.args, parts.function, parts.emits());
    let text = parts.name().to_string();
    let text = text.trim_start_matches("r#");
    let docs = docs(&function.attrs);
    let on = args.on.as_deref().unwrap_or_default();
    let can_fail = can_fail(&parts.returned);
    let errors = fails(&parts.returned).map(|fails| quote!(.errors(#fails)));
    let is_silent = !parts.puts && emits.is_empty();
    let limits = limits::described(&args.limits, is_silent);
    let names = undeclared(args, function);
    let undeclared = (!names.is_empty()).then(|| quote!(.undeclared(&[#(#names),*])));
    let consts = shape::named(shape, emits);
    let shape = shape::described(shape, emits.len());
    let states = written_back(function);
    let states: Vec<_> = states.iter().map(without_modules).collect();
    let writes_back = (!states.is_empty()).then(|| quote!(.writes_back(&[#(#states),*])));
    let effect = args.effect.as_ref().map(|_| quote!(.effect()));
    let desc = quote! {
        ::flow_core::__private::HandlerDesc::new(
            #text,
            #docs,
            ::flow_core::__private::Location::new(
                ::core::file!(),
                ::core::line!(),
                ::core::column!(),
            ),
            &[#(<#on as ::flow_core::Event>::DESC),*],
            &[#(<#emits as ::flow_core::Event>::DESC),*],
            #can_fail,
        ) #errors #shape #limits #undeclared #writes_back #effect
    };
    match consts {
        Some(consts) => quote!({ #consts #desc }),
        None => desc,
    }
}
