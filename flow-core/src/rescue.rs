//! What a rescue is told.

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};

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
    /// let failed = Failed::new("no network", "ask", None).caused_by("why?");
    /// assert_eq!(failed.cause, "why?");
    /// ```
    pub fn caused_by<Cause>(self, cause: Cause) -> Failed<E, Cause> {
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

/// What a handler wants to know of a cause: [`NoCause`] or [`Caused`], so that neither overlaps with
/// the other.
pub trait Wanted {
    /// The `Cause` of its [`Failed`].
    type Cause;
}

/// Nothing.
#[derive(Debug)]
pub enum NoCause {}

/// A `Cause`.
#[derive(Debug)]
pub struct Caused<Cause>(PhantomData<Cause>);

impl Wanted for NoCause {
    type Cause = ();
}

impl<Cause> Wanted for Caused<Cause> {
    type Cause = Cause;
}

/// Keeps of what a clause is run with, `P`, what the handler `H` wants to know if it fails.
pub trait Keeps<P, H>: Wanted {
    /// What is kept. It is shared by the branches of the clause, which run at the same time.
    type Kept;

    /// Before the clause runs.
    fn keep(value: &P) -> Self::Kept;

    /// When a handler of it has failed, which several may.
    fn tell(kept: &Self::Kept) -> Self::Cause;
}

impl<P, H> Keeps<P, H> for NoCause {
    type Kept = ();

    #[inline]
    fn keep(_value: &P) {}

    #[inline]
    fn tell((): &()) {}
}

impl<P: Copied<H> + Causes<Cause, H>, Cause, H> Keeps<P, H> for Caused<Cause> {
    /// A lock, for an event need not be `Sync`; nobody ever waits for it.
    type Kept = Mutex<P>;

    fn keep(value: &P) -> Mutex<P> {
        Mutex::new(value.copied())
    }

    fn tell(kept: &Mutex<P>) -> Cause {
        let kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.copied().into_cause()
    }
}

/// What a clause is run with, which goes its way and is kept for the handler `H` as well.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes the cause of an error, and `{Self}`, with which a clause is run that it rescues, is not `Clone`",
    label = "takes the cause, which is kept for it: add `#[derive(Clone)]`"
)]
pub trait Copied<H> {
    /// One more.
    #[must_use]
    fn copied(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone, H> Copied<H> for P {
    fn copied(&self) -> P {
        self.clone()
    }
}

/// What a clause is run with, as a cause that the handler `H` wants to know.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{Cause}` as the cause, and a clause that it rescues is run with `{Self}`",
    label = "is not told of a `{Self}`",
    note = "implement `From<{Self}>` for `{Cause}`, or take a `Failed` without a cause"
)]
pub trait Causes<Cause, H> {
    /// Converts it.
    fn into_cause(self) -> Cause;
}

#[diagnostic::do_not_recommend]
impl<P: Into<Cause>, Cause, H> Causes<Cause, H> for P {
    fn into_cause(self) -> Cause {
        self.into()
    }
}
