//! Where the engine writes what an execution of a durable flow does, and goes on with what was
//! written. [`log`](crate::engine::log) is what it writes into.

mod call;
pub(crate) mod call_router;
mod deliver;
mod durable;
mod effect;
mod hooks;
mod questions;
mod restore;
mod stage;
mod states;

pub(crate) use hooks::not_recorded;
pub(crate) use restore::{first_rows, started};
pub(crate) use stage::EnteredSpace;
