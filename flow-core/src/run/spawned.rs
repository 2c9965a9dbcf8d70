//! An execution as a task of its own, and the handle to it.

use std::any::Any;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::task::JoinHandle;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::ending::Read;
use crate::engine::handle::{Emitter, Handle};
use crate::error::FlowError;
use crate::event::Event;
use crate::lifecycle::Lifecycle;
use crate::macro_support::bounds::{AsksQuestion, External};
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, QuestionId};
use crate::run::broadcast::{Broadcast, ShareOptions};
use crate::run::sender::Sender;

/// The types of a flow that a [`Spawned`] handle depends on: a flow, or [`AnyFlow`].
///
/// You do not implement it; a named flow does, and is what you write: `Spawned<Chat>`.
pub trait FlowTypes: sealed::FlowTypes {
    /// The item of its stream.
    type Item: Send + 'static;
    /// The value it ends with.
    type Output: Send + 'static;
}

impl<G: Graph> FlowTypes for G {
    type Item = G::Item;
    type Output = G::Output;
}

/// Any flow with items `T` and the output `O`: the flow of a handle that was [erased](Spawned::erase).
pub struct AnyFlow<T, O = ()>(PhantomData<fn() -> (T, O)>);

impl<T: Send + 'static, O: Send + 'static> FlowTypes for AnyFlow<T, O> {
    type Item = T;
    type Output = O;
}

impl<T, O> fmt::Debug for AnyFlow<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyFlow").finish()
    }
}

mod sealed {
    pub trait FlowTypes: 'static {}

    impl<G: crate::macro_support::graph::Graph> FlowTypes for G {}

    impl<T: 'static, O: 'static> FlowTypes for super::AnyFlow<T, O> {}
}

/// The handle to an execution that runs as a task: what [`Flow::spawn`](crate::Flow::spawn)
/// returns.
///
/// While it is held, items wait for [`items`](Self::items), and handlers for a reader that is
/// slow. [`output`](Self::output) says that nobody reads: items are dropped from then on. Dropping the
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
/// execution.output().await
/// # }
/// ```
pub struct Spawned<F: FlowTypes> {
    reading: Reading<F::Item>,
    /// Present in a flow with `external` events or questions, which waits for them.
    emitter: Option<Emitter<F::Item>>,
    task: JoinHandle<Result<F::Output, FlowError>>,
    flow: PhantomData<fn() -> F>,
}

impl<G: Graph> Spawned<G> {
    pub(crate) fn new(driver: Driver<G, impl Work<G>>) -> Self {
        let handle: Arc<dyn Handle<G::Item>> = Arc::<Core<G>>::clone(driver.core());
        let takes_events = const { !G::DESC.external.is_empty() || G::DESC.asks() };
        let emitter = takes_events.then(|| Emitter::new(Arc::clone(&handle)));
        // On its way into a task tokio moves a future a dozen times. As a pointer, that costs less than
        // the allocation.
        let task = tokio::spawn(Box::pin(driver));
        Self {
            reading: Reading {
                handle,
                ended: false,
                taken: false,
            },
            emitter,
            task,
            flow: PhantomData,
        }
    }

