//! The macros of `flow-core`, which re-exports them: depend on that crate, not on this one.
//!
//! Each goes the same way: `parse` (tokens to a tree that keeps its spans), `check` (what one macro
//! alone can see), `expand` (the tree to tokens). What needs more than one macro's input is left to
//! the types and constants of `flow-core`.

mod docs;
mod errors;
mod event;
mod flow;
mod handler;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a type an event: `#[derive(Event)]`.
///
/// The type holds what the event carries. It has to be `Send + 'static`, and it cannot be generic.
#[proc_macro_derive(Event)]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(input.into()).into()
}

/// Makes an `async fn` a handler.
///
/// ```
/// # use flow_core::{Cx, Event, Res, Result, handler};
/// # struct Llm;
/// # #[derive(Event)]
/// # struct UserInput(String);
/// # #[derive(Event)]
/// # struct Loop;
/// #[handler(on = "UserInput", emits = "Loop")]
/// async fn stream_reply(UserInput(question): UserInput, cx: &Cx, llm: Res<Llm>) -> Result<()> {
///     # let _ = (question, llm);
///     cx.put("[assistant] ").await;
///     cx.emit(Loop);
///     Ok(())
/// }
/// ```
///
/// # Its attribute
///
/// | key | what it says | if it is left out |
/// | --- | --- | --- |
/// | `on` | the events it may be the target of, in `when E -> handler` | any that it can take |
/// | `emits` | the events it may emit | none |
/// | `streams` | the type of the items it puts | `String` |
///
/// `on` and `emits` take one path or several, in quotes or bare: `on = "Loop"`, `on = events::Loop`,
/// `emits = ["A", "B"]`.
///
/// # Its parameters, in any order
///
/// - its event, by value, with a pattern if you like. If it is `on` several events, the parameter
///   is a type that they all convert into (`From`). A handler without this parameter runs on
///   whatever leads to it;
/// - `cx: &Cx`, its context;
/// - resources of the flow: `llm: Res<Llm>`.
///
/// # What it returns
///
/// Nothing or a value, or a `Result` of either, under any name (`anyhow::Result<()>`, an alias).
/// Its error ends the execution.
///
/// # The function itself
///
/// It stays a plain `async fn` that can be called, with a context of any router; in a unit test, that
/// of a `flow_core::testing::Recorder`.
///
/// Beside it the macro defines a type of the same name, which is what `flow!` names, and `use` imports
/// both. So a module can hold no other type or module of that name. The future of a handler has to be
/// `Send`.
#[proc_macro_attribute]
pub fn handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::attribute(args.into(), &item.into()).into()
}

/// Wires handlers by events; evaluates to a `Flow`.
///
/// ```
/// # use flow_core::{Cx, Event, flow, handler};
/// # #[derive(Event)]
/// # struct UserInput(String);
/// # #[derive(Event)]
/// # struct Loop;
/// # #[handler(on = "Loop", emits = "UserInput")]
/// # async fn get_input(cx: &Cx) { cx.stop() }
/// # #[handler(on = "UserInput", emits = "Loop")]
/// # async fn stream_reply(_input: UserInput) {}
/// let chat = flow! {
///     start -> get_input;
///     when UserInput -> stream_reply;
///     when Loop -> get_input
/// };
/// # assert_eq!(chat.blocking_iter(()).count(), 0);
/// ```
///
/// | clause | what it says |
/// | --- | --- |
/// | `start -> handler;` | where an execution begins; `start(Input) -> handler;` if it takes something |
/// | `when Event -> handler;` | the handler runs on each such event; an event may have several clauses |
/// | `streams Item;` | what the stream yields, if it is not `String`; each handler's items convert into it |
/// | `with Resource;` | handlers may take `Res<Resource>`; it is given once, by `Flow::with` |
/// | `external Event;` | the event may be sent in from outside, by `Spawned::emit` |
/// | `ignore Event;` | the event is emitted, and deliberately taken by nobody |
///
/// The last `;` is optional.
///
/// # What does not compile
///
/// An event that a handler emits and no clause takes; a clause that waits for what nobody emits, or
/// that nothing leads to; a handler that is not declared `on` the event, or does not take it; items
/// that the stream cannot take; a resource that is missing; no `start`, or two; the same clause
/// twice.
#[proc_macro]
pub fn flow(input: TokenStream) -> TokenStream {
    flow::expression(input.into()).into()
}
