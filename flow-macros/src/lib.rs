//! The macros of `flow-core`, which re-exports them. Depend on `flow-core`, not on this crate.
//!
//! Each macro has three phases: `parse` turns tokens into a tree that keeps their spans, `check`
//! finds the mistakes that one macro can see alone, and `expand` turns the tree into tokens. Checks
//! that need the input of several macros are left to the types and constants of `flow-core`.

mod attributes;
mod docs;
mod duration;
mod elsewhere;
mod errors;
mod event;
mod events;
mod flow;
mod functions;
mod handler;
mod krate;
mod limit;
mod patterns;
mod quoted;
mod sources;
mod spans;
#[cfg(test)]
mod tests;
mod types;
mod written;

use proc_macro::TokenStream;

/// Derives `Event` for a type, so that handlers can emit it and clauses can wait for it.
///
/// The payload of the event is the fields of the type, which can be a `struct` or an `enum`. The
/// type must be `Send + 'static` and cannot be generic. If several clauses of a flow wait for it,
/// it must also be `Clone`.
///
/// ```
/// use flow_core::Event;
///
/// #[derive(Clone, Event)]
/// struct UserInput(String);
/// ```
///
/// # Questions
///
/// `#[event(answer = T)]` makes the event a question, which `ask` in a flow puts into the stream.
/// `T` is the type of its answer.
///
/// ```
/// use flow_core::Event;
///
/// enum Verdict {
///     Publish,
///     Reject(String),
/// }
///
/// #[derive(Clone, Event)]
/// #[event(answer = Verdict)]
/// struct Review(String);
/// ```
///
/// # A renamed dependency
///
/// `#[event(crate = facade::flow_core)]` names the crate `flow_core` if your crate knows it only by
/// another path, such as that of a dependency that re-exports it.
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    event::derive(input.into()).into()
}

/// Derives `Events` for an enum that holds an event in each variant, so that `-> emit` emits the
/// event that a handler returns.
///
/// ```
/// use flow_core::{Event, Events, flow, handler};
///
/// #[derive(Event)]
/// struct Passed(u32);
///
/// #[derive(Event)]
/// struct Failed(String);
///
/// #[derive(Events)]
/// enum Verdict {
///     Passed(Passed),
///     Failed(Failed),
/// }
///
/// #[handler]
/// async fn check(score: u32) -> Verdict {
///     if score >= 10 {
///         Verdict::Passed(Passed(score))
///     } else {
///         Verdict::Failed(Failed(format!("{score} is too low")))
///     }
/// }
/// # #[handler(on = Passed)]
/// # async fn publish(Passed(_): Passed) {}
/// # #[handler(on = Failed)]
/// # async fn report(Failed(why): Failed, cx: &flow_core::Cx) { cx.put(why).await }
///
/// let exam = flow! {
///     start(u32) -> check -> emit;
///     when Passed -> publish;
///     when Failed -> report
/// };
/// # assert_eq!(exam.blocking_iter(3).count(), 1);
/// ```
///
/// Each variant has one field: an event, or a value that holds events, such as a tuple or another
/// enum with this derive. The enum cannot be generic.
///
/// `#[events(crate = facade::flow_core)]` names the crate `flow_core` if your crate knows it only
/// by another path.
#[proc_macro_derive(Events, attributes(events))]
pub fn derive_events(input: TokenStream) -> TokenStream {
    events::derive(input.into()).into()
}

