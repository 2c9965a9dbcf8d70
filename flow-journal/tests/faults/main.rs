//! The disk of a journal fails: bytes are changed, the log is cut, or there is no space.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod files;
mod flips;
mod full;
#[path = "../load/mod.rs"]
mod load;
mod torn;
