//! The error of a question that a stage asked.

use std::fmt;
use std::time::Duration;

use crate::error::{BoxError, FlowError, NotAnswered};
use crate::event::Event;

/// A stage `ask E` was not answered. Without an `else`, it is the error of that stage.
///
/// A handler behind `rescue ask E` takes it as [`Failed<Unanswered<E>>`](crate::Failed), and one
/// behind `rescue` as a [`BoxError`]. The execution of a flow without a rescue ends with the kind
/// [`Unanswered`](crate::FlowErrorKind::Unanswered).
///
/// ```
/// use flow_core::{Asked, Event, Failed, Unanswered, flow, handler};
///
/// #[derive(Clone, Event)]
/// #[event(answer = bool)]
/// struct Review(&'static str);
///
/// #[handler]
/// async fn draft() -> Review {
///     Review("rivers")
/// }
///
/// #[handler]
/// async fn withdraw(failed: Failed<Unanswered<Review>>) -> &'static str {
///     failed.error.question.0
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let flow = flow! {
///     flow -> &'static str streams Asked<Review>;
///     start -> draft -> ask Review -> match { _ => ignore };
///     rescue ask Review -> withdraw -> end
/// };
/// // Nothing reads the questions, so nothing can answer them.
/// assert_eq!(flow.run(()).await?, "rivers");
/// # Ok(())
/// # }
/// ```
#[cfg_attr(
    feature = "durable",
    derive(serde::Serialize, serde::Deserialize),
    serde(bound(
        serialize = "Q: serde::Serialize",
        deserialize = "Q: serde::Deserialize<'de>"
    ))
)]
#[non_exhaustive]
pub struct Unanswered<Q: Event> {
    /// The event that asked.
    pub question: Q,
    /// The time limit that has passed; `None` if the question could no longer be answered.
    pub within: Option<Duration>,
    /// The end of the execution was decided.
    given_up: bool,
}

impl<Q: Event> Unanswered<Q> {
    /// Creates a value, for a unit test of a handler.
    ///
    /// ```
    /// # use flow_core::{Event, Unanswered};
    /// # #[derive(Clone, Event)]
    /// # #[event(answer = bool)]
    /// # struct Review;
    /// let error = Unanswered::new(Review, None);
    /// assert!(error.to_string().starts_with("`Review` can no longer be answered"));
    /// ```
    pub fn new(question: Q, within: Option<Duration>) -> Self {
        Self {
            question,
            within,
            given_up: false,
        }
    }

    /// As `new`, of a question that waited when the end of its execution was decided.
    pub(crate) fn given_up(question: Q) -> Self {
        Self {
            given_up: true,
            ..Self::new(question, None)
        }
    }

    pub(crate) fn is_given_up(&self) -> bool {
        self.given_up
    }
}

impl<Q: Event> fmt::Display for Unanswered<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.given_up {
            let question = Q::DESC.name;
            return write!(
                f,
                "`{question}` was waiting when the end of its execution was decided"
            );
        }
        fmt::Display::fmt(&NotAnswered::new(Q::DESC.name, self.within), f)
    }
}

impl<Q: Event + fmt::Debug> fmt::Debug for Unanswered<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unanswered")
            .field("question", &self.question)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// The question is dropped: it need not be `Sync`, as an error in a box has to be.
impl<Q: Event> From<Unanswered<Q>> for BoxError {
    fn from(error: Unanswered<Q>) -> Self {
        if error.given_up {
            return FlowError::given_up().into();
        }
        NotAnswered::new(Q::DESC.name, error.within).into()
    }
}
