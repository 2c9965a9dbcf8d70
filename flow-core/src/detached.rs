//! Questions that were recorded: as items of a stream, they are read long after they were asked.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Event;
use crate::question::{AnswerError, Answers, Asked, Closing, QuestionId};

/// The execution is elsewhere.
struct Elsewhere(Closing);

impl<Q: Event> Answers<Q> for Elsewhere {
    fn answer(&self, _id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError<Q::Answer>> {
        Err(AnswerError::NotAsked(answer))
    }

    fn closing(&self) -> &Closing {
        &self.0
    }
}

/// What is written of an [`Asked`]; `Q` is the question, or a reference to it.
#[derive(Serialize, Deserialize)]
struct Written<Q> {
    id: u64,
    question: Q,
    within: Option<Duration>,
}

/// The number, the question and its time limit.
impl<Q: Event + Serialize> Serialize for Asked<Q> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = Written {
            id: self.id.number(),
            question: &self.question,
            within: self.within,
        };
        written.serialize(serializer)
    }
}

/// The question without its execution: [`answer`](Asked::answer) returns
/// [`NotAsked`](AnswerError::NotAsked), and [`closed`](Asked::closed) does not wait. Answer it by
/// its [`id`](Asked::id).
impl<'de, Q: Event + Deserialize<'de>> Deserialize<'de> for Asked<Q> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::<Q>::deserialize(deserializer)?;
        let closing = Closing::default();
        closing.close();
        Ok(Self::new(
            QuestionId::new(written.id),
            written.question,
            written.within,
            Arc::new(Elsewhere(closing)),
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::sync::Arc;
    use std::time::Duration;

    use futures::FutureExt;

    use super::Elsewhere;
    use crate::event::Event;
    use crate::graph::{EventDesc, Location};
    use crate::question::{AnswerError, Asked, Closing, QuestionId};
    use crate::records::codec::{from_bytes, to_bytes};

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Review(String);

    impl Event for Review {
        type Answer = bool;
        const DESC: EventDesc =
            EventDesc::new("Review", "", "tests::Review", Location::new("", 0, 0));
    }

    #[test]
    fn a_question_that_was_read_is_answered_by_its_number() {
        let asked = Asked::new(
            QuestionId::new(7),
            Review("rivers".to_owned()),
            Some(Duration::from_secs(3)),
            Arc::new(Elsewhere(Closing::default())),
        );
        let read: Asked<Review> = from_bytes(&to_bytes(&asked).unwrap()).unwrap();
        assert_eq!(read.id, asked.id);
        assert_eq!(read.question.0, "rivers");
        assert_eq!(read.within, asked.within);
        assert_eq!(read.answer(true), Err(AnswerError::NotAsked(true)));
        assert!(read.closed().now_or_never().is_some());
    }
}
