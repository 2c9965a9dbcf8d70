//! The value that a rescue or a stand-in starts with.

use std::fmt;
use std::marker::PhantomData;

use crate::error::{At, BoxError, NotAnswered};
use crate::event::Event;
use crate::unanswered::Unanswered;

/// A handler's error, as `rescue handler -> route` passes it to its route, and `a else b` to `b`.
///
/// `E` is the error type of the handler. In `rescue -> route`, which rescues all handlers that have
/// no rescue of their own, and for a chain, `(a -> b) else c`, it is [`BoxError`].
///
/// ```
/// use flow_core::{Cx, Failed, flow, handler};
/// use std::num::ParseIntError;
///
/// #[handler]
/// async fn parse(text: &'static str) -> Result<u32, ParseIntError> {
///     text.parse()
/// }
///
/// #[handler]
/// async fn tell(number: u32, cx: &Cx) {
///     cx.put(format!("it is {number}")).await;
/// }
///
/// #[handler]
/// async fn apologise(failed: Failed<ParseIntError>, cx: &Cx) {
///     cx.put(format!("`{}`: {}", failed.handler, failed.error)).await;
/// }
///
/// let flow = flow! {
///     start(&'static str) -> parse -> tell;
///     rescue parse -> apologise
/// };
/// let lines = |text| flow.blocking_iter(text).collect::<Result<Vec<_>, _>>();
/// assert_eq!(lines("7")?, ["it is 7"]);
/// assert_eq!(lines("seven")?, ["`parse`: invalid digit found in string"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # With the event that caused it
///
/// A rescue whose first handler takes a `Failed<E, Cause>` also gets the event that the failed
/// clause was triggered by, or the input of `start`. It is cloned before the clause runs, so it
/// must be `Clone`. Where no rescue asks for the cause, nothing is cloned.
///
/// ```
/// use flow_core::{Cx, Event, Failed, flow, handler};
///
/// #[derive(Clone, Event)]
/// struct Question(String);
///
/// #[handler(emits = Question)]
/// async fn begin(cx: &Cx) {
///     cx.emit(Question("why?".to_owned()));
/// }
///
/// #[handler(on = Question)]
/// async fn ask(_question: Question) -> Result<(), std::fmt::Error> {
///     Err(std::fmt::Error)
/// }
///
/// #[handler]
/// async fn apologise(failed: Failed<std::fmt::Error, Question>, cx: &Cx) {
///     cx.put(format!("no answer to `{}`", failed.cause.0)).await;
/// }
///
/// let flow = flow! {
///     start -> begin;
///     when Question -> ask;
///     rescue ask -> apologise
/// };
/// let lines: Result<Vec<_>, _> = flow.blocking_iter(()).collect();
/// assert_eq!(lines?, ["no answer to `why?`"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// If the rescued handlers belong to clauses with different events, `Cause` is a type that is
/// `From` each of them, such as an `enum`. With `rescue -> route`, that means the events of all
/// clauses.
///
/// # In an `else`
///
/// What stands in for a stage gets the value that arrived at that stage as the cause. Its value
/// continues in place of that of the stage.
///
/// ```
/// use flow_core::{Failed, flow, handler};
/// use std::num::ParseIntError;
///
/// #[handler]
/// async fn number(text: &'static str) -> Result<usize, ParseIntError> {
///     text.parse()
/// }
///
/// #[handler]
/// async fn length(failed: Failed<ParseIntError, &'static str>) -> usize {
///     failed.cause.len()
/// }
///
/// let flow = flow! { start(&'static str) -> number else length -> end };
/// assert_eq!(flow.blocking_iter("7").output()?, 7);
/// assert_eq!(flow.blocking_iter("seven").output()?, 5);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Failed<E = BoxError, Cause = ()> {
    /// The error that the handler returned.
    pub error: E,
    /// The name of the handler.
    pub handler: &'static str,
    /// The name of the event that its clause waits for: the first one if there are several, `None`
    /// for `start`, `every`, `finally` and in a rescue.
    pub event: Option<&'static str>,
    /// The event or input that the clause was run with, or in an `else`, the value that arrived at
    /// the stage; `()` if the handler does not ask for it.
    pub cause: Cause,
    /// The clause of the handler, if it waits for no event.
    clause: Clause,
    /// The error is that of a question.
    question: Option<NotAnswered>,
}

/// A clause without an event.
#[derive(Clone, Copy)]
#[cfg_attr(feature = "durable", derive(serde::Serialize, serde::Deserialize))]
enum Clause {
    Start,
    Every,
    Finally,
    Rescue,
}

impl<E> Failed<E> {
    /// Creates a value without a cause, for a unit test of a rescuing handler.
    ///
    /// ```
    /// # use flow_core::Failed;
    /// let failed = Failed::new("no network", "ask", Some("Question"));
    /// assert_eq!(failed.to_string(), "handler `ask` failed on `Question`: no network");
    /// ```
    pub fn new(error: E, handler: &'static str, event: Option<&'static str>) -> Self {
        Self {
            error,
            handler,
            event,
            cause: (),
            clause: Clause::Start,
            question: None,
        }
    }

