//! Event graphs that the compiler has checked.
//!
//! Annotate async functions, wire them together by events in a small language, and get a typed
//! stream. A misspelt event, a payload that does not fit, an event that nobody takes, a clause that
//! nothing reaches: none of them compiles.
//!
//! ```
//! use flow_core::{Cx, Event, Result, flow, handler};
//! use futures::TryStreamExt;
//!
//! #[derive(Event)]
//! struct UserInput(String);
//!
//! #[derive(Event)]
//! struct Loop(u8);
//!
//! #[handler(on = "Loop", emits = "UserInput")]
//! async fn get_input(Loop(turn): Loop, cx: &Cx) {
//!     match turn {
//!         1..=2 => cx.emit(UserInput(format!("question {turn}"))),
//!         _ => cx.stop(),
//!     }
//! }
//!
//! #[handler(on = "UserInput", emits = "Loop")]
//! async fn stream_reply(UserInput(question): UserInput, cx: &Cx) -> Result<()> {
//!     for word in ["you", "said", &question] {
//!         cx.put(word).await;
//!     }
//!     cx.emit(Loop(question.trim_start_matches("question ").parse::<u8>()? + 1));
//!     Ok(())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::result::Result<(), flow_core::FlowError> {
//! let chat = flow! {
//!     start(Loop) -> get_input;
//!     when UserInput -> stream_reply;
//!     when Loop -> get_input
//! };
//!
//! let words: Vec<String> = chat.stream(Loop(1)).try_collect().await?;
//! assert_eq!(words, ["you", "said", "question 1", "you", "said", "question 2"]);
//! # Ok(())
//! # }
//! ```
//!
//! # The way of an event
//!
//! 1. An **event** is a type with [`#[derive(Event)]`](macro@Event); its payload is its fields.
//! 2. A **clause** of [`flow!`], `when UserInput -> stream_reply`, says which handler takes it, and
//!    which ones take what that returns: chains, joins, branches, flows within flows.
//! 3. A **handler** is an `async fn` with [`#[handler]`](macro@handler). Through its [`Cx`] it
//!    [emits](Cx::emit) further events and [puts](Cx::put) items into
//! 4. the **stream**, which is what [`Flow::stream`] returns.
//!
//! # An execution
//!
//! One run of a flow is an execution. Its handlers run concurrently (in one task, taking turns where
//! they `await`); events go out in the order in which they were emitted, to every clause that names
//! them. It is over when a clause leads to `end`, whose value it ends with; when no handler runs, no event waits, and nobody outside can emit any more (a
//! task that holds a clone of a [`Cx`], the handle of a flow with `external` events); on
//! [`stop`](Cx::stop); on a handler's error or panic; or when it is dropped or cancelled.
//!
//! What each of these does to the handlers, the events, the stream, the result and the readers is a
//! table in [`guide::endings`].
//!
//! | how | what it is | where it runs |
//! | --- | --- | --- |
//! | [`stream`](Flow::stream) | the stream of items is the execution | where it is polled |
//! | [`run`](Flow::run) | to the end, without its items | where it is awaited |
//! | [`spawn`](Flow::spawn) | a task, with a handle | on the tokio runtime |
//! | [`blocking_iter`](Flow::blocking_iter) | an iterator of items | on the calling thread |
//!
//! # Guides
//!
//! [`guide`] has a page for each thing that concerns more than one item:
//! [questions](guide::questions) to a person or another program, [limits](guide::limits) and retries,
//! how an execution [ends](guide::endings), several readers and [watching](guide::watching),
//! [testing](guide::testing).

// docs.rs shows beside each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros name this crate `::flow_core`, also in its own tests and docs.
#[allow(unused_extern_crates)]
extern crate self as flow_core;

mod engine;
mod error;
mod event;
mod failed;
pub mod graph;
pub mod guide;
mod handler;
pub mod lifecycle;
mod macro_support;
mod question;
mod resource;
mod run;
mod state;
#[cfg(feature = "testing")]
pub mod testing;

// rustdoc reads the aliases of a type where it is re-exported, not where it is defined.
pub use error::{BoxError, FlowError, FlowErrorKind, ParseNumberError, Result, TimedOut};
pub use event::Event;
#[doc(alias("catch", "error handling", "fallback"))]
pub use failed::Failed;
#[cfg(feature = "macros")]
#[doc(alias("message", "signal"))]
pub use flow_macros::Event;
#[cfg(feature = "macros")]
#[doc(alias("dag", "graph", "pipeline", "workflow"))]
#[doc(alias("branch", "condition", "loop", "switch"))]
#[doc(alias("chain", "fan out", "join", "map", "parallel"))]
pub use flow_macros::flow;
#[cfg(feature = "macros")]
#[doc(alias("backoff", "node", "retry", "step", "task", "timeout"))]
pub use flow_macros::handler;
#[doc(alias("context", "ctx"))]
pub use handler::Cx;
pub use handler::router::Router;
pub use handler::{Emits, Handler};
pub use macro_support::documented::InFlow;
#[doc(alias = "resume")]
pub use question::Answered;
#[doc(alias("approval", "human in the loop", "interrupt", "pause"))]
pub use question::Asked;
#[doc(alias("approval", "human in the loop", "interrupt"))]
pub use question::Question;
pub use question::{AnswerError, QuestionId};
#[doc(alias("dependency injection", "inject", "resource"))]
pub use resource::Res;
pub use run::blocking::BlockingIter;
#[doc(alias("fan out", "multicast", "replay", "tee"))]
pub use run::broadcast::Broadcast;
pub use run::broadcast::{ItemPosition, Reader, Received, ShareOptions, SlowReaders};
pub use run::execution::Execution;
#[doc(alias("dag", "graph", "pipeline", "workflow"))]
pub use run::flow::Flow;
pub use run::sender::{EventSender, Sender};
pub use run::spawned::{AnyFlow, FlowTypes, Items, OwnedItems, Spawned};
#[doc(alias("mutex", "shared state", "store"))]
pub use state::State;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
