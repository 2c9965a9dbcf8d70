//! The errors of executions and handlers.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::num::ParseIntError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::graph::ClauseDesc;
use crate::graph::duration::Readable;

/// A boxed error that can cross threads: the usual error type of handlers.
///
/// Every handler's error becomes one on its way into a [`FlowError`], as its
/// [`source`](Error::source).
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// A [`Result`](std::result::Result) whose error defaults to [`BoxError`].
///
/// It is what handlers usually return: `?` converts any error type into it.
///
/// ```
/// fn port(text: &str) -> flow_core::Result<u16> {
///     Ok(text.trim().parse()?)
/// }
/// assert!(port("no port").is_err());
/// ```
pub type Result<T, E = BoxError> = std::result::Result<T, E>;

/// The error of an execution that did not finish normally.
///
/// It is the last item of the execution's stream, and what [`Flow::run`](crate::Flow::run),
/// [`Execution::output`](crate::Execution::output) and [`Spawned::output`](crate::Spawned::output)
/// return.
///
/// - [`kind`](Self::kind) is the reason, for programs. [`FlowErrorKind`] lists what to do about
///   each.
/// - [`handler`](Self::handler) and [`event`](Self::event) name the place in the flow.
/// - [`source`](Error::source) is the handler's own error, if there is one. Downcast it to get the
///   original type.
/// - [`Display`](fmt::Display) is one line that names the handler and the event. `{:#}` appends the
///   chain of sources, each after a colon.
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
pub struct FlowError(Arc<Failure>);

/// The reason why an execution failed, and what to do about it.
///
/// More kinds may be added, so a `match` needs a wildcard arm.
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
    /// A handler returned an error, which is the [`source`](Error::source).
    ///
    /// To keep the execution running, add `rescue handler -> route` to the flow. If another attempt
    /// may succeed, add `retry(…)` to the handler.
    Failed,
    /// A handler panicked. The [`source`](Error::source) displays the panic message.
    ///
    /// A panic is a bug: it is neither retried nor rescued. The kind is also used when a panic
    /// comes from a condition or a conversion in a clause, or from a stream that a
    /// [`Broadcast`](crate::Broadcast) shares.
    Panicked,
    /// A handler exceeded its `timeout`, or the execution exceeded its own or its `drain within`.
    ///
    /// If it was a handler, the [`source`](Error::source) is a [`TimedOut`]; `rescue` and `retry`
    /// apply to it as to any other error of the handler. If it was the execution,
    /// [`handler`](FlowError::handler) is `None`: raise [`Flow::timeout`](crate::Flow::timeout), or
    /// give the handlers shorter limits.
    TimedOut,
    /// The execution was idle for as long as its `idle_timeout`.
    ///
    /// [`handler`](FlowError::handler) names a handler that was suspended at that time. See
    /// [`Flow::idle_timeout`](crate::Flow::idle_timeout) for what counts as activity.
    Idle,
    /// The execution exceeded its `max_events`.
    ///
    /// Usually handlers emit events in a loop that does not end: [`event`](FlowError::event) names
    /// the last one. See [`Flow::max_events`](crate::Flow::max_events).
    TooManyEvents,
    /// A handler emitted an event while as many events of handlers were pending as the
    /// `max_pending` of the execution allows. Or more events wait for a partner in clauses
    /// `when A & B` than it allows.
    ///
    /// Raise the limit, or emit fewer events at once: [`event`](FlowError::event) names the one
    /// that was too many, and [`handler`](FlowError::handler) the handler that emitted it. See
    /// [`Flow::max_pending`](crate::Flow::max_pending).
    TooManyPending,
    /// A question was not answered in time, or can no longer be answered.
    ///
    /// Add an `else` to its `ask` to handle this inside the flow, or `rescue ask` for a stage. See
    /// [`Question`](crate::Question) for when a question counts as unanswerable.
    Unanswered,
    /// The execution was cancelled, by [`Spawned::cancel`](crate::Spawned::cancel) or by the
    /// shutdown of its runtime.
    Cancelled,
    /// The flow has an `end`, but the execution finished or was stopped without reaching it.
    ///
    /// Check that every path through the flow leads to `end`, and that
    /// [`Cx::stop`](crate::Cx::stop) is not called on a path that needs a result.
    Unfinished,
    /// The execution finished while events waited: for their partners in a clause `when A & B` or
    /// `when Vote[3]`, or from outside for a stage that is a flow to begin.
    ///
    /// The message names the clause or the stage and what waits, [`event`](FlowError::event) the
    /// first event that is left. If they may be left, add a route for them:
    /// `when A & B -> pair else -> ignore`, or a clause that takes the event from outside.
    LeftOver,
    /// The execution cannot run where it was started or polled.
    ///
    /// The source of the error tells which of these it is:
    ///
    /// - [`blocking_iter`](crate::Flow::blocking_iter) was called in async code, where
    ///   [`stream`](crate::Flow::stream) is the right call.
    /// - A time limit or a retry needs a clock, but the execution is polled outside of a tokio
    ///   runtime, or its runtime has no timers or is gone.
    /// - Executions whose handlers run further executions are nested so deeply that they use 1 MiB
    ///   of the stack, half of what a thread has by default.
    Runtime,
}

