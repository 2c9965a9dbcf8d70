//! What the rows of an execution tell of it.

use crate::durable::by_id::{Logged, Status};
use crate::durable::encoded::Encoded;
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::error::FlowError;
use crate::records::bytes::Bytes;
use crate::records::codec::{CodecError, from_bytes};
use crate::records::key;
use crate::records::rows::{ItemRow, Rows};

impl Status {
    /// For those who write a back end: what these rows tell of the execution, of which they need to
    /// contain what [`keys::STATUS`](crate::durable::backend::keys::STATUS) names.
    ///
    /// # Errors
    ///
    /// [`NotFound`](RequestError::NotFound) if there are none of them.
    pub fn read(rows: &Rows, id: &str) -> Result<Self, RequestError> {
        if let Some(outcome) = rows.get(key::OUTCOME) {
            let outcome: Result<Bytes, FlowError> = from_bytes(outcome)?;
            return Ok(match outcome {
                Ok(Bytes(output)) => Self::Done(Encoded::from_bytes(output)),
                Err(error) => Self::Failed(error),
            });
        }
        if rows.get(key::PURGED).is_some() {
            return Ok(Self::Purged);
        }
        if rows.get(key::HEAD).is_none() {
            let id = id.to_owned();
            return Err(RequestError::NotFound { id });
        }
        Ok(Self::Unfinished)
    }

    /// For those who write a back end: the output of an execution that is over, or the reason why
    /// there is none. `None` if it is to be waited for.
    #[must_use]
    pub fn ended(self, id: &str) -> Option<Result<Encoded, RequestError>> {
        match self {
            Self::Unfinished => None,
            Self::Done(output) => Some(Ok(output)),
            Self::Failed(error) => Some(Err(RequestError::Failed(error))),
            Self::Purged => Some(Err(RequestError::Purged { id: id.to_owned() })),
            Self::Blocked { reason } => Some(Err(RequestError::Blocked { reason })),
            Self::Poisoned { loads } => Some(Err(RequestError::Poisoned { loads })),
        }
    }
}

impl Logged {
    /// For those who write a back end: the entry with this number that a row of the items contains.
    ///
    /// # Errors
    ///
    /// If the row is none of an item.
    pub fn read(number: u64, row: &[u8]) -> Result<Self, CodecError> {
        Ok(match from_bytes(row)? {
            ItemRow::Item(Bytes(item)) => Self::Item {
                position: Position::new(format!("{number:x}")),
                item: Encoded::from_bytes(item),
            },
            ItemRow::Restarted(call) => Self::Restarted { call: Some(call) },
        })
    }
}

impl Position {
    /// For those who write a back end: the number of the entry after this position.
    ///
    /// # Errors
    ///
    /// [`NoPosition`](RequestError::NoPosition).
    pub fn next(&self) -> Result<u64, RequestError> {
        let number = u64::from_str_radix(self.as_str(), 16).ok();
        let next = number.and_then(|number| number.checked_add(1));
        next.ok_or_else(|| RequestError::NoPosition(self.to_string()))
    }
}
