//! The macros of `flow-core`, which re-exports them: depend on that crate, not on this one.
//!
//! Each goes the same way: `parse` (tokens to a tree that keeps its spans), `check` (what one macro
//! alone can see), `expand` (the tree to tokens). What needs more than one macro's input is left to
//! the types and constants of `flow-core`.

mod docs;
mod duration;
mod errors;
mod event;
mod flow;
mod handler;
#[cfg(test)]
mod tests;
mod written;

use proc_macro::TokenStream;

/// Makes a type an event: `#[derive(Event)]`.
///
/// The type holds what the event carries. It has to be `Send + 'static`, and it cannot be generic.
///
/// `#[event(answer = Verdict)]` beside it makes it a question, for `ask` in a flow, and says what it is
/// answered with.
#[proc_macro_derive(Event, attributes(event))]
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
/// #[handler(on = UserInput, emits = Loop)]
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
/// | `timeout` | how long one attempt may take, as `"30s"` or `"1m 30s"`; then it is dropped, and fails with a `TimedOut` | any time |
/// | `retry(…)` | how often it is called in all, if it fails | once |
/// | `concurrency` | how many calls of it run at the same time in one execution; the others wait in their order | all |
///
/// `on` and `emits` take one path or several, in quotes or bare: `on = "Loop"`, `on = events::Loop`,
/// `emits = ["A", "B"]`.
///
/// ```
/// # use flow_core::{BoxError, Event, Result, handler};
/// # #[derive(Clone, Event)]
/// # struct Ask(String);
/// #[handler(
///     on = Ask,
///     timeout = "30s",
///     retry(attempts = 3, backoff = "100ms", max = "10s", jitter = false, if = is_transient),
///     concurrency = 4
/// )]
/// async fn fetch(Ask(question): Ask) -> Result<String> {
///     # Ok(question)
///     // …
/// }
///
/// fn is_transient(error: &BoxError) -> bool {
///     error.is::<std::io::Error>()
/// }
/// ```
///
/// Of a `retry` only `attempts` has to be said. It waits `backoff` (100 ms) before the second
/// attempt, and twice as long before each one after it, but no longer than `max` (30 s), and with
/// `jitter` (the default) a random part of that. `if` names a function that says which errors are
/// worth it (all). What the handler takes has to be `Clone`; a panic is not retried.
///
/// A timeout needs an error that is `From<TimedOut>`, as that of `flow_core::Result` is. A handler
/// that returns no `Result` fails with a `BoxError` then. Its time begins when the attempt does, not
/// while it waits for its turn; and an attempt gives its turn up before the wait for the next.
///
/// Limits hold in a flow, within a tokio runtime; a handler that is called as a function has none.
///
/// # Its parameters, in any order
///
/// - its event, by value, with a pattern if you like. If it is `on` several events, the parameter
///   is a type that they all convert into (`From`). A handler without this parameter runs on
///   whatever leads to it;
/// - `cx: &Cx`, its context;
/// - resources of the flow: `llm: Res<Llm>`;
/// - states of the execution: `total: State<Total>`.
///
/// # What it returns
///
/// Nothing or a value, or a `Result` of either, under any name (`anyhow::Result<()>`, an alias).
/// The value goes on to the next stage; the error ends the execution, unless it is rescued.
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

