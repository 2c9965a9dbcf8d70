//! How an execution fails.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::num::ParseIntError;
use std::sync::Arc;
use std::time::Duration;

use crate::graph::duration::Readable;

/// Any error that can be sent to another thread: what a handler's error becomes on its way out.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A `Result` whose `?` takes every error type; what handlers usually return.
///
/// ```
/// fn port(text: &str) -> flow_core::Result<u16> {
///     Ok(text.trim().parse()?)
/// }
/// assert!(port("no port").is_err());
/// ```
pub type Result<T, E = BoxError> = std::result::Result<T, E>;

/// Why an execution ended before its time.
///
/// It is the last item of the execution's stream, and the error of
/// [`run`](crate::Flow::run) and [`join`](crate::Spawned::join). Its [`Display`](fmt::Display) is
/// one line that names the handler and the event; what the handler itself returned is its
/// [`source`](Error::source), and `{:#}` prints both. Cloning it is cheap.
///
/// ```
/// use flow_core::{FlowErrorKind, flow, handler};
/// use std::error::Error;
///
/// #[handler]
/// async fn parse() -> flow_core::Result<()> {
///     "seven".parse::<u8>()?;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = flow! { start -> parse }.run(()).await.unwrap_err();
/// assert_eq!(error.kind(), FlowErrorKind::Failed);
/// assert_eq!(error.to_string(), "handler `parse` failed on start");
/// assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
/// assert_eq!(
///     format!("{error:#}"),
///     "handler `parse` failed on start: invalid digit found in string"
/// );
/// # }
/// ```
#[derive(Clone)]
pub struct FlowError(Arc<Failure>);

/// The ways in which an execution can fail; more may be added.
///
/// ```
/// use flow_core::{FlowErrorKind, flow, handler};
///
/// #[handler]
/// async fn divide(by: u32) {
///     let _ = 1 / by;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = flow! { start(u32) -> divide }.run(0).await.unwrap_err();
/// assert_eq!(error.kind(), FlowErrorKind::Panicked);
/// assert_eq!(error.to_string(), "handler `divide` panicked on start");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum FlowErrorKind {
    /// A handler returned an error: the [`source`](Error::source).
    Failed,
    /// A handler panicked; the message is the [`source`](Error::source).
    Panicked,
    /// A handler took longer than its `timeout`: the [`source`](Error::source) is a
    /// [`TimedOut`]. Or the execution took longer than its own; then
    /// [`handler`](FlowError::handler) is `None`.
    TimedOut,
    /// Nothing happened in the execution for as long as its `idle_timeout`.
    Idle,
    /// The execution had more events than its `max_events`.
    TooManyEvents,
    /// A question was not answered in time, or nobody was left who could, and its clause has no
    /// `else`.
    Unanswered,
    /// It was cancelled by its handle, or with the runtime it ran on.
    Cancelled,
    /// It ran out, or was stopped, before any clause had led to `end`.
    Unfinished,
    /// [`blocking_iter`](crate::Flow::blocking_iter) could not get a runtime to run on, for
    /// example because it was called from async code; use [`stream`](crate::Flow::stream) there. Or
    /// an execution with a `timeout` was polled outside of a tokio runtime.
    Runtime,
}

/// What happened, and where.
enum Failure {
    Failed {
        at: At,
        source: BoxError,
    },
    Panicked {
        at: At,
        source: BoxError,
    },
    AttemptTimedOut {
        at: At,
        after: Duration,
        source: BoxError,
    },
    TimedOut {
        after: Duration,
    },
    Idle {
        after: Duration,
        running: Option<At>,
    },
    TooManyEvents {
        max: u64,
        last: At,
    },
    Unanswered {
        question: &'static str,
        within: Option<Duration>,
    },
    Cancelled,
    Unfinished,
    Runtime {
        source: BoxError,
    },
    /// Made by [`FlowError::new`].
    Other {
        kind: FlowErrorKind,
        source: BoxError,
    },
}

/// A place in a flow: a handler, if one ran, and the event of its clause, which `start` has none of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At {
    pub(crate) handler: Option<&'static str>,
    pub(crate) event: Option<&'static str>,
}

impl FlowError {
    /// Makes an error, for a test or for a stream of your own that you hand to
    /// [`Broadcast::new`](crate::Broadcast::new).
    ///
    /// Its [`handler`](Self::handler) and [`event`](Self::event) are `None`.
    ///
    /// ```
    /// use flow_core::{FlowError, FlowErrorKind};
    ///
    /// let error = FlowError::new(FlowErrorKind::Failed, "the connection was reset");
    /// assert_eq!(error.kind(), FlowErrorKind::Failed);
    /// assert_eq!(format!("{error:#}"), "the execution failed: the connection was reset");
    /// ```
    #[must_use]
    pub fn new(kind: FlowErrorKind, source: impl Into<BoxError>) -> Self {
        let source = source.into();
        Self::from(Failure::Other { kind, source })
    }

