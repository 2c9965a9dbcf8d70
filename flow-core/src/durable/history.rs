//! What an execution has done so far.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;

use crate::durable::encoded::Encoded;
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::records::bytes::Bytes;
use crate::records::codec::from_bytes;
use crate::records::commit::{Change, Commit};
use crate::records::history::HistoryRow;
use crate::records::key;
use crate::records::question::QuestionRow;
use crate::records::rows::ActivationRow;

/// The back end keeps what executions have done.
pub trait ReadHistory: Send + Sync {
    /// At most so many entries of the history of an execution, in their order, after this position
    /// or from the first that is kept.
    ///
    /// # Errors
    ///
    /// [`NotFound`](RequestError::NotFound) and [`Purged`](RequestError::Purged).
    fn history<'a>(
        &'a self,
        id: &'a str,
        after: Option<Position>,
        at_most: usize,
    ) -> BoxFuture<'a, Result<Vec<HistoryEntry>, RequestError>>;
}

/// What has become durable together.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// To go on after it.
    pub position: Position,
    /// When it was made durable, by the clock on the wall. Never before the entry before it: if the
    /// clock was set back, at the same time.
    pub at: SystemTime,
    /// What has happened. After the result of a call comes what it has emitted and written; items
    /// come last.
    pub what: Vec<Happened>,
}

/// Something that has happened in an execution.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Happened {
    /// An activation was queued: the execution has begun, or an event was emitted, and a clause
    /// will take it.
    Queued {
        /// Its number.
        activation: u64,
        /// What the clause takes, by name.
        name: String,
        /// What it takes.
        value: Encoded,
    },
    /// A call of a handler was over. Its result is what the next stage takes.
    Called {
        /// Where it belongs to.
        activation: u64,
        /// The name of the handler in the flow.
        handler: String,
        /// The items of `each` that it was made for, from the outside to the inside, and the
        /// branches of joins.
        path: String,
        /// The value, or the error.
        result: Result<Encoded, Encoded>,
    },
    /// An attempt of a call has failed, and there is another one.
    Retried {
        /// Where it belongs to.
        activation: u64,
        /// The name of the handler in the flow.
        handler: String,
        /// The number of the attempt that begins.
        attempt: u32,
    },
    /// The clause of an activation has come to its end.
    Finished {
        /// The number.
        activation: u64,
    },
    /// A call has written a state.
    Wrote {
        /// The name of its type.
        state: String,
        /// What it is now.
        value: Encoded,
    },
    /// An item was put.
    Put {
        /// Its position.
        position: Position,
    },
    /// A question was asked.
    Asked {
        /// Its number.
        number: u64,
        /// The name of its type.
        name: String,
        /// The question.
        question: Encoded,
    },
    /// An answer came.
    Answered {
        /// The number of the question.
        number: u64,
        /// The answer.
        answer: Encoded,
    },
    /// An event came from outside.
    Received {
        /// Its key.
        key: String,
    },
    /// The execution was cancelled.
    Cancelled,
    /// The execution is over.
    Over,
    /// This has happened in a stage that is a flow.
    InStage {
        /// The name of the stage.
        stage: String,
        /// What has happened.
        what: Box<Self>,
    },
}

impl HistoryEntry {
    /// For those who write a back end: the entry that a row of the history contains.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn read(position: u64, row: &[u8]) -> Result<Self, RequestError> {
        let HistoryRow { at, changes } = from_bytes(row)?;
        let what = changes.iter();
        let what = what.filter_map(|(key, value)| read(key, value.as_ref()));
        Ok(Self {
            position: Position::new(format!("{position:x}")),
            at: UNIX_EPOCH + Duration::from_millis(at),
            what: what.collect(),
        })
    }
}

