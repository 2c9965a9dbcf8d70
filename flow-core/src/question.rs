//! Questions: events that are answered from outside of the execution.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::error::ParseNumberError;
use crate::event::Event;
use crate::sync::{Mutex, MutexGuard};

/// An event that is answered from outside, by a person or another program.
///
/// Declare the type of the answer next to the derive: `#[event(answer = T)]`. In a flow,
/// `ask E -> route` puts an [`Asked<E>`](Asked) into the stream for each such event. The route runs
/// with an [`Answered<E>`](Answered) once the question is answered. Until then no handler runs and
/// no future is held for it, so a question can wait for days.
///
/// The trait is implemented by [`#[derive(Event)]`](macro@crate::Event) and cannot be implemented
/// by hand.
///
/// ```
/// use flow_core::{Answered, Asked, Cx, Event, flow, handler};
/// use futures::TryStreamExt;
///
/// #[derive(Clone, Event)]
/// #[event(answer = bool)]
/// struct Review(String);
///
/// /// The item of the stream: text, or the question.
/// enum Out {
///     Text(String),
///     Review(Asked<Review>),
/// }
/// # impl From<String> for Out { fn from(text: String) -> Self { Self::Text(text) } }
/// impl From<Asked<Review>> for Out {
///     fn from(asked: Asked<Review>) -> Self {
///         Self::Review(asked)
///     }
/// }
///
/// #[handler(emits = Review)]
/// async fn draft(topic: String, cx: &Cx) {
///     cx.emit(Review(format!("about {topic}")));
/// }
///
/// #[handler]
/// async fn decide(Answered { question, answer, .. }: Answered<Review>, cx: &Cx) {
///     let verdict = if answer { "published" } else { "discarded" };
///     cx.put(format!("{}: {verdict}", question.0)).await;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let flow = flow! {
///     streams Out;
///     start(String) -> draft;
///     ask Review -> decide
/// };
/// let mut items = flow.stream("rivers".to_owned());
/// while let Some(item) = items.try_next().await? {
///     match item {
///         Out::Review(asked) => asked.answer(asked.question.0.contains("rivers")).unwrap(),
///         Out::Text(text) => assert_eq!(text, "about rivers: published"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Unanswered questions
///
/// In `ask Review within "72h" -> decide else -> expire`, the second route runs with the question
/// if no answer arrives in time, or if none can arrive any more: when every clone of the [`Asked`]
/// is dropped, and with it every [`Spawned`](crate::Spawned) handle and [`Sender`](crate::Sender)
/// of the execution.
///
/// Without an `else`, the execution then fails with an error of the kind
/// [`Unanswered`](crate::FlowErrorKind::Unanswered).
///
/// # Reminders
///
/// In `ask Review within "72h" every "24h" remind -> decide`, and in a stage, `remind` is called at
/// each period while the question waits. It takes the question, a [`Tick`](crate::Tick), a tuple of
/// both, or nothing.
///
/// # In a stage
///
/// `draft -> ask Review within "72h" else lapse -> decide` asks in the middle of a route. `lapse`
/// takes the question and returns the answer. Without an `else`, an unanswered question fails the
/// stage with an [`Unanswered`](crate::Unanswered).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a question: declare the type of its answer, `#[event(answer = …)]` after `#[derive(Event)]`",
    label = "not a question"
)]
pub trait Question: Event {
    /// Seals the trait: only the derive implements it.
    #[doc(hidden)]
    const ONLY_THE_EVENT_DERIVE_IMPLEMENTS_THIS: ();
}

/// The number of a question in its execution, from 0. The questions of stages that are flows are
/// numbered together with those of the outer execution.
///
/// It can be stored as text (or with `serde`) and parsed again, to answer the question later or
/// from another place: see [`Spawned::answer`](crate::Spawned::answer). It is unique within one
/// execution only.
///
/// ```
/// # use flow_core::{Event, QuestionId};
/// # #[derive(Clone, Event)]
/// # #[event(answer = bool)]
/// # struct Review;
/// let id: QuestionId<Review> = "7".parse()?;
/// assert_eq!(id.to_string(), "7");
/// # Ok::<(), flow_core::ParseNumberError>(())
/// ```
pub struct QuestionId<Q> {
    number: u64,
    question: PhantomData<fn() -> Q>,
}

impl<Q> QuestionId<Q> {
    pub(crate) fn new(number: u64) -> Self {
        Self {
            number,
            question: PhantomData,
        }
    }

    pub(crate) fn number(self) -> u64 {
        self.number
    }
}

