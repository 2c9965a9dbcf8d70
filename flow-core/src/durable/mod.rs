//! Durable flows: executions that go on after a crash.

mod by_id;
mod encoded;
mod executions;
mod history;
mod host;
mod json;
mod machine;
mod memory;
mod position;
mod request_error;
mod store;

pub use futures_util::future::BoxFuture;

pub use by_id::{
    ExecutionsById, ListExecutions, Listed, Logged, OpenQuestion, PurgeExecutions, Status,
};
pub use encoded::Encoded;
pub use executions::{Executions, Handle};
pub use history::{Happened, HistoryEntry, ReadHistory};
pub use host::{Host, HostOptions};
pub use machine::Machine;
pub use memory::{Fault, MemoryStore};
pub use position::Position;
pub use request_error::RequestError;
pub use store::{ExecutionName, Keys, Listing, Store, Unavailable};

pub use crate::records::bytes::Bytes;
pub use crate::records::message::{Message, Refused};
pub use crate::records::question::QuestionRow;
pub use crate::records::rows::{Change, Commit, ItemRow, Phase, Rows};

/// How values are written.
pub mod codec {
    pub use crate::records::codec::{CodecError, from_bytes, to_bytes};
}