/// For those who write a back end: what a commit and these changes tell, as a row that
/// [`HistoryEntry::read`] reads, at this time in milliseconds since 1970. `None` if they tell
/// nothing.
#[must_use]
pub fn history_row(commit: &Commit, more: &[Change], at: u64) -> Option<Vec<u8>> {
    let mut commit = commit.clone();
    commit.add(more.iter().cloned());
    // It consists of what was written before.
    HistoryRow::write(&commit, at).ok().flatten()
}

/// What a row tells. Not all of them tell anything.
fn read(key: &str, value: Option<&Bytes>) -> Option<Happened> {
    // What is behind the last of these names is the row itself, and before it are stages.
    let inner = [key::ACTIVATIONS, key::CALLS, key::STATES, key::QUESTIONS];
    let begins = inner
        .iter()
        .filter_map(|inner| key.rfind(&format!("/{inner}")));
    let begin = begins.max().map_or(0, |slash| slash + 1);
    let (stages, key) = key.split_at_checked(begin)?;
    let mut what = read_own(key, value)?;
    for stage in stages.rsplit(key::CALLS).filter(|stage| !stage.is_empty()) {
        let name = stage.trim_end_matches('/').rsplit('/').next();
        what = Happened::InStage {
            stage: name.unwrap_or(stage).to_owned(),
            what: Box::new(what),
        };
    }
    Some(what)
}

fn read_own(key: &str, value: Option<&Bytes>) -> Option<Happened> {
    let encoded = |Bytes(value): &Bytes| Encoded::from_bytes(value.clone());
    if key.starts_with(key::ACTIVATIONS) {
        let Some(Bytes(row)) = value else {
            let activation = key::number(key)?;
            return Some(Happened::Finished { activation });
        };
        let row: ActivationRow = from_bytes(row).ok()?;
        return Some(Happened::Queued {
            activation: row.id,
            name: row.name,
            value: encoded(&row.value),
        });
    }
    let value = value?;
    if let Some(call) = key.strip_prefix(key::CALLS) {
        let (activation, call) = call.split_once('/')?;
        let activation = u64::from_str_radix(activation, 16).ok()?;
        let (path, handler) = call.rsplit_once('/').unwrap_or(("", call));
        if let Some(handler) = handler.strip_suffix('!') {
            let failed = u32::from_be_bytes(value.0.as_slice().try_into().ok()?);
            return Some(Happened::Retried {
                activation,
                handler: handler.to_owned(),
                attempt: failed + 1,
            });
        }
        // What else is noted of a route is no result.
        let result = from_bytes::<Result<Bytes, Bytes>>(&value.0).ok()?;
        return Some(Happened::Called {
            activation,
            handler: handler.to_owned(),
            path: path.to_owned(),
            result: result
                .map(|value| encoded(&value))
                .map_err(|error| encoded(&error)),
        });
    }
    if let Some(state) = key.strip_prefix(key::STATES) {
        // Without its module.
        let state = if state.contains('<') {
            state
        } else {
            state.rsplit("::").next().unwrap_or(state)
        };
        return Some(Happened::Wrote {
            state: state.to_owned(),
            value: encoded(value),
        });
    }
    if key.starts_with(key::QUESTIONS) {
        let row: QuestionRow = from_bytes(&value.0).ok()?;
        return Some(Happened::Asked {
            number: key::number(key)?,
            name: row.name,
            question: encoded(&row.question),
        });
    }
    if key.starts_with(key::ANSWERS) {
        return Some(Happened::Answered {
            number: key::number(key)?,
            answer: encoded(value),
        });
    }
    if key.starts_with(key::ITEMS) {
        return Some(Happened::Put {
            position: Position::new(format!("{:x}", key::number(key)?)),
        });
    }
    if let Some(key) = key.strip_prefix(key::SENT) {
        return Some(Happened::Received {
            key: key.to_owned(),
        });
    }
    match key {
        key::CANCELLED => Some(Happened::Cancelled),
        key::OUTCOME => Some(Happened::Over),
        _ => None,
    }
}
