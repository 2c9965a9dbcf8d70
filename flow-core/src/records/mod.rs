//! What is kept of a durable execution: rows, and the changes to them.

pub(crate) mod bytes;
pub(crate) mod codec;
pub(crate) mod commit;
pub(crate) mod history;
pub(crate) mod key;
pub(crate) mod live_rows;
pub(crate) mod message;
pub(crate) mod names;
pub(crate) mod question;
pub(crate) mod rows;