/// Makes an `async fn` a handler, which flows can call.
///
/// ```
/// use flow_core::{Cx, Event, Res, Result, handler};
/// # struct Llm;
/// # impl Llm { async fn ask(&self, text: &str) -> Result<String> { Ok(text.to_owned()) } }
///
/// #[derive(Event)]
/// struct UserInput(String);
///
/// #[derive(Event)]
/// struct Loop;
///
/// #[handler(on = UserInput, emits = Loop)]
/// async fn reply(UserInput(question): UserInput, cx: &Cx, llm: Res<Llm>) -> Result<()> {
///     cx.put(llm.ask(&question).await?).await;
///     cx.emit(Loop);
///     Ok(())
/// }
/// ```
///
/// # Arguments
///
/// All arguments are optional.
///
/// - `on = E`: the events that may trigger it, in `when E -> handler` (default: any that it can
///   take).
/// - `emits = E`: the events that it may emit by `cx.emit` (default: none). An event that its body
///   never emits is an error. Events that it returns, for `-> emit` in a flow, are not declared.
/// - `streams = T`: the type of the items that it puts (default: `String` if its body calls `put`
///   on the context, or passes the context on, such as to a function or a macro). A handler that
///   passes it on and puts nothing declares `streams = !`, and fits any stream.
/// - `timeout = "30s"`: the time limit of one attempt (default: none).
/// - `retry(attempts = 3)`: the number of attempts, and the delays in between (default: one
///   attempt).
/// - `concurrency = 4`: the number of calls that run at the same time in one execution (default:
///   unlimited). `concurrency(4, shared)` counts those of all executions of the process together.
/// - `once`: an execution calls it at most once, which is checked in each flow that uses it. A loop, an
///   `each`, a second clause or a second event that leads to it is an error.
/// - `effect`: it acts on the outside, such as by charging a card. Where it may be called again for
///   the same thing, with `retry` or in a durable flow, it has to take an [`IdempotencyKey`] and
///   pass it on.
/// - `sound`: the compiler proves that the flow never stops short and leaves no event over.
///   - If handlers return, loops end, and the outside answers questions and sends `external` events,
///     each execution comes to its `end`, or fails with an error. A path that emits nothing which leads
///     there does not compile; the error names its handler and its line. In a flow with an `end`, no
///     handler may call `stop` or pass its context on, and a stage that is a flow with an `end` is
///     `sound` itself. No loop may go on after the `end` whichever way its handlers go.
///   - As many events come of each that `when A & B` waits for, and a multiple of three for
///     `when A[3]`, unless the clause has an `else` for those that are left over. Without a `by`, only
///     one pair is under way at a time. It is assumed that each key comes as often on both sides.
/// - `crate = facade::flow_core`: the path of the crate `flow_core`, if your crate depends on it
///   under another name, or through a crate that re-exports it (default: `::flow_core`).
///
/// `on` and `emits` take one path or a list: `on = events::Loop`, `emits = [A, B]`. Paths and types
/// can also be written in quotes, as in `on = "Loop"`.
///
/// # Timeouts and retries
///
/// ```
/// # use flow_core::{BoxError, Event, Result, handler};
/// # #[derive(Clone, Event)]
/// # struct Ask(String);
/// #[handler(
///     on = Ask,
///     timeout = "30s",
///     retry(
///         attempts = 3, backoff = "100ms", max = "10s",
///         jitter = false, if = is_transient
///     ),
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
/// Durations are text such as `"100ms"`, `"30s"` or `"1m 30s"`, in the units `ms`, `s`, `m`, `h`
/// and `d`, each once and the larger ones first. Each limit can also be a constant, such as
/// `timeout = TIMEOUT` with a `const` of the type [`Duration`](std::time::Duration), and is then
/// checked like a literal.
///
/// An attempt that exceeds its `timeout` is dropped and fails with a [`TimedOut`]. The handler's
/// error type must therefore be `From<TimedOut>`, as that of [`flow_core::Result`] is. A handler
/// that does not return a `Result` fails with a [`BoxError`]. The time starts with each attempt,
/// after any wait for a free `concurrency` slot, and stands still while a `put` waits for a slow
/// reader. A slot is released between attempts.
///
/// `retry` requires `attempts`, which counts the first attempt too. The other arguments are
/// optional:
///
/// - `backoff`: the delay before the second attempt; it doubles before each further one (default:
///   `"100ms"`).
/// - `max`: the longest delay (default: `"30s"`).
/// - `jitter`: whether each delay is replaced by a random part of it, known as [full jitter]
///   (default: `true`).
/// - `if`: a function that decides by the error whether to retry (default: always).
///
/// [full jitter]: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
///
/// The input of a handler with `retry` must be `Clone`. Panics are not retried. `cx.attempt()`
/// returns which attempt the handler is in.
///
/// Limits apply in a flow, inside a tokio runtime. A handler that is called as a function has none.
///
/// # Parameters
///
/// In any order:
///
/// - The event, by value, with a pattern if you like. If `on` lists several events, the type of the
///   parameter must be `From` each of them. A handler without this parameter accepts anything that
///   leads to it.
/// - The context, [`cx: &Cx`].
/// - Resources of the flow, such as `llm: Res<Llm>`.
/// - States of the execution, such as `total: State<Total>`.
///
/// The types decide, so the context, resources and states may have other names, such as
/// `type Llm = Res<Model>;`.
///
/// # Return value
///
/// A handler returns nothing, a value, or a `Result` of either, also under another name, such as
/// `anyhow::Result<()>`. The value goes to the next stage of the route; if that is `emit`, the
/// events in the value are emitted. An error ends the execution, unless the stage has an `else` or
/// the flow rescues it.
///
/// # The function
///
/// The function stays a plain `async fn`. It can be called with the context of any router; in a
/// unit test, with that of a [`flow_core::testing::Recorder`].
///
/// The macro also defines a type with the name of the function, which `flow!` refers to. `use`
/// imports both. The module can therefore not contain another type or module of that name.
///
/// `#[deprecated]`, `#[allow]` and `#[expect]` hold for the type as well, so a flow that names a
/// deprecated handler is warned.
///
/// The future of the function must be `Send`.
///
/// [`TimedOut`]: https://docs.rs/flow-core/latest/flow_core/struct.TimedOut.html
/// [`IdempotencyKey`]: https://docs.rs/flow-core/latest/flow_core/struct.IdempotencyKey.html
/// [`flow_core::Result`]: https://docs.rs/flow-core/latest/flow_core/type.Result.html
/// [`BoxError`]: https://docs.rs/flow-core/latest/flow_core/type.BoxError.html
/// [`cx: &Cx`]: https://docs.rs/flow-core/latest/flow_core/struct.Cx.html
/// [`flow_core::testing::Recorder`]:
/// https://docs.rs/flow-core/latest/flow_core/testing/struct.Recorder.html
#[proc_macro_attribute]
pub fn handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::attribute(args.into(), &item.into()).into()
}

