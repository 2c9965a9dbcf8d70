//! What a flow is given before it runs: the capacity of its stream, its limits, what observes it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::lifecycle::LifecycleEvent;
use crate::macro_support::graph::Graph;
use crate::run::flow::Flow;

impl<G: Graph, Given> Flow<G, Given> {
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
    /// names the handlers that still ran and [gives back](crate::FlowError::take_output) the output.
    /// The method overrides the clause `drain within "…";` of the flow.
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
