//! Times that are kept: they are those of the wall, in milliseconds since 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The time of the wall when the execution was loaded, and that of the runtime. From then on the
/// two go on together, whatever is done to the clock on the wall.
pub(crate) struct WallClock {
    wall: Duration,
    at: Instant,
}

impl WallClock {
    /// It is `now`, but never before `last`, the last time that was recorded.
    pub(crate) fn new(now: SystemTime, last: u64) -> Self {
        let wall = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            wall: wall.max(Duration::from_millis(last)),
            at: Instant::now(),
        }
    }

    /// The time of the wall at this instant.
    pub(crate) fn wall(&self, at: Instant) -> u64 {
        let wall = self.wall + at.saturating_duration_since(self.at);
        u64::try_from(wall.as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn now(&self) -> u64 {
        self.wall(Instant::now())
    }

    /// The instant of a time of the wall, which may have passed. `None` never comes.
    pub(crate) fn instant(&self, wall: u64) -> Option<Instant> {
        let wall = Duration::from_millis(wall);
        match wall.checked_sub(self.wall) {
            Some(left) => self.at.checked_add(left),
            // A runtime need not know of instants before it began.
            None => Some(
                self.at
                    .checked_sub(self.wall.saturating_sub(wall))
                    .unwrap_or(self.at),
            ),
        }
    }
}
