//! The stream of items, from `put` to the reader.

pub(crate) mod buffer;
pub(crate) mod put;
mod read;
pub(crate) mod waiters;
