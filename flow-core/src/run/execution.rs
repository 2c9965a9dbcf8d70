//! An execution as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::ending::Read;
use crate::engine::stream::buffer::Batch;
use crate::error::FlowError;
use crate::lifecycle::{ExecutionId, Lifecycle, Observer};
use crate::macro_support::BUDGET;
use crate::macro_support::graph::Graph;
use crate::macro_support::type_map::TypeMap;
use crate::run::broadcast::{Broadcast, ShareOptions};
use crate::state::State;

/// An execution of a flow, as a stream of its items.
///
/// [`Flow::stream`](crate::Flow::stream) returns it.
///
/// It runs only while it is polled, and dropping it cancels it. Each item is a
/// `Result<T, FlowError>`; an error is the last item. After its end the stream yields `None`
/// forever.
///
/// `T` is the item type of the flow and `O` the type of its result. The flow itself is not part of
/// the type, so an execution can be stored in a field.
///
/// ```
/// use flow_core::{Cx, Execution, flow, handler};
///
/// struct Session {
///     replies: Execution<String>,
/// }
///
/// # #[handler]
/// # async fn reply(cx: &Cx) { cx.put("hello").await; }
/// let flow = flow! { start -> reply };
/// let session = Session { replies: flow.stream(()) };
/// # drop(session.replies);
/// ```
///
/// # Cancel safety
///
/// Dropping a future of `next()` loses no item.
#[must_use = "an execution does nothing unless it is polled"]
pub struct Execution<T, O = ()> {
    driver: Pin<Box<dyn Drive<T, O> + Send>>,
    reader: ReaderState<T>,
}

/// A driver, erased to the types of its items and its output.
///
/// Every method takes a pinned `&mut`: handlers may be suspended in the driver, so it is never
/// reached through a shared reference.
trait Drive<T, O> {
    fn poll_item(
        self: Pin<&mut Self>,
        reader: &mut ReaderState<T>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<T, FlowError>>>;
    fn observe(self: Pin<&mut Self>, observer: &Observer);
    fn id(self: Pin<&mut Self>) -> ExecutionId;
    fn pending(self: Pin<&mut Self>) -> usize;
    fn take_output(self: Pin<&mut Self>) -> Result<O, FlowError>;
    fn with_states(self: Pin<&mut Self>, access: &mut dyn FnMut(&TypeMap));
}

/// The state of reading an execution, kept outside of the driver.
struct ReaderState<T> {
    batch: Batch<T>,
    /// How many items it yields before it lets other tasks run. Without this, a reader that never
    /// waits would occupy its thread.
    budget: u32,
    ended: bool,
    /// The error that the execution ended with.
    error: Option<FlowError>,
}

impl<G: Graph, W: Work<G>> Drive<G::Item, G::Output> for Driver<G, W> {
    fn poll_item(
        mut self: Pin<&mut Self>,
        reader: &mut ReaderState<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<G::Item, FlowError>>> {
        // After the end, no item is left.
        if reader.budget > 0
            && let Some(item) = self.as_mut().take_ready(&mut reader.batch)
        {
            reader.budget -= 1;
            return Poll::Ready(Some(Ok(item)));
        }
        poll_driver(self, reader, cx)
    }

    fn observe(self: Pin<&mut Self>, observer: &Observer) {
        Self::observe(self, observer);
    }

    fn id(self: Pin<&mut Self>) -> ExecutionId {
        self.pinned_core().id()
    }

    fn pending(self: Pin<&mut Self>) -> usize {
        self.pinned_core().pending()
    }

    fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError> {
        Self::take_output(self)
    }

    fn with_states(self: Pin<&mut Self>, access: &mut dyn FnMut(&TypeMap)) {
        Self::with_states(self, access);
    }
}

/// Runs the execution for the next item.
#[inline(never)]
fn poll_driver<G: Graph, W: Work<G>>(
    driver: Pin<&mut Driver<G, W>>,
    reader: &mut ReaderState<G::Item>,
    cx: &Context<'_>,
) -> Poll<Option<Result<G::Item, FlowError>>> {
    if reader.budget == 0 {
        reader.budget = BUDGET;
        cx.waker().wake_by_ref();
        return Poll::Pending;
    }
    if reader.ended {
        return Poll::Ready(None);
    }
    match driver.poll_batch(&mut reader.batch, cx) {
        Poll::Ready(Read::Item(item)) => {
            reader.budget -= 1;
            Poll::Ready(Some(Ok(item)))
        }
        Poll::Ready(Read::End(ending)) => {
            reader.ended = true;
            reader.error = ending.error();
            Poll::Ready(ending.into_last())
        }
        Poll::Pending => {
            reader.budget = BUDGET;
            Poll::Pending
        }
    }
}

impl<T, O> Execution<T, O> {
    /// Runs the execution to completion and returns its result, dropping the remaining items.
    ///
    /// The result is the value that a clause passed to `end`, or `()` for a flow without `end`. It
    /// can also be fetched after the last item was read.
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
    /// let flow = flow! { start(&'static str) -> measure -> end };
    /// let mut execution = flow.stream("hello");
    /// assert_eq!(execution.try_next().await?.as_deref(), Some("hello"));
    /// assert_eq!(execution.output().await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("result"))]
    pub async fn output(mut self) -> Result<O, FlowError> {
        while !self.reader.ended {
            if let Some(item) = poll_fn(|cx| self.poll_item(cx)).await {
                drop(item?);
            }
        }
        self.take_output()
    }

