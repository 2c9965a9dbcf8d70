//! Paired measurements: the two sides take turns, so that a disturbance affects both.

use std::fmt;
use std::time::{Duration, Instant};

/// The number of measurements of each side. The medians count.
const ROUNDS: usize = 15;

/// One line of the table.
pub(crate) struct Row {
    case: String,
    flow: f64,
    floor: f64,
    /// The largest accepted ratio of the two.
    target: f64,
}

impl Row {
    pub(crate) fn is_met(&self) -> bool {
        self.ratio() <= self.target
    }

    fn ratio(&self) -> f64 {
        self.flow / self.floor
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            case,
            flow,
            floor,
            target,
        } = self;
        let (ratio, ok) = (self.ratio(), if self.is_met() { "ok" } else { "MISSED" });
        write!(
            f,
            "| {case} | {flow:.1} ns | {floor:.1} ns | {ratio:.2} | ≤ {target:.2} | {ok} |"
        )
    }
}

/// Measures both sides, each of which does its work `count` times per call.
pub(crate) fn compare(
    case: impl Into<String>,
    target: f64,
    count: u32,
    mut flow: impl FnMut() -> Duration,
    mut floor: impl FnMut() -> Duration,
) -> Row {
    // The first call of each pays for page faults and cold caches.
    flow();
    floor();
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        times.0.push(flow());
        times.1.push(floor());
    }
    let each = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        median.as_secs_f64() * 1e9 / f64::from(count)
    };
    Row {
        case: case.into(),
        flow: each(&mut times.0),
        floor: each(&mut times.1),
        target,
    }
}

pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// A runtime with one thread.
pub(crate) fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
