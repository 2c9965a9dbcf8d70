//! The time limit of one attempt.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, ready};

use tokio::time::Instant;

use crate::error::TimedOut;
use crate::handler::router::Router;
use crate::handler::{Cx, Handler};
use crate::macro_support::limits::overrides::given;
use crate::macro_support::timer::Timer;

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

/// Runs one attempt of the handler `H` for at most its `timeout`. If it takes longer, `error` makes
/// its error. While a `put` of the attempt waits for its reader, the clock stands still. In a durable
/// flow, an attempt lasts until no clone of its context lives.
pub async fn within<R: Router, H: Handler, V, E>(
    cx: &Cx<R, H>,
    error: fn(TimedOut) -> E,
    attempt: impl Future<Output = Result<V, E>>,
) -> Result<V, E> {
    let after = given(cx).timeout.or(const { H::DESC.timeout });
    let ends_at = |after| Instant::now().checked_add(after);
    let Some((after, mut ends_at)) = after.and_then(|after| Some((after, ends_at(after)?))) else {
        // Too far away for the clock.
        return attempt.await;
    };
    let mut attempt = pin!(attempt);
    let mut timer = pin!(Timer::new(ends_at));
    let mut stands_since = None;
    let before = cx.router().contexts();
    // What the function has returned, while a clone of its context lives.
    let mut returned = None;
    let in_time = poll_fn(|task| {
        let now = Instant::now();
        if let Some(since) = stands_since.take() {
            ends_at = ends_at.checked_add(now - since).unwrap_or(ends_at);
        }
        if returned.is_none() {
            let waits = cx.router().waits();
            if let Poll::Ready(result) = attempt.as_mut().poll(task) {
                // The attempt has blocked its thread past the deadline. A poll that comes late is no
                // fault of the attempt: a slow reader may have caused it. A late failure keeps its
                // own error, which tells more.
                if result.is_ok() && now < ends_at && Instant::now() >= ends_at {
                    return Poll::Ready(None);
                }
                returned = Some(result);
            } else if cx.router().waits() != waits {
                // The reader wakes the `put`. The timer may wake it as well, which does no harm.
                stands_since = Some(Instant::now());
                return Poll::Pending;
            }
        }
        if returned.is_some() && cx.router().poll_contexts(before, task).is_ready() {
            return Poll::Ready(returned.take());
        }
        timer.as_mut().reset(ends_at);
        match ready!(timer.as_mut().poll(task)) {
            Ok(()) => Poll::Ready(None),
            Err(why) => {
                // The driver drops the attempt.
                cx.router().fail_without_clock(why);
                Poll::Pending
            }
        }
    });
    if let Some(result) = in_time.await {
        return result;
    }
    cx.router().give_up_contexts();
    match returned {
        Some(Err(failed)) => Err(failed),
        returned => {
            let mut timed_out = TimedOut::new(H::DESC.name, after);
            timed_out.has_returned = returned.is_some();
            Err(error(timed_out))
        }
    }
}
