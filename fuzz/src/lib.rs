//! The macros of flow-macros, outside of a compiler: each takes text and must not panic, and what
//! it returns must be Rust.
//!
//! A crate of procedural macros exports nothing else, so its files are compiled again here.
#![allow(dead_code, reason = "the macros' entry points are not compiled")]

extern crate proc_macro;

#[path = "../../flow-macros/src/attributes.rs"]
mod attributes;
#[path = "../../flow-macros/src/docs.rs"]
mod docs;
#[path = "../../flow-macros/src/duration.rs"]
mod duration;
#[path = "../../flow-macros/src/elsewhere.rs"]
mod elsewhere;
#[path = "../../flow-macros/src/errors.rs"]
mod errors;
#[path = "../../flow-macros/src/event.rs"]
mod event;
#[path = "../../flow-macros/src/events.rs"]
mod events;
#[path = "../../flow-macros/src/flow/mod.rs"]
mod flow;
#[path = "../../flow-macros/src/functions.rs"]
mod functions;
#[path = "../../flow-macros/src/handler/mod.rs"]
mod handler;
#[path = "../../flow-macros/src/krate.rs"]
mod krate;
#[path = "../../flow-macros/src/limit.rs"]
mod limit;
#[path = "../../flow-macros/src/patterns.rs"]
mod patterns;
#[path = "../../flow-macros/src/quoted.rs"]
mod quoted;
#[path = "../../flow-macros/src/sources/mod.rs"]
mod sources;
#[path = "../../flow-macros/src/spans.rs"]
mod spans;
#[path = "../../flow-macros/src/types/mod.rs"]
mod types;
#[path = "../../flow-macros/src/written.rs"]
mod written;

use proc_macro2::TokenStream;
use quote::quote;

/// The text as tokens, if it is Rust's.
fn tokens(text: &str) -> Option<TokenStream> {
    text.parse().ok()
}

/// The compiler reads `<dyn A + B as C>`, and syn does not, so text with a `+` may fail here.
fn are_items(text: &str, tokens: TokenStream) {
    if !text.contains('+')
        && let Err(error) = syn::parse2::<syn::File>(tokens.clone())
    {
        panic!("{error}: {tokens}");
    }
}

/// `flow! { text }`.
pub fn flow(text: &str) {
    let Some(tokens) = tokens(text) else { return };
    let flow = flow::expression(&tokens);
    // A flow with a name is an item, others are expressions.
    if !text.contains('+')
        && let Err(error) = syn::parse2::<syn::Expr>(flow.clone())
        && syn::parse2::<syn::File>(flow.clone()).is_err()
    {
        panic!("{error}: {flow}");
    }
    let item = quote! { pub struct Chat(Infallible); };
    are_items(text, flow::document(tokens, &item));
}

/// `#[handler(…)]` on an item: the first line is the arguments, the others are the item.
pub fn handler(text: &str) {
    let (args, item) = text.split_once('\n').unwrap_or(("", text));
    let (Some(args), Some(item)) = (tokens(args), tokens(item)) else {
        return;
    };
    let handler = handler::attribute(args.clone(), &item);
    // The compiler passes only items.
    if syn::parse2::<syn::Item>(item.clone()).is_ok() {
        are_items(text, handler);
        are_items(text, handler::document(args, &item));
    }
}

/// `#[derive(Event)]` on an item.
pub fn event(text: &str) {
    let Some(tokens) = tokens(text) else { return };
    // The compiler passes only items.
    if syn::parse2::<syn::DeriveInput>(tokens.clone()).is_ok() {
        are_items(text, event::derive(tokens));
    }
}
