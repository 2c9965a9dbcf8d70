//! The laws of an execution, in the words of `docs/endings.md`, one law a file.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    reason = "a test fails by panicking, and its handlers stand next to the flow that runs them"
)]

mod concurrency;
mod end;
mod entering;
mod every;
mod finally;
mod given_up;
mod given_up_questions;
mod late_stages;
mod left_over;
mod nothing;
mod nothing_begins;
mod opened;
mod partners;
mod stages;
mod told;

use std::sync::{Arc, Mutex, PoisonError};

use flow_core::FlowError;
use futures::{Stream, StreamExt};

/// What handlers note, in order.
#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The items of a stream, and the error at its end.
async fn read<T>(stream: impl Stream<Item = Result<T, FlowError>>) -> (Vec<T>, Option<FlowError>) {
    let mut items = Vec::new();
    let mut stream = std::pin::pin!(stream);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(error) => return (items, Some(error)),
        }
    }
    (items, None)
}
