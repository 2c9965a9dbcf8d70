//! An execution as a task, and the handle to it.

use std::any::Any;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::emit_error::{EmitError, TryEmitError};
use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::handle::{Emitter, Handle, Outsider, Witness};
use crate::engine::outside::tree::Answerer;
use crate::error::FlowError;
use crate::event::Event;
use crate::lifecycle::{ExecutionId, Lifecycle};
use crate::macro_support::bounds::{AsksQuestion, External, assert_asks};
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, QuestionId};
use crate::run::broadcast::{Broadcast, ShareOptions};
use crate::run::items::{Items, OwnedItems};
use crate::run::sender::{Emit, Sender};
use crate::sync::{JoinHandle, spawn};

/// The flow of a [`Spawned`] handle: a named flow, or [`AnyFlow`].
///
/// It cannot be implemented by hand. [`flow!`](macro@crate::flow) implements it for the types that
/// it defines, so that the handle of a flow named `Chat` is a `Spawned<Chat>`.
///
/// ```
/// use flow_core::{FlowError, FlowTypes, Spawned};
///
/// /// Waits for the result of any spawned flow that ends with a number.
/// async fn number<F: FlowTypes<Output = u32>>(execution: Spawned<F>) -> Result<u32, FlowError> {
///     execution.output().await
/// }
/// ```
pub trait FlowTypes: sealed::FlowTypes {
    /// The item type of the flow's stream.
    type Item: Send + 'static;
    /// The type of the flow's result.
    type Output: Send + 'static;
}

impl<G: Graph> FlowTypes for G {
    type Item = G::Item;
    type Output = G::Output;
}

/// Any flow with items `T` and result `O`, in the type of an [erased](Spawned::erase) handle.
///
/// ```
/// use flow_core::{AnyFlow, Spawned};
///
/// struct Jobs {
///     running: Vec<Spawned<AnyFlow<String, usize>>>,
/// }
/// ```
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

/// A handle to an execution that runs as a task.
///
/// [`Flow::spawn`](crate::Flow::spawn) returns it.
///
/// Read its items with [`items`](Self::items) and wait for its result with
/// [`output`](Self::output). While the handle exists and its items are not read, the execution
/// waits once the buffer is full, as for any slow reader. [`output`](Self::output) stops reading:
/// later items are dropped. Dropping the handle does the same and detaches the execution; use
/// [`cancel`](Self::cancel) to end it.
///
/// When its runtime shuts down, the execution is cancelled.
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// #[handler]
/// async fn work(cx: &Cx) {
///     cx.put("dropped, because no one reads it").await;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let execution = flow! { start -> work }.spawn(());
/// // Do something else meanwhile.
/// execution.output().await
/// # }
/// ```
pub struct Spawned<F: FlowTypes> {
    reading: Reading<F::Item>,
    /// Present if the flow has `external` events or questions: it then waits for the handle.
    emitter: Option<Emitter<F::Item>>,
    /// Present if a stage asks: its questions then stay open for the handle.
    answerer: Option<Answerer>,
    task: JoinHandle<Result<F::Output, FlowError>>,
    flow: PhantomData<fn() -> F>,
}

/// Up to this size, moving a driver costs less than a box for it.
const MOVED: usize = 128;

impl<G: Graph> Spawned<G> {
    pub(crate) fn new<W: Work<G>>(driver: Driver<G, W>) -> Self {
        let handle: Arc<dyn Handle<G::Item>> = Arc::<Core<G>>::clone(driver.core());
        // Before the task: it may be over at once, and would give up an error without witnesses.
        let witness = Witness::new(Arc::clone(&handle));
        let takes_events = const { !G::DESC.external.is_empty() || G::DESC.asks() };
        let emitter = takes_events.then(|| Emitter::new(handle));
        let answerer = driver.core().tree.as_ref().map(Answerer::new);
        // tokio moves a future several times on its way into a task.
        let task = if const { size_of::<Driver<G, W>>() <= MOVED } {
            spawn(driver)
        } else {
            spawn(Box::pin(driver))
        };
        Self {
            reading: Reading {
                witness,
                ended: false,
                taken: false,
            },
            emitter,
            answerer,
            task,
            flow: PhantomData,
        }
    }

    fn core(&self) -> Arc<Core<G>> {
        let handle: Arc<dyn Any + Send + Sync> = Arc::clone(self.reading.witness.handle()) as _;
        #[allow(clippy::panic, reason = "`new` has made the handle of this type")]
        handle
            .downcast()
            .unwrap_or_else(|_| panic!("the handle is one of another flow"))
    }

