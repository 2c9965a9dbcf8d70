//! How much the handler emits, as data.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;

use crate::handler::shape::{Alternative, Alternatives, Count, Escape, Named, Shape};
use crate::spans::over;

/// The part of the description, which comes before the limits: a timeout makes a handler fallible.
pub(super) fn described(shape: &Shape, events: usize) -> Option<TokenStream> {
    if let Some(Escape { line, by }) = shape.escape {
        let (line, by) = (u32::try_from(line).ok()?, u8::try_from(by).unwrap_or(0));
        return (line > 0).then(|| quote!(.escapes(#line, #by)));
    }
    let alternatives = |all: &Alternatives| alternatives(all, events, shape);
    let success = alternatives(&shape.success);
    let failure = (!shape.failure.is_empty()).then(|| {
        let failure = alternatives(&shape.failure);
        // Only the type shows whether these are successes.
        let all = alternatives(&shape.success.clone().or(&shape.failure));
        quote!(.failure(#failure, #all))
    });
    let calls = shape.calls.then(|| quote!(.calls()));
    let leaves = shape.leaves.then(|| quote!(.leaves()));
    let endless = u32::try_from(shape.endless).unwrap_or(0);
    let endless = (endless > 0).then(|| quote!(.endless(#endless)));
    Some(quote!(.success(#success) #failure #calls #leaves #endless))
}

/// rustc removes those that assume something else than is the case.
fn alternatives(all: &Alternatives, events: usize, shape: &Shape) -> TokenStream {
    // A line tells which one is meant.
    let has_lines = all.iter().count() > 1;
    let all = all.iter().map(|one| {
        let assumed = one.assumes.iter().filter_map(|(condition, is_met)| {
            let condition = shape.conditions.get(*condition)?;
            Some(if *is_met {
                quote!(#[cfg(#condition)])
            } else {
                quote!(#[cfg(not(#condition))])
            })
        });
        let alternative = alternative(one, events, shape.named.len(), has_lines);
        quote!(#(#assumed)* #alternative)
    });
    quote!(&[#(#all),*])
}

fn alternative(one: &Alternative, events: usize, named: usize, has_lines: bool) -> TokenStream {
    let counts = (0..events).map(|event| count(one.count(event)));
    let counts = if named == 0 {
        quote!(&[#(#counts),*])
    } else {
        let named = (events..events + named).map(|event| count(one.count(event)));
        quote! {
            const {
                &::flow_core::__private::counts(
                    __EMITS,
                    &__NAMED,
                    [#(#counts),*],
                    [#(#named),*],
                )
            }
        }
    };
    let waits = one.waits.then(|| quote!(.waits()));
    let stops = one.stops.then(|| quote!(.stops()));
    let line = u32::try_from(one.line).unwrap_or(0);
    let line = (has_lines && line > 0).then(|| quote!(.on_line(#line)));
    let left_by = u8::try_from(one.left_by).unwrap_or(0);
    let left_by = (has_lines && left_by > 0).then(|| quote!(.left_by(#left_by)));
    let is_wide = one.is_wide.then(|| quote!(.wide()));
    quote! {
        ::flow_core::__private::Alternative::new(#counts)
            #waits #stops #line #left_by #is_wide
    }
}

/// Asks for the events that are emitted under names that are not declared. Their `const`s come before
/// the description, in its block.
pub(super) fn named(shape: &Shape, emits: &[Path]) -> Option<TokenStream> {
    if shape.named.is_empty() {
        return None;
    }
    let number = shape.named.len();
    let named = shape.named.iter().map(|Named { items, made, at }| {
        let event = over(
            *at,
            |at| quote_spanned!(at=> ::flow_core::__private::event_of(|| #made)),
        );
        quote!({ #items #event })
    });
    Some(quote! {
        const __EMITS: &[::flow_core::graph::EventDesc] =
            &[#(<#emits as ::flow_core::Event>::DESC),*];
        const __NAMED: [u64; #number] = [#(#named),*];
    })
}

/// The names of the macros that may leave the body, or that are given the context, as types: a
/// message takes its names from types.
pub(super) fn macros(shape: &Shape, handler: &Ident) -> TokenStream {
    let ways = shape.success.iter().chain(shape.failure.iter());
    let leave = ways.map(|way| way.left_by);
    let named = leave.chain(shape.escape.map(|escape| escape.by));
    let named: BTreeSet<_> = named.filter(|number| *number > 0).collect();
    named
        .into_iter()
        .filter_map(|number| {
            let name = shape.macros.get(number - 1)?;
            let name = syn::parse_str::<Ident>(name).ok()?;
            let number = u8::try_from(number).ok()?;
            Some(quote! {
                const _: () = {
                    // A type for C may be named like a macro.
                    #[repr(C)]
                    #[allow(unreachable_pub)]
                    pub enum #name {
                        Never(::flow_core::__private::Never<()>),
                    }
                    #[automatically_derived]
                    impl ::flow_core::__private::CallsAt<#number> for #handler {
                        type Macro = #name;
                    }
                };
            })
        })
        .collect()
}

fn count(count: Count) -> TokenStream {
    let least = count.least;
    let call = match count.most {
        Some(most) if most == least => quote!(exactly(#least)),
        Some(most) => quote!(between(#least, #most)),
        None => quote!(at_least(#least)),
    };
    quote!(::flow_core::__private::Count::#call)
}
