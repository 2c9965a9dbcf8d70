//! What is read of rows, and the errors of rows that cannot be read.

use crate::error::{FlowError, FlowErrorKind};
use crate::macro_support::durable::codec::CodecError;
use crate::records::bytes::Bytes;
use crate::records::codec::from_bytes;
use crate::records::key;
use crate::records::rows::Rows;

/// What an execution was started with.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct Head {
    /// The time of the wall.
    pub(crate) started: u64,
    /// Different from that of any other execution that ever had this id.
    pub(crate) incarnation: u64,
    pub(crate) input: Bytes,
}

impl Head {
    pub(crate) fn read(rows: &Rows) -> Result<Self, FlowError> {
        let row = rows.get(key::HEAD).ok_or_else(|| unreadable(key::HEAD))?;
        from_bytes(row).map_err(not_read)
    }
}

pub(crate) fn not_read(error: CodecError) -> FlowError {
    let kind = match error {
        CodecError::NoClause(_) => FlowErrorKind::Diverged,
        _ => FlowErrorKind::NotRecorded,
    };
    FlowError::new(kind, error)
}

pub(in crate::engine) fn unreadable(key: &str) -> FlowError {
    let why = format!("the row `{key}` of the execution is not one that was written for it");
    FlowError::new(FlowErrorKind::NotRecorded, why)
}
