//! Compiler-checked event graphs for async Rust.
//!
//! Annotate async functions as handlers, wire them together by events in a few lines, and read what
//! they produce as a typed stream. A misspelt event, a payload of the wrong type, an event that no
//! clause takes, a clause that is never reached: each is a compile error at the word to change.
//!
//! # Installation
//!
//! ```toml
//! [dependencies]
//! flow-core = "0.1"
//! futures = "0.3"
//! tokio = { version = "1", features = ["macros", "rt"] }
//! ```
//!
//! `futures` provides the methods to read a stream, and `tokio` runs the program. Rust 1.88 or
//! later is required.
//!
//! # A first program
//!
//! Two handlers take turns: one asks a question, the other one streams a reply, word by word.
//!
//! ```
//! use flow_core::{Cx, Event, FlowError, flow, handler};
//! use futures::TryStreamExt;
//!
//! #[derive(Event)]
//! struct Loop(u8);
//!
//! #[derive(Event)]
//! struct UserInput(u8, String);
//!
//! #[handler(on = "Loop", emits = "UserInput")]
//! async fn get_input(Loop(turn): Loop, cx: &Cx) {
//!     if turn <= 2 {
//!         cx.emit(UserInput(turn, format!("question {turn}")));
//!     } else {
//!         cx.stop();
//!     }
//! }
//!
//! #[handler(on = "UserInput", emits = "Loop")]
//! async fn stream_reply(UserInput(turn, question): UserInput, cx: &Cx) {
//!     for word in ["you", "said", &question] {
//!         cx.put(word).await;
//!     }
//!     cx.emit(Loop(turn + 1));
//! }
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), FlowError> {
//!     let chat = flow! {
//!         start(Loop) -> get_input;
//!         when UserInput -> stream_reply;
//!         when Loop -> get_input
//!     };
//!
//!     let mut words = chat.stream(Loop(1));
//!     while let Some(word) = words.try_next().await? {
//!         println!("{word}"); // you, said, question 1, you, said, question 2
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Remove the clause `when Loop -> get_input`, and the program no longer compiles, because
//! `stream_reply` emits an event that no clause takes.
//!
//! Attributes accept the names of events in quotes, as here, or bare: `on = Loop`. Editors complete
//! and rename bare names, so the rest of this documentation uses those.
//!
//! # Concepts
//!
//! - **Event**: a type with [`#[derive(Event)]`](macro@Event). Its payload is its fields.
//! - **Handler**: an `async fn` with [`#[handler]`](macro@handler), which declares the events that
//!   it takes and emits, or returns its events to an `emit` of the flow.
//! - **Context**: the parameter [`cx: &Cx`](Cx), through which a handler [emits](Cx::emit) events,
//!   [puts](Cx::put) items and [stops](Cx::stop) the execution.
//! - **Clause**: a line of [`flow!`](macro@flow), such as `when UserInput -> stream_reply`. It
//!   names an event and the route that runs for it.
//! - **Route**: a handler, or several in a chain, a join, a branch or a loop.
//! - **Flow**: the clauses together, checked at compile time, as a [value](Flow) that can be run.
//! - **Execution**: one run of a flow.
//! - **Stream**: the items that the handlers of an execution put, in order.
//! - **Resource**: a value that all executions of a flow share, as a [`Res`].
//! - **State**: a value that the handlers of one execution share, as a [`State`].
//! - **Question**: an event that is answered from outside, while no handler waits for it: see
//!   [`Question`].
//!
//! # How an execution runs
//!
//! The handlers of an execution run concurrently in one task: they take turns where they `.await`.
//! Events are delivered in the order in which they were emitted, each to every clause that waits
//! for it. Items wait in a buffer until they are read; while it is full, handlers wait in
//! [`put`](Cx::put).
//!
//! An execution ends
//!
//! - when no handler runs, no event is queued, no question waits for its answer, and nothing can
//!   emit any more: no task holds a clone of a [`Cx`], a flow with `external` events has no handle
//!   left, and the flow has no `every` clause;
//! - when a clause has reached `end`, whose value is the result, and what was under way is finished:
//!   the outside can emit no more from then on;
//! - on `end now` and [`Cx::stop`], which drop the rest;
//! - on an error or a panic of a handler, or a limit that is exceeded;
//! - when it is cancelled or dropped.
//!
//! [`guide::endings`] has a table of what each of these does to handlers, events, the stream, the
//! result and the readers.
//!
//! # Ways to run a flow
//!
//! - [`Flow::stream`] returns a [stream](Execution) of items, which runs the execution while it is
//!   polled.
//! - [`Flow::run`] returns a future of the result and drops the items.
//! - [`Flow::spawn`] runs the execution as a tokio task and returns a [handle](Spawned) to read,
//!   emit, answer and cancel.
//! - [`Flow::blocking_iter`] returns an [iterator](BlockingIter) of items for programs without
//!   `async`, and runs the execution on the calling thread.
//!
//! [`Execution::share`] and [`Spawned::share`] give one execution several readers.
//! [`Execution::with_output`] and [`Spawned::with_output`] yield the items and then the result, in
//! one stream.
//!
//! # Errors
//!
//! An execution that does not finish normally ends with a [`FlowError`], which names the handler
//! and the event. [`FlowErrorKind`] lists the reasons and what to do about each. To handle an error
//! inside a flow, give the stage an [`else`](Failed#in-an-else), or add a [`rescue`](Failed)
//! clause.
//!
//! # Guides
//!
//! - [Questions](guide::questions): ask a person or another program, and wait for the answer.
//! - [Limits](guide::limits): set timeouts, retries and concurrency limits.
//! - [Endings](guide::endings): look up what an error, a panic, a timeout or a drop does to
//!   everything else.
//! - [What the compiler proves](guide::what_the_compiler_proves): know what a flow that compiles
//!   cannot do, and what `sound;` adds.
//! - [Watching](guide::watching): give a stream several readers, observe an execution, trace it.
//! - [Testing](guide::testing): call one handler, replace others, and measure coverage.
//! - [Coming from TriggerFlow](guide::coming_from_triggerflow): translate a TriggerFlow program.
//! - [Coming from LangGraph and LlamaIndex Workflows](guide::coming_from_langgraph_and_llamaindex):
//!   translate a graph or a workflow.
//!
//! The manual of the language is at [`flow!`](macro@flow), and that of the attribute at
//! [`#[handler]`](macro@handler).
//!
//! # Feature flags
//!
//! | feature | default | what it adds |
//! | --- | --- | --- |
//! | `macros` | yes | `flow!`, `#[handler]`, `#[derive(Event)]` and `#[derive(Events)]` |
//! | `serde` | no | `Serialize` for the [graph]; both traits for ids, positions and error kinds |
//! | `durable` | no | `durable;` in a flow: what its executions do is recorded; includes `serde` |
//! | `tracing` | no | `Flow::traced`: spans for executions and handler calls |
//! | `testing` | no | the module `testing`, for `[dev-dependencies]` |
//!
//! # Limitations
//!
//! - The handlers of one execution never run in parallel. For that, spawn a task in a handler and
//!   give it a clone of the context, or run several executions.
//! - A handler that never awaits cannot be interrupted, not even by a timeout.
//! - An execution lives in memory and does not survive its process, unless its flow is
//!   [durable](guide::durable).
//! - The graph is fixed when the program compiles, and events cannot be generic.
//! - Items have backpressure. The queue of events is unbounded, unless the flow has a
//!   [`max_pending`](Flow::max_pending). [`Flow::max_events`] stops an execution that emits without
//!   end.
//! - Any executor can poll a flow, but timeouts, retries and [`Flow::spawn`] need a tokio runtime.

// docs.rs shows next to each item which feature it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros name this crate `::flow_core`, also in its own tests and docs.
#[allow(unused_extern_crates)]
extern crate self as flow_core;

#[cfg(feature = "durable")]
mod detached;
#[cfg(feature = "durable")]
pub mod durable;
mod emit_error;
mod ending;
mod engine;
mod error;
mod event;
mod events;
mod failed;
pub mod graph;
pub mod guide;
mod handler;
mod idempotency_key;
mod items_of;
pub mod lifecycle;
mod macro_support;
mod question;
#[cfg(feature = "durable")]
mod records;
mod resource;
mod run;
mod snapshot;
mod state;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod tick;
mod unanswered;

// rustdoc reads the aliases of a type where it is re-exported, not where it is defined.
// The pages of the macros link to docs.rs; the definitions here take precedence over those.
pub use emit_error::{EmitError, TryEmitError};
pub use ending::Ending;
#[cfg(feature = "durable")]
pub use error::Recorded;
pub use error::{BoxError, FlowError, FlowErrorKind, ParseNumberError, Result, TimedOut};
pub use event::Event;
#[doc(alias("return"))]
pub use events::Events;
#[doc(alias("catch", "error handling", "fallback"))]
pub use failed::Failed;
#[cfg(feature = "macros")]
#[doc(alias("message", "signal"))]
pub use flow_macros::Event;
#[cfg(feature = "macros")]
pub use flow_macros::Events;
/// [`Events`]: Events
/// [`Flow`]: Flow
/// [`Asked<E>`]: Asked
/// [`Answered<E>`]: Answered
/// [`Failed<Error>`]: Failed
/// [`Failed<Error, E>`]: Failed
/// [`Failed<Error, Cause>`]: Failed
/// [`Ending`]: Ending
/// [`ItemsOf`]: ItemsOf
/// [`Flow::drain_within`]: Flow::drain_within
/// [`Res<Resource>`]: Res
/// [`Tick`]: Tick
/// [`Cx::stop`]: Cx::stop
/// [`Flow::with`]: Flow::with
/// [`State<Type>`]: State
/// [`Execution::state`]: Execution::state
/// [`Flow::spawn_with_state`]: Flow::spawn_with_state
/// [`Spawned::emit`]: Spawned::emit
/// [`Sender::emit`]: Sender::emit
/// [`Flow::timeout`]: Flow::timeout
/// [`Flow::idle_timeout`]: Flow::idle_timeout
/// [`Flow::max_events`]: Flow::max_events
/// [`Flow::max_pending`]: Flow::max_pending
///
#[cfg(feature = "macros")]
#[doc(alias("dag", "graph", "pipeline", "workflow"))]
#[doc(alias("branch", "condition", "loop", "switch"))]
#[doc(alias("chain", "fan out", "join", "map", "parallel"))]
pub use flow_macros::flow;
/// [`TimedOut`]: TimedOut
/// [`IdempotencyKey`]: IdempotencyKey
/// [`flow_core::Result`]: Result
/// [`BoxError`]: BoxError
/// [`cx: &Cx`]: Cx
#[cfg_attr(
    feature = "testing",
    doc = "[`flow_core::testing::Recorder`]: testing::Recorder"
)]
///
#[cfg(feature = "macros")]
#[doc(alias("backoff", "node", "retry", "step", "task", "timeout"))]
pub use flow_macros::handler;
#[doc(alias("context", "ctx"))]
pub use handler::Cx;
pub use handler::router::Router;
pub use handler::{Emits, Handler, Streams};
#[doc(alias("exactly once", "dedup", "idempotence"))]
pub use idempotency_key::IdempotencyKey;
pub use items_of::ItemsOf;
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
pub use run::items::{Items, OwnedItems};
pub use run::sender::{EventSender, Sender};
pub use run::spawned::{AnyFlow, FlowTypes, Spawned};
pub use run::with_output::{ItemOrOutput, WithOutput};
pub use snapshot::Snapshot;
#[doc(alias("mutex", "shared state", "store"))]
pub use state::State;
#[doc(alias("cron", "heartbeat", "interval", "schedule", "timer"))]
pub use tick::Tick;
pub use unanswered::Unanswered;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

// rustc names a type without its path only where a public path leads to it that is not hidden.
#[cfg_attr(doc, doc(hidden))]
pub use macro_support::durations::units as __units;
