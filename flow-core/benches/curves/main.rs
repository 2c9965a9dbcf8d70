//! How the costs grow: `cargo bench --bench curves`. Each flow is compared with code by hand.
//!
//! An iteration does its work [`TIMES`] times, so that its microseconds are the nanoseconds of one.
//! The exception is `turns`, which measures loops of different lengths.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that went wrong should say so"
)]

mod capacity;
mod fan_out;
mod ring;
mod suspended;
mod turns;

/// The number of repetitions in an iteration.
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
