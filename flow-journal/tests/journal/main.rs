//! Executions in a journal, in the process that has it open and in the next one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod closing;
mod flows;
mod opening;
mod purging;
mod restarts;
