//! What ticks: the clock of a clause `every "1s"`, or of a question with a reminder.

use std::time::Duration;

use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct Clock {
    pub(crate) period: Duration,
    /// The next tick; `None` is too far away, and never comes.
    pub(crate) next: Option<Instant>,
}

impl Clock {
    /// Moves the clock on, past `now`. Returns for how many periods its tick stands.
    pub(crate) fn take(&mut self, now: Instant) -> u64 {
        let Some(next) = self.next else { return 1 };
        let late = now.saturating_duration_since(next).as_nanos();
        let missed = late.checked_div(self.period.as_nanos()).unwrap_or(0);
        let count = u64::try_from(missed).unwrap_or(u64::MAX).saturating_add(1);
        let passed = u32::try_from(count).ok();
        let passed = passed.and_then(|count| self.period.checked_mul(count));
        self.next = match passed {
            Some(passed) => next.checked_add(passed),
            // After so many ticks, they may as well begin anew.
            None => now.checked_add(self.period),
        };
        count
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::Clock;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_clock_stays_on_its_grid_however_late_it_is_looked_at() {
        let start = Instant::now();
        let mut clock = Clock {
            period: SECOND,
            next: Some(start + SECOND),
        };
        assert_eq!(clock.take(start + SECOND), 1);
        assert_eq!(clock.next, Some(start + 2 * SECOND));
        assert_eq!(clock.take(start + 5 * SECOND + SECOND / 2), 4);
        assert_eq!(clock.next, Some(start + 6 * SECOND));
    }

    #[test]
    fn a_clock_that_missed_more_ticks_than_it_can_count_goes_on() {
        let start = Instant::now();
        let mut clock = Clock {
            period: Duration::from_nanos(1),
            next: Some(start),
        };
        let now = start + 60 * SECOND;
        assert_eq!(clock.take(now), 60_000_000_001);
        assert!(clock.next > Some(now));
    }
}
