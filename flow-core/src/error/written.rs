//! Errors as they are recorded.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::boxed::BoxError;
use crate::error::flow_error::{At, Failure, FlowError, RecordedFailure};
use crate::error::kind::FlowErrorKind;
use crate::error::not_answered::NotAnswered;
use crate::error::recorded::Recorded;
use crate::error::timed_out::TimedOut;
use crate::records::names::{self, Name};

/// A boxed error: the errors of this crate stay what they are, and any other is a [`Recorded`].
#[derive(Serialize, Deserialize)]
pub(crate) enum Written {
    TimedOut {
        #[serde(deserialize_with = "names::read")]
        handler: Name,
        after: Duration,
        #[serde(default)]
        has_returned: bool,
    },
    NotAnswered {
        #[serde(deserialize_with = "names::read")]
        question: Name,
        within: Option<Duration>,
    },
    GivenUp,
    Other(Recorded),
}

impl Written {
    pub(crate) fn of(error: &BoxError) -> Self {
        if let Some(error) = error.downcast_ref::<TimedOut>() {
            let TimedOut {
                handler,
                after,
                has_returned,
            } = *error;
            return Self::TimedOut {
                handler,
                after,
                has_returned,
            };
        }
        if let Some(error) = error.downcast_ref::<NotAnswered>() {
            let NotAnswered { question, within } = *error;
            return Self::NotAnswered { question, within };
        }
        match error.downcast_ref::<FlowError>() {
            Some(error) if error.is_given_up() => Self::GivenUp,
            _ => Self::Other(Recorded::of(&**error)),
        }
    }

    pub(crate) fn boxed(self) -> BoxError {
        match self {
            Self::TimedOut {
                handler,
                after,
                has_returned,
            } => {
                let mut timed_out = TimedOut::new(handler, after);
                timed_out.has_returned = has_returned;
                timed_out.into()
            }
            Self::NotAnswered { question, within } => NotAnswered::new(question, within).into(),
            Self::GivenUp => FlowError::given_up().into(),
            Self::Other(recorded) => recorded.into(),
        }
    }
}

/// How many errors are written, each of which a stand-in or a `finally` has met after the one before.
const MAX_NESTED: usize = 32;

/// The error of an execution.
#[derive(Serialize, Deserialize)]
pub(crate) struct WrittenError {
    kind: FlowErrorKind,
    at: WrittenAt,
    message: String,
    full: String,
    source: Option<Written>,
    rescued: Option<Box<WrittenError>>,
    /// That of the `finally` after it.
    suppressed: Option<Box<WrittenError>>,
    given_up: bool,
}

#[derive(Serialize, Deserialize)]
struct WrittenAt {
    #[serde(deserialize_with = "names::read_option")]
    handler: Option<Name>,
    #[serde(deserialize_with = "names::read_option")]
    event: Option<Name>,
}

impl WrittenError {
    pub(crate) fn of(error: &FlowError) -> Self {
        Self::with_nested(error, MAX_NESTED)
    }

    /// Of those within it, so many deep: the text has all of them.
    fn with_nested(error: &FlowError, depth: usize) -> Self {
        use std::error::Error as _;
        let nested = |error: &FlowError| {
            let depth = depth.checked_sub(1)?;
            Some(Box::new(Self::with_nested(error, depth)))
        };
        let itself = error.itself();
        let source = itself.source().map(|source| {
            // Only what is boxed can be one of the errors of this crate.
            match source.downcast_ref::<TimedOut>() {
                Some(timed_out) => Written::of(&BoxError::from(*timed_out)),
                None => Written::Other(Recorded::of(source)),
            }
        });
        let At { handler, event, .. } = itself.at();
        Self {
            kind: itself.kind(),
            at: WrittenAt { handler, event },
            message: itself.to_string(),
            full: format!("{itself:#}"),
            source,
            rescued: itself.rescued().and_then(nested),
            suppressed: error.suppressed().and_then(nested),
            given_up: itself.is_given_up(),
        }
    }

    pub(crate) fn error(self) -> FlowError {
        if self.given_up {
            return FlowError::given_up();
        }
        let error = FlowError::from(Failure::Recorded(Box::new(RecordedFailure {
            kind: self.kind,
            at: At {
                handler: self.at.handler,
                event: self.at.event,
                ..At::default()
            },
            message: self.message,
            full: self.full,
            source: self.source.map(Written::boxed),
            rescued: self.rescued.map(|rescued| rescued.error()),
        })));
        match self.suppressed {
            Some(suppressed) => error.with_suppressed(suppressed.error()),
            None => error,
        }
    }
}