/// The data behind each [`FlowErrorKind`].
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

    /// Takes the output of an execution that failed after its end was decided, once.
    ///
    /// Between a clause's `end` and the end of the execution, what is under way is finished; that
    /// may fail. `None` if there was no output yet, if it is not an `O`, or if it was taken before,
    /// from this error or a clone of it. The error in the items of a
    /// [`spawn`](crate::Flow::spawn)ed execution has no output; that of its
    /// [`output`](crate::Spawned::output) has.
    ///
    /// ```
    /// use flow_core::{Cx, Event, FlowErrorKind, Result, flow, handler};
    ///
    /// #[derive(Event)]
    /// struct Answered(u32);
    ///
    /// #[handler(emits = Answered)]
    /// async fn answer(cx: &Cx) -> u32 {
    ///     cx.emit(Answered(42));
    ///     42
    /// }
    ///
    /// #[handler(on = Answered)]
    /// async fn log(Answered(_): Answered) -> Result<()> {
    ///     Err("the disk is full".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start -> answer -> end; when Answered -> log };
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.kind(), FlowErrorKind::Failed);
    /// assert_eq!(error.take_output::<u32>(), Some(42));
    /// assert_eq!(error.take_output::<u32>(), None);
    /// # }
    /// ```
    #[must_use]
    pub fn take_output<O: 'static>(&self) -> Option<O> {
        let Failure::WithOutput { output, .. } = &*self.0 else {
            return None;
        };
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        match output.take()?.downcast() {
            Ok(taken) => Some(*taken),
            Err(other) => {
                *output = Some(other);
                None
            }
        }
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

    /// Returns the error of the `finally` that ran because of this one.
    ///
    /// If several have failed, those of stages and that of the flow, each has the next.
    ///
    /// The message of this error ends with it. Where a rescue has failed, its error comes first, and
    /// has the one that it had taken as [`rescued`](Self::rescued).
    ///
    /// ```
    /// use flow_core::{Ending, Result, flow, handler};
    ///
    /// #[handler]
    /// async fn charge() -> Result<()> {
    ///     Err("the card was declined".into())
    /// }
    ///
    /// #[handler]
    /// async fn release(_ending: Ending) -> Result<()> {
    ///     Err("the warehouse does not answer".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start -> charge; finally within "30s" -> release };
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.handler(), Some("charge"));
    /// assert_eq!(error.suppressed().unwrap().handler(), Some("release"));
    /// assert_eq!(
    ///     error.to_string(),
    ///     "handler `charge` failed on start; then handler `release` failed in `finally`"
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn suppressed(&self) -> Option<&Self> {
        match &*self.0 {
            Failure::Suppressing { suppressed, .. } => Some(suppressed),
            Failure::WithOutput { error, .. } => error.suppressed(),
            _ => None,
        }
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

    /// The failure itself, without an output.
    fn failure(&self) -> &Failure {
        match &*self.0 {
            Failure::WithOutput { error, .. } | Failure::Suppressing { error, .. } => {
                error.failure()
            }
            failure => failure,
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

    /// Returns the reason of the failure.
    #[must_use]
    pub fn kind(&self) -> FlowErrorKind {
        match &*self.0 {
            Failure::Failed { .. } | Failure::NotFinished { .. } => FlowErrorKind::Failed,
            Failure::Panicked { .. } => FlowErrorKind::Panicked,
            Failure::AttemptTimedOut { .. }
            | Failure::TimedOut { .. }
            | Failure::NotDrained { .. } => FlowErrorKind::TimedOut,
            Failure::Idle { .. } => FlowErrorKind::Idle,
            Failure::TooManyEvents { .. } => FlowErrorKind::TooManyEvents,
            Failure::TooManyPending { .. } | Failure::TooManyPartners { .. } => {
                FlowErrorKind::TooManyPending
            }
            Failure::Unanswered { .. } => FlowErrorKind::Unanswered,
            Failure::LeftOver { .. } | Failure::Untaken(_) => FlowErrorKind::LeftOver,
            Failure::Cancelled => FlowErrorKind::Cancelled,
            Failure::Unfinished | Failure::GivenUp => FlowErrorKind::Unfinished,
            Failure::Runtime { .. } => FlowErrorKind::Runtime,
            Failure::Other { kind, .. } => *kind,
            Failure::InRescue { error, .. }
            | Failure::WithOutput { error, .. }
            | Failure::Suppressing { error, .. } => error.kind(),
        }
    }

    fn at(&self) -> At {
        match &*self.0 {
            Failure::Failed { at, .. }
            | Failure::Panicked { at, .. }
            | Failure::AttemptTimedOut { at, .. }
            | Failure::TooManyEvents { last: at, .. }
            | Failure::TooManyPending { last: at, .. } => *at,
            Failure::Idle { running, .. } => running.unwrap_or_default(),
            Failure::Unanswered {
                question: event, ..
            }
            | Failure::Untaken(Untaken { event, .. }) => At {
                event: Some(event),
                ..At::default()
            },
            Failure::LeftOver { clause, waiting }
            | Failure::TooManyPartners {
                clause, waiting, ..
            } => {
                let events = clause.map_or(&[][..], |clause| clause.trigger.events());
                let mut all = events.iter().zip(waiting);
                let left = all.find(|(_, waiting)| **waiting > 0);
                At {
                    event: left.map(|(event, _)| event.name),
                    ..At::default()
                }
            }
            Failure::NotFinished { stage, .. } => At {
                handler: Some(stage),
                ..At::default()
            },
            Failure::NotDrained { running, .. } => running.first().copied().unwrap_or_default(),
            Failure::InRescue { error, .. }
            | Failure::WithOutput { error, .. }
            | Failure::Suppressing { error, .. } => error.at(),
            Failure::TimedOut { .. }
            | Failure::Cancelled
            | Failure::Unfinished
            | Failure::GivenUp
            | Failure::Runtime { .. }
            | Failure::Other { .. } => At::default(),
        }
    }

    /// Returns the name of the handler that the error is about.
    ///
    /// That is the handler that failed, panicked or timed out. For
    /// [`Idle`](FlowErrorKind::Idle), it is one that was suspended; for
    /// [`TooManyEvents`](FlowErrorKind::TooManyEvents) and
    /// [`TooManyPending`](FlowErrorKind::TooManyPending), the one that emitted the last event.
    ///
    /// `None` if no handler was running: for instance in a condition or a conversion, or if the
    /// last event came from outside.
    #[must_use]
    pub fn handler(&self) -> Option<&'static str> {
        self.at().handler
    }

    /// Returns the name of the event that triggered the failing clause, that was one too many, or
    /// of the unanswered question.
    ///
    /// `None` if that was the `start` clause or a rescue, or if the error is not about a clause.
    #[must_use]
    pub fn event(&self) -> Option<&'static str> {
        self.at().event
    }

    /// Returns the error that a rescue had taken, if a handler of that rescue has failed or
    /// panicked in turn.
    ///
    /// Its [`source`](Error::source) is the text of the handler's error, which the rescue got
    /// itself. [`Display`](fmt::Display) shows both errors.
    ///
    /// ```
    /// use flow_core::{Failed, Result, flow, handler};
    ///
    /// #[handler]
    /// async fn charge() -> Result<()> {
    ///     Err("the card was declined".into())
    /// }
    ///
    /// #[handler]
    /// async fn refund(_failed: Failed) -> Result<()> {
    ///     Err("the bank is closed".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start -> charge; rescue charge -> refund };
    /// let error = flow.run(()).await.unwrap_err();
    /// assert_eq!(error.handler(), Some("refund"));
    /// assert_eq!(error.rescued().unwrap().handler(), Some("charge"));
    /// assert_eq!(
    ///     format!("{error:#}"),
    ///     "handler `refund` failed in a rescue: the bank is closed; \
    ///      it was called because handler `charge` failed on start: the card was declined"
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn rescued(&self) -> Option<&FlowError> {
        match self.failure() {
            Failure::InRescue { taken, .. } => Some(taken),
            _ => None,
        }
    }
}

