//! The web example, as a browser meets it: over real sockets, with the program's own modules.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../web/article.rs"]
mod article;
#[path = "../../web/executions.rs"]
mod executions;
#[path = "../../web/problem.rs"]
mod problem;
#[path = "../../web/server.rs"]
mod server;

mod answering;
mod browser;
mod ending;
mod keeping;
mod refusing;
mod watching;
