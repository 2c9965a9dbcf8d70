//! Parameters with `#[cfg]`. Only rustc can decide a condition, so the handler is repeated under
//! the condition without the attribute, and under its opposite without the parameter.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::{Pair, Punctuated};
use syn::{Attribute, FnArg, Meta, Token};

use crate::handler::parse::Function;

/// The handler with the first condition decided in either way, or `None` if there is none. rustc
/// keeps one of them and expands it, which decides the next condition.
pub(super) fn decided(args: &TokenStream, function: &Function) -> Option<TokenStream> {
    let inputs = &function.sig.inputs;
    let (index, position) = inputs.iter().enumerate().find_map(|(index, input)| {
        let position = attrs(input).iter().position(is_condition)?;
        Some((index, position))
    })?;
    let attribute = attrs(inputs.get(index)?).get(position)?.clone();
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    let (condition, then) = if attribute.path().is_ident("cfg") {
        (list.tokens.clone(), Vec::new())
    } else {
        let parts = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        let mut parts = parts.ok()?.into_iter();
        let condition = parts.next()?;
        (quote!(#condition), parts.collect())
    };
    let with = changed(function, index, |input| {
        let attrs = attrs_mut(input);
        attrs.remove(position);
        for (after, meta) in then.iter().enumerate() {
            let attr: Attribute = syn::parse_quote!(#[#meta]);
            attrs.insert(position + after, attr);
        }
        true
    });
    let is_cfg = attribute.path().is_ident("cfg");
    let without = changed(function, index, |input| {
        attrs_mut(input).remove(position);
        !is_cfg
    });
    Some(quote! {
        #[cfg(#condition)]
        #[::flow_core::handler(#args)]
        #with
        #[cfg(not(#condition))]
        #[::flow_core::handler(#args)]
        #without
    })
}

/// The function with the parameter at `index` changed, or removed if `change` returns `false`.
fn changed(function: &Function, index: usize, change: impl Fn(&mut FnArg) -> bool) -> TokenStream {
    let Function {
        attrs,
        vis,
        sig,
        body,
        has_no_body,
    } = function;
    let mut sig = sig.clone();
    let inputs = std::mem::take(&mut sig.inputs).into_pairs().enumerate();
    sig.inputs = inputs
        .filter_map(|(at, pair)| {
            let (mut input, comma) = pair.into_tuple();
            let stays = at != index || change(&mut input);
            stays.then(|| Pair::new(input, Some(comma.unwrap_or_default())))
        })
        .collect();
    let body = if *has_no_body { &quote!(;) } else { body };
    quote!(#(#attrs)* #vis #sig #body)
}

fn is_condition(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")
}

fn attrs(input: &FnArg) -> &[Attribute] {
    match input {
        FnArg::Typed(typed) => &typed.attrs,
        FnArg::Receiver(receiver) => &receiver.attrs,
    }
}

fn attrs_mut(input: &mut FnArg) -> &mut Vec<Attribute> {
    match input {
        FnArg::Typed(typed) => &mut typed.attrs,
        FnArg::Receiver(receiver) => &mut receiver.attrs,
    }
}
