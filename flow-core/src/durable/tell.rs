//! What an execution is told, and what is known of it when it was told before.

use serde::{Deserialize, Serialize};

use crate::durable::encoded::Encoded;
use crate::durable::request_error::RequestError;
use crate::records::bytes::Bytes;
use crate::records::key;
use crate::records::message::{Message, Refused};

/// What the flow itself is told: an owned [`Message`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Tell {
    /// The answer to the question with this number.
    Answer {
        /// That of the question.
        number: u64,
        /// The answer, as the codec writes it.
        answer: Bytes,
    },
    /// An event that the flow declares `external`.
    Event {
        /// The name of its type.
        name: String,
        /// The event, as the codec writes it.
        event: Bytes,
        /// Two events with one key are one event.
        key: String,
    },
    /// The execution is cancelled.
    Cancel,
}

impl Tell {
    /// The message for [`Machine::deliver`](crate::durable::Machine::deliver).
    #[must_use]
    pub fn message(&self) -> Message<'_> {
        match self {
            Self::Answer { number, answer } => Message::Answer {
                number: *number,
                answer: &answer.0,
            },
            Self::Event { name, event, key } => Message::Event {
                name,
                event: &event.0,
                key,
            },
            Self::Cancel => Message::Cancel,
        }
    }

    /// The key of the row that is there if the execution was told this before.
    #[must_use]
    pub fn row(&self) -> String {
        match self {
            Self::Answer { number, .. } => key::answer(*number),
            Self::Event { key, .. } => key::sent(key),
            Self::Cancel => key::CANCELLED.to_owned(),
        }
    }

    /// The reply if the execution refuses this. With the value of its [`row`](Self::row) it was
    /// told before, and that is what the reply is about.
    ///
    /// # Errors
    ///
    /// That it is refused, or that the question was answered in another way.
    pub fn told_before(&self, before: Option<&[u8]>, refused: Refused) -> Result<(), RequestError> {
        let Some(before) = before else {
            return Err(RequestError::Refused(refused));
        };
        let Self::Answer { number, answer } = self else {
            return Ok(());
        };
        let answered = Encoded::from_bytes(before.to_vec());
        let given = Encoded::from_bytes(answer.0.clone());
        if answered.is_same(&given) {
            return Ok(());
        }
        Err(RequestError::OtherAnswer {
            number: *number,
            answered,
            given,
        })
    }
}
