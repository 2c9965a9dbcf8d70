//! How an execution ended, as its `finally` takes it.

use crate::error::{FlowError, FlowErrorKind};

/// How an execution ended: what the handler of a `finally` clause takes.
///
/// `finally within "30s" -> settle` runs on every ending but a drop, when nothing else runs any
/// more.
///
/// ```
/// use flow_core::{Cx, Ending, Result, flow, handler};
/// use futures::StreamExt;
///
/// #[handler]
/// async fn charge(cents: u32) -> Result<u32> {
///     if cents == 0 {
///         return Err("nothing to charge".into());
///     }
///     Ok(cents)
/// }
///
/// #[handler]
/// async fn settle(ending: Ending, cx: &Cx) {
///     match ending {
///         Ending::Completed => cx.put("closed the books").await,
///         ending => cx.put(format!("gave the goods back: {}", ending.error().unwrap())).await,
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let order = flow! {
///     start(u32) -> charge -> end;
///     finally within "30s" -> settle
/// };
/// let items: Vec<_> = order.stream(5).map(Result::unwrap).collect().await;
/// assert_eq!(items, ["closed the books"]);
/// let items: Vec<_> = order.stream(0).collect().await;
/// assert_eq!(
///     items[0].as_ref().unwrap(),
///     "gave the goods back: handler `charge` failed on start"
/// );
/// assert!(items[1].is_err());
/// # }
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "durable", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Ending {
    /// It came to its `end` or `end now`, or ran out in a flow without an output.
    Completed,
    /// A handler called [`Cx::stop`](crate::Cx::stop).
    Stopped,
    /// A handler failed, or the execution did in one of the other ways that
    /// [`FlowErrorKind`] lists.
    Failed(FlowError),
    /// A handler or the execution took longer than its limit, or the execution was idle.
    TimedOut(FlowError),
    /// A handler panicked.
    Panicked(FlowError),
    /// The execution was [cancelled](crate::Spawned::cancel).
    Cancelled(FlowError),
}

impl Ending {
    /// Returns the error of an execution that did not end well.
    #[must_use]
    pub fn error(&self) -> Option<&FlowError> {
        match self {
            Self::Completed | Self::Stopped => None,
            Self::Failed(error)
            | Self::TimedOut(error)
            | Self::Panicked(error)
            | Self::Cancelled(error) => Some(error),
        }
    }
}

#[cfg(feature = "durable")]
impl Ending {
    /// The ending as it would be if it were written and read.
    pub(crate) fn settled(self) -> Self {
        match self {
            Self::Completed | Self::Stopped => self,
            Self::Failed(error) => Self::Failed(error.settled()),
            Self::TimedOut(error) => Self::TimedOut(error.settled()),
            Self::Panicked(error) => Self::Panicked(error.settled()),
            Self::Cancelled(error) => Self::Cancelled(error.settled()),
        }
    }
}

impl From<FlowError> for Ending {
    fn from(error: FlowError) -> Self {
        match error.kind() {
            FlowErrorKind::TimedOut | FlowErrorKind::Idle => Self::TimedOut(error),
            FlowErrorKind::Panicked => Self::Panicked(error),
            FlowErrorKind::Cancelled => Self::Cancelled(error),
            _ => Self::Failed(error),
        }
    }
}
