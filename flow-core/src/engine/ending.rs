//! The ending of an execution, and the state that its reader finds.

use crate::error::FlowError;

/// How an execution ended.
#[derive(Clone)]
pub(crate) enum Ending {
    /// It ran out, reached its `end`, or was stopped.
    Done,
    Failed(FlowError),
}

impl Ending {
    pub(crate) fn error(&self) -> Option<FlowError> {
        match self {
            Self::Done => None,
            Self::Failed(error) => Some(error.clone()),
        }
    }

    /// The last element of a stream of items: the error, if there is one.
    pub(crate) fn into_last<T>(self) -> Option<Result<T, FlowError>> {
        match self {
            Self::Done => None,
            Self::Failed(error) => Some(Err(error)),
        }
    }
}

/// The state that a reader finds.
pub(crate) enum Read<T> {
    Item(T),
    /// All items are read, and no more will come.
    End(Ending),
}
