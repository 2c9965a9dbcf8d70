//! The engine in memory: one execution is one future, and its handlers run inside it.
//!
//! No task, no channel and no heap node belongs to an event. The handlers of a flow are the arms of
//! one generated loop ([`Worker`](crate::graph::Worker)); a [`Driver`](driver::Driver) polls as many
//! copies of that loop ("slots") as handlers are suspended at the same time, and reuses them.
//! What they share stands in [`shared`]; who is to be polled next, in [`wakes`].

pub(crate) mod driver;
pub(crate) mod shared;
mod wakes;
mod worker;

pub(crate) use driver::Driver;
pub(crate) use shared::{Ending, Shared};
pub use worker::Engine;
