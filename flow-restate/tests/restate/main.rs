//! Executions on a real server of Restate, with workers that are real processes where they are
//! killed.
//!
//! The server is the program that `RESTATE_SERVER` names, or that of the package
//! `@restatedev/restate-server` in `node_modules` of `flow-restate/tests/server`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod closing;
mod cluster;
mod early;
mod flows;
mod identity;
mod kills;
mod long;
mod partitions;
mod processes;
mod requests;
#[allow(dead_code, reason = "other tests and the benchmark use the rest")]
mod server;
mod work;