    pub(crate) fn failed(at: At, source: BoxError) -> Self {
        Self::from(match source.downcast_ref::<TimedOut>() {
            Some(timed_out) => Failure::AttemptTimedOut {
                at,
                after: timed_out.after,
                source,
            },
            None => Failure::Failed { at, source },
        })
    }

    pub(crate) fn panicked(at: At, payload: &(dyn Any + Send)) -> Self {
        let source = panic_message(payload).into();
        Self::from(Failure::Panicked { at, source })
    }

    /// The stream that a broadcast reads has panicked.
    pub(crate) fn stream_panicked(payload: &(dyn Any + Send)) -> Self {
        Self::new(FlowErrorKind::Panicked, panic_message(payload))
    }

    pub(crate) fn out_of_time(after: Duration) -> Self {
        Self::from(Failure::TimedOut { after })
    }

    /// `running` is the position of a handler that was suspended.
    pub(crate) fn idle(after: Duration, running: Option<At>) -> Self {
        Self::from(Failure::Idle { after, running })
    }

    /// `last` is the clause that the last event was for.
    pub(crate) fn too_many_events(max: u64, last: At) -> Self {
        Self::from(Failure::TooManyEvents { max, last })
    }

    /// The question was not answered within this time, or nothing is left that could answer it.
    pub(crate) fn unanswered(question: &'static str, within: Option<Duration>) -> Self {
        Self::from(Failure::Unanswered { question, within })
    }

    pub(crate) fn cancelled() -> Self {
        Self::from(Failure::Cancelled)
    }

    pub(crate) fn unfinished() -> Self {
        Self::from(Failure::Unfinished)
    }

    pub(crate) fn runtime(source: BoxError) -> Self {
        Self::from(Failure::Runtime { source })
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> FlowErrorKind {
        match &*self.0 {
            Failure::Failed { .. } => FlowErrorKind::Failed,
            Failure::Panicked { .. } => FlowErrorKind::Panicked,
            Failure::AttemptTimedOut { .. } | Failure::TimedOut { .. } => FlowErrorKind::TimedOut,
            Failure::Idle { .. } => FlowErrorKind::Idle,
            Failure::TooManyEvents { .. } => FlowErrorKind::TooManyEvents,
            Failure::Unanswered { .. } => FlowErrorKind::Unanswered,
            Failure::Cancelled => FlowErrorKind::Cancelled,
            Failure::Unfinished => FlowErrorKind::Unfinished,
            Failure::Runtime { .. } => FlowErrorKind::Runtime,
            Failure::Other { kind, .. } => *kind,
        }
    }

    fn at(&self) -> At {
        match &*self.0 {
            Failure::Failed { at, .. }
            | Failure::Panicked { at, .. }
            | Failure::AttemptTimedOut { at, .. }
            | Failure::TooManyEvents { last: at, .. } => *at,
            Failure::Idle { running, .. } => running.unwrap_or_default(),
            Failure::Unanswered { question, .. } => At {
                handler: None,
                event: Some(question),
            },
            Failure::TimedOut { .. }
            | Failure::Cancelled
            | Failure::Unfinished
            | Failure::Runtime { .. }
            | Failure::Other { .. } => At::default(),
        }
    }

    /// The name of the handler that failed, panicked or timed out; of one that was running while nothing
    /// happened ([`Idle`](FlowErrorKind::Idle)); or of the one that the last event was for
    /// ([`TooManyEvents`](FlowErrorKind::TooManyEvents)).
    ///
    /// `None` if no handler was running: in a condition, in a conversion, or in a clause without handlers.
    #[must_use]
    pub fn handler(&self) -> Option<&'static str> {
        self.at().handler
    }

    /// The name of the event whose clause was running, or of the question that was not answered. `None`
    /// for `start`.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        self.at().event
    }
}

impl From<Failure> for FlowError {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}

/// One line. With `{:#}`, each [`source`](Error::source) follows after a colon.
impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Failure::Failed { at, .. } => at.describe(f, "failed"),
            Failure::Panicked { at, .. } => at.describe(f, "panicked"),
            Failure::AttemptTimedOut { at, after, .. } => {
                at.describe(f, "timed out")?;
                write!(f, " after {}", Readable(*after))
            }
            Failure::TimedOut { after } => {
                write!(f, "the execution took longer than {}", Readable(*after))
            }
            Failure::Idle { after, running } => {
                write!(
                    f,
                    "nothing happened in the execution for {}",
                    Readable(*after)
                )?;
                match running.and_then(|at| at.handler) {
                    Some(handler) => write!(f, " while `{handler}` was running"),
                    None => Ok(()),
                }
            }
            Failure::TooManyEvents { max, last } => {
                write!(f, "the execution had more than {max} events")?;
                match last.event {
                    Some(event) => write!(f, ", the last of them `{event}`"),
                    None => Ok(()),
                }
            }
            Failure::Unanswered { question, within } => match within {
                Some(within) => {
                    write!(
                        f,
                        "`{question}` was not answered within {}",
                        Readable(*within)
                    )
                }
                None => write!(f, "nothing was left that could answer `{question}`"),
            },
            Failure::Cancelled => f.write_str("the execution was cancelled"),
            Failure::Unfinished => f.write_str("the execution finished without reaching `end`"),
            Failure::Runtime { .. } => f.write_str("the execution has no runtime to run on"),
            Failure::Other { kind, .. } => f.write_str(match kind {
                FlowErrorKind::Failed => "the execution failed",
                FlowErrorKind::Panicked => "the stream panicked",
                FlowErrorKind::TimedOut => "the execution timed out",
                FlowErrorKind::Idle => "nothing happened in the execution for too long",
                FlowErrorKind::TooManyEvents => "the execution had too many events",
                FlowErrorKind::Unanswered => "a question was not answered",
                FlowErrorKind::Cancelled => "the execution was cancelled",
                FlowErrorKind::Unfinished => "the execution finished without reaching `end`",
                FlowErrorKind::Runtime => "the execution has no runtime to run on",
            }),
        }?;
        let mut source = self.source().filter(|_| f.alternate());
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl At {
    /// Writes "handler `ask` failed on `Question`".
    fn describe(self, f: &mut fmt::Formatter<'_>, what: &str) -> fmt::Result {
        match self.handler {
            Some(handler) => write!(f, "handler `{handler}` {what}"),
            None => write!(f, "a clause {what}"),
        }?;
        match self.event {
            Some(event) => write!(f, " on `{event}`"),
            None => f.write_str(" on start"),
        }
    }
}

