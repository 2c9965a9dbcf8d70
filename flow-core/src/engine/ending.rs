//! The ending of an execution, and the state that its reader finds.

use std::cell::Cell;

use crate::error::{FlowError, FlowErrorKind};

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

    pub(crate) fn is_cancel(&self) -> bool {
        matches!(self, Self::Failed(error) if error.kind() == FlowErrorKind::Cancelled)
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

/// The ending of an execution, once it is decided. The error can be given up: it may hold a context
/// of its own execution.
#[derive(Default)]
pub(crate) struct Decided {
    kind: Cell<Option<Kind>>,
    error: Cell<Option<FlowError>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Done,
    Stopped,
    Failed,
}

impl Decided {
    /// Returns whether it was not decided before.
    pub(crate) fn set(&self, ending: Ending) -> bool {
        if self.is_set() {
            return false;
        }
        let (kind, error) = match ending {
            Ending::Done => (Kind::Done, None),
            Ending::Stopped => (Kind::Stopped, None),
            Ending::Failed(error) => (Kind::Failed, Some(error)),
        };
        self.kind.set(Some(kind));
        if error.is_some() {
            self.error.set(error);
        }
        true
    }

    /// The same, for an execution that runs out or comes to its `end`.
    #[inline]
    pub(crate) fn set_done(&self) -> bool {
        let is_new = !self.is_set();
        if is_new {
            self.kind.set(Some(Kind::Done));
        }
        is_new
    }

    #[inline]
    pub(crate) fn is_set(&self) -> bool {
        self.kind.get().is_some()
    }

    /// Whether the execution ran out, or reached its `end`.
    pub(crate) fn is_done(&self) -> bool {
        self.kind.get() == Some(Kind::Done)
    }

    #[inline]
    pub(crate) fn is_failed(&self) -> bool {
        self.kind.get() == Some(Kind::Failed)
    }

    pub(crate) fn get(&self) -> Option<Ending> {
        Some(match self.kind.get()? {
            Kind::Done => Ending::Done,
            Kind::Stopped => Ending::Stopped,
            Kind::Failed => Ending::Failed(self.error()?),
        })
    }

    pub(crate) fn error(&self) -> Option<FlowError> {
        if !self.is_failed() {
            return None;
        }
        let error = self.error.take();
        self.error.set(error.clone());
        error
    }

    /// The error, for which nothing asks any more.
    pub(crate) fn take_error(&self) -> Option<FlowError> {
        self.error.take()
    }
}

/// The state that a reader finds.
pub(crate) enum Read<T> {
    Item(T),
    /// All items are read, and no more will come.
    End(Ending),
}
