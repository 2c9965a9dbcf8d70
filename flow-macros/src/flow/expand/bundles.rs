//! Clauses with a single handler and without a rescue. In a flow with many of them, they become
//! types in bundles of eight instead of code, which compiles faster.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::flow::asks::is_ask;
use crate::flow::expand::names::{at, itself};
use crate::flow::expand::payload::payload;
use crate::flow::expand::rescues::Rescues;
use crate::flow::route::Stage;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::spans::after;

/// The number of clauses in a bundle.
const BUNDLE_SIZE: usize = 8;

/// Up to this many of them become arms like all others, which run some nanoseconds faster.
const MAX_ARMS: usize = 32;

/// The clauses of a flow that are bundled; none if there are few.
pub(super) struct Bundles<'a> {
    /// For each clause of the flow, its index in `clauses` if it is bundled.
    numbers: Vec<Option<usize>>,
    clauses: Vec<SingleHandler<'a>>,
}

/// A bundled clause.
struct SingleHandler<'a> {
    clause: usize,
    handler: &'a Path,
    payload: Type,
}

impl<'a> Bundles<'a> {
    pub(super) fn new(flow: &'a Flow, rescues: &Rescues<'_>) -> Self {
        let mut clauses = Vec::new();
        let numbers = flow.clauses.iter().enumerate().map(|(index, clause)| {
            clauses.push(SingleHandler {
                clause: index,
                handler: single_handler(clause, rescues)?,
                payload: payload(flow, clause),
            });
            Some(clauses.len() - 1)
        });
        let mut numbers: Vec<_> = numbers.collect();
        // What a durable flow records names the clause, which a bundle does not know.
        if clauses.len() <= MAX_ARMS || flow.is_durable() {
            clauses.clear();
            numbers.clear();
        }
        Self { numbers, clauses }
    }

    pub(super) fn contains(&self, clause: usize) -> bool {
        self.number(clause).is_some()
    }

    fn number(&self, clause: usize) -> Option<usize> {
        self.numbers.get(clause).copied().flatten()
    }

    /// The bundles, each with the clauses in it.
    pub(super) fn bundles(&self) -> impl Iterator<Item = (Ident, impl Iterator<Item = usize>)> {
        let bundles = self.clauses.chunks(BUNDLE_SIZE).enumerate();
        bundles.map(|(number, branches)| {
            let clauses = branches.iter().map(|branch| branch.clause);
            (bundle(number), clauses)
        })
    }

    /// The bundles as types.
    pub(super) fn types(&self) -> TokenStream {
        let types = self.clauses.chunks(BUNDLE_SIZE).enumerate();
        let types = types.map(|(number, branches)| {
            let bundle = bundle(number);
            let handlers = branches.iter().enumerate().map(|(index, branch)| {
                let (handler, span) = (itself(branch.handler), at(after(branch.handler.span())));
                let name = branch_name(index, span);
                quote_spanned!(span=> type #name = #handler;)
            });
            let vacant = (branches.len()..BUNDLE_SIZE).map(|index| {
                let name = branch_name(index, Span::call_site());
                quote!(type #name = ::flow_core::__private::Vacant;)
            });
            let payloads = branches.iter().map(|branch| &branch.payload);
            let missing =
                (branches.len()..BUNDLE_SIZE).map(|_| quote!(::core::convert::Infallible));
            quote! {
                enum #bundle {}
                impl ::flow_core::__private::Bundle for #bundle {
                    type Payloads = (#(#payloads,)* #(#missing,)*);
                    #(#handlers)*
                    #(#vacant)*
                }
            }
        });
        types.collect()
    }

    /// The activation of the clause with `value`, if the clause is bundled. The caller must have
    /// the type `__BundleActivation` in scope.
    pub(super) fn activation(&self, clause: usize, value: &TokenStream) -> Option<TokenStream> {
        let number = self.number(clause)?;
        let bundle = bundle(number / BUNDLE_SIZE);
        let branch = branch_name(number % BUNDLE_SIZE, Span::call_site());
        Some(quote!(__Activation::#bundle(__BundleActivation::<#bundle>::#branch(#value))))
    }
}

/// The handler of the clause, if the clause consists of nothing else.
pub(super) fn single_handler<'a>(clause: &'a Clause, rescues: &Rescues<'_>) -> Option<&'a Path> {
    if !is_plain(clause) {
        return None;
    }
    match clause.route.only() {
        // A clause is split where a stage asks.
        Some(Stage::Handler(handler)) if is_ask(handler) => None,
        Some(Stage::Handler(handler)) if rescues.of(handler, clause).is_none() => Some(handler),
        _ => None,
    }
}

/// Whether a call of its handler is all that the clause does. An error in a rescue is told together
/// with the one that the rescue has taken, the next tick begins after the whole clause, and a
/// resource that was opened is kept.
fn is_plain(clause: &Clause) -> bool {
    !matches!(
        clause.trigger,
        Trigger::Rescue(_) | Trigger::Every(_) | Trigger::Reminder(_) | Trigger::Open(..)
    )
}

/// The handler of the clause, if the clause consists of it and an `emit`.
pub(super) fn emitting_handler<'a>(clause: &'a Clause, rescues: &Rescues<'_>) -> Option<&'a Path> {
    if !is_plain(clause) {
        return None;
    }
    let mut stages = clause.route.stages.iter();
    match (stages.next(), stages.next(), stages.next()) {
        (Some(Stage::Handler(handler)), Some(Stage::Emit(_)), None) => {
            let is_whole = !is_ask(handler) && rescues.of(handler, clause).is_none();
            is_whole.then_some(handler)
        }
        _ => None,
    }
}

fn bundle(number: usize) -> Ident {
    format_ident!("__Bundle{number}")
}

fn branch_name(number: usize, span: Span) -> Ident {
    Ident::new(&format!("B{number}"), span)
}
