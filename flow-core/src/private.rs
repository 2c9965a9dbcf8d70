//! What the macros' output names. Nothing of it is for users, and any of it may change.

pub use std::string::String;

pub use crate::flow::Flow;

pub use crate::broken::InError;
pub use crate::check::{Survey, check, spelled_twice, unemitted, unheard, unreachable};
pub use crate::engine::Engine;
pub use crate::event::EventDesc;
pub use crate::graph::{ClauseDesc, External, Graph, GraphDesc, Shared, Worker, take};
pub use crate::handler::{
    Brings, Fits, HandlerDesc, HandlerError, Infallible, NoItems, On, Outcome, Probe, Streams,
    Takes, Unused, converted, input, unexpected,
};
pub use crate::resource::{Missing, Provides, Slot};
