//! The example programs as a person uses them, over pipes and on a terminal.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod agent;
mod approval;
#[cfg(unix)]
mod approval_terminal;
mod batch;
mod chat_failures;
mod chat_pipes;
#[cfg(unix)]
mod chat_terminal;
mod discovery;
mod progress;
mod run;
#[path = "../scripted_server/mod.rs"]
mod script;
mod soak;
#[cfg(unix)]
mod terminal;
mod tutorial;
