//! The error of an execution: of what it has failed, and where.

use std::any::Any;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::error::boxed::BoxError;
use crate::error::kind::FlowErrorKind;
use crate::error::not_answered::NotAnswered;
use crate::error::panic::panic_message;
use crate::error::timed_out::TimedOut;
use crate::graph::ClauseDesc;

/// The error of an execution that did not finish normally.
///
/// It is the last item of the execution's stream, and what [`Flow::run`](crate::Flow::run),
/// [`Execution::output`](crate::Execution::output) and [`Spawned::output`](crate::Spawned::output)
/// return.
///
/// - [`kind`](Self::kind) is the reason, for programs. [`FlowErrorKind`] lists what to do about
///   each.
/// - [`handler`](Self::handler) and [`event`](Self::event) name the place in the flow.
/// - [`source`](std::error::Error::source) is the handler's own error, if there is one. Downcast it
///   to get the original type.
/// - [`Display`](std::fmt::Display) is one line that names the handler and the event. `{:#}`
///   appends the chain of sources, each after a colon.
///
/// The error is reference-counted: clones are cheap and share one source.
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
pub struct FlowError(pub(super) Arc<Failure>);

/// The data behind each [`FlowErrorKind`].
pub(super) enum Failure {
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
    TooManyPending {
        max: u64,
        last: At,
    },
    /// More events wait for a partner than may be pending.
    TooManyPartners {
        max: u64,
        /// The one for which most wait.
        clause: Option<&'static ClauseDesc>,
        /// How many of each of its events wait.
        waiting: Vec<usize>,
    },
    Unanswered {
        question: &'static str,
        within: Option<Duration>,
    },
    LeftOver {
        clause: Option<&'static ClauseDesc>,
        /// How many of each event wait.
        waiting: Vec<usize>,
    },
    /// Events from outside that no stage has taken.
    Untaken(Untaken),
    NotDrained {
        within: Duration,
        running: Vec<At>,
        /// The `finally` took too long.
        in_finally: bool,
    },
    Cancelled,
    Unfinished,
    /// A stage waited for what the end of its outer execution has closed.
    GivenUp,
    /// A stage was given up, and its `finally` failed.
    NotFinished {
        stage: &'static str,
        source: FlowError,
    },
    Runtime {
        source: BoxError,
    },
    /// A failure, and that of the `finally` after it.
    Suppressing {
        error: FlowError,
        suppressed: FlowError,
    },
    /// A handler failed in a rescue.
    InRescue {
        error: FlowError,
        /// The error that the rescue had taken.
        taken: FlowError,
    },
    /// Another failure, of an execution whose output was decided before.
    WithOutput {
        error: FlowError,
        output: Mutex<Option<Box<dyn Any + Send>>>,
    },
    /// Created by [`FlowError::new`].
    Other {
        kind: FlowErrorKind,
        source: BoxError,
    },
    /// One of the others, as it was recorded.
    #[cfg(feature = "durable")]
    Recorded(Box<RecordedFailure>),
}

/// What is recorded of a failure.
#[cfg(feature = "durable")]
pub(super) struct RecordedFailure {
    pub(super) kind: FlowErrorKind,
    pub(super) at: At,
    pub(super) message: String,
    /// The message with those of its sources.
    pub(super) full: String,
    pub(super) source: Option<BoxError>,
    /// The error that a rescue had taken, in which this one came up.
    pub(super) rescued: Option<FlowError>,
}

/// Events from outside that no stage has taken.
#[derive(Debug)]
pub(super) struct Untaken {
    pub(super) event: &'static str,
    pub(super) count: usize,
    /// The stages that take such events.
    pub(super) stages: Vec<&'static str>,
}

/// A position in a flow.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At {
    /// The handler, if one was running.
    pub(crate) handler: Option<&'static str>,
    /// The event of its clause: `None` for `with`, `start`, `every`, `finally` and a rescue.
    pub(crate) event: Option<&'static str>,
    /// The resource that the clause opens.
    pub(crate) opens: Option<&'static str>,
    /// The clause is a rescue.
    pub(crate) rescue: bool,
    /// The clause is an `every`. With an event, it is that of a question.
    pub(crate) every: bool,
    /// The clause is a `finally`.
    pub(crate) finally: bool,
}

