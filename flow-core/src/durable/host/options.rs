//! Settings of a host.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::durable::host::clock::Clock;
use crate::durable::sizes;

/// How long an execution that waits for the outside stays in memory, unless it is told otherwise.
const PARK_AFTER: Duration = Duration::from_secs(10);

/// How many entries of the history of an execution are kept, unless it is told otherwise.
const HISTORY: u64 = 1000;

/// Settings of a [`Host`](super::Host).
#[derive(Clone, Debug)]
pub struct HostOptions {
    pub(super) park_after: Duration,
    pub(super) max_value: usize,
    pub(super) history: u64,
    pub(super) clock: Clock,
}

impl Default for HostOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl HostOptions {
    /// The settings that [`Host::new`](super::Host::new) uses.
    #[must_use]
    pub fn new() -> Self {
        Self {
            park_after: PARK_AFTER,
            max_value: sizes::LARGEST_VALUE,
            history: HISTORY,
            clock: Clock::System,
        }
    }

    /// How long an execution that waits for the outside stays in memory: 10 seconds by default.
    #[must_use]
    pub fn park_after(mut self, after: Duration) -> Self {
        self.park_after = after;
        self
    }

    /// How many entries of an execution's [history](crate::durable::ReadHistory) are kept: the last
    /// 1000 by default. With 0 there is none, and less is written.
    #[must_use]
    pub fn history(mut self, at_most: u64) -> Self {
        self.history = at_most;
        self
    }

    /// How many bytes a value may have that is recorded: a mebibyte by default. An execution with a
    /// larger one is [`Blocked`](crate::durable::Status::Blocked) before it, and can be tried again
    /// when the limit was raised. A request with one is an error,
    /// [`TooLarge`](crate::durable::RequestError::TooLarge).
    #[must_use]
    pub fn max_value(mut self, bytes: usize) -> Self {
        self.max_value = bytes;
        self
    }

    /// The time is `now`, and goes on with that of the tokio runtime from here on, instead of with
    /// the clock of the system. For tests that pause the time.
    #[must_use]
    pub fn time_of_runtime(mut self, now: SystemTime) -> Self {
        self.clock = Clock::Runtime {
            wall: now,
            at: Instant::now(),
        };
        self
    }

    /// The clock on the wall, in place of that of the system: for tests that set it while the host
    /// runs. Executions in memory go on with the time of the runtime.
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::Given(Arc::new(now));
        self
    }
}
