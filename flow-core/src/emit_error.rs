//! The errors of emitting an event from outside.

use std::error::Error;
use std::fmt;

/// The reason why an event was not emitted at once, with the event.
///
/// [`Sender::try_emit`](crate::Sender::try_emit) returns it.
///
/// ```
/// # use flow_core::{Event, TryEmitError, flow, handler};
/// #[derive(Debug, PartialEq, Event)]
/// struct Order(u32);
///
/// # #[handler]
/// # async fn begin() {}
/// #[handler(on = Order)]
/// async fn pack(_: Order) {
///     std::future::pending().await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let flow = flow! { max_pending 1; external Order; start -> begin; when Order -> pack };
/// let execution = flow.spawn(());
/// assert_eq!(execution.try_emit(Order(1)), Ok(()));
/// assert_eq!(execution.try_emit(Order(2)), Err(TryEmitError::Full(Order(2))));
/// execution.cancel();
/// assert_eq!(execution.try_emit(Order(3)), Err(TryEmitError::Ended(Order(3))));
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TryEmitError<E> {
    /// As many events are pending as the `max_pending` of the flow allows.
    Full(E),
    /// The execution has ended.
    Ended(E),
}

impl<E> TryEmitError<E> {
    /// Returns the event.
    pub fn into_inner(self) -> E {
        match self {
            Self::Full(event) | Self::Ended(event) => event,
        }
    }
}

/// Shows the reason, and not the event, whose type need not be `Debug`.
impl<E> fmt::Debug for TryEmitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Ended(_) => "Ended(..)",
        })
    }
}

impl<E> fmt::Display for TryEmitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "as many events are pending as the `max_pending` of the flow allows",
            Self::Ended(_) => ENDED,
        })
    }
}

impl<E> Error for TryEmitError<E> {}

/// The error of an event that was not emitted because the execution has ended, with the event.
///
/// [`Sender::emit`](crate::Sender::emit) returns it.
///
/// ```
/// # use flow_core::{EmitError, Event, flow, handler};
/// # #[handler]
/// # async fn begin() {}
/// #[derive(Debug, PartialEq, Event)]
/// struct Order(u32);
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let flow = flow! { external Order; start -> begin; when Order -> end };
/// let execution = flow.spawn(());
/// let sender = execution.sender();
/// execution.cancel();
/// let error = sender.emit(Order(1)).await.unwrap_err();
/// assert_eq!(error, EmitError(Order(1)));
/// assert_eq!(error.to_string(), "the execution has ended");
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EmitError<E>(pub E);

/// Does not show the event, whose type need not be `Debug`.
impl<E> fmt::Debug for EmitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmitError(..)")
    }
}

impl<E> fmt::Display for EmitError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(ENDED)
    }
}

impl<E> Error for EmitError<E> {}

const ENDED: &str = "the execution has ended";
