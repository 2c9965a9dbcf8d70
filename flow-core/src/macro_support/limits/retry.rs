//! The attempts of a handler with a `retry`.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::BoxError;
use crate::event::Event;
use crate::failed::Failed;
use crate::handler::router::{PolledSlot, Router, sealed};
use crate::handler::{Cx, Handler};
use crate::idempotency_key::{IdempotencyKey, next_call};
use crate::lifecycle::ExecutionId;
use crate::macro_support::limits::overrides::given;
use crate::macro_support::limits::turns::{Turn, turn};
use crate::macro_support::timer::Timer;
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

/// The waits of `retry(attempts = 3, backoff = "100ms", max = "10s", jitter = false)`: the first is
/// `backoff`, and each is twice as long as the one before, up to `max`.
#[derive(Clone, Copy, Debug)]
pub struct Pauses {
    backoff: Duration,
    max: Duration,
    jitter: bool,
}

impl Pauses {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "it is made in a `const`")]
    pub const fn new() -> Self {
        Self {
            backoff: Duration::from_millis(100),
            max: Duration::from_secs(30),
            jitter: true,
        }
    }

    #[must_use]
    pub const fn backoff(mut self, first: Duration) -> Self {
        self.backoff = first;
        if self.max.as_nanos() < first.as_nanos() {
            self.max = first;
        }
        self
    }

    #[must_use]
    pub const fn max(mut self, longest: Duration) -> Self {
        self.max = longest;
        self
    }

    #[must_use]
    pub const fn jitter(mut self, jitter: bool) -> Self {
        self.jitter = jitter;
        self
    }

    /// Whether the longest wait is shorter than the first one.
    #[must_use]
    pub const fn disagree(self) -> bool {
        self.max.as_nanos() < self.backoff.as_nanos()
    }

    /// The longest wait between so many attempts, if it is not random.
    #[must_use]
    pub const fn longest(self, attempts: u32) -> Option<Duration> {
        if self.jitter || attempts < 2 {
            return None;
        }
        let last = match 1_u32.checked_shl(attempts - 2) {
            Some(factor) => self.backoff.checked_mul(factor),
            None => None,
        };
        match last {
            Some(last) if last.as_nanos() < self.max.as_nanos() => Some(last),
            _ => Some(self.max),
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

/// The same for a handler that takes an error.
#[diagnostic::on_unimplemented(
    message = "`{H}` cannot be retried because `{Self}`, which it takes, is not `Clone`: take the error in a handler before it, and retry with what that returns",
    label = "each attempt takes its own",
    note = "`rescue work -> describe -> {H}`, where `describe` returns a value that is `Clone`"
)]
pub trait CloneFailedForRetry<H> {
    #[must_use]
    fn again(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: Clone, H> CloneFailedForRetry<H> for P {
    fn again(&self) -> P {
        self.clone()
    }
}

/// The same for a handler whose input may be an error under another name. `IS_FAILED` tells whether
/// it is. rustc reports the bound on the handler, whose type is not that of the input.
pub trait KeptForRetry<H, const IS_FAILED: bool> {
    #[must_use]
    fn again(&self) -> Self;
}

impl<P, H: RetriesWith<P>> KeptForRetry<H, false> for P {
    fn again(&self) -> P {
        H::again(self)
    }
}

impl<E, Cause, H: RetriesAfter<Self>> KeptForRetry<H, true> for Failed<E, Cause> {
    fn again(&self) -> Self {
        H::again(self)
    }
}

/// [`CloneForRetry`], asked of the handler.
#[diagnostic::on_unimplemented(
    message = "`{P}` must be `Clone` because `{Self}`, which takes it, is retried: add `#[derive(Clone)]`",
    label = "each attempt takes its own"
)]
pub trait RetriesWith<P> {
    fn again(input: &P) -> P;
}

#[diagnostic::do_not_recommend]
impl<H, P: Clone> RetriesWith<P> for H {
    fn again(input: &P) -> P {
        input.clone()
    }
}

/// [`CloneFailedForRetry`], asked of the handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be retried because `{P}`, which it takes, is not `Clone`: take the error in a handler before it, and retry with what that returns",
    label = "each attempt takes its own",
    note = "`rescue work -> describe -> {Self}`, where `describe` returns a value that is `Clone`"
)]
pub trait RetriesAfter<P> {
    fn again(input: &P) -> P;
}

#[diagnostic::do_not_recommend]
impl<H, P: Clone> RetriesAfter<P> for H {
    fn again(input: &P) -> P {
        input.clone()
    }
}

/// A clone of the input for the next attempt.
#[must_use]
pub fn kept<P: KeptForRetry<H, IS_FAILED>, H, const IS_FAILED: bool>(input: &P) -> P {
    input.again()
}

