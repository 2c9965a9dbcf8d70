//! The executions of a flow, with its types.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::stream::{Stream, StreamExt};
use serde::Serialize;

use crate::durable::by_id::{ExecutionsById, Logged, Status};
use crate::durable::encoded::Encoded;
use crate::durable::machine;
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::event::Event;
use crate::macro_support::bounds::{AsksQuestion, External, assert_asks};
use crate::macro_support::durable::codec::ValueCodec;
use crate::macro_support::graph::{Graph, GraphCodec};
use crate::question::QuestionId;

/// The executions of one durable flow, by their ids.
///
/// [`Host::register`](super::Host::register) returns it, and so do the other back ends. All its
/// clones are the same.
///
/// Every request can be repeated when its outcome is unknown, because of a store that is
/// [`Unavailable`](RequestError::Unavailable) or of a process that has died: what it asks for is
/// done once.
///
/// ```
/// use flow_core::durable::{Host, Logged, MemoryStore, RequestError};
/// use flow_core::{Answered, Asked, Event, flow, handler};
/// use futures::TryStreamExt;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Clone, Event, Serialize, Deserialize)]
/// #[event(answer = bool)]
/// struct Approve(u32);
///
/// #[handler]
/// async fn request(cents: u32) -> Approve {
///     Approve(cents)
/// }
///
/// #[handler]
/// async fn pay(answered: Answered<Approve>) -> String {
///     let verb = if answered.answer { "paid" } else { "kept" };
///     format!("{verb} {}", answered.question.0)
/// }
///
/// flow! {
///     flow Refund(u32) -> String streams Asked<Approve>;
///     durable;
///     start -> request -> ask Approve -> pay -> end;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), RequestError> {
/// let refunds = Host::new(MemoryStore::new()).register(Refund::new());
/// let refund = refunds.start("refund-7", 700).await?;
/// refunds.start("refund-7", 700).await?; // the same one
/// assert!(refunds.start("refund-7", 900).await.is_err());
///
/// let mut items = refund.items(None);
/// if let Some(Logged::Item { item: asked, .. }) = items.try_next().await? {
///     refund.answer(asked.id, &true).await?;
///     refund.answer(asked.id, &true).await?; // changes nothing
/// }
/// assert_eq!(refund.output().await?, "paid 700");
/// # Ok(())
/// # }
/// ```
pub struct Executions<G: Graph> {
    by_id: Arc<dyn ExecutionsById>,
    flow: PhantomData<fn() -> G>,
}

impl<G: Graph> Executions<G> {
    /// For those who write a back end: the executions have to be those of this flow.
    #[must_use]
    pub fn new(by_id: Arc<dyn ExecutionsById>) -> Self {
        Self {
            by_id,
            flow: PhantomData,
        }
    }

    /// Starts an execution. It is durable when the future completes: it goes on from then on,
    /// whether the handle is kept or not.
    ///
    /// An execution with this id and the same input is the same execution, even if it is over. So a
    /// start may be repeated when it is not known whether it was done.
    ///
    /// # Errors
    ///
    /// [`OtherInput`](RequestError::OtherInput) if there is an execution with this id and another
    /// input; [`Unavailable`](RequestError::Unavailable) if the outcome is unknown.
    pub async fn start(&self, id: &str, input: G::Input) -> Result<Handle<G>, RequestError> {
        let codec = codec::<G>()?.input;
        let input = Encoded::from_bytes(codec.encode(&input)?);
        self.by_id.start(id, input).await?;
        Ok(self.get(id))
    }

    /// The execution with this id, which need not exist yet.
    #[must_use]
    pub fn get(&self, id: &str) -> Handle<G> {
        Handle {
            executions: self.clone(),
            id: id.into(),
        }
    }

    /// The same executions without types: for a service, and for what a back end may have beyond.
    #[must_use]
    pub fn by_id(&self) -> &Arc<dyn ExecutionsById> {
        &self.by_id
    }
}

/// A durable execution.
///
/// It goes on without the handle, and in the next process. [`Executions::get`] makes another one.
pub struct Handle<G: Graph> {
    executions: Executions<G>,
    id: Arc<str>,
}

