//! The clocks of `every` clauses.

use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::error::{At, FlowError};
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;
use crate::tick::Tick;

/// A clock for each clause.
pub(super) struct Ticks(Vec<Clock>);

struct Clock {
    period: Duration,
    /// The next tick; `None` is too far away, and never comes.
    next: Option<Instant>,
}

impl Ticks {
    pub(super) fn of<G: Graph>(given: Option<&Overrides>) -> Self {
        let clocks = G::EVERY.iter().map(|every| {
            let given = given.zip(every.handler);
            let given = given.and_then(|(given, handler)| given.handler(handler()).every);
            Clock {
                period: given.unwrap_or(every.period),
                next: None,
            }
        });
        Self(clocks.collect())
    }

    /// Starts all clocks, and returns their first ticks.
    pub(super) fn begin(&mut self, now: Instant) -> impl Iterator<Item = (usize, Instant)> {
        let clocks = self.0.iter_mut().enumerate();
        clocks.filter_map(move |(every, clock)| {
            clock.next = now.checked_add(clock.period);
            Some((every, clock.next?))
        })
    }

    /// Moves the clock on, past `now`. Returns for how many periods its tick stands.
    pub(super) fn take(&mut self, every: usize, now: Instant) -> u64 {
        let Some(clock) = self.0.get_mut(every) else {
            return 1;
        };
        let Some(next) = clock.next else { return 1 };
        let late = now.saturating_duration_since(next).as_nanos();
        let missed = late.checked_div(clock.period.as_nanos()).unwrap_or(0);
        let count = u64::try_from(missed).unwrap_or(u64::MAX).saturating_add(1);
        let passed = u32::try_from(count).ok();
        let passed = passed.and_then(|count| clock.period.checked_mul(count));
        clock.next = match passed {
            Some(passed) => next.checked_add(passed),
            // After so many ticks, they may as well begin anew.
            None => now.checked_add(clock.period),
        };
        count
    }

    /// The next tick.
    pub(super) fn next(&self, every: usize) -> Option<Instant> {
        self.0.get(every)?.next
    }
}

impl<G: Graph> Core<G> {
    /// Queues a tick of the clause with this number among those of its kind.
    pub(super) fn tick(&self, inside: &Inside<G>, every: usize, count: u64) {
        let Some(every) = G::EVERY.get(every) else {
            return;
        };
        if let Some(limits) = &self.limits
            && !limits.count(1)
        {
            let last = At {
                every: true,
                ..At::default()
            };
            let error = FlowError::too_many_events(limits.max_events, last);
            return inside.end(Ending::Failed(error));
        }
        self.push_uncaused((every.activation)(Tick::new(count)));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Clock, Ticks};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_clock_stays_on_its_grid_however_late_it_is_looked_at() {
        let start = Instant::now();
        let mut ticks = Ticks(vec![Clock {
            period: SECOND,
            next: Some(start + SECOND),
        }]);
        assert_eq!(ticks.take(0, start + SECOND), 1);
        assert_eq!(ticks.next(0), Some(start + 2 * SECOND));
        assert_eq!(ticks.take(0, start + 5 * SECOND + SECOND / 2), 4);
        assert_eq!(ticks.next(0), Some(start + 6 * SECOND));
    }

    #[test]
    fn a_clock_that_missed_more_ticks_than_it_can_count_goes_on() {
        let start = Instant::now();
        let mut ticks = Ticks(vec![Clock {
            period: Duration::from_nanos(1),
            next: Some(start),
        }]);
        let now = start + 60 * SECOND;
        assert_eq!(ticks.take(0, now), 60_000_000_001);
        assert!(ticks.next(0) > Some(now));
    }
}
