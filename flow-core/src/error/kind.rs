//! Why an execution has failed.

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
    /// A handler returned an error, which is the [`source`](std::error::Error::source).
    ///
    /// To keep the execution running, add `rescue handler -> route` to the flow. If another attempt
    /// may succeed, add `retry(…)` to the handler.
    Failed,
    /// A handler panicked. The [`source`](std::error::Error::source) displays the panic message.
    ///
    /// A panic is a bug: it is neither retried nor rescued. The kind is also used when a panic
    /// comes from a condition or a conversion in a clause, or from a stream that a
    /// [`Broadcast`](crate::Broadcast) shares.
    Panicked,
    /// A handler exceeded its `timeout`, or the execution exceeded its own or its `drain within`.
    ///
    /// If it was a handler, the [`source`](std::error::Error::source) is a
    /// [`TimedOut`](crate::TimedOut); `rescue` and `retry` apply to it as to any other error of the
    /// handler. If it was the execution, [`handler`](crate::FlowError::handler) is `None`: raise
    /// [`Flow::timeout`](crate::Flow::timeout), or give the handlers shorter limits.
    TimedOut,
    /// The execution was idle for as long as its `idle_timeout`.
    ///
    /// [`handler`](crate::FlowError::handler) names a handler that was suspended at that time. See
    /// [`Flow::idle_timeout`](crate::Flow::idle_timeout) for what counts as activity.
    Idle,
    /// The execution exceeded its `max_events`.
    ///
    /// Usually handlers emit events in a loop that does not end: [`event`](crate::FlowError::event)
    /// names the last one. See [`Flow::max_events`](crate::Flow::max_events).
    TooManyEvents,
    /// A handler emitted an event while as many events of handlers were pending as the
    /// `max_pending` of the execution allows. Or more events wait for a partner in clauses
    /// `when A & B` than it allows.
    ///
    /// Raise the limit, or emit fewer events at once: [`event`](crate::FlowError::event) names the
    /// one that was too many, and [`handler`](crate::FlowError::handler) the handler that emitted
    /// it. See [`Flow::max_pending`](crate::Flow::max_pending).
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
    /// The message names the clause or the stage and what waits, [`event`](crate::FlowError::event)
    /// the first event that is left. If they may be left, add a route for them: `when A & B -> pair
    /// else -> ignore`, or a clause that takes the event from outside.
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
    /// A value of a durable flow could not be written, or not be read again.
    ///
    /// The source of the error names the type, and tells why. If the type was changed while the
    /// execution was in a store, let it read what it has written before, for example with
    /// `#[serde(default)]`.
    NotRecorded,
    /// A durable execution was loaded from a store, and its clause takes another way than before.
    ///
    /// The source of the error names the handler that was called before, and is not called any
    /// more. The execution is left in its store as it is. Conditions and closures in a route may
    /// look at nothing but the values that they are given.
    Diverged,
}
