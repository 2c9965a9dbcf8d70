//! What takes effect when its cause is durable.

use crate::engine::ending::Ending;
use crate::engine::limits::Origin;
use crate::error::FlowError;
use crate::macro_support::durable::turns::StateTurn;
use crate::macro_support::graph::Graph;

/// What is recorded of an ending.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(in crate::engine) enum EndingRow {
    Done,
    Stopped,
    Failed(FlowError),
}

impl EndingRow {
    pub(in crate::engine) fn ending(self) -> Ending {
        match self {
            Self::Done => Ending::Done,
            Self::Stopped => Ending::Stopped,
            Self::Failed(error) => Ending::Failed(error),
        }
    }
}

/// See [`Recording`](super::Recording).
pub(in crate::engine) enum Held<G: Graph> {
    /// An activation goes into the queue.
    Activation {
        id: u64,
        origin: Option<Origin>,
        activation: G::Activation,
    },
    /// The end is decided.
    Output(G::Output),
    /// The execution ends at once.
    Ending(Ending),
    /// The states of a call are free for the next one.
    Turn(#[allow(dead_code, reason = "its drop gives the states back")] StateTurn),
}
