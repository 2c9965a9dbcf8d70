//! How the costs grow: `cargo bench --bench curves`. Beside each flow, the same by hand.
//!
//! Except for `turns`, whose lengths are the point, an iteration does its work [`TIMES`] times, so
//! that its microseconds are the nanoseconds of one.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that went wrong should say so"
)]

mod capacity;
mod fan_out;
mod ring;
mod suspended;
mod turns;

/// How often an iteration does what is measured.
const TIMES: u32 = 1_000;

fn main() {
    divan::main();
}

/// A runtime with one thread.
fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime")
}
