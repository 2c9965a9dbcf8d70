//! The routes over sockets, with the modules of the program and a store that fails on command.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../bank.rs"]
mod bank;
#[path = "../../events.rs"]
mod events;
#[path = "../../order.rs"]
mod order;
#[path = "../../problem.rs"]
mod problem;
#[path = "../../server.rs"]
mod server;

mod asking;
mod client;
mod refusing;
