//! Senders of events and answers into a spawned execution.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::emit_error::{EmitError, TryEmitError};
use crate::engine::core::Core;
use crate::engine::handle::Outsider;
use crate::engine::outside::tree::Answerer;
use crate::event::Event;
use crate::macro_support::bounds::{AsksQuestion, External, assert_asks};
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, QuestionId};

/// A cloneable sender of events and answers into a spawned execution.
///
/// [`Spawned::sender`](crate::Spawned::sender) returns it and has an example. Like the sender of a
/// channel, it keeps the execution open: the execution does not finish while a sender exists,
/// unless a clause has come to `end`. To
/// store the sender of an unnamed flow in a field, narrow it with [`only`](Self::only).
pub struct Sender<G: Graph> {
    engine: Outsider<G>,
    /// Present if a stage asks.
    answerer: Option<Answerer>,
}

impl<G: Graph> Sender<G> {
    pub(crate) fn new(core: Arc<Core<G>>) -> Self {
        Self {
            answerer: core.tree.as_ref().map(Answerer::new),
            engine: Outsider::new(core),
        }
    }

    /// Sends an event into the execution, and waits for room if the flow has a
    /// [`max_pending`](crate::Flow::max_pending).
    ///
    /// Those that wait are served in the order in which they came. Without `max_pending` there is
    /// always room.
    ///
    /// # Errors
    ///
    /// If the execution has ended, or ends while the event waits. The error contains the event. An
    /// event that was emitted may still be dropped by what drops all that is under way, such as
    /// `end now`.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is done, the event is not emitted. It is dropped with the
    /// future, and the place in the order is lost. To keep the event, use
    /// [`try_emit`](Self::try_emit).
    ///
    /// ```
    /// # use flow_core::{Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Job(u32);
    /// # #[handler]
    /// # async fn begin() {}
    /// # #[handler(on = Job)]
    /// # async fn work(_: Job) {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = flow! { max_pending 8; external Job; start -> begin; when Job -> work };
    /// let execution = flow.spawn(());
    /// let sender = execution.sender();
    /// tokio::spawn(async move {
    ///     for n in 0..1_000 {
    ///         if sender.emit(Job(n)).await.is_err() {
    ///             break; // the execution has ended
    ///         }
    ///     }
    /// });
    /// execution.output().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("send"))]
    pub async fn emit<E: Event>(&self, event: E) -> Result<(), EmitError<E>>
    where
        G: External<E>,
    {
        Emit::new(&self.engine, event).await
    }

    /// Sends an event into the execution if there is room, and returns at once.
    ///
    /// # Errors
    ///
    /// [`TryEmitError::Full`] if the flow has a [`max_pending`](crate::Flow::max_pending) and as
    /// many events are pending, or other senders wait; [`TryEmitError::Ended`] if the execution has
    /// ended. The error contains the event.
    ///
    /// ```
    /// # use flow_core::{Event, TryEmitError, flow, handler};
    /// # #[derive(Event)]
    /// # struct Job(u32);
    /// # #[handler]
    /// # async fn begin() {}
    /// # #[handler(on = Job)]
    /// # async fn work(_: Job) {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { max_pending 1; external Job; start -> begin; when Job -> work };
    /// let sender = flow.spawn(()).sender();
    /// assert!(sender.try_emit(Job(1)).is_ok());
    /// match sender.try_emit(Job(2)) {
    ///     Ok(()) => panic!("there is no room"),
    ///     Err(TryEmitError::Full(Job(n))) => println!("too busy for job {n}"),
    ///     Err(error) => println!("{error}"),
    /// }
    /// # }
    /// ```
    #[doc(alias("try_send"))]
    pub fn try_emit<E: Event>(&self, event: E) -> Result<(), TryEmitError<E>>
    where
        G: External<E>,
    {
        self.engine.core().try_send(event)
    }

    /// Returns the number of events that are emitted and not yet taken, like
    /// [`Spawned::pending`](crate::Spawned::pending).
    #[must_use]
    pub fn pending(&self) -> usize {
        self.engine.core().pending()
    }

