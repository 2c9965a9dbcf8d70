//! What goes between a client, the handlers of a worker, and the state that they keep.

use flow_core::FlowError;
use flow_core::durable::backend::Tell;
use flow_core::durable::codec::{CodecError, from_bytes, to_bytes};
use flow_core::durable::{Bytes, Change, Encoded, Refused, RequestError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CodecError> {
    to_bytes(value)
}

pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    from_bytes(bytes)
}

/// The object at which the outside speaks with an execution of this flow.
pub(crate) fn desk(flow: &str) -> String {
    format!("{flow}.desk")
}

/// What is asked of an execution.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Ask {
    Start(Bytes),
    Tell(Tell),
    Purge,
    Retry,
}

/// What is asked, and the awakeable of the one who waits for the reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Envelope {
    pub(crate) ask: Ask,
    pub(crate) reply_to: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Reply {
    Done,
    NotFound,
    NotStarted(FlowError),
    OtherInput(Bytes),
    OtherAnswer(u64, Bytes),
    NotAsked,
    NoSuchEvent,
    Unreadable(String),
    Ended,
    NotYet,
    Blocked(FlowError),
    Purged,
    Unfinished,
}

impl Reply {
    /// The reply as it is sent.
    pub(crate) fn of(result: Result<(), RequestError>) -> Result<Self, CodecError> {
        Ok(match result {
            Ok(()) => Self::Done,
            Err(RequestError::NotFound { .. }) => Self::NotFound,
            Err(RequestError::NotStarted(error)) => Self::NotStarted(error),
            Err(RequestError::OtherInput { started_with, .. }) => {
                Self::OtherInput(Bytes(started_with.to_bytes()?))
            }
            Err(RequestError::OtherAnswer {
                number, answered, ..
            }) => Self::OtherAnswer(number, Bytes(answered.to_bytes()?)),
            Err(RequestError::Refused(refused)) => match refused {
                Refused::NotAsked => Self::NotAsked,
                Refused::NoSuchEvent => Self::NoSuchEvent,
                Refused::Unreadable(why) => Self::Unreadable(why),
                Refused::Ended => Self::Ended,
                Refused::NotYet => Self::NotYet,
                // Of those that are to come, none is known.
                other => Self::Unreadable(other.to_string()),
            },
            Err(RequestError::Blocked { reason }) => Self::Blocked(reason),
            Err(RequestError::Purged { .. }) => Self::Purged,
            Err(RequestError::Unfinished { .. }) => Self::Unfinished,
            // What a request to a machine can come to is above.
            Err(other) => Self::Unreadable(other.to_string()),
        })
    }

    /// The reply to this request about the execution with this id.
    pub(crate) fn to(self, ask: &Ask, id: &str) -> Result<(), RequestError> {
        let id = id.to_owned();
        let given = match ask {
            Ask::Start(Bytes(given))
            | Ask::Tell(Tell::Answer {
                answer: Bytes(given),
                ..
            }) => Encoded::from_bytes(given.clone()),
            _ => Encoded::from_bytes(Vec::new()),
        };
        Err(match self {
            Self::Done => return Ok(()),
            Self::NotFound => RequestError::NotFound { id },
            Self::NotStarted(error) => RequestError::NotStarted(error),
            Self::OtherInput(Bytes(started_with)) => RequestError::OtherInput {
                id,
                started_with: Encoded::from_bytes(started_with),
                given,
            },
            Self::OtherAnswer(number, Bytes(answered)) => RequestError::OtherAnswer {
                number,
                answered: Encoded::from_bytes(answered),
                given,
            },
            Self::NotAsked => RequestError::Refused(Refused::NotAsked),
            Self::NoSuchEvent => RequestError::Refused(Refused::NoSuchEvent),
            Self::Unreadable(why) => RequestError::Refused(Refused::Unreadable(why)),
            Self::Ended => RequestError::Refused(Refused::Ended),
            Self::NotYet => RequestError::Refused(Refused::NotYet),
            Self::Blocked(reason) => RequestError::Blocked { reason },
            Self::Purged => RequestError::Purged { id },
            Self::Unfinished => RequestError::Unfinished { id },
        })
    }
}

