//! The language, one part of it a file, as a user would write it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking, and its handlers stand next to the flow that runs them; what is `pub` here stands for what is public in a library"
)]

mod ask_stages;
mod branches;
mod chains;
mod deep;
mod each;
mod emit;
mod first;
mod flows_in_flows;
mod glue;
mod instances;
mod joins;
mod many;
mod matched;
mod other_names;
mod partners;
mod patterns;
mod questions;
mod questions_of_stages;
mod reminders;
mod rescue;
mod split_clauses;
mod stand_ins;
mod state;
mod state_after_the_end;
mod times;

use flow_core::FlowError;
use futures::{Stream, TryStreamExt};

/// All items, in order.
async fn items<T>(stream: impl Stream<Item = Result<T, FlowError>>) -> Vec<T> {
    stream.try_collect().await.unwrap()
}
