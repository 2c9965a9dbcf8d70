//! The value that `flow!` evaluates to, and the ways to run it.

use std::any::TypeId;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::driver::deadlines::Deadlines;
use crate::engine::inside::has_ticks;
use crate::engine::limits::EventLimits;
use crate::engine::outside::tree::Tree;
use crate::engine::stream::buffer::Outlet;
use crate::engine::worker::Engine;
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::lifecycle::{LifecycleEvent, Observer};
use crate::macro_support::bounds::ShowsState;
use crate::macro_support::graph::{GivenIn, Graph};
use crate::macro_support::limits::{Overrides, Permits, Turns};
use crate::macro_support::resources::{Complete, Give};
use crate::macro_support::type_map::TypeMap;
use crate::resource::Res;
use crate::run::DEFAULT_CAPACITY;
use crate::run::blocking::BlockingIter;
use crate::run::execution::Execution;
use crate::run::spawned::Spawned;
use crate::state::State;

/// A checked event graph, ready to run: the value of [`flow!`](macro@crate::flow).
///
/// A flow is a description. Configure it with the builder methods, such as [`with`](Self::with) and
/// [`timeout`](Self::timeout), then run it as often as needed: each call of
/// [`stream`](Self::stream), [`run`](Self::run), [`spawn`](Self::spawn) or
/// [`blocking_iter`](Self::blocking_iter) starts a separate execution, and executions can run
/// concurrently. Cloning a flow is cheap.
///
/// ```
/// use flow_core::{FlowError, flow, handler};
///
/// #[handler]
/// async fn double(n: u32) -> u32 {
///     n * 2
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), FlowError> {
/// let doubling = flow! { start(u32) -> double -> end };
/// let (a, b) = tokio::try_join!(doubling.run(4), doubling.run(5))?;
/// assert_eq!((a, b), (8, 10));
/// # Ok(())
/// # }
/// ```
///
/// The macro fills in the type parameters: `G` is the graph, and `Given` tracks which resources the
/// flow was given, so that a flow that lacks one does not compile when it is run. To store a flow
/// in a field, [name it](macro@crate::flow#named-flows): its type is then `Flow<Name>`.
#[must_use = "a flow does nothing unless it is run"]
pub struct Flow<G: Graph, Given = GivenIn<G>> {
    resources: Option<Arc<TypeMap>>,
    capacity: NonZeroUsize,
    observer: Option<Observer>,
    limits: Limits,
    #[cfg(feature = "tracing")]
    traced: bool,
    types: PhantomData<fn() -> (G, Given)>,
}

/// What the execution of a stage shares with the outer one.
pub(crate) struct FromOuter {
    pub(crate) tree: Option<Arc<Tree>>,
    pub(crate) permits: Option<Res<Permits>>,
    pub(crate) turns: Option<Res<Turns>>,
}

/// The limits of an execution.
#[derive(Clone)]
struct Limits {
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    drain: Option<Duration>,
    max_events: Option<u64>,
    max_pending: Option<u64>,
    /// The limits of handlers and questions.
    overrides: Option<Arc<Overrides>>,
}

impl Limits {
    /// The limits that the flow declares in its clauses.
    fn of(graph: &GraphDesc) -> Self {
        Self {
            timeout: graph.timeout,
            idle_timeout: graph.idle_timeout,
            drain: graph.drain,
            max_events: graph.max_events,
            max_pending: graph.max_pending,
            overrides: None,
        }
    }
}

impl<G: Graph> Flow<G, G::Resources> {
    #[doc(hidden)]
    pub fn new() -> Self {
        Self::sharing(None)
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Creates a flow with the resources of another flow, which may have more of them.
    pub(crate) fn sharing(resources: Option<Arc<TypeMap>>) -> Self {
        Self {
            resources,
            capacity: DEFAULT_CAPACITY,
            observer: None,
            limits: Limits::of(G::DESC),
            #[cfg(feature = "tracing")]
            traced: false,
            types: PhantomData,
        }
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Gives the flow a resource that it declares with `with T;`.
    ///
    /// All executions of the flow share the value. Handlers take it as a [`Res<T>`](crate::Res).
    ///
    /// ```
    /// # use flow_core::{Cx, Res, flow, handler};
    /// struct Answer(u8);
    ///
    /// #[handler]
    /// async fn tell(cx: &Cx, answer: Res<Answer>) {
    ///     cx.put(answer.0.to_string()).await;
    /// }
    ///
    /// let flow = flow! { with Answer; start -> tell }.with(Answer(42));
    /// # assert_eq!(flow.blocking_iter(()).next().unwrap().unwrap(), "42");
    /// ```
    ///
    /// A flow that lacks a resource does not run:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{Cx, Res, flow, handler};
    /// # struct Answer(u8);
    /// # #[handler]
    /// # async fn tell(answer: Res<Answer>) {}
    /// let items = flow! { with Answer; start -> tell }.stream(());
    /// // error: the resource `Answer` was not given to this flow: call `.with(…)` first
    /// ```
    #[doc(alias("dependency injection", "inject"))]
    pub fn with<T, Place, Next>(mut self, resource: T) -> Flow<G, Next>
    where
        T: Send + Sync + 'static,
        Given: Give<T, Place, Next = Next>,
    {
        let resources = self.resources.get_or_insert_default();
        Arc::make_mut(resources).insert(resource);
        self.given()
    }

    /// Gives the flow a resource that is already in an [`Arc`], such as one that the rest of the
    /// program shares, or a [trait object](crate::Res#trait-objects).
    ///
    /// Otherwise it works like [`with`](Self::with).
    ///
    /// ```
    /// # use flow_core::{Cx, Res, flow, handler};
    /// use std::sync::Arc;
    ///
    /// struct Pool;
    /// # #[handler]
    /// # async fn query(pool: Res<Pool>) {}
    ///
    /// let pool = Arc::new(Pool);
    /// let flow = flow! { with Pool; start -> query }.with_arc(Arc::clone(&pool));
    /// # assert_eq!(flow.blocking_iter(()).count(), 0);
    /// ```
    pub fn with_arc<T, At, Next>(mut self, resource: Arc<T>) -> Flow<G, Next>
    where
        T: ?Sized + Send + Sync + 'static,
        Given: Give<T, At, Next = Next>,
    {
        let resources = self.resources.get_or_insert_default();
        Arc::make_mut(resources).share(Res::from_arc(resource));
        self.given()
    }

    /// The resources that the flow was given so far.
    #[cfg(feature = "testing")]
    pub(crate) fn resources_mut(&mut self) -> &mut TypeMap {
        Arc::make_mut(self.resources.get_or_insert_default())
    }

    /// The limits of handlers and questions that the flow was given so far.
    pub(crate) fn overrides_mut(&mut self) -> &mut Overrides {
        Arc::make_mut(self.limits.overrides.get_or_insert_default())
    }

    /// Takes over the limits of handlers and questions from another flow.
    pub(crate) fn share_overrides(&mut self, overrides: Option<Arc<Overrides>>) {
        self.limits.overrides = overrides;
    }

    /// The same flow, with other resources in its type.
    pub(crate) fn given<Other>(self) -> Flow<G, Other> {
        Flow {
            resources: self.resources,
            capacity: self.capacity,
            observer: self.observer,
            limits: self.limits,
            #[cfg(feature = "tracing")]
            traced: self.traced,
            types: PhantomData,
        }
    }

    /// Returns the graph as data: clauses, handlers and events, with their names and locations.
    ///
    /// [`GraphDesc`] can draw it, as Mermaid and Graphviz, and export it as JSON.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let flow = flow! { start -> work };
    /// assert_eq!(flow.graph().clauses[0].handlers[0].name, "work");
    /// ```
    #[must_use]
    pub fn graph(&self) -> &'static GraphDesc {
        G::DESC
    }

    /// Sets the capacity of the stream's buffer, in items. The default is 32.
    ///
    /// While the buffer is full, [`put`](crate::Cx::put) waits for the reader. [`run`](Self::run)
    /// has no buffer, because it drops the items.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use std::num::NonZeroUsize;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// let flow = flow! { start -> work }.capacity(NonZeroUsize::MIN);
    /// # assert_eq!(flow.blocking_iter(()).count(), 1);
    /// ```
    #[doc(alias("backpressure", "buffer", "channel"))]
    pub fn capacity(mut self, items: NonZeroUsize) -> Self {
        self.capacity = items;
        self
    }

    /// Calls `observer` with every [lifecycle event](crate::lifecycle) of every execution.
    ///
    /// Use it for logs, metrics and tests. If it is called several times, the observers run in that
    /// order.
    ///
    /// The observer runs where the execution is polled, between its handlers, or in the task that
    /// emits or puts from outside, so it should be quick. A panic of the observer goes to the panic
    /// hook and is otherwise ignored.
    ///
    /// A named flow that is a stage of this flow reports as a handler and, in between, the
    /// lifecycle of its own execution, whose [`parent`](LifecycleEvent::parent) is the execution of
    /// this flow.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use std::sync::Arc;
    /// use flow_core::lifecycle::LifecycleKind;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// let calls = Arc::new(AtomicUsize::new(0));
    /// let counter = Arc::clone(&calls);
    /// let flow = flow! { start -> work }.observe(move |event| {
    ///     if matches!(event.kind, LifecycleKind::HandlerStarted { .. }) {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// assert_eq!(flow.blocking_iter(()).count(), 1);
    /// assert_eq!(calls.load(Ordering::Relaxed), 1);
    /// ```
    #[doc(alias("callback", "hook", "logging", "middleware"))]
    pub fn observe(mut self, observer: impl Fn(&LifecycleEvent) + Send + Sync + 'static) -> Self {
        self.observer = Some(match self.observer {
            None => Arc::new(observer),
            Some(first) => Arc::new(move |event: &LifecycleEvent| {
                first(event);
                observer(event);
            }),
        });
        self
    }

    /// Limits how long an execution may run, measured from its first poll.
    ///
    /// When the limit is exceeded, the execution drops its handlers and fails with an error of the
    /// kind [`TimedOut`](crate::FlowErrorKind::TimedOut). Its stream yields the items that were put
    /// before, then the error. The method overrides the clause `timeout "…";` of the flow.
    ///
    /// The time includes every wait, also the wait for a slow reader and the time in which a stream
    /// is not polled.
    ///
    /// A handler that never awaits blocks its thread and cannot be interrupted.
    ///
    /// The execution has to be polled inside a tokio runtime with timers (`enable_time`); elsewhere
    /// it fails with an error of the kind [`Runtime`](crate::FlowErrorKind::Runtime).
    ///
    /// # Panics
    ///
    /// If `after` is zero.
    ///
    /// ```
    /// use flow_core::{FlowErrorKind, flow, handler};
    /// use std::time::Duration;
    ///
    /// #[handler]
    /// async fn forever() {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let flow = flow! { start -> forever }.timeout(Duration::from_secs(300));
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    /// assert_eq!(error.to_string(), "the execution took longer than 5m");
    /// # }
    /// ```
    #[doc(alias("deadline"))]
    #[track_caller]
    pub fn timeout(mut self, after: Duration) -> Self {
        assert!(
            !after.is_zero(),
            "`timeout` of zero would end each execution before it begins: pass a longer one"
        );
        self.limits.timeout = Some(after);
        self
    }

    /// Ends an execution in which nothing happens for this long.
    ///
    /// What counts as activity: an event is delivered to a clause, a value moves on to the next
    /// stage, an item is put, or an item is read. When the limit is exceeded, the execution ends as
    /// with [`timeout`](Self::timeout), with an error of the kind
    /// [`Idle`](crate::FlowErrorKind::Idle). The method overrides the clause `idle_timeout "…";` of
    /// the flow.
    ///
    /// The clock does not run while the execution waits for its reader: while a handler waits in
    /// [`put`](crate::Cx::put), and while a stream that has yielded an item is not polled again.
    ///
    /// The execution has to be polled inside a tokio runtime with timers (`enable_time`); elsewhere
    /// it fails with an error of the kind [`Runtime`](crate::FlowErrorKind::Runtime).
    ///
    /// # Panics
    ///
    /// If `after` is zero.
    ///
    /// ```
    /// # use flow_core::{FlowErrorKind, flow, handler};
    /// # use std::time::Duration;
    /// #[handler]
    /// async fn fetch() {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let flow = flow! { start -> fetch }.idle_timeout(Duration::from_secs(30));
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::Idle);
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the execution was idle for 30s while `fetch` was running"
    /// );
    /// # }
    /// ```
    #[doc(alias("heartbeat", "stall"))]
    #[track_caller]
    pub fn idle_timeout(mut self, after: Duration) -> Self {
        assert!(
            !after.is_zero(),
            "`idle_timeout` of zero would end each execution before it begins: pass a longer one"
        );
        self.limits.idle_timeout = Some(after);
        self
    }

    /// Limits how long an execution may go on after its end is decided.
    ///
    /// When a clause has come to `end`, what is under way is finished. If that takes longer, the
    /// execution ends with an error of the kind [`TimedOut`](crate::FlowErrorKind::TimedOut), which
    /// names the handlers that still ran and [gives back](FlowError::take_output) the output. The
    /// method overrides the clause `drain within "…";` of the flow.
    ///
    /// The execution has to be polled inside a tokio runtime with timers (`enable_time`); elsewhere
    /// it fails with an error of the kind [`Runtime`](crate::FlowErrorKind::Runtime).
    ///
    /// # Panics
    ///
    /// If `within` is zero; write `end now` for that.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, FlowErrorKind, flow, handler};
    /// # use std::time::Duration;
    /// #[derive(Event)]
    /// struct Sold(u32);
    ///
    /// #[handler(emits = Sold)]
    /// async fn sell(cx: &Cx) -> u32 {
    ///     cx.emit(Sold(7));
    ///     7
    /// }
    ///
    /// #[handler(on = Sold)]
    /// async fn archive(Sold(_): Sold) {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let flow = flow! { drain within "10s"; start -> sell -> end; when Sold -> archive };
    /// let error = flow.drain_within(Duration::from_secs(1)).run(()).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the execution went on for longer than 1s after its `end`: `archive` was running"
    /// );
    /// assert_eq!(error.take_output::<u32>(), Some(7));
    /// # }
    /// ```
    #[doc(alias("grace period", "shutdown"))]
    #[track_caller]
    pub fn drain_within(mut self, within: Duration) -> Self {
        assert!(
            !within.is_zero(),
            "`drain_within` of zero would drop what is under way: write `end now` in the flow"
        );
        self.limits.drain = Some(within);
        self
    }

    /// Limits the number of events that are emitted in an execution; the next one ends it.
    ///
    /// The execution ends as with [`timeout`](Self::timeout), with an error of the kind
    /// [`TooManyEvents`](crate::FlowErrorKind::TooManyEvents). The method overrides the clause
    /// `max_events …;` of the flow.
    ///
    /// Events count when they are emitted, by handlers and from outside. An event counts once for
    /// each clause that takes it, so an ignored event does not count. Neither do `start`, answers
    /// and rescues, which are not emitted. A tick of `every` counts.
    ///
    /// # Panics
    ///
    /// If `events` is zero.
    ///
    /// ```
    /// use flow_core::{Cx, Event, FlowErrorKind, flow, handler};
    ///
    /// #[derive(Event)]
    /// struct Halve(u32);
    ///
    /// #[handler(on = Halve, emits = Halve)]
    /// async fn halve(Halve(n): Halve, cx: &Cx) {
    ///     if n != 1 {
    ///         cx.emit(Halve(n / 2)); // does not end for 0
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start(Halve) -> halve; when Halve -> halve }.max_events(10_000);
    /// let error = flow.run(Halve(0)).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the execution exceeded its `max_events` of 10000; the last event was `Halve`"
    /// );
    /// # }
    /// ```
    #[doc(alias("budget", "infinite loop", "recursion limit"))]
    #[track_caller]
    pub fn max_events(mut self, events: u64) -> Self {
        assert!(
            events > 0,
            "`max_events` of 0 would end each execution at its first event: pass at least 1"
        );
        self.limits.max_events = Some(events);
        self
    }

    /// Limits the number of events of an execution that are emitted and not yet taken. Without this
    /// limit, events wait in a queue that has no bound.
    ///
    /// The method overrides the clause `max_pending …;` of the flow. An event that two clauses take
    /// counts twice, until each of them has begun.
    ///
    /// - *Events from outside* wait for room. While `events` are pending,
    ///   [`Sender::emit`](crate::Sender::emit) waits and
    ///   [`Sender::try_emit`](crate::Sender::try_emit) returns
    ///   [`TryEmitError::Full`](crate::TryEmitError::Full). Answers are never refused for room,
    ///   because each was asked for.
    /// - *Events of handlers* cannot wait, because the handler that waited might be the one that
    ///   the queue waits for. If `events` of them are pending, the next one ends the execution as
    ///   with [`timeout`](Self::timeout), with an error of the kind
    ///   [`TooManyPending`](crate::FlowErrorKind::TooManyPending). Events from outside do not count
    ///   towards that, so full senders never end an execution.
    /// - *Events that wait for a partner* in clauses `when A & B` make no sender wait, because the
    ///   event that makes room may be behind them. If more than `events` of them wait, the execution
    ///   ends in the same way.
    ///
    /// Each of the three kinds has this limit to itself, so that at most three times `events` wait. A
    /// named flow that is a stage of this flow has a queue and limits of its own.
    ///
    /// # Panics
    ///
    /// If `events` is zero.
    ///
    /// ```
    /// use flow_core::{Event, TryEmitError, flow, handler};
    ///
    /// #[derive(Debug, PartialEq, Event)]
    /// struct Job(u32);
    ///
    /// # #[handler]
    /// # async fn begin() {}
    /// #[handler(on = Job)]
    /// async fn work(_: Job) {
    ///     // …
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = flow! { external Job; start -> begin; when Job -> work }.max_pending(2);
    /// let execution = flow.spawn(());
    /// execution.try_emit(Job(1))?;
    /// execution.try_emit(Job(2))?;
    /// assert_eq!(execution.pending(), 2);
    /// assert_eq!(execution.try_emit(Job(3)), Err(TryEmitError::Full(Job(3))));
    /// execution.emit(Job(3)).await?; // waits until one of them begins
    /// execution.output().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("backpressure", "bounded", "flood", "overload", "queue"))]
    #[track_caller]
    pub fn max_pending(mut self, events: u64) -> Self {
        assert!(
            events > 0,
            "`max_pending` of 0 would leave no room for any event: pass at least 1"
        );
        self.limits.max_pending = Some(events);
        self
    }

    /// Gives every execution a [`tracing`](https://docs.rs/tracing) span, and every handler call a
    /// span within it.
    ///
    /// - The span `execution` is a child of the span that is current where the execution is
    ///   created. Its field `flow` is the name of the flow.
    /// - The spans `handler` are its children. Their fields are `handler`, the name of the handler;
    ///   `event`, the event of its clause; and `step` and `cause`, the run of the clause and the
    ///   one that emitted the event, numbered as in [`LifecycleEvent`].
    ///
    /// A field without a value is omitted: `flow` for an unnamed flow, `event` for `start`, `cause`
    /// for an event from outside.
    ///
    /// A handler's span is entered whenever the handler is polled, so it contains everything that
    /// the handler logs, also after an `.await`. It closes when the handler returns or is dropped.
    /// The span of an execution closes when nothing of the execution runs any more.
    ///
    /// If a handler fails or panics, its span records `error`, whether or not the error is rescued.
    /// The span of a failed execution records `error` too, and that of a cancelled or dropped one
    /// records `cancelled = true`. `retries` counts the retries of a handler. Fields that begin
    /// with `otel.` set the name and the status of the span in
    /// [`tracing-opentelemetry`](https://docs.rs/tracing-opentelemetry).
    ///
    /// The spans have the level `INFO` and the target `flow_core`, and go to the subscriber that is
    /// the default where the execution is created. If it does not enable them, nothing is recorded.
    ///
    /// A named flow that is a stage of this flow has a span `execution` of its own, within the span
    /// `handler` of its call.
    ///
    /// ```
    /// use flow_core::{Cx, flow, handler};
    ///
    /// #[handler]
    /// async fn greet(name: &'static str, cx: &Cx) {
    ///     tracing::info!("greeting {name}");
    ///     cx.put(format!("hello, {name}")).await;
    /// }
    ///
    /// let log = Log::default();
    /// let subscriber = tracing_subscriber::fmt()
    ///     .with_writer(log.clone())
    ///     .without_time()
    ///     .with_ansi(false)
    ///     .finish();
    /// tracing::subscriber::with_default(subscriber, || {
    ///     let flow = flow! { start(&'static str) -> greet }.traced();
    ///     flow.blocking_iter("Ada").count()
    /// });
    /// let line = log.text();
    /// assert!(line.contains("execution:handler{"), "{line}");
    /// assert!(line.contains("handler=\"greet\""), "{line}");
    /// assert!(line.contains("greeting Ada"), "{line}");
    /// # use std::sync::{Arc, Mutex};
    /// # #[derive(Clone, Default)]
    /// # struct Log(Arc<Mutex<Vec<u8>>>);
    /// # impl Log {
    /// #     fn text(&self) -> String {
    /// #         String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    /// #     }
    /// # }
    /// # impl std::io::Write for Log {
    /// #     fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
    /// #         self.0.lock().unwrap().write(text)
    /// #     }
    /// #     fn flush(&mut self) -> std::io::Result<()> {
    /// #         Ok(())
    /// #     }
    /// # }
    /// # impl tracing_subscriber::fmt::MakeWriter<'_> for Log {
    /// #     type Writer = Self;
    /// #     fn make_writer(&self) -> Self {
    /// #         self.clone()
    /// #     }
    /// # }
    /// ```
    #[cfg(feature = "tracing")]
    #[doc(alias("opentelemetry", "otel", "span", "tracing"))]
    pub fn traced(mut self) -> Self {
        self.traced = true;
        self
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Starts an execution as a stream of its items.
    ///
    /// The stream *is* the execution: it runs only while it is polled, in the task that polls it,
    /// and dropping it cancels everything inside at once. Each item is a `Result<Item, FlowError>`.
    ///
    /// The stream ends
    ///
    /// - when no handler runs, no event is queued, and no clone of a [`Cx`](crate::Cx) is left
    ///   outside of the handlers;
    /// - when a clause has reached `end` and what was under way is finished;
    /// - on `end now`, or after [`Cx::stop`](crate::Cx::stop);
    /// - with one [`FlowError`] as its last item, if the execution fails.
    ///
    /// Items that were put before the end are yielded first.
    ///
    /// ```
    /// use flow_core::{Cx, flow, handler};
    /// use futures::TryStreamExt;
    ///
    /// #[handler]
    /// async fn greet(name: String, cx: &Cx) {
    ///     cx.put("hello, ").await;
    ///     cx.put(name).await;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { start(String) -> greet };
    /// let mut items = flow.stream("Ada".to_owned());
    /// while let Some(item) = items.try_next().await? {
    ///     print!("{item}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("execute", "iterate", "start"))]
    pub fn stream(&self, input: G::Input) -> Execution<G::Item, G::Output>
    where
        Given: Complete,
    {
        Execution::new(self.driver(input, Outlet::Here))
    }

    /// Runs an execution to completion and returns its result, dropping its items.
    ///
    /// The result is the value that a clause passed to `end`, or `()` for a flow without `end`.
    ///
    /// # Errors
    ///
    /// If the execution fails, for any of the reasons in [`FlowErrorKind`](crate::FlowErrorKind).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cancels the execution.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Tick(u32);
    /// #[handler(emits = Tick)]
    /// async fn begin(cx: &Cx) {
    ///     cx.emit(Tick(1));
    /// }
    ///
    /// #[handler(on = Tick, emits = Tick)]
    /// async fn again(Tick(n): Tick, cx: &Cx) {
    ///     if n < 1_000 {
    ///         cx.emit(Tick(n + 1));
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// flow! { start -> begin; when Tick -> again }.run(()).await.unwrap();
    /// # }
    /// ```
    #[inline]
    #[doc(alias("await", "execute", "invoke"))]
    pub fn run(
        &self,
        input: G::Input,
    ) -> impl Future<Output = Result<G::Output, FlowError>> + Send + use<G, Given>
    where
        Given: Complete,
    {
        self.driver(input, Outlet::Nowhere)
    }

    /// Spawns an execution as a task on the current tokio runtime and returns a handle to it.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let mut execution = flow! { start -> work }.spawn(());
    /// assert_eq!(execution.items().next().await.unwrap()?, "done");
    /// execution.output().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("background", "start", "task"))]
    pub fn spawn(&self, input: G::Input) -> Spawned<G>
    where
        Given: Complete,
    {
        Spawned::new(self.driver(input, Outlet::Outbox))
    }

    /// Spawns an execution like [`spawn`](Self::spawn), and returns its state `T` as well, which can
    /// be looked at while the execution runs and after its end.
    ///
    /// The flow declares it with `state T;`. [`Execution::state`] is the same for a stream.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    ///
    /// ```
    /// use flow_core::{Result, State, flow, handler};
    ///
    /// #[handler]
    /// async fn work(done: State<u32>) -> Result<()> {
    ///     done.with(|done| *done = 3);
    ///     Err("out of paper".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { state u32; start -> work };
    /// let (execution, done) = flow.spawn_with_state::<u32>(());
    /// assert!(execution.output().await.is_err());
    /// assert_eq!(done.with(|done| *done), 3);
    /// # }
    /// ```
    ///
    /// A state that the flow does not declare:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// # #[handler]
    /// # async fn work() {}
    /// let (execution, done) = flow! { start -> work }.spawn_with_state::<u32>(());
    /// // error: this flow has no state `u32`: add `state u32;`
    /// ```
    pub fn spawn_with_state<T>(&self, input: G::Input) -> (Spawned<G>, State<T>)
    where
        T: Send + 'static,
        G: ShowsState<T>,
        Given: Complete,
    {
        let mut found = None;
        let look = |states: &TypeMap| found = states.state();
        let driver = self.driver_with(input, Outlet::Outbox, None, look);
        #[allow(
            clippy::expect_used,
            reason = "the type of the flow says that it is there"
        )]
        let state = found.expect("a flow makes the states that it declares");
        (Spawned::new(driver), state)
    }

    /// Starts an execution as a blocking iterator of its items, for programs that are not async.
    ///
    /// The execution runs on the calling thread, while `next` waits for an item. The iterator owns
    /// a tokio runtime, with timers and I/O as far as tokio's features are enabled, so handlers can
    /// use them.
    ///
    /// Do not call it in async code, which it would block. There, the iterator's only item is an
    /// error of the kind [`Runtime`](crate::FlowErrorKind::Runtime). In
    /// [`spawn_blocking`](tokio::task::spawn_blocking) it works.
    ///
    /// # Panics
    ///
    /// If an iterator that was created elsewhere is advanced or dropped in async code.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn count(cx: &Cx) {
    ///     for n in 1..=3 {
    ///         cx.put(n.to_string()).await;
    ///     }
    /// }
    ///
    /// for item in flow! { start -> count }.blocking_iter(()) {
    ///     println!("[stream] {}", item?);
    /// }
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    #[doc(alias("block_on", "sync", "synchronous"))]
    pub fn blocking_iter(&self, input: G::Input) -> BlockingIter<G::Item, G::Output>
    where
        Given: Complete,
    {
        BlockingIter::new(self.stream(input))
    }

    // Inlined, so that the driver is constructed in its final place.
    #[inline]
    pub(crate) fn driver(
        &self,
        input: G::Input,
        outlet: Outlet,
    ) -> Driver<G, impl Work<G> + use<G, Given>> {
        self.driver_within(input, outlet, None)
    }

    /// A driver of an execution within another.
    #[inline]
    pub(crate) fn driver_within(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
    ) -> Driver<G, impl Work<G> + use<G, Given>> {
        self.driver_with(input, outlet, outer, |_| {})
    }

    /// The same, after a look at the states of the execution.
    #[inline]
    fn driver_with<Look: FnOnce(&TypeMap)>(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
        look: Look,
    ) -> Driver<G, impl Work<G> + use<G, Given, Look>> {
        let limits = &self.limits;
        let deadlines = Deadlines::new(limits.timeout, limits.idle_timeout, limits.drain);
        let deadlines = if has_ticks::<G>() {
            Some(Deadlines::with_ticks::<G>(
                deadlines,
                limits.overrides.as_deref(),
            ))
        } else {
            deadlines
        };
        let core = self.core(input, outlet, outer, look);
        Driver::new(core, G::work::<Engine<G>>, deadlines)
    }

    fn core(
        &self,
        input: G::Input,
        outlet: Outlet,
        outer: Option<&FromOuter>,
        look: impl FnOnce(&TypeMap),
    ) -> Arc<Core<G>> {
        let mut states = TypeMap::default();
        G::states(&input, &mut states);
        look(&states);
        let tree = outer
            .and_then(|outer| outer.tree.clone())
            .or_else(|| G::DESC.stages_wait().then(Arc::default));
        if let Some(tree) = tree.as_ref().filter(|_| G::DESC.stages_wait()) {
            // A stage takes it from here.
            states.share(Res::from_arc(Arc::clone(tree)));
        }
        if G::DESC.counts_calls {
            let given = self.limits.overrides.as_deref();
            let permits = outer.and_then(|outer| outer.permits.clone());
            states.share(permits.unwrap_or_else(|| Permits::new(G::DESC, given).into()));
        }
        let turns = if const { G::DESC.may_take_turns() } {
            let given = self.limits.overrides.as_deref();
            let given = given.and_then(|given| given.concurrency(TypeId::of::<G>()));
            let outer = outer.and_then(|outer| outer.turns.as_deref());
            Turns::new(given.or(G::DESC.concurrency), outer)
        } else {
            None
        };
        let takes_turns = turns.is_some();
        if let Some(turns) = turns {
            states.share(Res::from(turns));
        }
        if let Some(overrides) = &self.limits.overrides {
            states.share(Res::from_arc(Arc::clone(overrides)));
        }
        let core = Core::new(
            G::start(input),
            self.resources.clone(),
            states,
            self.capacity.get(),
            outlet,
            EventLimits::new(self.limits.max_events, self.limits.max_pending),
            tree,
        );
        if takes_turns {
            core.note_turns();
        }
        #[cfg(feature = "tracing")]
        if self.traced {
            core.trace();
        }
        if let Some(observer) = &self.observer {
            core.observe(observer);
        }
        core
    }
}

impl<G: Graph, Given> Clone for Flow<G, Given> {
    fn clone(&self) -> Self {
        Self {
            resources: self.resources.clone(),
            capacity: self.capacity,
            observer: self.observer.clone(),
            limits: self.limits.clone(),
            #[cfg(feature = "tracing")]
            traced: self.traced,
            types: PhantomData,
        }
    }
}

impl<G: Graph, Given> fmt::Debug for Flow<G, Given> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clauses = G::DESC.clauses.iter().map(|clause| {
            let handlers = clause.handlers.iter().map(|handler| handler.name);
            (
                clause.trigger.name().unwrap_or("start"),
                handlers.collect::<Vec<_>>(),
            )
        });
        f.debug_map().entries(clauses).finish()
    }
}
