//! What the error of an execution tells a program.

use std::error::Error;
use std::fmt;
use std::sync::PoisonError;

use crate::error::flow_error::{At, Failure, FlowError, Untaken};
use crate::error::kind::FlowErrorKind;

impl FlowError {
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

    /// The failure itself, without an output.
    pub(super) fn failure(&self) -> &Failure {
        match &*self.0 {
            Failure::WithOutput { error, .. } | Failure::Suppressing { error, .. } => {
                error.failure()
            }
            failure => failure,
        }
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
            #[cfg(feature = "durable")]
            Failure::Recorded(failure) => failure.kind,
            Failure::InRescue { error, .. }
            | Failure::WithOutput { error, .. }
            | Failure::Suppressing { error, .. } => error.kind(),
        }
    }

    /// The error without what came after it.
    #[cfg(feature = "durable")]
    pub(super) fn itself(&self) -> &Self {
        match &*self.0 {
            Failure::WithOutput { error, .. } | Failure::Suppressing { error, .. } => {
                error.itself()
            }
            _ => self,
        }
    }

    pub(super) fn at(&self) -> At {
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
            #[cfg(feature = "durable")]
            Failure::Recorded(failure) => failure.at,
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
    /// panicked in turn, or that a stand-in had taken which has failed: `work else gap`.
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
            #[cfg(feature = "durable")]
            Failure::Recorded(failure) => failure.rescued.as_ref(),
            _ => None,
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
            Failure::NotFinished { source, .. } => Some(source),
            #[cfg(feature = "durable")]
            Failure::Recorded(failure) => match &failure.source {
                Some(source) => Some(&**source),
                None => None,
            },
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
