//! The time limit of one attempt.

use std::future::Future;
use std::time::Duration;

use crate::error::TimedOut;
use crate::handler::Handler;

/// Can the error of the handler `H` be made from a timeout?
#[diagnostic::on_unimplemented(
    message = "`{H}` has a `timeout`, but its error `{Self}` cannot be made from one: implement `From<flow_core::TimedOut>` for `{Self}`, or return `flow_core::Result`",
    label = "does not implement `From<TimedOut>`"
)]
pub trait FromTimedOut<H> {
    fn from_timed_out(timed_out: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<TimedOut>, H> FromTimedOut<H> for E {
    fn from_timed_out(timed_out: TimedOut) -> E {
        timed_out.into()
    }
}

/// [`FromTimedOut`] as a function, for [`within`].
#[must_use]
pub fn timed_out<H, E: FromTimedOut<H>>(timed_out: TimedOut) -> E {
    E::from_timed_out(timed_out)
}

/// Runs one attempt of the handler `H` for at most `after`. If it takes longer, `error` makes its
/// error.
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
