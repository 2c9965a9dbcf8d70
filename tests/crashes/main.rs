//! Durable flows that crash at every point: they come to the same as without a crash.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod diverged;
mod every_point;
mod flows;
mod harness;