impl From<Failure> for FlowError {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}

/// Writes one line; `{:#}` appends each [`source`](Error::source) after a colon.
impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.failure() {
            // Each is followed by its own sources.
            Failure::InRescue { error, taken } => {
                fmt::Display::fmt(error, f)?;
                f.write_str("; it was called because ")?;
                fmt::Display::fmt(taken, f)
            }
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
                write!(f, "the execution was idle for {}", Readable(*after))?;
                match running.and_then(|at| at.handler) {
                    Some(handler) => write!(f, " while `{handler}` was running"),
                    None => Ok(()),
                }
            }
            Failure::TooManyEvents { max, last } => {
                write!(f, "the execution exceeded its `max_events` of {max}")?;
                last.describe_last(f)
            }
            Failure::TooManyPending { max, last } => {
                write!(f, "the execution exceeded its `max_pending` of {max}")?;
                if let Some(event) = last.event {
                    write!(f, " with `{event}`")?;
                }
                f.write_str(": raise the limit, or emit fewer events at once")
            }
            Failure::TooManyPartners {
                max,
                clause,
                waiting,
            } => {
                write!(
                    f,
                    "the execution exceeded its `max_pending` of {max}, because "
                )?;
                describe_waiting(*clause, waiting, "waits with", f)?;
                f.write_str(": raise the limit, or emit the partners sooner")
            }
            Failure::Unanswered { question, within } => NotAnswered::new(question, *within).fmt(f),
            Failure::NotDrained {
                within,
                running,
                in_finally,
            } => {
                let within = Readable(*within);
                if *in_finally {
                    write!(f, "`finally` took longer than {within}")?;
                } else {
                    write!(
                        f,
                        "the execution went on for longer than {within} after its `end`"
                    )?;
                }
                describe_running(running, f)
            }
            Failure::LeftOver { clause, waiting } => {
                f.write_str("the execution finished, but ")?;
                describe_waiting(*clause, waiting, "was left with", f)
            }
            Failure::Untaken(untaken) => untaken.fmt(f),
            // Reached through `failure`.
            Failure::WithOutput { .. } | Failure::Suppressing { .. } => Ok(()),
            Failure::Cancelled => f.write_str("the execution was cancelled"),
            Failure::Unfinished => f.write_str("the execution finished without reaching `end`"),
            Failure::GivenUp => {
                f.write_str("the execution was waiting when the end of the outer one was decided")
            }
            Failure::NotFinished { stage, .. } => {
                write!(f, "`{stage}` was given up, and its `finally` failed")
            }
            Failure::Runtime { .. } => f.write_str("the execution cannot run here"),
            Failure::Other { kind, .. } => f.write_str(describe_kind(*kind)),
        }?;
        let is_told = matches!(self.failure(), Failure::InRescue { .. });
        let mut source = self.source().filter(|_| f.alternate() && !is_told);
        while let Some(cause) = source {
            if let Some(error) = cause.downcast_ref::<Self>() {
                // It writes its own sources, before what came after it.
                write!(f, ": {error:#}")?;
                break;
            }
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        match self.suppressed() {
            Some(suppressed) if f.alternate() => write!(f, "; then {suppressed:#}"),
            Some(suppressed) => write!(f, "; then {suppressed}"),
            None => Ok(()),
        }
    }
}

