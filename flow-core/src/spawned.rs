//! An execution as a task of its own, and the handle to it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::task::JoinHandle;

use crate::engine::{Driver, Ending, Engine, Read, Shared, Work};
use crate::error::FlowError;
use crate::event::Event;
use crate::graph::{External, Graph};
use crate::router::Router;
use crate::watch::Events;

/// The handle to an execution that runs as a task: what [`Flow::spawn`](crate::Flow::spawn)
/// returns.
///
/// While it is held, items wait for [`items`](Self::items), and handlers for a reader that is
/// slow. [`join`](Self::join) says that nobody reads: items are dropped from then on. Dropping the
/// handle says the same, and lets the execution run on by itself; use [`cancel`](Self::cancel) to
/// end it. With the runtime it runs on, it is cancelled.
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// #[handler]
/// async fn work(cx: &Cx) {
///     cx.put("dropped, since nobody reads").await;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let execution = flow! { start -> work }.spawn(());
/// // … something else …
/// execution.join().await
/// # }
/// ```
pub struct Spawned<G: Graph> {
    /// It counts as an emitter, so that a flow with `external` events waits for them.
    engine: Option<Engine<G>>,
    shared: Arc<Shared<G>>,
    /// The end of the items was read.
    ended: bool,
    task: JoinHandle<Result<G::Output, FlowError>>,
}

impl<G: Graph> Spawned<G> {
    pub(crate) fn new(driver: Driver<G, impl Work<G>>) -> Self {
        let shared = Arc::clone(driver.shared());
        let takes_events = !G::DESC.external.is_empty();
        let engine = takes_events.then(|| Engine::new(Arc::clone(&shared)));
        let task = tokio::spawn(driver);
        Self {
            engine,
            shared,
            ended: false,
            task,
        }
    }

