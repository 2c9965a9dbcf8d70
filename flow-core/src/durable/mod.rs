//! Durable flows: executions that go on after a crash.

mod by_id;
mod encoded;
mod executions;
mod history;
mod host;
mod json;
mod kept;
mod machine;
mod memory;
mod position;
mod program;
mod request_error;
mod sizes;
mod store;
mod tell;

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
pub use crate::records::commit::{Change, Commit, Phase};
pub use crate::records::message::{Message, Refused};
pub use crate::records::question::QuestionRow;
pub use crate::records::rows::{ItemRow, Rows};

/// How values are written.
pub mod codec {
    pub use crate::records::codec::{CodecError, from_bytes, to_bytes};
}

/// For those who write a back end that drives executions itself, instead of leaving that to a
/// [`Host`]. Users of a flow need nothing of it.
pub mod backend {
    pub use crate::durable::history::history_row;
    pub use crate::durable::program::{Program, Running, program};
    pub use crate::durable::sizes::{LARGEST_VALUE, check_commit, check_given, check_key};
    pub use crate::durable::tell::Tell;

    /// The rows that a back end has to know.
    pub mod keys {
        use crate::records::key;

        /// How the keys of items begin, of which an execution only needs the last one to go on. A
        /// number in hexadecimal digits follows.
        pub const ITEMS: &str = key::ITEMS;
        /// How the keys of questions begin that wait for their answers.
        pub const QUESTIONS: &str = key::QUESTIONS;
        /// The row that is written with a request to cancel: without a value.
        pub const CANCELLED: &str = key::CANCELLED;
        /// The row of the output, or of the error, of an execution that is over.
        pub const OUTCOME: &str = key::OUTCOME;
        /// The rows that tell the status of an execution.
        pub const STATUS: [&str; 3] = [key::HEAD, key::OUTCOME, key::PURGED];

        /// The number at the end of the key of an item.
        #[must_use]
        pub fn number(key: &str) -> Option<u64> {
            key::number(key)
        }

        /// The key of the item with this number.
        #[must_use]
        pub fn item(number: u64) -> String {
            key::item(number)
        }
    }
}