    /// Sends an event into the execution; the flow declares it with `external E;`.
    ///
    /// If the flow has a [`max_pending`](crate::Flow::max_pending), this waits for room, in the
    /// order of arrival. Otherwise there is always room. A flow with `external` events does not
    /// finish while its handle or a [`Sender`] exists.
    ///
    /// The execution also waits once its buffer of items is full. So a task that reads the items
    /// should not wait in `emit` between two of them: emit in another task, by a [`Sender`], or use
    /// [`try_emit`](Self::try_emit).
    ///
    /// # Errors
    ///
    /// If the execution has ended, or ends while the event waits. The error contains the event.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is done, the event is not emitted. It is dropped with the
    /// future, and the place in the order is lost.
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
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = flow! { external Approve; start -> ask; when Approve -> answer };
    /// let mut execution = flow.spawn(());
    /// assert_eq!(execution.items().next().await.unwrap()?, "may I?");
    /// execution.emit(Approve("Grace")).await?;
    /// assert_eq!(execution.items().next().await.unwrap()?, "Grace says yes");
    /// execution.output().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("send"))]
    pub fn emit<E: Event>(
        &self,
        event: E,
    ) -> impl Future<Output = Result<(), EmitError<E>>> + Send + use<G, E>
    where
        G: External<E>,
    {
        let engine = Outsider::new(self.core());
        async move { Emit::new(&engine, event).await }
    }

    /// Sends an event into the execution if there is room, and returns at once.
    ///
    /// # Errors
    ///
    /// [`TryEmitError::Full`] if the flow has a [`max_pending`](crate::Flow::max_pending) and as
    /// many events are pending, or other senders wait; [`TryEmitError::Ended`] if the execution has
    /// ended. The error contains the event. [`TryEmitError`] has an example.
    #[doc(alias("try_send"))]
    pub fn try_emit<E: Event>(&self, event: E) -> Result<(), TryEmitError<E>>
    where
        G: External<E>,
    {
        self.core().try_send(event)
    }

    /// Answers a question by its number.
    ///
    /// The [`Asked`](crate::Asked) itself is not needed: its number can be stored or sent elsewhere
    /// until the answer arrives. A flow with `ask` clauses does not finish while its
    /// handle or a [`Sender`] exists. Questions of stages that are flows are answered in the same
    /// way.
    ///
    /// # Errors
    ///
    /// [`AnswerError::NotAsked`] if the question was answered before, its time limit has passed, or
    /// it was never asked; [`AnswerError::Ended`] if the execution has ended, or the stage that
    /// asked. The error contains the answer.
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
    /// // Show the question, store its number, receive the answer …
    /// execution.answer::<Review>(id.parse()?, true)?;
    /// assert!(execution.output().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("approve", "reject", "resume"))]
    pub fn answer<Q: Event>(
        &self,
        id: QuestionId<Q>,
        answer: Q::Answer,
    ) -> Result<(), AnswerError<Q::Answer>>
    where
        G: AsksQuestion<Q>,
    {
        const { assert_asks::<G, Q>() };
        self.core().answer::<Q>(id.number(), answer)
    }

    /// Returns a sender of events and answers, which can be cloned and moved to other tasks.
    ///
    /// Like the sender of a channel, it keeps the execution open: the execution does not finish
    /// while a sender exists.
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
    ///         if sender.emit(Tick(n)).await.is_err() {
    ///             break; // the execution has ended
    ///         }
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

    /// Erases the flow from the type, so that the handle of an unnamed flow can be stored in a
    /// field.
    ///
    /// An erased handle can do everything but `emit`, `answer` and `sender`, which depend on the
    /// flow. For those, keep a [`Sender`], or an [`EventSender`](crate::EventSender) of the events
    /// that you emit.
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
            answerer: self.answerer,
            task: self.task,
            flow: PhantomData,
        }
    }
}

