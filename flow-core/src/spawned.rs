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
use crate::question::{AnswerError, Asking, QuestionId};
use crate::readers::{Broadcast, Sharing};
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
    /// Somebody else reads the items.
    taken: bool,
    task: JoinHandle<Result<G::Output, FlowError>>,
}

impl<G: Graph> Spawned<G> {
    pub(crate) fn new(driver: Driver<G, impl Work<G>>) -> Self {
        let shared = Arc::clone(driver.shared());
        let takes_events = const { !G::DESC.external.is_empty() || G::DESC.asks() };
        let engine = takes_events.then(|| Engine::new(Arc::clone(&shared)));
        // On its way into a task tokio moves a future a dozen times: as a pointer, that is less than
        // the allocation.
        let task = tokio::spawn(Box::pin(driver));
        Self {
            engine,
            shared,
            ended: false,
            taken: false,
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

    /// The items as a stream of its own, which reads instead of this handle: [`items`](Self::items)
    /// is at its end from here on, and [`join`](Self::join) and dropping the handle drop no items. It
    /// goes on where `items` left off; taken a second time, it is at its end.
    ///
    /// Dropping it says that nobody reads; the execution runs on.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use futures::TryStreamExt;
    ///
    /// #[handler]
    /// async fn measure(text: &'static str, cx: &Cx) -> usize {
    ///     cx.put(text).await;
    ///     text.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let mut execution = flow! { start(&'static str) -> measure -> end }.spawn("hello");
    /// let items = execution.take_items();
    /// let reader = tokio::spawn(items.try_collect::<Vec<_>>());
    /// assert_eq!(execution.join().await?, 5);
    /// assert_eq!(reader.await.unwrap()?, ["hello"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_items(
        &mut self,
    ) -> impl Stream<Item = Result<G::Item, FlowError>> + Send + Unpin + use<G> {
        self.taken = true;
        let ended = std::mem::replace(&mut self.ended, true);
        TakenItems {
            shared: (!ended).then(|| Arc::clone(&self.shared)),
        }
    }

    /// Lets any number of readers follow the items, in place of this handle: they are
    /// [taken](Self::take_items) from it. See [`Execution::share`](crate::Execution::share).
    ///
    /// The execution runs in its task. But its items wait to be read, and its handlers with them, as
    /// they do for `items`: if they are to go on while nobody reads, let
    /// [`Broadcast::run`] read.
    ///
    /// ```
    /// # use flow_core::{Cx, Sharing, Slow, flow, handler};
    /// use futures::StreamExt;
    ///
    /// #[handler]
    /// async fn measure(text: &'static str, cx: &Cx) -> usize {
    ///     cx.put(text).await;
    ///     text.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let mut execution = flow! { start(&'static str) -> measure -> end }.spawn("hello");
    /// let readers = execution.share(Sharing::new(Slow::Misses).replay(100));
    /// tokio::spawn(readers.run());
    /// assert_eq!(execution.join().await?, 5);
    /// assert_eq!(readers.subscribe_from(0).count().await, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn share(&mut self, sharing: Sharing) -> Broadcast<G::Item>
    where
        G::Item: Clone,
    {
        Broadcast::new(self.take_items(), sharing)
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

    /// Answers a question by its number, from wherever that came: the [`Asked`](crate::Asked) itself
    /// need not be there any more. A flow that asks does not end by itself while its handle is there.
    ///
    /// # Errors
    ///
    /// If the question was answered before, if its time is over, if it was never asked, or if the
    /// execution has ended.
    ///
    /// ```
    /// # use flow_core::{Answered, Asked, Cx, Event, flow, handler};
    /// use futures::StreamExt;
    ///
    /// # #[derive(Clone, Event)]
    /// # #[event(answer = "bool")]
    /// # struct Review;
    /// # #[handler(emits = "Review")]
    /// # async fn draft(cx: &Cx) { cx.emit(Review); }
    /// # #[handler]
    /// # async fn decide(answered: Answered<Review>) -> bool { answered.answer }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = flow! {
    ///     streams Asked<Review>;
    ///     start -> draft;
    ///     ask Review -> decide -> end
    /// };
    /// let mut execution = flow.spawn(());
    /// let id = execution.items().next().await.unwrap()?.id.to_string();
    /// // … it is shown to somebody, written down, sent back …
    /// execution.answer::<Review>(id.parse()?, true)?;
    /// assert!(execution.join().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn answer<Q: Event>(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError>
    where
        G: Asking<Q>,
    {
        self.shared.answer::<Q>(id.number(), answer)
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
        self.shared.watched_by(&fill);
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
    /// one. Items are dropped from here on, unless they were [taken](Self::take_items).
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
        self.stop_reading();
        self.engine = None;
        async move {
            // The task catches its handlers' panics, so that only its runtime can end it early.
            let ended = Pin::new(&mut self.task).await;
            ended.unwrap_or_else(|_| Err(FlowError::cancelled()))
        }
    }

    fn stop_reading(&self) {
        if !self.taken {
            self.shared.stop_reading();
        }
    }
}

impl<G: Graph> Drop for Spawned<G> {
    fn drop(&mut self) {
        self.stop_reading();
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

    /// Answers a question, as [`Spawned::answer`] does.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn answer<Q: Event>(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError>
    where
        G: Asking<Q>,
    {
        self.engine.shared().answer::<Q>(id.number(), answer)
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
                last(ending)
            }
        })
    }
}

/// What a stream yields at its end.
fn last<T>(ending: Ending) -> Option<Result<T, FlowError>> {
    match ending {
        Ending::Failed(error) => Some(Err(error)),
        Ending::Done => None,
    }
}

/// The items of a spawned execution, without its handle.
struct TakenItems<G: Graph> {
    /// `None` after the end.
    shared: Option<Arc<Shared<G>>>,
}

impl<G: Graph> Stream for TakenItems<G> {
    type Item = Result<G::Item, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(shared) = &self.shared else {
            return Poll::Ready(None);
        };
        shared.poll_outbox(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                self.shared = None;
                last(ending)
            }
        })
    }
}

impl<G: Graph> Drop for TakenItems<G> {
    fn drop(&mut self) {
        if let Some(shared) = &self.shared {
            shared.stop_reading();
        }
    }
}

impl<G: Graph> fmt::Debug for Items<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