/// One change of the rows, as it is recorded.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Changed {
    Put(String, Bytes),
    Delete(String),
    DeleteAll(String),
}

impl From<&Change> for Changed {
    fn from(change: &Change) -> Self {
        match change {
            Change::Put(key, value) => Self::Put(key.clone(), Bytes(value.clone())),
            Change::Delete(key) => Self::Delete(key.clone()),
            Change::DeleteAll(prefix) => Self::DeleteAll(prefix.clone()),
        }
    }
}

impl From<Changed> for Change {
    fn from(changed: Changed) -> Self {
        match changed {
            Changed::Put(key, Bytes(value)) => Self::Put(key, value),
            Changed::Delete(key) => Self::Delete(key),
            Changed::DeleteAll(prefix) => Self::DeleteAll(prefix),
        }
    }
}

/// What one step of an execution has come to. It is recorded as a whole.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) changes: Vec<Changed>,
    /// They are a commit of the machine, which waits for it.
    pub(crate) of_machine: bool,
    /// How many requests were taken.
    pub(crate) taken: u64,
    /// The replies that are due when the step is recorded, each with its awakeable.
    pub(crate) replies: Vec<(String, Reply)>,
    /// From now on, the items go to these streams.
    pub(crate) stream: Option<String>,
    /// What it adds to the history.
    pub(crate) history: Option<Past>,
    pub(crate) then: Then,
}

/// An entry of the history.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Past {
    pub(crate) row: Bytes,
    /// In milliseconds since 1970.
    pub(crate) at: u64,
    /// How many entries are kept.
    pub(crate) at_most: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Then {
    /// There is more to do.
    Go,
    /// No call runs, and the journal of the invocation is long: go on with a new one.
    Renew,
    /// It waits for the outside, or for this time, in milliseconds since 1970, which is so many
    /// away.
    Park(Option<(u64, u64)>),
    /// It is over, or was not started.
    Leave,
    /// This program cannot go on with it.
    Block(FlowError),
}

/// An invocation has begun to run the execution, and has taken this many requests.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Attach {
    pub(crate) invocation: String,
    pub(crate) taken: u64,
}

/// The requests that were not taken yet.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Waiting(pub(crate) Vec<Envelope>);

/// What readers may want to know.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The number of the first item.
    pub(crate) first: u64,
    pub(crate) items: Vec<Bytes>,
    /// Where the items are, if not at the desk.
    pub(crate) stream: Option<String>,
    /// All items are there.
    pub(crate) is_over: bool,
    pub(crate) is_purged: bool,
}

/// What is to be read at the desk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Read {
    /// The number of the first item.
    pub(crate) from: u64,
    pub(crate) at_most: u64,
    /// The reader has seen this version, and waits for the next one.
    pub(crate) seen: Option<u64>,
    /// The time of the reader, in milliseconds since 1970.
    pub(crate) now: u64,
}

/// What was read at the desk.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) version: u64,
    /// How many items there are. Of those in the streams, it is known when all are there.
    pub(crate) end: u64,
    /// The streams in which the items are.
    pub(crate) stream: Option<String>,
    pub(crate) is_over: bool,
    /// Items with their numbers.
    pub(crate) items: Vec<(u64, Bytes)>,
}

/// What a reader needs of the rows of an execution.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct View {
    pub(crate) rows: Vec<(String, Bytes)>,
    /// How many items it has put.
    pub(crate) items: u64,
    /// Why the last program could not go on with it.
    pub(crate) blocked: Option<FlowError>,
}

/// An awakeable, and the version that is known to the one who waits.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Watch {
    pub(crate) awakeable: String,
    pub(crate) seen: u64,
    pub(crate) now: u64,
}
