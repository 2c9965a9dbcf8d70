//! Real processes under load that are killed at random moments, and started again on the same
//! directory.
//!
//! The handlers write down each thing that they do to the outside, and the process what it has seen
//! to be recorded, in one log: see `log.rs`. `FLOW_KILLS` is how many times it is killed, and
//! `FLOW_SEED` repeats the random choices of a run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod checks;
mod flows;
mod killer;
mod log;
mod victim;
