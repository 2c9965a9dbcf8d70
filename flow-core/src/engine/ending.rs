//! The ending of an execution, and the state that its reader finds.

use crate::error::FlowError;

/// How an execution ended.
#[derive(Clone)]
pub(crate) enum Ending {
    /// It ran out, or reached its `end`.
    Done,
    /// A handler stopped it.
    Stopped,
    Failed(FlowError),
}

impl Ending {
    pub(crate) fn error(&self) -> Option<FlowError> {
        match self {
            Self::Done | Self::Stopped => None,
            Self::Failed(error) => Some(error.clone()),
        }
    }

    /// The ending of an execution that ended like this before its `finally` ended like `second`.
    pub(crate) fn then(self, second: Self) -> Self {
        match (self, second) {
            (Self::Failed(first), Self::Failed(second)) => {
                Self::Failed(first.with_suppressed(second))
            }
            (_, Self::Failed(second)) => Self::Failed(second),
            (first, _) => first,
        }
    }

    /// The ending as a `finally` takes it.
    pub(crate) fn to_public(&self) -> crate::ending::Ending {
        match self {
            Self::Done => crate::ending::Ending::Completed,
            Self::Stopped => crate::ending::Ending::Stopped,
            Self::Failed(error) => error.clone().into(),
        }
    }

    /// The last element of a stream of items: the error, if there is one.
    pub(crate) fn into_last<T>(self) -> Option<Result<T, FlowError>> {
        match self {
            Self::Done | Self::Stopped => None,
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
