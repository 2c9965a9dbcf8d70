//! The time on the wall.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// What the time on the wall is, for deadlines that are kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clock {
    /// That of the system.
    System,
    /// That of the runtime, which tests can pause and move.
    Runtime { wall: SystemTime, at: Instant },
}

impl Clock {
    pub(super) fn now(self) -> SystemTime {
        match self {
            Self::System => SystemTime::now(),
            Self::Runtime { wall, at } => wall + at.elapsed(),
        }
    }

    /// In milliseconds since 1970.
    pub(super) fn millis(self) -> u64 {
        let since = self.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// How long it takes until then.
    pub(super) fn until(self, then: SystemTime) -> Duration {
        then.duration_since(self.now()).unwrap_or_default()
    }
}
