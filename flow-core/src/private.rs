//! What the macros' output names. Nothing of it is for users, and any of it may change.

pub use std::string::String;
pub use std::vec::Vec;

pub use crate::broken::InError;
pub use crate::call::{beside, only_beside};
pub use crate::check::{
    Survey, check, idle_external, idle_ignore, idle_type, in_vain, overlong, unfailing, unfinished,
    unheard, unretried,
};
pub use crate::concurrent::{Many, each, poll_branch, try_maybe_done, value_of};
pub use crate::desc::{ArmDesc, GraphDesc, Place, StageDesc, TriggerDesc};
#[cfg(feature = "macros")]
pub use flow_macros::{document_flow, document_handler};

/// What only documentation names.
pub mod documented {
    pub use crate::documented::Cx;
}

pub use crate::editor::{AHandler, AnEvent, Expected};
pub use crate::engine::Waiting;
pub use crate::event::{EventDesc, NoAnswer};
pub use crate::flow::Flow;
pub use crate::graph::{Ends, EndsAlike, External, Graph, Halt, Shared, Worker, output, take};
pub use crate::handler::{
    Asked, Asks, Brings, ByReference, ByValue, Course, Fits, HandlerDesc, HandlerError, Infallible,
    NoItems, NotTaken, Nothing, On, Outcome, Probe, Streams, Taken, Takes, Unused, View, arrives,
    converted, input, taken, unexpected,
};
pub use crate::limits::{Again, FromTimedOut, Permits, Retry, in_turn, retry, timed_out, within};
pub use crate::lone::{Nobody, Node, OneOf};
pub use crate::mentions::Mentions;
pub use crate::question::{Asking, StreamsAsked};
pub use crate::rescue::{Caused, Causes, Copied, Keeps, NoCause, Wanted};
pub use crate::resource::{Missing, Present, Provides, Shelf, Slot};
pub use crate::state::{HasState, Initial, Makes};
pub use crate::subflow::run_within;
pub use crate::waits::{Arrival, waits};