impl<F: FlowTypes> Spawned<F> {
    /// Returns a stream of the items, in the order in which they were put.
    ///
    /// It yields the same as [`Flow::stream`](crate::Flow::stream), with an error as the last item.
    /// Each call continues where the previous stream stopped. Dropping the stream neither loses an
    /// item nor cancels the execution.
    pub fn items(&mut self) -> Items<'_, F::Item> {
        Items {
            handle: &**self.reading.witness.handle(),
            ended: &mut self.reading.ended,
        }
    }

    /// Takes the items out of the handle, as an owned stream that can move to another task.
    ///
    /// It continues where [`items`](Self::items) stopped. From here on `items` is at its end, and
    /// [`output`](Self::output) or dropping the handle no longer stops the reading. If the items
    /// were taken before, the returned stream is at its end.
    ///
    /// Dropping the stream stops reading: later items are dropped and the execution runs on.
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
            witness: (!ended).then(|| self.reading.witness.clone()),
        }
    }

    /// Takes the items out of the handle and shares them among any number of readers.
    ///
    /// [`Execution::share`](crate::Execution::share) describes the readers. The execution runs in
    /// its own task, but it waits for the readers once the buffer is full. To keep it running while
    /// no reader is polled, spawn [`Broadcast::drain`] as well.
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

    /// Returns a stream of the execution's [lifecycle events](crate::lifecycle) from now on.
    ///
    /// Use [`Flow::observe`](crate::Flow::observe) to get the earlier ones too.
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
        self.reading.witness.handle().observe(&observer);
        lifecycle
    }

    /// Returns the id of the execution, which its [lifecycle events](crate::lifecycle) have.
    #[must_use]
    pub fn id(&self) -> ExecutionId {
        self.reading.witness.handle().id()
    }

    /// Returns the number of events that are emitted and not yet taken.
    ///
    /// An event counts once for each clause that takes it, also while it waits for a partner.
    /// Answers and rescues that have not begun count too. After the end it is 0.
    ///
    /// If the flow has a [`max_pending`](crate::Flow::max_pending), the number is exact. Otherwise
    /// the events that a running execution has in its queue are those of the last time it let other
    /// tasks run.
    ///
    /// ```
    /// # use flow_core::{Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Job;
    /// # #[handler]
    /// # async fn begin() {}
    /// # #[handler(on = Job)]
    /// # async fn work(_: Job) {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let execution = flow! { external Job; start -> begin; when Job -> work }.spawn(());
    /// execution.try_emit(Job)?;
    /// execution.try_emit(Job)?;
    /// assert_eq!(execution.pending(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("backlog", "len", "queue"))]
    #[must_use]
    pub fn pending(&self) -> usize {
        self.reading.witness.handle().pending()
    }

    /// Cancels the execution: drops its handlers and ends its stream.
    ///
    /// The stream yields the items that were put before, then an error of the kind
    /// [`Cancelled`](crate::FlowErrorKind::Cancelled). A handler that never awaits is dropped only
    /// when it next suspends. If the execution has already ended, nothing happens.
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
        self.reading.witness.handle().cancel();
    }

    /// Waits for the end of the execution and returns its result.
    ///
    /// The result is the value that a clause passed to `end`, or `()` for a flow without `end`.
    /// Awaiting the handle itself does the same. Calling this stops reading: later items are
    /// dropped, unless they were [taken](Self::take_items).
    ///
    /// # Errors
    ///
    /// If the execution fails, for any of the reasons in [`FlowErrorKind`](crate::FlowErrorKind).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the handle, which detaches the execution.
    #[doc(alias("join", "result", "wait"))]
    pub fn output(mut self) -> impl Future<Output = Result<F::Output, FlowError>> + Send {
        self.reading.stop();
        // It has stopped reading.
        self.reading.taken = true;
        self.emitter = None;
        self.answerer = None;
        SpawnedOutput(self.task)
    }

    /// The items and the result. Without an emitter, the handle does not keep the flow open.
    pub(crate) fn into_parts(mut self) -> SpawnedParts<F::Item, F::Output> {
        SpawnedParts {
            items: self.take_items(),
            output: SpawnedOutput(self.task),
        }
    }
}

pub(crate) struct SpawnedParts<T: 'static, O> {
    pub(crate) items: OwnedItems<T>,
    pub(crate) output: SpawnedOutput<O>,
}

/// The result of a spawned execution, as a future.
pub(crate) struct SpawnedOutput<O>(JoinHandle<Result<O, FlowError>>);

impl<O> Future for SpawnedOutput<O> {
    type Output = Result<O, FlowError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // The task catches the panics of its handlers, so only its runtime can end it early.
        let ended = Pin::new(&mut self.0).poll(cx);
        ended.map(|ended| ended.unwrap_or_else(|_| Err(FlowError::cancelled())))
    }
}

/// Awaiting the handle returns the result, like [`output`](Spawned::output).
impl<F: FlowTypes> IntoFuture for Spawned<F> {
    type Output = Result<F::Output, FlowError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.output())
    }
}

/// The right to read the items. It ends with the handle, unless the items were taken.
struct Reading<T: 'static> {
    witness: Witness<T>,
    /// The end of the items was read.
    ended: bool,
    /// The items were taken and are read elsewhere.
    taken: bool,
}

impl<T> Reading<T> {
    fn stop(&self) {
        if !self.taken {
            self.witness.handle().stop_reading();
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
