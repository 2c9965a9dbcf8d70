//! An attempt that takes too long.

use std::future::Future;
use std::time::Duration;

use crate::error::TimedOut;
use crate::handler::Handler;

/// The error of the handler `H`, which has a timeout.
#[diagnostic::on_unimplemented(
    message = "`{H}` has a timeout, so its error has to be made from one: implement `From<flow_core::TimedOut>` for `{Self}`, or return `flow_core::Result`",
    label = "does not implement `From<TimedOut>`"
)]
pub trait FromTimedOut<H> {
    /// The error for it.
    fn from_timed_out(timed_out: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<TimedOut>, H> FromTimedOut<H> for E {
    fn from_timed_out(timed_out: TimedOut) -> E {
        timed_out.into()
    }
}

/// The error of the handler `H` for it.
#[must_use]
pub fn timed_out<H, E: FromTimedOut<H>>(timed_out: TimedOut) -> E {
    E::from_timed_out(timed_out)
}

/// One attempt of the handler `H`, which may take so long from now on; if it takes longer, `error`
/// makes its error.
///
/// # Errors
///
/// The handler's own, which may be made of a [`TimedOut`].
///
/// # Panics
///
/// Outside of a tokio runtime with timers.
pub async fn within<H: Handler, V, E>(
    after: Duration,
    error: fn(TimedOut) -> E,
    attempt: impl Future<Output = Result<V, E>>,
) -> Result<V, E> {
    match tokio::time::timeout(after, attempt).await {
        Ok(result) => result,
        Err(_) => Err(error(TimedOut::new(H::DESC.name, after))),
    }
}
