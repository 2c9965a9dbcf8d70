//! Questions to the outside: one goes out with the stream, its answer comes back as what a clause is
//! run with, and nothing runs meanwhile.

use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use crate::error::ParseNumberError;
use crate::event::Event;

/// An event that asks somebody outside: one with `#[event(answer = "…")]` beside `#[derive(Event)]`, which
/// says what it is answered with, its [`Answer`](Event::Answer).
///
/// A flow that has `ask E -> route` puts an [`Asked<E>`](Asked) into its stream for each such event. No
/// handler runs until it is answered, and no future is held for it; then the route is taken, with an
/// [`Answered<E>`](Answered).
///
/// ```
/// use flow_core::{Answered, Asked, Cx, Event, flow, handler};
/// use futures::TryStreamExt;
///
/// #[derive(Clone, Event)]
/// #[event(answer = bool)]
/// struct Review(String);
///
/// /// What the stream carries: text, and the question.
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
///     let verdict = if answer { "published" } else { "thrown away" };
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
/// # When nobody answers
///
/// `ask Review within "72h" -> decide else -> remind` takes the second route, with the question itself,
/// when the time is over; and also when nobody can answer any more: each clone of the [`Asked`] was
/// dropped, and no [`Spawned`](crate::Spawned) handle and no [`Sender`](crate::Sender) is left.
/// Without an `else` either ends the execution with an error of the kind
/// [`Unanswered`](crate::FlowErrorKind::Unanswered).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is asked, and does not say what it is answered with: write `#[event(answer = \"…\")]` beside `#[derive(Event)]`",
    label = "not a question"
)]
pub trait Question: Event {
    /// Seals the trait: only the derive implements it.
    #[doc(hidden)]
    const ONLY_THE_EVENT_DERIVE_IMPLEMENTS_THIS: ();
}

/// The number of a question in its execution, from 0. It can be written down and read again, to answer
/// from elsewhere by [`Spawned::answer`](crate::Spawned::answer).
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

/// A question that went out, as the stream has it. Whoever reads it answers it, at once or days later.
///
/// While the question waits, and this or a clone of it is there, the execution does not end by itself. See [`Question`] for an example.
pub struct Asked<Q: Event> {
    /// Its number in the execution.
    pub id: QuestionId<Q>,
    /// What is asked.
    pub question: Q,
    /// How long it may be answered, from when it was asked.
    pub within: Option<Duration>,
    answers: Arc<dyn Answers<Q>>,
}

/// Where answers go to.
pub(crate) trait Answers<Q: Event>: Send + Sync {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError>;
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

    /// Answers it. The first answer counts.
    ///
    /// # Errors
    ///
    /// If it was answered before, if its time is over, or if the execution has ended. The answer is
    /// dropped then; and so it is, without an error, where the end comes at the same moment.
    #[doc(alias("approve", "reject", "resume"))]
    pub fn answer(&self, answer: Q::Answer) -> Result<(), AnswerError> {
        self.answers.answer(self.id, answer)
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

/// A question, and its answer: what `ask E -> route` is run with.
#[non_exhaustive]
pub struct Answered<Q: Event> {
    /// What was asked.
    pub question: Q,
    /// What was answered.
    pub answer: Q::Answer,
}

impl<Q: Event> Answered<Q> {
    /// Puts one together, for calling a handler in a unit test.
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

/// Why an answer came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// No such question waits: it was answered already, its time is over, or it was never asked.
    NotAsked,
    /// The execution has ended.
    Ended,
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsked => {
                "this question waits for no answer: it was answered already, \
                 its time is over, or it was never asked"
            }
            Self::Ended => "the execution that asked this question has ended",
        })
    }
}

impl Error for AnswerError {}