/// Repeats `attempt` until it succeeds, fails with an error that `is_worth_it` rejects, or is used
/// up. The result is that of the last attempt. Each attempt gets a context that knows its number.
pub async fn retry<R, H, P, V, E, F>(
    cx: &Cx<R, H>,
    pauses: Pauses,
    input: P,
    again: fn(&P) -> P,
    is_worth_it: fn(&E) -> bool,
    attempt: impl Fn(P, Cx<AttemptRouter<R>, H>) -> F,
) -> Result<V, E>
where
    R: Router,
    H: Handler,
    F: Future<Output = Result<V, E>>,
{
    let given = given(cx);
    let all = given.attempts.unwrap_or(const { H::DESC.attempts });
    let pauses = given.backoff.map_or(pauses, |first| pauses.backoff(first));
    let call = next_call();
    let numbered = |attempt| {
        let router = cx.router().clone();
        Cx::new(AttemptRouter {
            router,
            attempt,
            call,
        })
    };
    for attempts in cx.router().first_attempt()..all {
        let result = {
            let _turn = turn_of(cx).await;
            attempt(again(&input), numbered(attempts)).await
        };
        match result {
            Err(error) if is_worth_it(&error) => drop(error),
            result => return result,
        }
        cx.router().retried(attempts);
        wait(cx, pauses.pause(attempts)).await;
    }
    let _turn = turn_of(cx).await;
    attempt(input, numbered(all)).await
}

/// The permits of the execution for one attempt. One that has to wait for those of its handler
/// takes them afterwards, by itself.
async fn turn_of<R: Router, H: Handler>(cx: &Cx<R, H>) -> Option<Turn> {
    if const { H::DESC.concurrency.is_some() } {
        return None;
    }
    Some(turn(cx.router())?.await)
}

/// The router of one attempt, which knows its number; a clone in another task knows it, too.
#[derive(Clone, Debug)]
pub struct AttemptRouter<R> {
    router: R,
    attempt: u32,
    /// That of all attempts.
    call: u64,
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

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.resource()
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.router.state()
    }

    fn execution_id(&self) -> ExecutionId {
        self.router.execution_id()
    }

    fn attempt(&self) -> u32 {
        self.attempt
    }

    fn idempotency_key(&self, _call: u64) -> IdempotencyKey {
        self.router.idempotency_key(self.call)
    }

    fn snapshot<T: Send + 'static>(&self) -> Option<Snapshot<T>> {
        self.router.snapshot()
    }

    fn fail_without_clock(&self, why: BoxError) {
        self.router.fail_without_clock(why);
    }

    fn waits(&self) -> u32 {
        self.router.waits()
    }

    fn contexts(&self) -> usize {
        self.router.contexts()
    }

    fn poll_contexts(&self, left: usize, task: &mut Context<'_>) -> Poll<()> {
        self.router.poll_contexts(left, task)
    }

    fn give_up_contexts(&self) {
        self.router.give_up_contexts();
    }

    fn takes_turns(&self) -> bool {
        self.router.takes_turns()
    }

    fn polled_slot(&self) -> Option<PolledSlot> {
        self.router.polled_slot()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.shared()
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.router.ending()
    }

    fn is_ending(&self) -> bool {
        self.router.is_ending()
    }

    fn note_given_up(&self) {
        self.router.note_given_up();
    }
}

/// Waits before an attempt. Without a clock, the execution fails.
async fn wait<R: Router, H: Handler>(cx: &Cx<R, H>, pause: Duration) {
    let Some(deadline) = Instant::now().checked_add(pause) else {
        // Too far away for the clock.
        return pending().await;
    };
    let mut timer = pin!(Timer::new(deadline));
    if let Err(why) = poll_fn(|task| timer.as_mut().poll(task)).await {
        cx.router().fail_without_clock(why);
        pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pauses;

    const BACKOFF: Duration = Duration::from_millis(100);
    const MAX: Duration = Duration::from_secs(10);

    #[test]
    fn a_pause_doubles_up_to_the_longest() {
        let pauses = Pauses::new().backoff(BACKOFF).max(MAX).jitter(false);
        let pauses = [1, 2, 3, 7, 8, 9, 33, 500].map(|attempts| pauses.pause(attempts).as_millis());
        assert_eq!(
            pauses,
            [100, 200, 400, 6_400, 10_000, 10_000, 10_000, 10_000]
        );
    }

    #[test]
    fn the_longest_pause_is_at_least_the_first_unless_it_is_given() {
        let long = Pauses::new().backoff(Duration::from_secs(60)).jitter(false);
        assert_eq!(long.pause(1), Duration::from_secs(60));
        assert_eq!(long.pause(2), Duration::from_secs(60));
        assert!(!long.disagree());
        assert!(long.max(MAX).disagree());
    }

    #[test]
    fn with_jitter_it_is_anything_up_to_that() {
        let pauses = Pauses::new().backoff(BACKOFF).max(MAX);
        let pauses: Vec<_> = (0..1_000).map(|_| pauses.pause(2)).collect();
        assert!(pauses.iter().all(|pause| *pause <= 2 * BACKOFF));
        assert!(pauses.iter().any(|pause| *pause < BACKOFF));
        assert!(pauses.iter().any(|pause| *pause > BACKOFF));
    }
}