/// Wires handlers by events; evaluates to a `Flow`, or makes a type if the flow has a name.
///
/// ```
/// # use flow_core::{Cx, Event, flow, handler};
/// # #[derive(Event)]
/// # struct UserInput(String);
/// # #[derive(Event)]
/// # struct Loop;
/// # #[handler(on = Loop, emits = UserInput)]
/// # async fn get_input(cx: &Cx) { cx.stop() }
/// # #[handler(on = UserInput, emits = Loop)]
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
/// | `start -> route;` | where an execution begins; `start(Input) -> route;` if it takes something |
/// | `when E -> route;` | the route is taken on each such event; an event may have several clauses |
/// | `when A \| B -> route;` | on either; the first handler takes what both convert into (`From`) |
/// | `when A & B -> route;` | on both, as a tuple: the first `A` with the first `B`, the second with the second |
/// | `when E(x) if x > 3 -> route else -> route;` | one of two; `else if` for more. In the condition, what is `Copy` is a value, the rest a reference; the route gets the event |
/// | `rescue handler -> route;` | where the handler's error goes, as a `Failed<Error>`, or with the event that caused it as a `Failed<Error, Event>`, instead of ending the execution; `rescue -> route;` for all that have none of their own |
/// | `streams Item;` | what the stream yields, if it is not `String`; each handler's items convert into it |
/// | `with Resource;` | handlers may take `Res<Resource>`; it is given once, by `Flow::with` |
/// | `state Type;` | handlers may take `State<Type>`; each execution has its own, `Type::default()`, or `make(&input)` by `state Type = make;` |
/// | `ask E -> route;` | the event goes out as a question, an `Asked<E>` in the stream; its answer takes the route, as an `Answered<E>`. With `ask E within "72h" -> route else -> route;` the second gets the question if there is no answer in time. `E` says what it is answered with: `#[event(answer = "…")]` |
/// | `external E;` | the event may be sent in from outside, by `Spawned::emit` and `Sender::emit` |
/// | `ignore E;` | the event is emitted, and deliberately taken by nobody |
/// | `timeout "5m";` | how long an execution may take: `Flow::timeout` |
/// | `idle_timeout "30s";` | how long nothing may happen in it: `Flow::idle_timeout` |
/// | `max_events 10_000;` | how many events it may have: `Flow::max_events` |
///
/// The last `;` is optional.
///
/// # Routes
///
/// A route goes from stage to stage; each gets what the one before it returned, and a `Result` is
/// unwrapped on the way.
///
/// | stage | what it does |
/// | --- | --- |
/// | `handler` | calls it |
/// | `(a, b -> c)` | all branches at the same time, each with a clone; then a tuple goes on |
/// | `each a[8]` | calls it with each of what there is to iterate over, eight at a time (all, without the limit); a `Vec` in their order goes on |
/// | `each (a -> b)[8]` | the same with a route |
/// | `match { Pass(n) => a, Fail { why, .. } => b -> c }` | one arm, as in Rust; what the pattern binds goes on: one value as itself, several as a tuple |
/// | `Review` | a flow with a name: it runs within, its items go into this stream, its end goes on |
/// | `end` | the execution ends with the value, at once: the first `end` counts, handlers that run are dropped, events that wait are discarded |
/// | `ignore` | drops the value deliberately; as an arm of a `match` behind which the other arms go on, it ends the clause; in a join or in `each`, where what follows waits for it, it brings `()`, and so must the other arms |
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// # #[handler] async fn split(text: &'static str) -> Vec<&'static str> { text.split(' ').collect() }
/// # #[handler] async fn length(word: &'static str) -> usize { word.len() }
/// # #[handler] async fn longest(lengths: Vec<usize>) -> usize { lengths.into_iter().max().unwrap_or(0) }
/// let flow = flow! { start(&'static str) -> split -> each length[8] -> longest -> end };
/// assert_eq!(flow.blocking_iter("to be or not").output()?, 3);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # A flow with a name
///
/// With a first line `pub flow Chat(Question) -> Answer streams Token;` (each part of it optional) the
/// macro makes a type instead of a value: `Chat::new()` is the flow, `Flow<Chat>` the type to store,
/// `Chat::GRAPH` the graph as data, and `Chat` is a stage of other flows. Those have what it needs by
/// `with`, and their stream takes its items.
///
/// ```
/// # use flow_core::{Cx, Flow, flow, handler};
/// # #[handler] async fn greet(name: String, cx: &Cx) -> usize { cx.put(name.clone()).await; name.len() }
/// flow! {
///     /// Greets, and counts the letters.
///     pub flow Greeting(String) -> usize;
///     start -> greet -> end
/// }
///
/// struct App {
///     greeting: Flow<Greeting>,
/// }
/// let app = App { greeting: Greeting::new() };
/// assert_eq!(app.greeting.blocking_iter("Ada".to_owned()).output()?, 3);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # What does not compile
///
/// An event that a handler emits and no clause takes; a clause that waits for what nobody emits, or
/// that nothing leads to; a cycle of clauses that certainly nothing ends; a handler that is not
/// declared `on` the event, or does not take what arrives; a value that is dropped, or that is not
/// what the flow ends with; a branch without an arm; items that the stream cannot take; a resource or
/// a state that is missing; a handler that may take longer than its flow; a rescue of what cannot
/// fail, or that wants to know another cause; no `start`, or two; the same clause twice; an `end` that
/// is never reached.
#[proc_macro]
pub fn flow(input: TokenStream) -> TokenStream {
    flow::expression(input.into()).into()
}
