//! What comes to a durable execution from outside.

use std::error::Error;
use std::fmt;

/// Something from outside for a durable execution.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Message<'a> {
    /// The answer to the question with this number.
    Answer {
        /// That of the question.
        number: u64,
        /// The answer, as the codec writes it.
        answer: &'a [u8],
    },
    /// An event that the flow declares `external`.
    Event {
        /// The name of its type.
        name: &'a str,
        /// The event, as the codec writes it.
        event: &'a [u8],
        /// Two events with one key are one event.
        key: &'a str,
    },
    /// The execution is cancelled. The second time, its `finally` as well.
    Cancel,
}

/// Why a durable execution does not take a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// No question with this number waits, and it was not answered like this.
    NotAsked,
    /// The flow declares no `external` event of this name.
    NoSuchEvent,
    /// The value is none of the type that is expected. The reason.
    Unreadable(String),
    /// Its end is decided.
    Ended,
    /// Since the execution was loaded, what asks this has not been come to again: the message can
    /// be delivered when a commit that is not durable yet is.
    NotYet,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsked => f.write_str("the execution does not ask this question"),
            Self::NoSuchEvent => f.write_str("the flow takes no such event from outside"),
            Self::Unreadable(why) => write!(f, "the value cannot be read: {why}"),
            Self::Ended => f.write_str("the end of the execution is decided"),
            Self::NotYet => f.write_str(
                "the execution was loaded and does not ask this question yet: repeat the request",
            ),
        }
    }
}

impl Error for Refused {}
