//! Durable executions by their ids, in a host on a store that fails on command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod clock;
mod clones;
mod closing;
mod drops;
mod early;
mod effects;
mod faults;
mod flows;
mod history;
mod keys;
mod loads;
mod outside;
mod parking;
mod reading;
mod reminders;
mod replaced;
mod requests;
mod restarts;
mod script;
mod sizes;
mod stops;
mod vanishing;