    fn core(&self) -> Arc<Core<G>> {
        let handle: Arc<dyn Any + Send + Sync> = Arc::clone(&self.reading.handle) as _;
        #[allow(clippy::panic, reason = "`new` has made the handle of this type")]
        handle
            .downcast()
            .unwrap_or_else(|_| panic!("the handle is one of another flow"))
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
    /// #[handler(on = Approve)]
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
    /// execution.output().await
    /// # }
    /// ```
    pub fn emit<E: Event>(&self, event: E)
    where
        G: External<E>,
    {
        self.core().emit(event);
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
    /// # #[event(answer = bool)]
    /// # struct Review;
    /// # #[handler(emits = Review)]
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
    /// assert!(execution.output().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("approve", "reject", "resume"))]
    pub fn answer<Q: Event>(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError>
    where
        G: AsksQuestion<Q>,
    {
        self.core().answer::<Q>(id.number(), answer)
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
    /// #[handler(on = Tick)]
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
    /// execution.output().await
    /// # }
    /// ```
    #[must_use]
    pub fn sender(&self) -> Sender<G> {
        Sender::new(self.core())
    }

    /// Forgets the flow, so that the handle of an unnamed flow can be a field.
    ///
    /// An erased handle reads, shares, observes, cancels and waits for the output. For what depends on the
    /// flow, keep a [`Sender`] as well, or an [`EventSender`](crate::EventSender) of the events that you
    /// emit.
    ///
    /// ```
    /// use flow_core::{AnyFlow, Cx, Spawned, flow, handler};
    ///
    /// struct Job {
    ///     execution: Spawned<AnyFlow<String, usize>>,
    /// }
    ///
    /// #[handler]
    /// async fn measure(text: &'static str, cx: &Cx) -> usize {
    ///     cx.put(text).await;
    ///     text.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { start(&'static str) -> measure -> end };
    /// let job = Job { execution: flow.spawn("hello").erase() };
    /// assert_eq!(job.execution.output().await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn erase(self) -> Spawned<AnyFlow<G::Item, G::Output>> {
        Spawned {
            reading: self.reading,
            emitter: self.emitter,
            task: self.task,
            flow: PhantomData,
        }
    }
}

impl<F: FlowTypes> Spawned<F> {
    /// The items, in the order in which they were put: those that [`Flow::stream`](crate::Flow::stream)
    /// yields, with an error as the last one.
    ///
    /// It continues where an earlier call stopped. Dropping it neither loses an item nor cancels
    /// anything.
    pub fn items(&mut self) -> Items<'_, F::Item> {
        Items {
            handle: &*self.reading.handle,
            ended: &mut self.reading.ended,
        }
    }

    /// The items as a stream of its own, which reads instead of this handle: [`items`](Self::items)
    /// is at its end from here on, and [`output`](Self::output) and dropping the handle drop no items. It
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
    /// assert_eq!(execution.output().await?, 5);
    /// assert_eq!(reader.await.unwrap()?, ["hello"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_items(&mut self) -> OwnedItems<F::Item> {
        self.reading.taken = true;
        let ended = std::mem::replace(&mut self.reading.ended, true);
        OwnedItems {
            handle: (!ended).then(|| Arc::clone(&self.reading.handle)),
        }
    }

    /// Lets any number of readers follow the items, in place of this handle: they are
    /// [taken](Self::take_items) from it. See [`Execution::share`](crate::Execution::share).
    ///
    /// The execution runs in its task. But its items wait to be read, and its handlers with them, as
    /// they do for `items`: if they are to go on while nobody reads, let
    /// [`Broadcast::drain`] read.
    ///
    /// ```
    /// # use flow_core::{Cx, ShareOptions, SlowReaders, flow, handler};
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
    /// let readers = execution.share(ShareOptions::new(SlowReaders::Skip).replay(100));
    /// tokio::spawn(readers.drain());
    /// assert_eq!(execution.output().await?, 5);
    /// assert_eq!(readers.subscribe_from(flow_core::ItemPosition::START).count().await, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("broadcast", "fan out", "tee"))]
    pub fn share(&mut self, options: ShareOptions) -> Broadcast<F::Item>
    where
        F::Item: Clone,
    {
        Broadcast::new(self.take_items(), options)
    }

    /// What happens in the execution from now on, as it happens. It does not contain what happened before
    /// the call: [`Flow::observe`](crate::Flow::observe) does.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// use flow_core::lifecycle::LifecycleKind;
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let execution = flow! { start -> work }.spawn(());
    /// let lifecycle = execution.lifecycle();
    /// execution.output().await?;
    /// let last = lifecycle.collect::<Vec<_>>().await.pop().unwrap();
    /// assert!(matches!(last.kind, LifecycleKind::Ended { error: None, .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn lifecycle(&self) -> Lifecycle {
        let (lifecycle, observer) = Lifecycle::new();
        self.reading.handle.observe(&observer);
        lifecycle
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
    /// let error = execution.output().await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    /// # }
    /// ```
    #[doc(alias("abort", "kill"))]
    pub fn cancel(&self) {
        self.reading.handle.cancel();
    }

    /// Waits for the end, and returns the value that a clause has led to `end`; `()` for a flow without
    /// one. Awaiting the handle itself does the same.
    ///
    /// Items are dropped from here on, unless they were [taken](Self::take_items).
    ///
    /// # Errors
    ///
    /// If a handler returned an error or panicked, if the execution was cancelled, or if a flow with
    /// an `end` finished without reaching it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the handle: the execution is detached and runs on.
    #[doc(alias("join", "result", "wait"))]
    pub fn output(mut self) -> impl Future<Output = Result<F::Output, FlowError>> + Send {
        self.reading.stop();
        self.emitter = None;
        async move {
            // The task catches the panics of its handlers, so that only its runtime can end it early.
            let ended = Pin::new(&mut self.task).await;
            ended.unwrap_or_else(|_| Err(FlowError::cancelled()))
        }
    }
}

impl<F: FlowTypes> IntoFuture for Spawned<F> {
    type Output = Result<F::Output, FlowError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.output())
    }
}

/// The right to read the items, which ends with the handle unless it was taken.
struct Reading<T: 'static> {
    handle: Arc<dyn Handle<T>>,
    /// The end of the items was read.
    ended: bool,
    /// The items were taken, and something else reads them.
    taken: bool,
}

impl<T> Reading<T> {
    fn stop(&self) {
        if !self.taken {
            self.handle.stop_reading();
        }
    }
}

impl<T> Drop for Reading<T> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl<F: FlowTypes> fmt::Debug for Spawned<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawned")
            .field("ended", &self.task.is_finished())
            .field("items_taken", &self.reading.taken)
            .finish_non_exhaustive()
    }
}

/// The items of a spawned execution, borrowed from its handle: what [`Spawned::items`] returns, with an
/// example at [`Flow::spawn`](crate::Flow::spawn).
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<'a, T: 'static> {
    handle: &'a dyn Handle<T>,
    ended: &'a mut bool,
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if *self.ended {
            return Poll::Ready(None);
        }
        self.handle.poll_item(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                *self.ended = true;
                ending.into_last()
            }
        })
    }
}

impl<T> FusedStream for Items<'_, T> {
    fn is_terminated(&self) -> bool {
        *self.ended
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// The items of a spawned execution, taken from its handle: what [`Spawned::take_items`] returns.
///
/// Dropping it drops the items that wait, and those put from then on; the execution runs on.
#[must_use = "a stream does nothing unless it is polled"]
pub struct OwnedItems<T: 'static> {
    /// `None` after the end.
    handle: Option<Arc<dyn Handle<T>>>,
}

impl<T> Stream for OwnedItems<T> {
    type Item = Result<T, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(handle) = &self.handle else {
            return Poll::Ready(None);
        };
        handle.poll_item(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                self.handle = None;
                ending.into_last()
            }
        })
    }
}

impl<T> FusedStream for OwnedItems<T> {
    fn is_terminated(&self) -> bool {
        self.handle.is_none()
    }
}

impl<T> Drop for OwnedItems<T> {
    fn drop(&mut self) {
        if let Some(handle) = &self.handle {
            handle.stop_reading();
        }
    }
}

impl<T> fmt::Debug for OwnedItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedItems")
            .field("ended", &self.handle.is_none())
            .finish_non_exhaustive()
    }
}
