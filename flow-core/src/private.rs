//! The names that the macros' output uses. None of them is for users, and any of them may change.

pub use std::string::String;
pub use std::vec::Vec;

pub use crate::error::HandlerError;
pub use crate::event::NoAnswer;
pub use crate::failed::{WithCause as Caused, WithoutCause as NoCause};
pub use crate::graph::check::{
    Analysis as Survey, check, idle_external, idle_ignore, idle_type, in_vain, overlong, unfailing,
    unfinished, unheard, unretried,
};
pub use crate::graph::desc::Effect as Course;
pub use crate::graph::{
    ArmDesc, EventDesc, GraphDesc, HandlerDesc, Location as Place, StageDesc, TriggerDesc,
};
pub use crate::handler::{BoxedInput as Taken, NoItems, boxed_input as taken};
pub use crate::macro_support::bounds::{
    Asking, Brings, Ends, EndsAlike, External, Fits, HasState, Initial, Makes, Nothing, On,
    Provides, Shared, Streams, StreamsAsked, Takes, Unused, arrives,
};
pub use crate::macro_support::call::{
    branch_call as beside, call, run_single, single_branch_call as only_beside,
};
pub use crate::macro_support::dispatch::{
    Dispatch as Arrival, converted, input, output, take, unexpected, wait_ids as waits,
};
pub use crate::macro_support::each::{Many, each};
pub use crate::macro_support::fallback::Fallback as InError;
pub use crate::macro_support::graph::{Graph, Halt, NO_HANDLER, Worker};
pub use crate::macro_support::handlers::HandlerTable as Mentions;
pub use crate::macro_support::join::{poll_branch, try_maybe_done, value_of};
pub use crate::macro_support::limits::{
    Again, FromTimedOut, Permits, Retry, in_turn, retry, timed_out, within,
};
pub use crate::macro_support::nodes::{Node, NodeActivation as OneOf, Vacant as Nobody};
pub use crate::macro_support::pairs::PairQueue as Waiting;
pub use crate::macro_support::probe::{
    Asked, Asks, ByReference, ByValue, Infallible, NotTaken, Outcome, Probe, View,
};
pub use crate::macro_support::rescue::{CaptureCause as Keeps};
pub use crate::macro_support::resources::{Missing, Present, Slot};
pub use crate::macro_support::type_map::TypeMap as Shelf;
pub use crate::run::flow::Flow;
pub use crate::run::subflow::run_within;
