//! The web example over real sockets, with the modules of the program.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../article.rs"]
mod article;
#[path = "../../executions.rs"]
mod executions;
#[path = "../../problem.rs"]
mod problem;
#[path = "../../server.rs"]
mod server;

mod answering;
mod browser;
mod ending;
mod keeping;
mod refusing;
mod watching;
