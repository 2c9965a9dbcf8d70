//! Items that come through NATS JetStream, with real servers, and with workers that are real
//! processes where they are killed.
//!
//! The server of NATS is the program that `NATS_SERVER` names, or `nats-server`. That of Restate is
//! found as by the test `restate`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod crashes;
mod flows;
mod nats;
mod reading;
#[path = "../restate/server.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod server;