impl fmt::Debug for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowError")
            .field("kind", &self.kind())
            .field("handler", &self.handler())
            .field("event", &self.event())
            .field("source", &self.source())
            .finish()
    }
}

impl Error for FlowError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            Failure::Failed { source, .. }
            | Failure::Panicked { source, .. }
            | Failure::AttemptTimedOut { source, .. }
            | Failure::Runtime { source }
            | Failure::Other { source, .. } => Some(&**source),
            Failure::TimedOut { .. }
            | Failure::Idle { .. }
            | Failure::TooManyEvents { .. }
            | Failure::Unanswered { .. }
            | Failure::Cancelled
            | Failure::Unfinished => None,
        }
    }
}

/// What a handler with a `timeout` fails with when it takes longer.
///
/// It becomes the handler's own error, by `From`; where that is a [`BoxError`](crate::BoxError), or
/// where the handler returns no `Result`, it is this type in a box.
///
/// ```
/// use flow_core::{FlowErrorKind, TimedOut, flow, handler};
/// use std::error::Error;
/// use std::time::Duration;
///
/// #[handler(timeout = "30s")]
/// async fn fetch() {
///     std::future::pending().await
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let error = flow! { start -> fetch }.run(()).await.unwrap_err();
/// assert_eq!(error.kind(), FlowErrorKind::TimedOut);
/// assert_eq!(error.to_string(), "handler `fetch` timed out on start after 30s");
///
/// let timed_out: &TimedOut = error.source().unwrap().downcast_ref().unwrap();
/// assert_eq!(timed_out.after, Duration::from_secs(30));
/// assert_eq!(timed_out.to_string(), "`fetch` took longer than 30s");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TimedOut {
    /// The handler's name.
    pub handler: &'static str,
    /// How long it was given.
    pub after: Duration,
}

impl TimedOut {
    /// Puts one together, for a unit test of what becomes of it.
    ///
    /// ```
    /// # use flow_core::TimedOut;
    /// # use std::time::Duration;
    /// let timed_out = TimedOut::new("fetch", Duration::from_millis(1_500));
    /// assert_eq!(timed_out.to_string(), "`fetch` took longer than 1s 500ms");
    /// ```
    #[must_use]
    pub fn new(handler: &'static str, after: Duration) -> Self {
        Self { handler, after }
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` took longer than {}",
            self.handler,
            Readable(self.after)
        )
    }
}

impl Error for TimedOut {}

/// An error that can leave a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler's error: implement `std::error::Error` for it, or return `flow_core::Result`",
    label = "not `std::error::Error + Send + Sync`"
)]
pub trait HandlerError {
    #[doc(hidden)]
    fn boxed(self) -> BoxError;

    #[doc(hidden)]
    fn as_display(&self) -> &dyn fmt::Display;
}

#[diagnostic::do_not_recommend]
impl<E: fmt::Display + Into<BoxError>> HandlerError for E {
    fn boxed(self) -> BoxError {
        self.into()
    }

    fn as_display(&self) -> &dyn fmt::Display {
        self
    }
}

/// Text that is not the number it should be: the error of parsing a
/// [`QuestionId`](crate::QuestionId) or an [`ItemPosition`](crate::ItemPosition).
///
/// ```
/// use flow_core::ItemPosition;
///
/// let error = "two".parse::<ItemPosition>().unwrap_err();
/// assert_eq!(error.to_string(), "not a number: invalid digit found in string");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseNumberError(ParseIntError);

impl ParseNumberError {
    pub(crate) fn new(error: ParseIntError) -> Self {
        Self(error)
    }
}

impl fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a number: {}", self.0)
    }
}

impl Error for ParseNumberError {}

/// A panic's message, if it has one that can be read.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "the panic carried no message".to_owned()
    }
}