impl<Q> Clone for QuestionId<Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q> Copy for QuestionId<Q> {}

impl<Q> PartialEq for QuestionId<Q> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<Q> Eq for QuestionId<Q> {}

impl<Q> PartialOrd for QuestionId<Q> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<Q> Ord for QuestionId<Q> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number.cmp(&other.number)
    }
}

impl<Q> Hash for QuestionId<Q> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[cfg(feature = "serde")]
impl<Q> serde::Serialize for QuestionId<Q> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.number.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de, Q> serde::Deserialize<'de> for QuestionId<Q> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(Self::new)
    }
}

impl<Q> fmt::Display for QuestionId<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.number, f)
    }
}

impl<Q> fmt::Debug for QuestionId<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("QuestionId").field(&self.number).finish()
    }
}

impl<Q> FromStr for QuestionId<Q> {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Self, ParseNumberError> {
        text.parse().map(Self::new).map_err(ParseNumberError::new)
    }
}

/// A question in the stream, waiting for its answer.
///
/// Answer it with [`answer`](Self::answer), at once or much later, from any task. [`Question`] has
/// an example.
///
/// While the question waits and the value or a clone of it exists, the execution does not finish.
/// Dropping all of them makes the question [unanswerable](Question#unanswered-questions), unless a
/// handle or a sender of the execution is left.
pub struct Asked<Q: Event> {
    /// The number of the question in its execution.
    pub id: QuestionId<Q>,
    /// The event that asks.
    pub question: Q,
    /// The time limit for the answer, counted from when the question was asked; `None` if there is
    /// none.
    pub within: Option<Duration>,
    answers: Arc<dyn Answers<Q>>,
}

/// The receiver of answers: an execution.
pub(crate) trait Answers<Q: Event>: Send + Sync {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError<Q::Answer>>;

    fn closing(&self) -> &Closing;
}

/// Whether a question waits, and the tasks that want to know when it no longer does.
#[derive(Debug, Default)]
pub(crate) struct Closing(Mutex<Closed>);

#[derive(Debug)]
enum Closed {
    /// With the notice to the tasks, if there are any.
    NotYet(Option<Arc<Notify>>),
    Yes,
}

impl Default for Closed {
    fn default() -> Self {
        Self::NotYet(None)
    }
}

impl Closing {
    /// Wakes the tasks. To be called without a lock. Returns false if it was closed before.
    pub(crate) fn close(&self) -> bool {
        let before = std::mem::replace(&mut *self.state(), Closed::Yes);
        if let Closed::NotYet(Some(notice)) = &before {
            notice.notify_waiters();
        }
        matches!(before, Closed::NotYet(_))
    }

    pub(crate) async fn closed(&self) {
        let notice = match &mut *self.state() {
            Closed::NotYet(notice) => Arc::clone(notice.get_or_insert_default()),
            Closed::Yes => return,
        };
        // From here on, it is woken.
        let notified = notice.notified();
        if matches!(*self.state(), Closed::NotYet(_)) {
            notified.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, Closed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Q: Event> Asked<Q> {
    pub(crate) fn new(
        id: QuestionId<Q>,
        question: Q,
        within: Option<Duration>,
        answers: Arc<dyn Answers<Q>>,
    ) -> Self {
        Self {
            id,
            question,
            within,
            answers,
        }
    }

    /// Answers the question. The first answer counts.
    ///
    /// The route runs when the execution is next polled.
    ///
    /// # Errors
    ///
    /// [`AnswerError::NotAsked`] if the question was answered before or its time limit has passed,
    /// [`AnswerError::Ended`] if the execution has ended, or the stage that asked. The error
    /// contains the answer.
    ///
    /// An answer that was accepted is dropped if the execution ends before the route has begun.
    #[doc(alias("approve", "reject", "resume"))]
    pub fn answer(&self, answer: Q::Answer) -> Result<(), AnswerError<Q::Answer>> {
        self.answers.answer(self.id, answer)
    }

    /// Waits until the question can no longer be answered: it was answered here or elsewhere, its
    /// time limit has passed, or the execution, or the stage that asked, has ended or was dropped.
    ///
    /// A page or a terminal that shows the question withdraws its prompt then. Any number of tasks
    /// can wait. Each of them holds the `Asked` or a clone of it, and so keeps the question
    /// [answerable](Question#unanswered-questions).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future changes nothing.
    ///
    /// ```
    /// # use flow_core::{Answered, Asked, Cx, Event, flow, handler};
    /// # use futures::TryStreamExt;
    /// # #[derive(Clone, Event)]
    /// # #[event(answer = bool)]
    /// # struct Review;
    /// # #[handler(emits = Review)]
    /// # async fn draft(cx: &Cx) { cx.emit(Review); }
    /// # #[handler]
    /// # async fn decide(_answered: Answered<Review>) {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! {
    ///     streams Asked<Review>;
    ///     start -> draft;
    ///     ask Review -> decide
    /// };
    /// let mut questions = flow.stream(());
    /// let shown = questions.try_next().await?.unwrap();
    /// let elsewhere = shown.clone();
    /// let prompt = tokio::spawn(async move {
    ///     shown.closed().await;
    ///     "withdrawn"
    /// });
    /// elsewhere.answer(true).unwrap();
    /// assert_eq!(prompt.await.unwrap(), "withdrawn");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("withdraw", "expired"))]
    pub fn closed(&self) -> impl Future<Output = ()> + Send + use<'_, Q> {
        self.answers.closing().closed()
    }
}

impl<Q: Event + Clone> Clone for Asked<Q> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            question: self.question.clone(),
            within: self.within,
            answers: Arc::clone(&self.answers),
        }
    }
}