    /// Answers a question by its number, like [`Spawned::answer`](crate::Spawned::answer).
    ///
    /// # Errors
    ///
    /// [`AnswerError::NotAsked`] if the question is not waiting, [`AnswerError::Ended`] if the
    /// execution has ended, or the stage that asked.
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
        self.engine.core().answer::<Q>(id.number(), answer)
    }

    /// Returns whether the end of the execution is decided, so that it takes no more events.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.engine.core().is_ending()
    }

    /// Narrows the sender to one type of event, erasing the flow from its type.
    ///
    /// Use it to store the sender of an unnamed flow in a field. Clone the sender first to narrow
    /// it to several types.
    ///
    /// ```
    /// use flow_core::{Event, EventSender, flow, handler};
    ///
    /// #[derive(Event)]
    /// struct Cancel;
    ///
    /// struct Button {
    ///     cancel: EventSender<Cancel>,
    /// }
    ///
    /// # #[handler]
    /// # async fn begin() {}
    /// #[handler(on = Cancel)]
    /// async fn clean_up() {}
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let flow = flow! { external Cancel; start -> begin; when Cancel -> clean_up };
    /// let execution = flow.spawn(());
    /// let button = Button { cancel: execution.sender().only() };
    /// button.cancel.emit(Cancel).await?;
    /// drop(button);
    /// execution.await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn only<E: Event>(self) -> EventSender<E>
    where
        G: External<E>,
    {
        EventSender {
            engine: Arc::new(self.engine),
        }
    }
}

impl<G: Graph> Clone for Sender<G> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            answerer: self.answerer.clone(),
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

/// A cloneable sender of one type of event into a spawned execution.
///
/// [`Sender::only`] returns it and has an example.
///
/// Like [`Sender`], it keeps the execution open.
pub struct EventSender<E> {
    engine: Arc<dyn EmitEvent<E>>,
}

impl<E> EventSender<E> {
    /// Sends an event into the execution, and waits for room, like [`Sender::emit`].
    ///
    /// # Errors
    ///
    /// If the execution has ended, or ends while the event waits. The error contains the event.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is done, the event is not emitted, and is dropped.
    #[doc(alias("send"))]
    pub async fn emit(&self, event: E) -> Result<(), EmitError<E>> {
        Emit::new(&*self.engine, event).await
    }

    /// Sends an event into the execution if there is room, like [`Sender::try_emit`].
    ///
    /// # Errors
    ///
    /// If there is no room, or the execution has ended. The error contains the event.
    #[doc(alias("try_send"))]
    pub fn try_emit(&self, event: E) -> Result<(), TryEmitError<E>> {
        self.engine.try_emit(event)
    }

    /// Returns the number of events that are emitted and not yet taken, like
    /// [`Spawned::pending`](crate::Spawned::pending).
    #[must_use]
    pub fn pending(&self) -> usize {
        self.engine.pending()
    }

    /// Returns whether the execution is ending, so that it takes no more events.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.engine.is_closed()
    }
}

impl<E> Clone for EventSender<E> {
    fn clone(&self) -> Self {
        Self {
            engine: Arc::clone(&self.engine),
        }
    }
}

impl<E> fmt::Debug for EventSender<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSender")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// An engine, erased to one type of event.
pub(crate) trait EmitEvent<E>: Send + Sync {
    fn try_emit(&self, event: E) -> Result<(), TryEmitError<E>>;

    /// Emits the event, or queues for room. The event is taken out of its `Option` when this is
    /// done.
    fn poll_emit(
        &self,
        event: &mut Option<E>,
        ticket: &mut Option<u64>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), EmitError<E>>>;

    /// Leaves the queue for room.
    fn return_ticket(&self, ticket: u64);

    fn pending(&self) -> usize;

    fn is_closed(&self) -> bool;
}

impl<G: Graph, E: Event> EmitEvent<E> for Outsider<G> {
    fn try_emit(&self, event: E) -> Result<(), TryEmitError<E>> {
        self.core().try_send(event)
    }

    fn poll_emit(
        &self,
        event: &mut Option<E>,
        ticket: &mut Option<u64>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), EmitError<E>>> {
        self.core().poll_send(event, ticket, cx)
    }

    fn return_ticket(&self, ticket: u64) {
        self.core().return_sender(ticket);
    }

    fn pending(&self) -> usize {
        self.core().pending()
    }

    fn is_closed(&self) -> bool {
        self.core().is_ending()
    }
}

/// An event on its way into an execution.
pub(crate) struct Emit<'a, E, T: EmitEvent<E> + ?Sized> {
    engine: &'a T,
    event: Option<E>,
    /// The place in the queue of those that wait for room.
    ticket: Option<u64>,
}

impl<'a, E, T: EmitEvent<E> + ?Sized> Emit<'a, E, T> {
    pub(crate) fn new(engine: &'a T, event: E) -> Self {
        Self {
            engine,
            event: Some(event),
            ticket: None,
        }
    }
}

// The event is moved, never pinned.
impl<E, T: EmitEvent<E> + ?Sized> Unpin for Emit<'_, E, T> {}

impl<E, T: EmitEvent<E> + ?Sized> Future for Emit<'_, E, T> {
    type Output = Result<(), EmitError<E>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.engine.poll_emit(&mut this.event, &mut this.ticket, cx)
    }
}

/// A place that was granted goes to the next one that waits.
impl<E, T: EmitEvent<E> + ?Sized> Drop for Emit<'_, E, T> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.engine.return_ticket(ticket);
        }
    }
}
