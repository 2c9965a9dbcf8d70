//! The behaviour of flows at run time, one subject a file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod blocking;
mod delivery;
mod ending;
mod endings;
mod fairness;
mod giving_up;
mod handlers;
mod laws;
mod limits;
mod nesting;
mod odd_uses;
mod pending;
mod positions;
mod readers;
mod resources;
mod room;
mod spawned;
mod stream;
mod testing;
mod threads;
mod tracing;
mod watching;
mod with_output;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use flow_core::{Event, FlowError};
use futures::{Stream, TryStreamExt};

/// An event with a number.
#[derive(Clone, Debug, PartialEq, Event)]
struct Ping(u32);

/// Another event with a number.
#[derive(Clone, Debug, PartialEq, Event)]
struct Pong(u32);

/// All items of an execution that ends without an error.
async fn all<T>(stream: impl Stream<Item = Result<T, FlowError>>) -> Vec<T> {
    stream.try_collect().await.unwrap()
}

/// Counts the handlers that hold a [`Guard`] of it.
#[derive(Clone, Debug, Default)]
struct Alive(Arc<AtomicUsize>);

impl Alive {
    fn guard(&self) -> Guard {
        self.0.fetch_add(1, Ordering::SeqCst);
        Guard(Arc::clone(&self.0))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// A handler holds it while it runs.
struct Guard(Arc<AtomicUsize>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