impl<Q: Event + fmt::Debug> fmt::Debug for Asked<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("id", &self.id)
            .field("question", &self.question)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// A question with its answer, which the route of `ask E -> route` runs with.
///
/// [`Question`] has an example.
#[cfg_attr(
    feature = "durable",
    derive(serde::Serialize, serde::Deserialize),
    serde(bound(
        serialize = "Q: serde::Serialize, Q::Answer: serde::Serialize",
        deserialize = "Q: serde::Deserialize<'de>, Q::Answer: serde::Deserialize<'de>"
    ))
)]
#[non_exhaustive]
pub struct Answered<Q: Event> {
    /// The event that asked.
    pub question: Q,
    /// The answer.
    pub answer: Q::Answer,
}

impl<Q: Event> Answered<Q> {
    /// Creates a value, for a unit test of a handler.
    ///
    /// ```
    /// # use flow_core::{Answered, Event};
    /// # #[derive(Clone, Event)]
    /// # #[event(answer = bool)]
    /// # struct Review;
    /// assert!(Answered::new(Review, true).answer);
    /// ```
    pub fn new(question: Q, answer: Q::Answer) -> Self {
        Self { question, answer }
    }
}

impl<Q: Event + Clone> Clone for Answered<Q>
where
    Q::Answer: Clone,
{
    fn clone(&self) -> Self {
        Self::new(self.question.clone(), self.answer.clone())
    }
}

impl<Q: Event + fmt::Debug> fmt::Debug for Answered<Q>
where
    Q::Answer: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("question", &self.question)
            .field("answer", &self.answer)
            .finish()
    }
}

/// The reason why an answer was rejected, with the answer.
///
/// ```
/// # use flow_core::{AnswerError, Answered, Asked, Cx, Event, flow, handler};
/// # use futures::TryStreamExt;
/// # #[derive(Clone, Event)]
/// # #[event(answer = bool)]
/// # struct Review;
/// # #[handler(emits = Review)]
/// # async fn draft(cx: &Cx) { cx.emit(Review); }
/// # #[handler]
/// # async fn decide(_answered: Answered<Review>) {}
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let flow = flow! {
///     streams Asked<Review>;
///     start -> draft;
///     ask Review -> decide
/// };
/// let mut questions = flow.stream(());
/// let asked = questions.try_next().await?.unwrap();
/// assert_eq!(asked.answer(true), Ok(()));
/// assert_eq!(asked.answer(false), Err(AnswerError::NotAsked(false)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnswerError<A> {
    /// The question is not waiting: it was answered before, its time limit has passed, or it was
    /// never asked.
    NotAsked(A),
    /// The execution has ended, or the stage that asked.
    Ended(A),
}

impl<A> AnswerError<A> {
    /// Returns the answer.
    pub fn into_inner(self) -> A {
        match self {
            Self::NotAsked(answer) | Self::Ended(answer) => answer,
        }
    }
}

/// Shows the reason, and not the answer, whose type need not be `Debug`.
impl<A> fmt::Debug for AnswerError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked(_) => "NotAsked(..)",
            Self::Ended(_) => "Ended(..)",
        })
    }
}

impl<A> fmt::Display for AnswerError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked(_) => {
                "the question is not waiting for an answer: it was answered before, \
                 its time limit has passed, or it was never asked"
            }
            Self::Ended(_) => "the execution that asked this question has ended",
        })
    }
}

impl<A> Error for AnswerError<A> {}