/// The message of an error of this kind of which nothing else is known.
const fn describe_kind(kind: FlowErrorKind) -> &'static str {
    match kind {
        FlowErrorKind::Failed => "the execution failed",
        FlowErrorKind::Panicked => "the stream panicked",
        FlowErrorKind::TimedOut => "the execution timed out",
        FlowErrorKind::Idle => "the execution was idle for too long",
        FlowErrorKind::TooManyEvents => "the execution exceeded its `max_events`",
        FlowErrorKind::TooManyPending => "the execution exceeded its `max_pending`",
        FlowErrorKind::Unanswered => "a question was not answered",
        FlowErrorKind::Cancelled => "the execution was cancelled",
        FlowErrorKind::Unfinished => "the execution finished without reaching `end`",
        FlowErrorKind::LeftOver => "events were left over",
        FlowErrorKind::Runtime => "the execution cannot run here",
    }
}

/// Writes "`when A & B` was left with 2 `A` and no `B`".
fn describe_waiting(
    clause: Option<&ClauseDesc>,
    waiting: &[usize],
    has: &str,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let Some(clause) = clause else {
        return f.write_str("events were left over");
    };
    let events = clause.trigger.events().iter();
    let parts = events.zip(waiting).map(|(event, count)| match count {
        0 => format!("no `{}`", event.name),
        count => format!("{count} `{}`", event.name),
    });
    let parts: Vec<_> = parts.collect();
    write!(f, "{} {has} ", clause.heading())?;
    match parts.as_slice() {
        [one] => f.write_str(one),
        [several @ .., last] => write!(f, "{} and {last}", several.join(", ")),
        [] => Ok(()),
    }
}

