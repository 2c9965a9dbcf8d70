//! What the macros' output names. Nothing of it is for users, and any of it may change.

pub use std::string::String;

pub use crate::flow::Flow;

pub use crate::broken::{Broken, BrokenCx};
pub use crate::check::{check, spelled_twice, unemitted, unheard, unreachable, unreached};
pub use crate::engine::Engine;
pub use crate::event::EventDesc;
pub use crate::graph::{ClauseDesc, External, Graph, GraphDesc, Shared, Worker, take};
pub use crate::handler::{
    Fits, HandlerDesc, Infallible, NoItems, On, Outcome, Payload, Probe, Stage, Streams,
};
pub use crate::resource::{Missing, Provides, Slot};