impl FlowError {
    /// Creates an error of the given kind.
    ///
    /// Use it in tests, and for a stream of your own that you pass to
    /// [`Broadcast::new`](crate::Broadcast::new). `source` is any error, or a string. The error's
    /// [`handler`](Self::handler) and [`event`](Self::event) are `None`.
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
        if let Some(unanswered) = source.downcast_ref::<NotAnswered>() {
            return Self::unanswered(unanswered.question, unanswered.within);
        }
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

    /// The error of a broadcast whose source stream panicked.
    pub(crate) fn stream_panicked(payload: &(dyn Any + Send)) -> Self {
        Self::new(FlowErrorKind::Panicked, panic_message(payload))
    }

    /// The error happened in a rescue that had taken the other one.
    pub(crate) fn in_rescue_of(self, taken: Self) -> Self {
        Self::from(Failure::InRescue { error: self, taken })
    }

    pub(crate) fn out_of_time(after: Duration) -> Self {
        Self::from(Failure::TimedOut { after })
    }

    /// `running` is the position of a handler that was suspended.
    pub(crate) fn idle(after: Duration, running: Option<At>) -> Self {
        Self::from(Failure::Idle { after, running })
    }

    /// `last` is the event, and the handler that emitted it.
    pub(crate) fn too_many_events(max: u64, last: At) -> Self {
        Self::from(Failure::TooManyEvents { max, last })
    }

    /// `last` is the event, and the handler that emitted it.
    pub(crate) fn too_many_pending(max: u64, last: At) -> Self {
        Self::from(Failure::TooManyPending { max, last })
    }

    /// `waiting` tells how many of each event of the clause wait for a partner.
    pub(crate) fn too_many_partners(
        max: u64,
        clause: Option<&'static ClauseDesc>,
        waiting: Vec<usize>,
    ) -> Self {
        Self::from(Failure::TooManyPartners {
            max,
            clause,
            waiting,
        })
    }

    /// `within` is `None` if nothing is left that could answer the question.
    pub(crate) fn unanswered(question: &'static str, within: Option<Duration>) -> Self {
        Self::from(Failure::Unanswered { question, within })
    }

    /// `running` are the positions of the handlers that still ran.
    pub(crate) fn not_drained(within: Duration, running: Vec<At>, in_finally: bool) -> Self {
        Self::from(Failure::NotDrained {
            within,
            running,
            in_finally,
        })
    }

    /// The error together with the output that was decided before.
    pub(crate) fn with_output<O: Send + 'static>(self, output: O) -> Self {
        let output: Box<dyn Any + Send> = Box::new(output);
        Self::from(Failure::WithOutput {
            error: self,
            output: Mutex::new(Some(output)),
        })
    }

    /// The error, and that of the `finally` after it. If there was one before, it has the other.
    pub(crate) fn with_suppressed(self, suppressed: Self) -> Self {
        let (error, suppressed) = match &*self.0 {
            Failure::Suppressing {
                error,
                suppressed: before,
            } => (error.clone(), before.clone().with_suppressed(suppressed)),
            _ => (self, suppressed),
        };
        Self::from(Failure::Suppressing { error, suppressed })
    }

    /// The error of a stage that waited for what the end of its outer execution has closed.
    pub(crate) fn given_up() -> Self {
        Self::from(Failure::GivenUp)
    }

    /// The error of an execution whose stage was given up and has failed in its `finally`.
    pub(crate) fn not_finished(stage: &'static str, source: Self) -> Self {
        Self::from(Failure::NotFinished { stage, source })
    }

    pub(crate) fn is_given_up(&self) -> bool {
        matches!(self.failure(), Failure::GivenUp)
    }

    /// The error alone; the output is dropped.
    pub(crate) fn without_output(self) -> Self {
        match &*self.0 {
            Failure::WithOutput { error, .. } => error.clone(),
            _ => self,
        }
    }

    pub(crate) fn cancelled() -> Self {
        Self::from(Failure::Cancelled)
    }

    pub(crate) fn unfinished() -> Self {
        Self::from(Failure::Unfinished)
    }

    /// `waiting` tells how many of each event of the clause are left.
    pub(crate) fn left_over(clause: Option<&'static ClauseDesc>, waiting: Vec<usize>) -> Self {
        Self::from(Failure::LeftOver { clause, waiting })
    }

    pub(crate) fn untaken(event: &'static str, count: usize, stages: Vec<&'static str>) -> Self {
        Self::from(Failure::Untaken(Untaken {
            event,
            count,
            stages,
        }))
    }

    pub(crate) fn runtime(source: BoxError) -> Self {
        Self::from(Failure::Runtime { source })
    }
}

impl From<Failure> for FlowError {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}
