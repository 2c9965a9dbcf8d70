//! How a durable flow writes what it asks, and what it takes from outside.

use std::any::{Any, TypeId, type_name};
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::event::Event;
use crate::macro_support::copies::AnyEvent;
use crate::macro_support::durable::codec::{CodecError, ValueCodec};

/// How a question and its answer are written.
pub struct QuestionCodec {
    pub(crate) id: fn() -> TypeId,
    pub(crate) name: &'static str,
    pub(crate) question: fn(&dyn Any) -> Result<Vec<u8>, CodecError>,
    /// An `Option` of the answer.
    pub(crate) answer: fn(&[u8]) -> Result<AnyEvent, CodecError>,
}

/// The codecs of one question, of which a [`QuestionCodec`] is made.
pub trait OfQuestion: 'static {
    type Question: Event;

    const NAME: &'static str;
    const QUESTION: ValueCodec<Self::Question>;
    const ANSWER: ValueCodec<<Self::Question as Event>::Answer>;
}

impl QuestionCodec {
    #[must_use]
    pub const fn new<T: OfQuestion>() -> Self {
        Self {
            id: TypeId::of::<T::Question>,
            name: T::NAME,
            question: |question| match question.downcast_ref() {
                Some(question) => (T::QUESTION.encode)(question),
                None => Err(CodecError::Encode {
                    of: type_name::<T::Question>(),
                    why: "it is another question".to_owned(),
                }),
            },
            answer: |answer| Ok(Box::new(Some((T::ANSWER.decode)(answer)?))),
        }
    }
}

impl fmt::Debug for QuestionCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QuestionCodec")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// How an event from outside is read.
pub struct ExternalCodec {
    pub(crate) name: &'static str,
    pub(crate) decode: fn(&[u8]) -> Result<AnyEvent, CodecError>,
}

/// The codec of one event, of which an [`ExternalCodec`] is made.
pub trait OfEvent: 'static {
    type Event: Event;

    const NAME: &'static str;
    const EVENT: ValueCodec<Self::Event>;
}

impl ExternalCodec {
    #[must_use]
    pub const fn new<T: OfEvent>() -> Self {
        Self {
            name: T::NAME,
            decode: |event| Ok(Box::new((T::EVENT.decode)(event)?)),
        }
    }
}

impl fmt::Debug for ExternalCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalCodec")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A question that was asked before a crash.
#[derive(Clone, Copy, Debug)]
pub struct AskedBefore {
    pub(crate) number: u64,
    pub(crate) within: Option<Duration>,
    pub(crate) due: Option<Instant>,
    /// When its reminder ticks next. `None` if the program had none when it was asked.
    pub(crate) reminds: Option<Instant>,
    /// A run of its reminder has begun, and is not over.
    pub(crate) is_reminding: bool,
}
