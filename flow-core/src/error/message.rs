//! The text of an error: one line, which names the handler and the event.

use std::error::Error;
use std::fmt;

use crate::error::flow_error::{At, Failure, FlowError, Untaken};
use crate::error::kind::FlowErrorKind;
use crate::error::not_answered::NotAnswered;
use crate::graph::ClauseDesc;
use crate::graph::duration::Readable;

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
            #[cfg(feature = "durable")]
            Failure::Recorded(failure) => f.write_str(if f.alternate() {
                &failure.full
            } else {
                &failure.message
            }),
        }?;
        let is_told = self.tells_its_sources();
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

impl FlowError {
    /// Whether its message has those of its sources in it.
    fn tells_its_sources(&self) -> bool {
        match self.failure() {
            Failure::InRescue { .. } => true,
            #[cfg(feature = "durable")]
            Failure::Recorded(_) => true,
            _ => false,
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
        FlowErrorKind::NotRecorded => "a value cannot be written or read",
        FlowErrorKind::Diverged => "the execution cannot go on as it has begun",
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