    /// The result, once the end was read.
    pub(crate) fn take_output(&mut self) -> Result<O, FlowError> {
        match self.reader.error.take() {
            Some(error) => Err(error),
            None => self.driver.as_mut().take_output(),
        }
    }

    fn poll_item(&mut self, cx: &Context<'_>) -> Poll<Option<Result<T, FlowError>>> {
        self.driver.as_mut().poll_item(&mut self.reader, cx)
    }

    /// Returns a stream of the execution's [lifecycle events](crate::lifecycle) from now on.
    ///
    /// If the execution has not been polled yet, that includes all of them. The stream is filled
    /// while the execution is polled. [`LifecycleEvent`](crate::lifecycle::LifecycleEvent) has an
    /// example.
    pub fn lifecycle(&mut self) -> Lifecycle {
        let (lifecycle, observer) = Lifecycle::new();
        self.driver.as_mut().observe(&observer);
        lifecycle
    }

    /// Returns the state `T` of the execution, as its handlers have it: `None` if the flow does not
    /// declare it, and after the end.
    ///
    /// What was returned before the end can be looked at after the end as well: for instance, what a
    /// conversation had come to when a handler failed.
    ///
    /// ```
    /// use flow_core::{Result, State, flow, handler};
    ///
    /// #[derive(Default)]
    /// struct Conversation(Vec<String>);
    ///
    /// #[handler]
    /// async fn reply(question: String, conversation: State<Conversation>) -> Result<()> {
    ///     conversation.with(|said| said.0.push(question));
    ///     Err("the model hung up".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { state Conversation; start(String) -> reply };
    /// let mut execution = flow.stream("hello".to_owned());
    /// let conversation = execution.state::<Conversation>().unwrap();
    /// assert!(execution.output().await.is_err());
    /// assert_eq!(conversation.with(|said| said.0.clone()), ["hello"]);
    /// # }
    /// ```
    ///
    /// [`Flow::spawn_with_state`](crate::Flow::spawn_with_state) is the same for an execution that
    /// runs as a task. A state of a stage that is a flow is its own.
    #[doc(alias("inspect", "history", "partial"))]
    pub fn state<S: Send + 'static>(&mut self) -> Option<State<S>> {
        let mut found = None;
        self.driver
            .as_mut()
            .with_states(&mut |states| found = states.state());
        found
    }

    /// Returns the id of the execution, which its [lifecycle events](crate::lifecycle) have.
    pub fn id(&mut self) -> ExecutionId {
        self.driver.as_mut().id()
    }

    /// Returns the number of events that are emitted and not yet taken, like
    /// [`Spawned::pending`](crate::Spawned::pending).
    pub fn pending(&mut self) -> usize {
        self.driver.as_mut().pending()
    }

    /// Shares the stream among any number of readers.
    ///
    /// Each reader sees every item from where it joined. [`ShareOptions`] set how far back a reader
    /// can join and how slow readers are treated.
    ///
    /// The [result](Self::output) is not shared. If you need it too, [`spawn`](crate::Flow::spawn)
    /// the execution and use [`Spawned::share`](crate::Spawned::share). If each reader needs it,
    /// share [`with_output`](Self::with_output).
    ///
    /// ```
    /// # use flow_core::{Cx, ShareOptions, SlowReaders, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let options = ShareOptions::new(SlowReaders::Block);
    /// let readers = flow! { start -> work }.stream(()).share(options);
    /// let (one, other) = (readers.subscribe(), readers.subscribe());
    /// assert_eq!(tokio::join!(one.count(), other.count()), (1, 1));
    /// # }
    /// ```
    #[doc(alias("broadcast", "fan out", "tee"))]
    pub fn share(self, options: ShareOptions) -> Broadcast<T>
    where
        T: Clone + Send + 'static,
        O: 'static,
    {
        Broadcast::new(self, options)
    }

    pub(crate) fn new<G: Graph<Item = T, Output = O>>(driver: Driver<G, impl Work<G>>) -> Self
    where
        T: Send + 'static,
        O: Send + 'static,
    {
        Self {
            driver: Box::pin(driver),
            reader: ReaderState {
                batch: Batch::default(),
                budget: BUDGET,
                ended: false,
                error: None,
            },
        }
    }
}

impl<T, O> Stream for Execution<T, O> {
    type Item = Result<T, FlowError>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl<T, O> FusedStream for Execution<T, O> {
    fn is_terminated(&self) -> bool {
        self.reader.ended
    }
}

impl<T, O> fmt::Debug for Execution<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("ended", &self.reader.ended)
            .finish_non_exhaustive()
    }
}
