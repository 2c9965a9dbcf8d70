//! The power fails while a process has a journal open: what it has told is there afterwards.
//!
//! A process that is killed loses nothing that it has written, synced or not. So here the calls of
//! the process are recorded by `strace`, and its directory is made anew as a disk may have it when
//! the power fails: see [`disk`].
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod disk;
mod failed_syncs;
mod failures;
#[path = "../load/mod.rs"]
mod load;
mod process;
mod trace;