    /// Adds the cause, for a unit test of a handler that takes a `Failed<E, Cause>`.
    ///
    /// ```
    /// # use flow_core::Failed;
    /// let failed = Failed::new("no network", "ask", None).with_cause("why?");
    /// assert_eq!(failed.cause, "why?");
    /// ```
    pub fn with_cause<Cause>(self, cause: Cause) -> Failed<E, Cause> {
        Failed {
            error: self.error,
            handler: self.handler,
            event: self.event,
            cause,
            clause: self.clause,
            question: self.question,
        }
    }
}

impl<Q: Event> Failed<Unanswered<Q>> {
    #[doc(hidden)]
    #[must_use]
    pub fn of_question(self) -> Self {
        let question = Some(NotAnswered::new(Q::DESC.name, self.error.within));
        Self { question, ..self }
    }
}

impl<E, Cause> Failed<E, Cause> {
    /// The error, if it is that of a question.
    pub(crate) fn question(&self) -> Option<NotAnswered> {
        self.question
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_every(self) -> Self {
        let clause = Clause::Every;
        Self { clause, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_finally(self) -> Self {
        let clause = Clause::Finally;
        Self { clause, ..self }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn in_rescue(self) -> Self {
        let clause = Clause::Rescue;
        Self { clause, ..self }
    }

    /// The same with another error and another cause, which these two make.
    #[cfg(feature = "durable")]
    pub(crate) fn map<F, C, X>(
        &self,
        error: impl FnOnce(&E) -> Result<F, X>,
        cause: impl FnOnce(&Cause) -> Result<C, X>,
    ) -> Result<Failed<F, C>, X> {
        Ok(Failed {
            error: error(&self.error)?,
            handler: self.handler,
            event: self.event,
            cause: cause(&self.cause)?,
            clause: self.clause,
            question: self.question,
        })
    }

    pub(crate) fn at(&self) -> At {
        At {
            handler: Some(self.handler),
            event: self.event,
            rescue: matches!(self.clause, Clause::Rescue),
            every: matches!(self.clause, Clause::Every),
            finally: matches!(self.clause, Clause::Finally),
            // No rescue takes the error of a handler that opens a resource.
            opens: None,
        }
    }
}

impl<E: fmt::Display, Cause> fmt::Display for Failed<E, Cause> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at().describe(f, "failed")?;
        write!(f, ": {}", self.error)
    }
}

impl<E: fmt::Debug, Cause> fmt::Debug for Failed<E, Cause> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failed")
            .field("error", &self.error)
            .field("handler", &self.handler)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

/// Whether a handler takes the cause of an error: [`WithoutCause`] or [`WithCause`]. They are two
/// types, so that the impls for them do not overlap.
#[doc(hidden)]
pub trait CauseSpec {
    /// The `Cause` of the handler's [`Failed`].
    type Cause;
}

#[doc(hidden)]
#[derive(Debug)]
pub enum WithoutCause {}

#[doc(hidden)]
#[derive(Debug)]
pub struct WithCause<Cause>(PhantomData<Cause>);

impl CauseSpec for WithoutCause {
    type Cause = ();
}

impl<Cause> CauseSpec for WithCause<Cause> {
    type Cause = Cause;
}

/// A [`Failed`] as it is recorded.
#[cfg(feature = "durable")]
mod written {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Clause, Failed};
    use crate::error::NotAnswered;
    use crate::records::names::{self, Name};

    #[derive(Serialize, Deserialize)]
    struct Written<E, Cause> {
        error: E,
        #[serde(deserialize_with = "names::read")]
        handler: Name,
        #[serde(deserialize_with = "names::read_option")]
        event: Option<Name>,
        cause: Cause,
        clause: Clause,
        question: Option<Question>,
    }

    #[derive(Serialize, Deserialize)]
    struct Question {
        #[serde(deserialize_with = "names::read")]
        name: Name,
        within: Option<Duration>,
    }

    impl<E: Serialize, Cause: Serialize> Serialize for Failed<E, Cause> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let question = self.question.map(NotAnswered::parts);
            let written = Written {
                error: &self.error,
                handler: self.handler,
                event: self.event,
                cause: &self.cause,
                clause: self.clause,
                question: question.map(|(name, within)| Question { name, within }),
            };
            written.serialize(serializer)
        }
    }

    impl<'de, E: Deserialize<'de>, Cause: Deserialize<'de>> Deserialize<'de> for Failed<E, Cause> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let written = Written::<E, Cause>::deserialize(deserializer)?;
            let question = written.question;
            Ok(Self {
                error: written.error,
                handler: written.handler,
                event: written.event,
                cause: written.cause,
                clause: written.clause,
                question: question.map(|question| NotAnswered::new(question.name, question.within)),
            })
        }
    }
}
