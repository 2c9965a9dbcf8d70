//! What goes from stage to stage.

use crate::graph::EVENTS;
use crate::interpreter::failure::Failure;
use crate::script::{Call, Value};

#[derive(Clone, Debug)]
pub(super) enum Data {
    One(Value),
    Event(usize, Value),
    /// Partners, the results of a join, or those of an `each`.
    Several(Vec<Data>),
    /// What is left of a branch that ends with `emit` or `ignore`.
    Nothing,
    /// The events that a handler returns.
    Returned(Vec<(usize, Value)>),
    /// What `Some`, `Ok` or `Err` has wrapped.
    Wrapped(&'static str, Value),
    /// The items of a stream, by the call that returned it.
    Stream(Call, u8),
    /// Which arm of a `match`, and with what.
    Choice(usize, Value),
    /// A question and its answer.
    Answered(Value, Value),
    Failed(Failure),
    Ending(&'static str),
    /// So many periods of a clock.
    Tick(u64),
    /// So many periods of the question with this number.
    Reminder(u64, Value, u64),
}

impl Data {
    /// What arrives at a stage, as a cause.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::One(value) | Self::Event(_, value) | Self::Choice(_, value) => *value,
            Self::Failed(Failure {
                cause: Some(cause), ..
            }) => *cause,
            other => unreachable!("{other:?}"),
        }
    }

    /// As a handler tells it in the log, and its fuel.
    pub(super) fn told(&self, handler: &str) -> (String, u8) {
        match self {
            // It takes nothing.
            _ if matches!(handler, "s3" | "open0" | "open1") => (String::new(), 1),
            Self::One(value) => (value.number.to_string(), value.fuel),
            // It takes the event alone.
            Self::Event(_, value) if matches!(handler, "q1" | "lapse") => {
                (value.number.to_string(), value.fuel)
            }
            Self::Event(event, value) => {
                (format!("{} {}", EVENTS[*event], value.number), value.fuel)
            }
            Self::Several(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| part.told(handler)).collect();
                let fuel = parts.iter().map(|(_, fuel)| *fuel).min();
                let texts: Vec<_> = parts.into_iter().map(|(text, _)| text).collect();
                (texts.join(" "), fuel.unwrap_or(0))
            }
            Self::Nothing => ("nothing".to_owned(), 1),
            Self::Failed(failed) => {
                let failure = format!("{} {}", failed.handler, failed.told);
                match failed.cause {
                    Some(cause) if matches!(handler, "s0" | "s1") => {
                        (format!("{failure}: {}", cause.number), cause.fuel)
                    }
                    _ => (failure, 1),
                }
            }
            Self::Answered(question, answer) => (
                format!("Q {}: {}", question.number, answer.number),
                answer.fuel,
            ),
            Self::Ending(ending) => ((*ending).to_owned(), 2),
            Self::Tick(count) => (count.to_string(), 2),
            Self::Reminder(_, asked, count) => (format!("{} {count}", asked.number), asked.fuel),
            Self::Wrapped(by, value) => (format!("{by} {}", value.number), value.fuel),
            Self::Choice(..) | Self::Returned(_) | Self::Stream(..) => {
                unreachable!("no handler takes it")
            }
        }
    }
}
