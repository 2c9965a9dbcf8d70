//! A flow: what `flow!` evaluates to, and the ways to run it.

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
use crate::engine::stream::buffer::Outlet;
use crate::engine::worker::Engine;
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::lifecycle::{LifecycleEvent, Observer};
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Permits;
use crate::macro_support::resources::{Complete, Give};
use crate::macro_support::type_map::TypeMap;
use crate::resource::Res;
use crate::run::DEFAULT_CAPACITY;
use crate::run::blocking::BlockingIter;
use crate::run::execution::Execution;
use crate::run::spawned::Spawned;

/// A checked event graph, ready to run: what [`flow!`](crate::flow) evaluates to.
///
/// A flow is a description; each call of [`stream`](Self::stream), [`run`](Self::run),
/// [`spawn`](Self::spawn) or [`blocking_iter`](Self::blocking_iter) starts an execution of its own,
/// and they may run side by side. What the flow declares by `with T;` has to be given first, which
/// the compiler checks.
///
/// The type parameters are filled in by the macro: the graph, and which resources were given.
#[must_use = "a flow does nothing unless it is run"]
pub struct Flow<G: Graph, Given = <G as Graph>::Given> {
    resources: Option<Arc<TypeMap>>,
    capacity: NonZeroUsize,
    observer: Option<Observer>,
    limits: Limits,
    #[cfg(feature = "tracing")]
    traced: bool,
    types: PhantomData<fn() -> (G, Given)>,
}

/// What ends an execution before it has ended by itself.
#[derive(Clone, Copy)]
struct Limits {
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_events: u64,
}

impl Limits {
    /// Those that the flow's clauses say.
    fn of(graph: &GraphDesc) -> Self {
        Self {
            timeout: graph.timeout,
            idle_timeout: graph.idle_timeout,
            max_events: graph.max_events.unwrap_or(u64::MAX),
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
    /// A flow with the resources of another, which has more.
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
    /// Gives the flow a resource that it declares by `with T;`. All its executions share it.
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
    /// A flow that was not given all of them does not run:
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

    /// Gives the flow a resource that is shared already, as [`with`](Self::with) does.
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
        T: Send + Sync + 'static,
        Given: Give<T, At, Next = Next>,
    {
        let resources = self.resources.get_or_insert_default();
        Arc::make_mut(resources).share(Res::from_arc(resource));
        self.given()
    }

    /// What it was given so far.
    #[cfg(feature = "testing")]
    pub(crate) fn resources_mut(&mut self) -> &mut TypeMap {
        Arc::make_mut(self.resources.get_or_insert_default())
    }

    /// As if it were given other resources.
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

    /// The graph as data: what pictures are drawn from.
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

    /// Sets how many items may wait for the reader before [`put`](crate::Cx::put) does: 32 by default.
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

    /// Has `observer` called with what happens in every execution of the flow, as it happens: for
    /// logs, metrics and tests. A second observer is called after the first.
    ///
    /// It is called where the execution is polled, between its handlers (or by the task that emits or
    /// puts from outside), so it should be quick; its panics are reported by the panic hook, and
    /// otherwise ignored. What happens inside of a named flow that is a stage is not told.
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

    /// An execution may take so long, from the first time that it is polled. Then it is ended: its
    /// handlers are dropped, and it fails with an error of the kind
    /// [`TimedOut`](crate::FlowErrorKind::TimedOut), which its stream yields after the items that
    /// were put before. It takes the place of the clause `timeout "…";` of the flow.
    ///
    /// A handler that never awaits anything keeps its thread, and cannot be ended by this either.
    /// Such an execution has to be polled within a tokio runtime; elsewhere its error is of the kind
    /// [`Runtime`](crate::FlowErrorKind::Runtime).
    ///
    /// # Panics
    ///
    /// If `after` is zero. The execution panics if its runtime was built without timers.
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
            "a timeout of zero would end each execution before it begins"
        );
        self.limits.timeout = Some(after);
        self
    }

    /// So long may nothing happen in an execution: no event goes to a clause, no value to the
    /// next stage of one, and no item is put into the stream, or read. Then it is ended as by [`timeout`](Self::timeout), with an error of
    /// the kind [`Idle`](crate::FlowErrorKind::Idle). It takes the place of the clause
    /// `idle_timeout "…";` of the flow.
    ///
    /// While a handler waits for room in the stream, it is the reader who does nothing, and no time
    /// counts. The same holds for a stream that is not polled after it has yielded an item.
    ///
    /// # Panics
    ///
    /// If `after` is zero. The execution panics if its runtime was built without timers.
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
    ///     "nothing happened in the execution for 30s while `fetch` was running"
    /// );
    /// # }
    /// ```
    #[doc(alias("heartbeat", "stall"))]
    #[track_caller]
    pub fn idle_timeout(mut self, after: Duration) -> Self {
        assert!(
            !after.is_zero(),
            "an idle timeout of zero would end each execution before it begins"
        );
        self.limits.idle_timeout = Some(after);
        self
    }