    /// The items, in the order they were put; the same as [`Flow::stream`](crate::Flow::stream)
    /// yields, with the error as the last one.
    ///
    /// It takes over where an earlier call left off. Dropping it neither loses an item nor cancels
    /// anything.
    pub fn items(&mut self) -> Items<'_, G> {
        Items {
            shared: &self.shared,
            ended: &mut self.ended,
        }
    }

    /// Sends an event in from outside; the flow declares it by `external E;`.
    ///
    /// It returns at once. After the end of the execution the event is dropped. A flow with
    /// `external` events does not end by itself while its handle is there.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// use futures::StreamExt;
    ///
    /// #[derive(Event)]
    /// struct Approve(&'static str);
    ///
    /// #[handler]
    /// async fn ask(cx: &Cx) {
    ///     cx.put("may I?").await;
    /// }
    ///
    /// #[handler(on = "Approve")]
    /// async fn answer(Approve(by): Approve, cx: &Cx) {
    ///     cx.put(format!("{by} says yes")).await;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { external Approve; start -> ask; when Approve -> answer };
    /// let mut execution = flow.spawn(());
    /// assert_eq!(execution.items().next().await.unwrap()?, "may I?");
    /// execution.emit(Approve("Grace"));
    /// assert_eq!(execution.items().next().await.unwrap()?, "Grace says yes");
    /// execution.join().await
    /// # }
    /// ```
    pub fn emit<E: Event>(&self, event: E)
    where
        G: External<E>,
    {
        self.shared.emit(event);
    }

    /// What happens in the execution from now on, as it happens. What happened before it is called is
    /// not in it: [`Flow::observe`](crate::Flow::observe) sees all.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// use flow_core::watch::LifecycleKind;
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let execution = flow! { start -> work }.spawn(());
    /// let events = execution.events();
    /// execution.join().await?;
    /// let last = events.collect::<Vec<_>>().await.pop().unwrap();
    /// assert!(matches!(last.what, LifecycleKind::Ended { error: None, .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events {
        let (events, fill) = Events::new();
        self.shared.watched_by(fill);
        events
    }

    /// A sender of events that can be cloned and given away.
    ///
    /// As with the sender of a channel, the execution does not end by itself while one is left.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// #[derive(Event)]
    /// struct Tick(u32);
    ///
    /// #[handler(on = "Tick")]
    /// async fn add(Tick(n): Tick, total: flow_core::State<u32>, cx: &Cx) {
    ///     if total.with(|total| { *total += n; *total }) >= 10 {
    ///         cx.stop();
    ///     }
    /// }
    ///
    /// #[handler]
    /// async fn begin() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { state u32; external Tick; start -> begin; when Tick -> add };
    /// let execution = flow.spawn(());
    /// let sender = execution.sender();
    /// tokio::spawn(async move {
    ///     for n in 1.. {
    ///         if sender.is_closed() {
    ///             break;
    ///         }
    ///         sender.emit(Tick(n));
    ///         tokio::task::yield_now().await;
    ///     }
    /// });
    /// execution.join().await
    /// # }
    /// ```
    #[must_use]
    pub fn sender(&self) -> Sender<G> {
        Sender {
            engine: Engine::new(Arc::clone(&self.shared)),
        }
    }

    /// Cancels the execution: its handlers are dropped where they stand, and its items end after
    /// those already put, with an error of the kind [`Cancelled`](crate::FlowErrorKind::Cancelled).
    ///
    /// If it has ended by itself meanwhile, nothing happens.
    ///
    /// ```
    /// # use flow_core::{FlowErrorKind, flow, handler};
    /// #[handler]
    /// async fn forever() {
    ///     std::future::pending().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let execution = flow! { start -> forever }.spawn(());
    /// execution.cancel();
    /// let error = execution.join().await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    /// # }
    /// ```
    pub fn cancel(&self) {
        self.shared.end(Ending::Failed(FlowError::cancelled()));
    }

    /// Waits for the end, and returns what a clause has led to `end` with; `()` for a flow without
    /// one. Items are dropped from here on.
    ///
    /// # Errors
    ///
    /// If a handler returned an error or panicked, if the execution was cancelled, or if a flow with
    /// an `end` ran out before it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future is dropping the handle: the execution runs on by itself.
    pub fn join(mut self) -> impl Future<Output = Result<G::Output, FlowError>> + Send {
        self.shared.stop_reading();
        self.engine = None;
        async move {
            // The task catches its handlers' panics, so that only its runtime can end it early.
            let ended = Pin::new(&mut self.task).await;
            ended.unwrap_or_else(|_| Err(FlowError::cancelled()))
        }
    }
}

impl<G: Graph> Drop for Spawned<G> {
    fn drop(&mut self) {
        self.shared.stop_reading();
    }
}

impl<G: Graph> fmt::Debug for Spawned<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawned").finish_non_exhaustive()
    }
}

/// Sends events into a spawned execution: what [`Spawned::sender`] returns, with an example there.
pub struct Sender<G: Graph> {
    engine: Engine<G>,
}

impl<G: Graph> Sender<G> {
    /// Sends an event in from outside, as [`Spawned::emit`] does. After the end of the execution the
    /// event is dropped.
    pub fn emit<E: Event>(&self, event: E)
    where
        G: External<E>,
    {
        self.engine.emit(event);
    }

    /// Whether the execution has ended, so that nothing sent in arrives.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.engine.shared().is_closed()
    }
}

impl<G: Graph> Clone for Sender<G> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
        }
    }
}

impl<G: Graph> fmt::Debug for Sender<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// The items of a spawned execution: what [`Spawned::items`] returns, with an example at
/// [`Flow::spawn`](crate::Flow::spawn).
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<'a, G: Graph> {
    shared: &'a Shared<G>,
    ended: &'a mut bool,
}

impl<G: Graph> Stream for Items<'_, G> {
    type Item = Result<G::Item, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if *self.ended {
            return Poll::Ready(None);
        }
        self.shared.poll_outbox(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                *self.ended = true;
                match ending {
                    Ending::Failed(error) => Some(Err(error)),
                    Ending::Done => None,
                }
            }
        })
    }
}

impl<G: Graph> fmt::Debug for Items<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
