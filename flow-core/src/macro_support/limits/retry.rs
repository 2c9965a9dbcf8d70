//! The attempts of a handler with a `retry`.

use std::future::Future;
use std::time::Duration;

use tokio::time::sleep;

use crate::event::Event;
use crate::handler::Cx;
use crate::handler::router::{Router, sealed};
use crate::resource::Res;
use crate::state::State;

/// `retry(attempts = 3, backoff = "100ms", max = "10s", jitter = false)`
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    attempts: u32,
    backoff: Duration,
    max: Duration,
    jitter: bool,
}

impl Retry {
    /// `attempts` in all. The wait before the second is `backoff`, and doubles up to `max`.
    #[must_use]
    pub const fn new(attempts: u32, backoff: Duration, max: Duration, jitter: bool) -> Self {
        Self {
            attempts,
            backoff,
            max,
            jitter,
        }
    }

    /// How long to wait after this many attempts. With jitter it is a random part of that, so that
    /// calls that fail together are not repeated together.
    fn pause(self, attempts: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempts.saturating_sub(1));
        let longest = factor.and_then(|factor| self.backoff.checked_mul(factor));
        let longest = longest.map_or(self.max, |longest| longest.min(self.max));
        if self.jitter {
            longest.mul_f64(fastrand::f64())
        } else {
            longest
        }
    }
}

/// Can the input of the handler `H` be kept for its next attempt?
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because `{H}`, which takes it, is retried: add `#[derive(Clone)]`",
    label = "each attempt takes its own"
)]
pub trait CloneForRetry<H> {
    #[must_use]
    fn again(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone, H> CloneForRetry<H> for P {
    fn again(&self) -> P {
        self.clone()
    }
}

/// Repeats `attempt` until it succeeds, fails with an error that `is_worth_it` rejects, or is used
/// up. The result is that of the last attempt. Each attempt gets a context that knows its number.
pub async fn retry<R, H, P, V, E, F>(
    cx: &Cx<R, H>,
    retry: Retry,
    input: P,
    again: fn(&P) -> P,
    is_worth_it: fn(&E) -> bool,
    attempt: impl Fn(P, Cx<AttemptRouter<R>, H>) -> F,
) -> Result<V, E>
where
    R: Router,
    F: Future<Output = Result<V, E>>,
{
    let numbered = |attempt| {
        let router = cx.router().clone();
        Cx::new(AttemptRouter { router, attempt })
    };
    for attempts in 1..retry.attempts {
        match attempt(again(&input), numbered(attempts)).await {
            Err(error) if is_worth_it(&error) => drop(error),
            result => return result,
        }
        cx.router().retried(attempts);
        sleep(retry.pause(attempts)).await;
    }
    attempt(input, numbered(retry.attempts)).await
}

/// The router of one attempt, which knows its number; a clone in another task knows it, too.
#[derive(Clone, Debug)]
pub struct AttemptRouter<R> {
    router: R,
    attempt: u32,
}

impl<R: Router> sealed::Router for AttemptRouter<R> {}

impl<R: Router> Router for AttemptRouter<R> {
    fn emit<E: Event>(&self, event: E) {
        self.router.emit(event);
    }

    type Put<'a, T: Send + 'static> = R::Put<'a, T>;

    fn put<T: Send + 'static>(&self, item: T) -> R::Put<'_, T> {
        self.router.put(item)
    }

    fn stop(&self) {
        self.router.stop();
    }

    fn resource<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.resource()
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.router.state()
    }

    fn attempt(&self) -> u32 {
        self.attempt
    }

    fn waits(&self) -> u32 {
        self.router.waits()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.shared()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Retry;

    const BACKOFF: Duration = Duration::from_millis(100);
    const MAX: Duration = Duration::from_secs(10);

    #[test]
    fn a_pause_doubles_up_to_the_longest() {
        let retry = Retry::new(1_000, BACKOFF, MAX, false);
        let pauses = [1, 2, 3, 7, 8, 9, 33, 500].map(|attempts| retry.pause(attempts).as_millis());
        assert_eq!(
            pauses,
            [100, 200, 400, 6_400, 10_000, 10_000, 10_000, 10_000]
        );
    }

    #[test]
    fn with_jitter_it_is_anything_up_to_that() {
        let retry = Retry::new(1_000, BACKOFF, MAX, true);
        let pauses: Vec<_> = (0..1_000).map(|_| retry.pause(2)).collect();
        assert!(pauses.iter().all(|pause| *pause <= 2 * BACKOFF));
        assert!(pauses.iter().any(|pause| *pause < BACKOFF));
        assert!(pauses.iter().any(|pause| *pause > BACKOFF));
    }
}