    /// An execution may have so many events. With the next one it is ended as by
    /// [`timeout`](Self::timeout), with an error of the kind
    /// [`TooManyEvents`](crate::FlowErrorKind::TooManyEvents). It takes the place of the clause
    /// `max_events …;` of the flow.
    ///
    /// What counts is how often a clause begins: an event that two clauses take counts for each, one
    /// that waits for its partner (`when A & B`) together with that, one that is ignored not at all.
    /// `start` does not count.
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
    ///     "the execution had more than 10000 events, the last of them `Halve`"
    /// );
    /// # }
    /// ```
    #[doc(alias("budget", "infinite loop", "recursion limit"))]
    #[track_caller]
    pub fn max_events(mut self, events: u64) -> Self {
        assert!(
            events > 0,
            "with `max_events` 0 no event could ever be delivered"
        );
        self.limits.max_events = events;
        self
    }

    /// Gives every execution of the flow a [`tracing`](https://docs.rs/tracing) span, and every call
    /// of a handler one within it. With the feature `tracing`.
    ///
    /// | span | its parent | its fields |
    /// | --- | --- | --- |
    /// | `execution` | the current one where the execution is made | `flow`: the flow's name, if it has one |
    /// | `handler` | the execution's | `handler`: its name; `event`: what its clause waits for; `step` and `cause`: the run of the clause, and the one that emitted the event, numbered as in [`LifecycleEvent`](crate::lifecycle::Lifecycle) |
    ///
    /// A handler's span is entered whenever the handler is polled, so that what the handler logs is
    /// in it, also behind an `.await`; it is closed when the handler has returned or is dropped. That
    /// of an execution is closed when nothing of the execution runs any more. What is unknown is left
    /// out: there is no `event` on `start`, and no `cause` of an event from outside.
    ///
    /// If a handler fails or panics, `error` is recorded in its span, whether or not it is rescued;
    /// the same in that of an execution that fails. (One that is dropped or cancelled has
    /// `cancelled = true`.) Retries are counted in `retries`. What begins with `otel.` is for
    /// tracing-opentelemetry, which takes the status of a span from it, and the name: that of the
    /// handler, or of the flow.
    ///
    /// All spans of an execution go to the subscriber that is the default where it is made, at the
    /// level `INFO` and with the target `flow_core`. Where nobody wants those, nothing is kept and
    /// nothing is timed. A named flow that is a stage is one handler here, unless it is traced itself.
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
    /// Starts an execution that *is* the stream of its items.
    ///
    /// It runs where it is polled, in no task of its own, and only while it is polled: nothing
    /// happens before. Dropping it cancels everything inside, at once.
    ///
    /// The stream ends when no handler runs, no event waits and no clone of a [`Cx`](crate::Cx) is
    /// left outside; after [`stop`](crate::Cx::stop); or with one [`FlowError`] as its last item
    /// when a handler returns an error or panics. Items put before the end arrive before it.
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

    /// Runs to the end, without a reader: what is put is dropped. Returns what a clause has led to
    /// `end` with; `()` for a flow without one.
    ///
    /// Dropping the future cancels the execution.
    ///
    /// # Errors
    ///
    /// If a handler returns an error or panics, or if a flow with an `end` runs out before it.
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

    /// Runs as a task of its own on the current tokio runtime, and returns a handle to it.
    ///
    /// # Panics
    ///
    /// If called from outside of a tokio runtime.
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
    /// execution.join().await?;
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

    /// Runs on this thread, for a program that is not async: each `next` runs the execution until
    /// there is an item.
    ///
    /// The iterator has a tokio runtime of its own (with timers and I/O where tokio was built with
    /// them), so that handlers may use what tokio has. Called on a thread of a runtime it would block
    /// that; there its only item is an error of the kind [`Runtime`](crate::FlowErrorKind::Runtime).
    ///
    /// # Panics
    ///
    /// If the iterator was made elsewhere and is asked for an item, or dropped, in async code.
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

    // Inlined, so that a driver is made where it is to stay.
    #[inline]
    pub(crate) fn driver(
        &self,
        input: G::Input,
        outlet: Outlet,
    ) -> Driver<G, impl Work<G> + use<G, Given>> {
        let deadlines = Deadlines::new(self.limits.timeout, self.limits.idle_timeout);
        Driver::new(self.core(input, outlet), G::work::<Engine<G>>, deadlines)
    }

    fn core(&self, input: G::Input, outlet: Outlet) -> Arc<Core<G>> {
        let mut states = TypeMap::default();
        G::states(&input, &mut states);
        if G::DESC.counts_calls {
            states.insert(Permits::new(G::DESC));
        }
        let core = Arc::new(Core::new(
            G::start(input),
            self.resources.clone(),
            states,
            self.capacity.get(),
            outlet,
            self.limits.max_events,
        ));
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
            limits: self.limits,
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