/// Writes ": `audit` and `notify` were running".
fn describe_running(running: &[At], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut names: Vec<_> = running.iter().filter_map(|at| at.handler).collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        // A clause without a handler, or a clone of a context in another task.
        [] => Ok(()),
        [one] => write!(f, ": {one} was running"),
        [several @ .., last] => write!(f, ": {} and {last} were running", several.join(", ")),
    }
}

impl At {
    /// Writes "; the last event was `Question`".
    fn describe_last(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Some(question) if self.every => write!(f, "; the last was a reminder of `{question}`"),
            Some(event) => write!(f, "; the last event was `{event}`"),
            None if self.every => f.write_str("; the last was a tick of `every`"),
            None => Ok(()),
        }
    }

    /// Writes "handler `ask` failed on `Question`".
    pub(crate) fn describe(self, f: &mut fmt::Formatter<'_>, what: &str) -> fmt::Result {
        match self.handler {
            Some(handler) => write!(f, "handler `{handler}` {what}"),
            None => write!(f, "a clause {what}"),
        }?;
        match self.event {
            Some(event) => write!(f, " on `{event}`"),
            None if self.opens.is_some() => {
                write!(f, " in `with {}`", self.opens.unwrap_or_default())
            }
            None if self.rescue => f.write_str(" in a rescue"),
            None if self.every => f.write_str(" in `every`"),
            None if self.finally => f.write_str(" in `finally`"),
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

/// Events from outside that no stage has taken.
#[derive(Debug)]
struct Untaken {
    event: &'static str,
    count: usize,
    /// The stages that take such events.
    stages: Vec<&'static str>,
}

impl fmt::Display for Untaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (event, count) = (self.event, self.count);
        let stages: Vec<_> = self.stages.iter().map(|name| format!("`{name}`")).collect();
        let stages = stages.join(" or ");
        write!(
            f,
            "the execution finished, but no {stages} began to take {count} `{event}` from outside"
        )
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
            Failure::NotFinished { source, .. } => Some(source),
            Failure::InRescue { error, .. }
            | Failure::WithOutput { error, .. }
            | Failure::Suppressing { error, .. } => error.source(),
            Failure::TimedOut { .. }
            | Failure::NotDrained { .. }
            | Failure::LeftOver { .. }
            | Failure::Untaken(_)
            | Failure::Idle { .. }
            | Failure::TooManyEvents { .. }
            | Failure::TooManyPending { .. }
            | Failure::TooManyPartners { .. }
            | Failure::Unanswered { .. }
            | Failure::Cancelled
            | Failure::Unfinished
            | Failure::GivenUp => None,
        }
    }
}

/// The error of a handler that exceeded its `timeout`.
///
/// The handler's error type has to be `From<TimedOut>`. A [`BoxError`] is, and so is the error of a
/// handler that does not return a `Result`.
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
    /// The name of the handler.
    pub handler: &'static str,
    /// The limit that it exceeded.
    pub after: Duration,
}

impl TimedOut {
    /// Creates the error, for a unit test of code that handles it.
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

/// A type that a handler can return as its error: an `Error + Send + Sync`, or a [`BoxError`].
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

/// The error of parsing a [`QuestionId`](crate::QuestionId) or an
/// [`ItemPosition`](crate::ItemPosition) from text that is not a number.
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

/// A stage asked a question that was not answered. Without a rescue, it becomes a [`FlowError`].
#[derive(Debug)]
pub(crate) struct NotAnswered {
    question: &'static str,
    within: Option<Duration>,
}

impl NotAnswered {
    pub(crate) fn new(question: &'static str, within: Option<Duration>) -> Self {
        Self { question, within }
    }
}

impl fmt::Display for NotAnswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let question = self.question;
        match self.within {
            Some(within) => write!(
                f,
                "`{question}` was not answered within {}",
                Readable(within)
            ),
            None => write!(
                f,
                "`{question}` can no longer be answered: \
                 every `Asked`, handle and sender was dropped"
            ),
        }
    }
}

impl Error for NotAnswered {}

/// The message of a panic, if its payload is a string.
pub(crate) fn panic_message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "the panic carried no message".to_owned()
    }
}