impl FlowError {
    /// The error as it would be if it were written and read.
    pub(crate) fn settled(&self) -> Self {
        WrittenError::of(self).error()
    }
}

/// What it tells is written, and not the values in it. One that was read tells the same.
impl Serialize for FlowError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WrittenError::of(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FlowError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        WrittenError::deserialize(deserializer).map(WrittenError::error)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::error::Error;
    use std::time::Duration;

    use super::{MAX_NESTED, Written};
    use crate::error::boxed::BoxError;
    use crate::error::flow_error::{At, FlowError};
    use crate::error::kind::FlowErrorKind;
    use crate::error::not_answered::NotAnswered;
    use crate::error::recorded::Recorded;
    use crate::error::timed_out::TimedOut;
    use crate::records::codec::{from_bytes, to_bytes};

    fn told(error: &FlowError) -> [String; 6] {
        [
            format!("{error}"),
            format!("{error:#}"),
            format!("{:?}", (error.kind(), error.handler(), error.event())),
            format!("{:?}", error.source().map(ToString::to_string)),
            format!("{:?}", error.rescued().map(ToString::to_string)),
            format!("{:?}", error.suppressed().map(ToString::to_string)),
        ]
    }

    #[test]
    fn the_error_of_an_execution_tells_the_same_when_it_is_read() {
        let at = At {
            handler: Some("charge"),
            event: Some("Paid"),
            ..At::default()
        };
        let timed_out = TimedOut::new("charge", Duration::from_secs(3));
        let failed = || FlowError::failed(at, "no money".into());
        let nested = FlowError::new(FlowErrorKind::Idle, failed());
        let errors = [
            failed(),
            FlowError::failed(at, timed_out.into()),
            FlowError::failed(at, NotAnswered::new("Review", None).into()),
            FlowError::failed(at, nested.into()),
            FlowError::panicked(at, &"oh"),
            FlowError::idle(Duration::from_secs(1), Some(at)),
            FlowError::out_of_time(Duration::from_secs(1)),
            FlowError::too_many_pending(7, at),
            FlowError::untaken("Paid", 2, vec!["Order"]),
            FlowError::cancelled(),
            FlowError::unfinished(),
            FlowError::given_up(),
            FlowError::not_finished("Order", failed()),
            FlowError::runtime("no clock".into()),
            failed().in_rescue_of(FlowError::cancelled()),
            failed().with_suppressed(FlowError::unfinished()),
            failed().with_output(3),
        ];
        for error in errors {
            let read: FlowError = from_bytes(&to_bytes(&error).unwrap()).unwrap();
            assert_eq!(told(&read), told(&error));
            assert_eq!(read.is_given_up(), error.is_given_up());
            let again: FlowError = from_bytes(&to_bytes(&read).unwrap()).unwrap();
            assert_eq!(told(&again), told(&error));
        }
    }

    #[test]
    fn an_error_with_many_others_in_it_is_cut_and_tells_them_all() {
        let idle = |_| FlowError::new(FlowErrorKind::Idle, "no money");
        let nested = (0..500).map(idle);
        let nested = nested.reduce(|taken, error| error.in_rescue_of(taken));
        let error = nested.unwrap();
        let read: FlowError = from_bytes(&to_bytes(&error).unwrap()).unwrap();
        assert_eq!(read.to_string(), error.to_string());
        let all = std::iter::successors(Some(&read), |error| error.rescued());
        assert_eq!(all.count(), MAX_NESTED + 1);
    }

    #[test]
    fn a_boxed_error_of_this_crate_keeps_its_type() {
        let read = |error: BoxError| {
            let bytes = to_bytes(&Written::of(&error)).unwrap();
            from_bytes::<Written>(&bytes).unwrap().boxed()
        };
        let mut timed_out = TimedOut::new("charge", Duration::from_secs(3));
        for has_returned in [false, true] {
            timed_out.has_returned = has_returned;
            let back = read(timed_out.into());
            assert_eq!(back.downcast_ref::<TimedOut>(), Some(&timed_out));
        }
        let back = read(NotAnswered::new("Review", None).into());
        assert!(back.is::<NotAnswered>());
        let back = read(FlowError::given_up().into());
        assert!(back.downcast_ref::<FlowError>().unwrap().is_given_up());
        let back = read("no money".into());
        assert_eq!(
            back.downcast_ref::<Recorded>().unwrap().message(),
            "no money"
        );
    }
}