impl<G: Graph> Handle<G> {
    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is known of the execution.
    ///
    /// # Errors
    ///
    /// If there is none with this id, or the store is unavailable.
    pub async fn status(&self) -> Result<Status<G::Output>, RequestError> {
        let codec = codec::<G>()?.output;
        Ok(match self.by_id().status(&self.id).await? {
            Status::Done(output) => Status::Done(read(codec, &output)?),
            Status::Unfinished => Status::Unfinished,
            Status::Failed(error) => Status::Failed(error),
            Status::Purged => Status::Purged,
            Status::Blocked { reason } => Status::Blocked { reason },
            Status::Poisoned { loads } => Status::Poisoned { loads },
        })
    }

    /// The items after this position, or all of them. The stream waits for further ones, and ends
    /// when the execution is over; if that has failed, with the error.
    ///
    /// Items are read when they are durable, at the reader's own pace: no handler waits for it.
    pub fn items(
        &self,
        after: Option<Position>,
    ) -> impl Stream<Item = Result<Logged<G::Item>, RequestError>> + Send + Unpin + use<G> {
        let items = self.by_id().items(&self.id, after);
        items.map(|entry| {
            let codec = codec::<G>()?.item;
            entry?.try_map(|item| read(codec, &item))
        })
    }

    /// Waits for the output.
    ///
    /// # Errors
    ///
    /// [`Failed`](RequestError::Failed) if there will be none. If the execution cannot go on for
    /// now, [`Blocked`](RequestError::Blocked) and [`Poisoned`](RequestError::Poisoned).
    pub async fn output(&self) -> Result<G::Output, RequestError> {
        let output = self.by_id().output(&self.id).await?;
        read(codec::<G>()?.output, &output)
    }

    /// Answers a question. The same answer once more changes nothing.
    ///
    /// # Errors
    ///
    /// [`OtherAnswer`](RequestError::OtherAnswer) if it was answered in another way, and
    /// [`Refused`](RequestError::Refused) if it was not asked, or waits no more.
    pub async fn answer<Q>(
        &self,
        question: QuestionId<Q>,
        answer: &Q::Answer,
    ) -> Result<(), RequestError>
    where
        Q: Event<Answer: Serialize + Sync>,
        G: AsksQuestion<Q>,
    {
        const { assert_asks::<G, Q>() };
        let answer = Encoded::of(answer)?;
        let by_id = self.by_id();
        by_id.answer(&self.id, question.number(), answer).await
    }

    /// Sends an event from outside. Two events with one key are one event: the second changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`](RequestError::Refused) if the execution takes no event any more.
    pub async fn send<E>(&self, key: &str, event: E) -> Result<(), RequestError>
    where
        E: Event + Serialize,
        G: External<E>,
    {
        let value = Encoded::of(&event)?;
        drop(event);
        let by_id = self.by_id();
        by_id.send(&self.id, G::NAME, value, key).await
    }

    /// Cancels the execution. Its `finally` runs after that. A second request changes nothing.
    ///
    /// # Errors
    ///
    /// [`Refused`](RequestError::Refused) if the execution has ended.
    pub async fn cancel(&self) -> Result<(), RequestError> {
        self.by_id().cancel(&self.id).await
    }

    fn by_id(&self) -> &dyn ExecutionsById {
        &*self.executions.by_id
    }
}

fn codec<G: Graph>() -> Result<&'static GraphCodec<G>, RequestError> {
    machine::codec::<G>().map_err(RequestError::NotStarted)
}

fn read<T>(codec: ValueCodec<T>, value: &Encoded) -> Result<T, RequestError> {
    let bytes = value.to_bytes()?;
    codec.decode(&bytes).map_err(RequestError::from)
}

impl<G: Graph> Clone for Executions<G> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.by_id))
    }
}

impl<G: Graph> Clone for Handle<G> {
    fn clone(&self) -> Self {
        Self {
            executions: self.executions.clone(),
            id: Arc::clone(&self.id),
        }
    }
}

impl<G: Graph> fmt::Debug for Executions<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executions")
            .field("flow", &self.by_id.graph().name)
            .finish_non_exhaustive()
    }
}

impl<G: Graph> fmt::Debug for Handle<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
