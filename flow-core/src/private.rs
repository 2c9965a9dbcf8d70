//! What the macros' output names. Nothing of it is for users, and any of it may change.

pub use std::string::String;
pub use std::vec::Vec;

pub use crate::broken::InError;
pub use crate::call::beside;
pub use crate::check::{
    Survey, check, idle_external, idle_ignore, idle_type, in_vain, unfailing, unfinished, unheard,
};
pub use crate::concurrent::{Many, each, poll_branch, try_maybe_done, value_of};
pub use crate::desc::{ArmDesc, ClauseDesc, GraphDesc, Place, StageDesc, TriggerDesc};
pub use crate::event::EventDesc;
pub use crate::flow::Flow;
pub use crate::graph::{Ends, EndsAlike, External, Graph, Halt, Shared, Worker, output, take};
pub use crate::handler::{
    Asked, Asks, Brings, ByReference, ByValue, Fits, HandlerDesc, HandlerError, Infallible,
    NoItems, NotTaken, On, Outcome, Probe, Streams, Taken, Takes, Unused, View, arrives, converted,
    input, taken, unexpected,
};
pub use crate::resource::{Missing, Present, Provides, Shelf, Slot};
pub use crate::state::{HasState, Initial, Makes};
pub use crate::subflow::run_within;
