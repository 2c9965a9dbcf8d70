//! The time on the wall.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// What the time on the wall is, for deadlines that are kept.
#[derive(Clone)]
pub(super) enum Clock {
    /// That of the system.
    System,
    /// That of the runtime, which tests can pause and move.
    Runtime { wall: SystemTime, at: Instant },
    /// One that tests set.
    Given(Arc<dyn Fn() -> SystemTime + Send + Sync>),
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

impl Clock {
    pub(super) fn now(&self) -> SystemTime {
        match self {
            Self::System => SystemTime::now(),
            Self::Runtime { wall, at } => *wall + at.elapsed(),
            Self::Given(now) => now(),
        }
    }

    /// In milliseconds since 1970.
    pub(super) fn millis(&self) -> u64 {
        let since = self.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// How long it takes until then.
    pub(super) fn until(&self, then: SystemTime) -> Duration {
        then.duration_since(self.now()).unwrap_or_default()
    }
}
