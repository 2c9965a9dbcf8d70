//! How an execution fails.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::limits::TimedOut;
use crate::text::Text;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

struct Failure {
    kind: FlowErrorKind,
    /// The handler, and the event that it ran for (`None`: it ran on start).
    at: Option<(&'static str, Option<&'static str>)>,
    source: Option<BoxError>,
    limit: Limit,
}

/// What was exceeded, if anything.
#[derive(Clone, Copy)]
enum Limit {
    None,
    Time(Duration),
    Events(u64),
}

impl FlowError {
    pub(crate) fn failed(
        handler: &'static str,
        event: Option<&'static str>,
        source: BoxError,
    ) -> Self {
        let at = Some((handler, event));
        match source.downcast_ref::<TimedOut>() {
            Some(timed_out) => Self(Arc::new(Failure {
                kind: FlowErrorKind::TimedOut,
                at,
                limit: Limit::Time(timed_out.after),
                source: Some(source),
            })),
            None => Self::new(FlowErrorKind::Failed, at, Some(source)),
        }
    }

    /// The whole execution took longer than this.
    pub(crate) fn out_of_time(after: Duration) -> Self {
        Self::exceeded(FlowErrorKind::TimedOut, None, Limit::Time(after))
    }

    /// `running` is a handler that was suspended meanwhile, and its event.
    pub(crate) fn idle(
        after: Duration,
        running: Option<(&'static str, Option<&'static str>)>,
    ) -> Self {
        Self::exceeded(FlowErrorKind::Idle, running, Limit::Time(after))
    }

    /// `handler` is the one that the last event was for.
    pub(crate) fn too_many_events(
        events: u64,
        handler: &'static str,
        event: Option<&'static str>,
    ) -> Self {
        let at = Some((handler, event));
        Self::exceeded(FlowErrorKind::TooManyEvents, at, Limit::Events(events))
    }

    /// The question `event` was not answered: within this, or since nobody is left who could.
    pub(crate) fn unanswered(event: &'static str, within: Option<Duration>) -> Self {
        let limit = within.map_or(Limit::None, Limit::Time);
        Self::exceeded(FlowErrorKind::Unanswered, Some(("", Some(event))), limit)
    }

    fn exceeded(
        kind: FlowErrorKind,
        at: Option<(&'static str, Option<&'static str>)>,
        limit: Limit,
    ) -> Self {
        Self(Arc::new(Failure {
            kind,
            at,
            source: None,
            limit,
        }))
    }

    pub(crate) fn panicked(
        handler: &'static str,
        event: Option<&'static str>,
        payload: &(dyn Any + Send),
    ) -> Self {
        let message = panic_message(payload);
        Self::new(
            FlowErrorKind::Panicked,
            Some((handler, event)),
            Some(message.into()),
        )
    }

    /// A stream that was made of an execution panicked, and not a handler.
    pub(crate) fn stream_panicked(payload: &(dyn Any + Send)) -> Self {
        let message = panic_message(payload);
        Self::new(FlowErrorKind::Panicked, None, Some(message.into()))
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(FlowErrorKind::Cancelled, None, None)
    }

    pub(crate) fn unfinished() -> Self {
        Self::new(FlowErrorKind::Unfinished, None, None)
    }

    pub(crate) fn runtime(source: BoxError) -> Self {
        Self::new(FlowErrorKind::Runtime, None, Some(source))
    }

    fn new(
        kind: FlowErrorKind,
        at: Option<(&'static str, Option<&'static str>)>,
        source: Option<BoxError>,
    ) -> Self {
        Self(Arc::new(Failure {
            kind,
            at,
            source,
            limit: Limit::None,
        }))
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> FlowErrorKind {
        self.0.kind
    }

    /// The name of the handler that failed or panicked; that ran while nothing happened
    /// ([`Idle`](FlowErrorKind::Idle), if one did); or that was to run for the last event
    /// ([`TooManyEvents`](FlowErrorKind::TooManyEvents)).
    #[must_use]
    pub fn handler(&self) -> Option<&'static str> {
        let handler = self.0.at.map(|(handler, _)| handler);
        handler.filter(|handler| !handler.is_empty())
    }

    /// The name of the event that this handler ran for, or of the question that was not answered; `None`
    /// if it ran on start.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        self.0.at.and_then(|(_, event)| event)
    }
}

/// One line; with `{:#}`, what is behind it as well: each [`source`](Error::source) after a colon.
impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.kind, self.0.at) {
            (FlowErrorKind::Cancelled, _) => f.write_str("the execution was cancelled"),
            (FlowErrorKind::Unfinished, _) => {
                f.write_str("the execution ran out before it came to its `end`")
            }
            (FlowErrorKind::Runtime, _) => f.write_str("the execution has no runtime to run on"),
            (FlowErrorKind::TimedOut, Some(_)) => {
                describe(f, self.0.at, "timed out")?;
                write!(f, " after {}", self.0.limit)
            }
            (FlowErrorKind::TimedOut, None) => {
                write!(f, "the execution took longer than {}", self.0.limit)
            }
            (FlowErrorKind::Idle, running) => {
                write!(f, "nothing happened in the execution for {}", self.0.limit)?;
                match running {
                    Some((handler, _)) => write!(f, " while `{handler}` was running"),
                    None => Ok(()),
                }
            }
            (FlowErrorKind::TooManyEvents, at) => {
                write!(f, "the execution had more than {} events", self.0.limit)?;
                match at {
                    Some((_, Some(event))) => write!(f, ", the last of them `{event}`"),
                    _ => Ok(()),
                }
            }
            (FlowErrorKind::Unanswered, at) => {
                let question = at.and_then(|(_, event)| event).unwrap_or_default();
                match self.0.limit {
                    Limit::None => write!(f, "nobody was left who could answer `{question}`"),
                    within => write!(f, "`{question}` was not answered within {within}"),
                }
            }
            (FlowErrorKind::Failed, at) => describe(f, at, "failed"),
            (FlowErrorKind::Panicked, at) => describe(f, at, "panicked"),
        }?;
        let mut source = self.source().filter(|_| f.alternate());
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Time(after) => f.write_str(Text::new().with_duration(*after).as_str()),
            Self::Events(events) => write!(f, "{events}"),
        }
    }
}

/// Which handler did what, and for which event.
fn describe(
    f: &mut fmt::Formatter<'_>,
    at: Option<(&'static str, Option<&'static str>)>,
    what: &str,
) -> fmt::Result {
    match at {
        Some((handler, Some(event))) => write!(f, "handler `{handler}` {what} on `{event}`"),
        Some((handler, None)) => write!(f, "handler `{handler}` {what} on start"),
        None => write!(f, "the stream {what}"),
    }
}

impl fmt::Debug for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowError")
            .field("kind", &self.0.kind)
            .field("handler", &self.handler())
            .field("event", &self.event())
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for FlowError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

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