/// Wires handlers together by events, and checks the resulting graph.
///
/// The macro evaluates to a [`Flow`], or defines a type if the flow [has a name](#named-flows).
///
/// ```
/// # use flow_core::{Cx, Event, flow, handler};
/// # #[derive(Event)]
/// # struct UserInput(String);
/// # #[derive(Event)]
/// # struct Loop;
/// # #[handler(on = Loop, emits = UserInput)]
/// # async fn get_input(cx: &Cx) { cx.emit(UserInput(String::new())) }
/// # #[handler(on = UserInput, emits = Loop)]
/// # async fn stream_reply(_input: UserInput, cx: &Cx) { cx.emit(Loop); cx.stop() }
/// let chat = flow! {
///     start -> get_input;
///     when UserInput -> stream_reply;
///     when Loop -> get_input
/// };
/// # assert_eq!(chat.blocking_iter(()).count(), 0);
/// ```
///
/// # Clauses
///
/// Clauses end with `;`, which is optional after the last one.
///
/// Clauses that run something:
///
/// - `start -> route` runs the route when an execution starts. With `start(Input) -> route`, the
///   execution takes an input.
/// - `when E -> route` runs the route for each event `E`. Several clauses may wait for the same
///   event.
/// - `when A | B -> route` runs the route for either event. Its first handler takes a type that is
///   `From` both, and is declared `on = [A, B]`.
/// - `when A & B -> route` runs the route with both events as a tuple: the first `A` with the first
///   `B`, and so on. If events are left without a partner when nothing runs any more, the execution
///   fails. With `when A & B -> route else -> route`, each of them runs the second route.
/// - `when E[3] -> route` runs the route with each three of the event as an array, `[E; 3]`, in the
///   order of their arrival. The number is a literal or a constant, and at least 2. Those that are
///   left are treated as those without a partner.
/// - `when A & B by .order -> route` runs the route with events whose field `order` is equal: of
///   those with the same key, the first `A` with the first `B`, and so on. The key is `Eq`, `Hash`
///   and `Clone`, and may be a field of a field, `by .order.id`, in the same place in each event.
///   `when E[3] by .order -> route` waits for three with the same key.
/// - `when E(x) if x > 3 -> route else -> route` runs one of the routes with the event; `else if`
///   adds more. In the condition, bindings of `Copy` types are values and others are references.
/// - `when Order { id, .. } -> route` runs the route with what the pattern binds, as an arm of a
///   `match` does: a single binding as itself, several as a tuple. The pattern must match every
///   event of its type; one that may not match needs an `if … else`, or a `match`.
/// - `ask E -> route` puts the event into the stream as an [`Asked<E>`], and runs the route with
///   the [`Answered<E>`]. `E` declares its answer with `#[event(answer = T)]`.
/// - `ask E within "72h" -> route else -> route` runs the second route with the event if it is not
///   answered in time.
/// - `ask E every "1h" remind -> route`, or `ask E within "72h" every "1h" remind -> …`, calls
///   `remind` at each period while the question waits, with a clone of the `E`, a [`Tick`], a
///   tuple of both, or nothing.
/// - `rescue handler -> route` runs the route with the error of the handler, as a [`Failed<Error>`]
///   or, together with the event that caused it, a [`Failed<Error, E>`].
/// - `rescue a | b -> route` is a `rescue` for each of the handlers.
/// - `rescue -> route` does the same for all handlers that have no rescue of their own.
///
///   A rescue takes over from the whole clause of the handler. It would drop the other branches of
///   a join or a `first` and the other items of an `each`, so a handler that may fail there has an
///   [`else`](#what-stands-in-for-a-stage) instead. Errors in a rescue's own clause are not
///   rescued.
/// - `every "1s" -> route` runs the route at each period, the first time after one, until the end
///   is decided. Its first handler may take a [`Tick`]. An execution with such a clause does not
///   end by itself: it needs an `end`, a [`Cx::stop`], or a caller that cancels it. Ticks that come
///   while the route still runs are missed, and come as one afterwards.
/// - `finally within "30s" -> route` runs the route once on every ending but a drop, with the
///   [`Ending`], when what is under way was finished or dropped. Events that it emits reach their
///   clauses, where an `end` has no effect.
///
/// Clauses that declare something:
///
/// - `streams Item`: the item type of the stream, `String` by default. The items of all handlers
///   convert into it.
/// - `with Resource`: handlers may take a [`Res<Resource>`], which is given to the flow by
///   [`Flow::with`].
/// - `with Resource = handler`: each execution has its own, which the handler returns before `start`
///   runs. It takes no value, but may take resources, also those that are opened in clauses before
///   it, and states, and neither emits nor puts anything. If it fails, so does the execution, and
///   neither `start` nor `finally` runs. A trait object, `with dyn Store`, is returned in an `Arc`.
///   The resource is dropped [at the end][opened].
/// - `state Type`: handlers may take a [`State<Type>`]. Each execution creates its own, as
///   `Type::default()`, or by `make(&input)` with `state Type = make`. [`Execution::state`], called
///   before the end, and [`Flow::spawn_with_state`] give it to the caller. It can be read after the
///   end as well.
/// - `external E`: the event may be sent from outside, by [`Spawned::emit`] and [`Sender::emit`].
/// - `ignore E`: the event is emitted and deliberately not handled.
/// - `timeout "5m"`: the time limit of an execution, as with [`Flow::timeout`].
/// - `idle_timeout "30s"`: the time limit without activity, as with [`Flow::idle_timeout`].
/// - `drain within "10s"`: how long an execution may go on after its `end`, as with
///   [`Flow::drain_within`].
/// - `max_events 10_000`: the number of events that may be emitted, as with [`Flow::max_events`].
/// - `max_pending 1_000`: the number of events that may wait to be taken, as with
///   [`Flow::max_pending`].
/// - `concurrency 8`: how many attempts of all handlers run at the same time in an execution,
///   including those of stages that are flows. [`Flow::concurrency`] replaces it at run time.
/// - `durable`: what an execution does is recorded, so that it can go on after a crash. What
///   handlers emit, take and return is `Serialize` and `DeserializeOwned`. It needs the feature
///   `durable` of `flow-core`.
/// - `crate = facade::flow_core`: the path of the crate `flow_core`, if your crate depends on it
///   under another name, or through a crate that re-exports it.
///
/// A limit can also be a constant: `timeout TIMEOUT`, `ask E within TIMEOUT`, `every PERIOD ->
/// handler`, `each handler[LIMIT]`. Methods of [`Flow`] set most of them at run time, such as
/// `Flow::every_of` and `Flow::finally_within`.
///
/// # Routes
///
/// A route is a chain of stages. Each stage gets the value of the previous one. If a stage returns
/// a `Result`, its `Ok` value continues. Its error goes to the `else` of the stage, or else to a
/// `rescue`, or else ends the execution.
///
/// - `handler` calls the handler.
/// - `(a, b -> c)` runs the branches at the same time, each with a clone of the value. A tuple of
///   their results continues.
/// - `first (a, b -> c)` runs the branches at the same time, each with a clone of the value, until
///   one succeeds. Its value continues, and the other branches are dropped; what they have emitted
///   stays emitted. All branches return the same type. If several succeed at once, the first in the
///   text counts. If all fail, the last error is that of the stage: `first (a, b) else c` takes it.
/// - `each a[8]` calls the handler with each element of the value, at most eight at a time; without
///   a limit, all at once. A `Vec` of the results continues, in the order of the elements.
///   The value is a collection, or a stream in an [`ItemsOf`], which is polled only when an item of
///   it can begin.
/// - `each (a -> b)[8]` does the same with a route.
/// - `each a[16] -> each b` passes the results of `a` on to `b`, in order, as they come, and keeps
///   none: at most 16 items are in `a` or wait for `b`. Without a limit of its own, `b` has that of
///   `a`. An item may fail in `b` before `a` has run for later ones.
/// - `match { Pass(n) => a, Fail { why, .. } => b -> c }` runs one arm, as in Rust. The bindings of
///   its pattern continue: a single one as itself, several as a tuple.
/// - `|n| n + 1` passes on what the closure returns; `Some`, `Ok` and `Err` wrap the value. The type
///   of the parameter is that of what arrives. A closure captures nothing, and has no `.await` and
///   no `?`: it is glue between handlers. A `Result` that it returns is passed on as it is.
/// - `ask E within "24h" else lapse` takes an `E`, puts it into the stream as an [`Asked<E>`], and
///   waits. An [`Answered<E>`] continues. If there is no answer, `lapse` takes the `E` and returns
///   one; without an `else`, that is a failure of the stage, which `rescue ask E` takes. A reminder
///   stands before the `else`, as in the clause: `ask E within "24h" every "1h" remind else lapse`.
/// - `Review` runs a [named flow](#named-flows). Its items go into this stream, and its result
///   continues.
/// - `a else b` calls `b` if `a` fails, and the value that `b` returns continues in place of that
///   of `a`: see [below](#what-stands-in-for-a-stage).
/// - `end` decides with what the execution ends; the first value counts. What is under way is
///   finished: other handlers, events that were emitted, and what they lead to. Nothing comes in
///   from outside any more. Behind a closure, whose type the macro does not know, the first line
///   declares the result: `flow -> Output;`.
/// - `end now` ends the execution at once: other handlers and queued events are dropped.
/// - `emit` emits the events in the value: an event, several in a tuple, an `Option`, an array or a
///   `Vec`, or an enum with [`#[derive(Events)]`][`Events`]. A handler that returns its events needs
///   no context and no `emits`. A handler cannot be named `emit`.
/// - `ignore` drops the value deliberately.
///
/// `ignore` or `emit` as an arm of a `match` ends the clause, even if the other arms continue after
/// the `match`. In a join or in `each`, where the next stage waits for all branches, both yield `()`,
/// and so must the other arms.
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// # #[handler]
/// # async fn split(text: &'static str) -> Vec<&'static str> { text.split(' ').collect() }
/// # #[handler]
/// # async fn length(word: &'static str) -> usize { word.len() }
/// # #[handler]
/// # async fn longest(lengths: Vec<usize>) -> usize { lengths.into_iter().max().unwrap_or(0) }
/// let flow = flow! { start(&'static str) -> split -> each length[8] -> longest -> end };
/// assert_eq!(flow.blocking_iter("to be or not").output()?, 3);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # What stands in for a stage
///
/// An `else` belongs to the stage right before it: `fetch else cached`. A chain needs parentheses,
/// before the `else` and after it: `(parse -> check) else (guess -> check)`. In an `each`, it
/// stands in for one item: `each (work else gap)[8]`. `else ->` and `else if` belong to the clause.
///
/// - It takes an error of a handler, a timeout, and any failure of a named flow, including a panic
///   within it. A panic of a handler ends the execution. Retries come first.
/// - The stand-in takes nothing, or a [`Failed<Error>`], or together with a clone of what arrived
///   at the stage, a [`Failed<Error, Cause>`]. The error of a chain is a `BoxError`.
/// - It may be a closure: `fetch else |_| Page::default()`. One that takes the cause names its type:
///   `fetch else |failed: Failed<BoxError, Url>| Page::missing(failed.cause)`.
/// - It returns what the stage returns.
/// - A stand-in that fails goes to an `else` of its own, `fetch else cached else blank`, or to a
///   rescue.
/// - A chain that contains a join or an `each` fails as a whole: the other branches are dropped.
///
/// `skip` in place of a stand-in leaves the item out of the results of the innermost `each`, as
/// does an arm `=> skip` of a `match`. It cannot be in a join or a `first`, which need the values
/// of their branches.
///
/// ```
/// # use flow_core::{BoxError, Failed, Result, flow, handler};
/// # #[handler]
/// # async fn split(text: &'static str) -> Vec<&'static str> { text.split(' ').collect() }
/// #[handler]
/// async fn number(word: &'static str) -> Result<usize> {
///     Ok(word.parse()?)
/// }
///
/// #[handler]
/// async fn length(failed: Failed<BoxError, &'static str>) -> usize {
///     failed.cause.len()
/// }
///
/// let lengths = flow! { start(&'static str) -> split -> each (number else length)[8] -> end };
/// assert_eq!(lengths.blocking_iter("two or 3").output()?, [3, 2, 3]);
///
/// let numbers = flow! { start(&'static str) -> split -> each (number else skip)[8] -> end };
/// assert_eq!(numbers.blocking_iter("two or 3").output()?, [3]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # Named flows
///
/// If the first line is `flow Name`, the macro defines a type instead of a value. The full form is
/// `pub flow Chat(Question) -> Answer streams Token;`, where every part but the name is optional.
///
/// - `Chat::new()` is the flow as a value, and `Flow<Chat>` is its type, for instance of a field.
/// - `Chat::GRAPH` is the graph as data.
/// - `Chat` is a stage of other flows. Those must declare its resources and its `external` events,
///   and their stream must take its items. An event from outside goes to each `Chat` that runs, or
///   waits for the first to begin.
/// - Flows that are stages of each other, more than seven deep, need a larger
///   `#![recursion_limit = "…"]` in the crate that runs them. The compiler says so: it lays out the
///   futures of all levels at once.
/// - In rustdoc, the page of `Chat` shows a picture of the graph, and the page of each event lists
///   the clauses that wait for it.
///
/// ```
/// # use flow_core::{Cx, Flow, flow, handler};
/// # #[handler]
/// # async fn greet(name: String, cx: &Cx) -> usize { cx.put(name.clone()).await; name.len() }
/// flow! {
///     /// Greets, and counts the letters of the name.
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
/// # Compile errors
///
/// The following mistakes do not compile. All mistakes of a flow are reported at once.
///
/// - Events: a handler emits or returns an event that no clause takes; what arrives at an `emit` is
///   no event; a clause waits for an event that no handler emits, or for two of which an execution
///   emits one; a clause cannot be reached; the clauses form a loop that never ends, or that goes on
///   after the `end`; the fields of a `by` have different types.
/// - Types: a handler is not declared `on` the event that triggers it, or does not take the value
///   that arrives; a value is dropped, or is not the result that the flow declares; the stream
///   cannot take an item; a `match` or a clause misses a pattern; the branches of a `first` return
///   different types; a closure captures something.
/// - Resources and states: a handler takes one that the flow does not declare, or the flow declares
///   one that no handler takes.
/// - Limits and failures: a handler may take longer than its flow; a rescue or an `else` is for a
///   handler that cannot fail, or takes another cause than there is; a rescue is for a handler in a
///   join, a `first` or an `each`; what stands in for a stage returns another type; the first tick
///   of an `every` comes after the `timeout` of the flow.
/// - Clauses: there is no `start`, or there are two; a clause appears twice; a flow that declares
///   an output has no `end`.
///
/// [`Events`]: https://docs.rs/flow-core/latest/flow_core/trait.Events.html
/// [`Flow`]: https://docs.rs/flow-core/latest/flow_core/struct.Flow.html
/// [`Asked<E>`]: https://docs.rs/flow-core/latest/flow_core/struct.Asked.html
/// [`Answered<E>`]: https://docs.rs/flow-core/latest/flow_core/struct.Answered.html
/// [`Failed<Error>`]: https://docs.rs/flow-core/latest/flow_core/struct.Failed.html
/// [`Failed<Error, Cause>`]: https://docs.rs/flow-core/latest/flow_core/struct.Failed.html
/// [`Failed<Error, E>`]: https://docs.rs/flow-core/latest/flow_core/struct.Failed.html
/// [`Res<Resource>`]: https://docs.rs/flow-core/latest/flow_core/struct.Res.html
/// [opened]: https://docs.rs/flow-core/latest/flow_core/guide/endings/index.html#resources-of-an-execution
/// [`Flow::with`]: https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.with
/// [`Execution::state`]: https://docs.rs/flow-core/latest/flow_core/struct.Execution.html#method.state
/// [`Flow::spawn_with_state`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.spawn_with_state
/// [`State<Type>`]: https://docs.rs/flow-core/latest/flow_core/struct.State.html
/// [`Spawned::emit`]: https://docs.rs/flow-core/latest/flow_core/struct.Spawned.html#method.emit
/// [`Sender::emit`]: https://docs.rs/flow-core/latest/flow_core/struct.Sender.html#method.emit
/// [`Flow::timeout`]: https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.timeout
/// [`Flow::idle_timeout`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.idle_timeout
/// [`Tick`]: https://docs.rs/flow-core/latest/flow_core/struct.Tick.html
/// [`Cx::stop`]: https://docs.rs/flow-core/latest/flow_core/struct.Cx.html#method.stop
/// [`ItemsOf`]: https://docs.rs/flow-core/latest/flow_core/struct.ItemsOf.html
/// [`Ending`]: https://docs.rs/flow-core/latest/flow_core/enum.Ending.html
/// [`Flow::drain_within`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.drain_within
/// [`Flow::max_events`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.max_events
/// [`Flow::concurrency`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.concurrency
/// [`Flow::max_pending`]:
/// https://docs.rs/flow-core/latest/flow_core/struct.Flow.html#method.max_pending
#[proc_macro]
pub fn flow(input: TokenStream) -> TokenStream {
    flow::expression(&input.into()).into()
}

/// Documents a handler; used by `#[handler]` under rustdoc only.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn document_handler(args: TokenStream, item: TokenStream) -> TokenStream {
    handler::document(args.into(), &item.into()).into()
}

/// Documents a named flow; used by `flow!` under rustdoc only.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn document_flow(flow: TokenStream, item: TokenStream) -> TokenStream {
    flow::document(flow.into(), &item.into()).into()
}
