//! What a rescue is told.

use std::fmt;
use std::marker::PhantomData;

use crate::error::BoxError;

/// A handler's error, as `rescue handler -> route` hands it on.
///
/// Where one handler is rescued, `E` is the type of its error; where all are (`rescue -> route`), it
/// is a [`BoxError`].
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
/// let said = |text| flow.blocking_iter(text).collect::<Result<Vec<_>, _>>();
/// assert_eq!(said("7")?, ["it is 7"]);
/// assert_eq!(said("seven")?, ["`parse`: invalid digit found in string"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// # With the event that caused it
///
/// If the first handler of a rescue takes a `Failed<E, Event>`, it is told what the clause was run
/// with, too: its event, or what `start` was given. That is cloned for it before the clause runs, and
/// so has to be `Clone`; where no handler asks for it, nothing is.
///
/// ```
/// use flow_core::{Cx, Event, Failed, flow, handler};
///
/// #[derive(Clone, Event)]
/// struct Question(String);
///
/// #[handler(emits = "Question")]
/// async fn begin(cx: &Cx) {
///     cx.emit(Question("why?".to_owned()));
/// }
///
/// #[handler(on = "Question")]
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
/// let said: Result<Vec<_>, _> = flow.blocking_iter(()).collect();
/// assert_eq!(said?, ["no answer to `why?`"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// Where the clauses of the rescued handler wait for several events, the cause is what is made of
/// each: an `enum` that is `From` all of them. Where all handlers are rescued, so are all clauses.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failed<E = BoxError, Cause = ()> {
    /// What the handler returned.
    pub error: E,
    /// The handler's name.
    pub handler: &'static str,
    /// The name of the event that its clause waits for, of several the first; `None` for `start`.
    pub event: Option<&'static str>,
    /// What its clause was run with, if that was asked for.
    pub cause: Cause,
}

impl<E> Failed<E> {
    /// Puts one together, for calling a rescuing handler in a unit test.
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
        }
    }

    /// The same, with what caused it.
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
        }
    }
}

impl<E: fmt::Display, Cause> fmt::Display for Failed<E, Cause> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            error,
            handler,
            event,
            ..
        } = self;
        match event {
            Some(event) => write!(f, "handler `{handler}` failed on `{event}`: {error}"),
            None => write!(f, "handler `{handler}` failed on start: {error}"),
        }
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

/// Which cause of an error a handler takes: [`WithoutCause`] or [`WithCause`]. Two types, so that
/// the impls for them do not overlap.
#[doc(hidden)]
pub trait CauseSpec {
    /// The `Cause` of its [`Failed`].
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
