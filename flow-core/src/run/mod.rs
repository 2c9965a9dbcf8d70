//! The ways to run a flow.

pub(crate) mod blocking;
pub(crate) mod broadcast;
pub(crate) mod execution;
pub(crate) mod flow;
pub(crate) mod items;
pub(crate) mod limits;
pub(crate) mod sender;
pub(crate) mod settings;
pub(crate) mod spawned;
pub(crate) mod start;
pub(crate) mod subflow;
pub(crate) mod with_output;

use std::num::NonZeroUsize;

/// How many items wait for a reader unless the flow, or the options of a broadcast, say otherwise.
const DEFAULT_CAPACITY: NonZeroUsize = NonZeroUsize::new(32).unwrap();
