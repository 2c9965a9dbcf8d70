//! The orders example as a program that is killed, over and over, while its clients go on.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod ending;
mod killing;
mod program;
