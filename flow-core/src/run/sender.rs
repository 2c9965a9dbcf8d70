//! Senders of events and answers into a spawned execution.

use std::fmt;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::outside::tree::Answerer;
use crate::engine::worker::Engine;
use crate::event::Event;
use crate::handler::router::Router;
use crate::macro_support::bounds::{AsksQuestion, External, assert_asks};
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, QuestionId};

/// A cloneable sender of events and answers into a spawned execution.
///
/// [`Spawned::sender`](crate::Spawned::sender) returns it and has an example. Like the sender of a
/// channel, it keeps the execution open: the execution does not finish while a sender exists. To
/// store the sender of an unnamed flow in a field, narrow it with [`only`](Self::only).
pub struct Sender<G: Graph> {
    engine: Engine<G>,
    /// Present if a stage asks.
    answerer: Option<Answerer>,
}

impl<G: Graph> Sender<G> {
    pub(crate) fn new(core: Arc<Core<G>>) -> Self {
        Self {
            answerer: core.tree.as_ref().map(Answerer::new),
            engine: Engine::new(core),
        }
    }

    /// Sends an event into the execution, like [`Spawned::emit`](crate::Spawned::emit).
    ///
    /// The call queues the event and returns at once. After the end of the execution, the event is
    /// dropped.
    pub fn emit<E: Event>(&self, event: E)
    where
        G: External<E>,
    {
        self.engine.emit(event);
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

    /// Returns whether the execution has ended, so that events sent to it are dropped.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.engine.core().is_closed()
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
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { external Cancel; start -> begin; when Cancel -> clean_up };
    /// let execution = flow.spawn(());
    /// let button = Button { cancel: execution.sender().only() };
    /// button.cancel.emit(Cancel);
    /// drop(button);
    /// execution.await
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
    /// Sends an event into the execution. After its end, the event is dropped.
    pub fn emit(&self, event: E) {
        self.engine.emit_event(event);
    }

    /// Returns whether the execution has ended, so that events sent to it are dropped.
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
trait EmitEvent<E>: Send + Sync {
    fn emit_event(&self, event: E);
    fn is_closed(&self) -> bool;
}

impl<G: Graph, E: Event> EmitEvent<E> for Engine<G> {
    fn emit_event(&self, event: E) {
        self.emit(event);
    }

    fn is_closed(&self) -> bool {
        self.core().is_closed()
    }
}
