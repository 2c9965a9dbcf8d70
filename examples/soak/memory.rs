//! The resident memory of this program, on systems with `/proc`.

use std::fmt;
use std::fs;
use std::time::{Duration, Instant};

pub(crate) struct Memory {
    /// The second half begins here.
    half: Instant,
    start: Option<u64>,
    now: Option<u64>,
    /// The maximum of each half, in KiB.
    most: [u64; 2],
}

impl Memory {
    pub(crate) fn new(time: Duration) -> Self {
        let now = resident();
        Self {
            half: Instant::now() + time / 2,
            start: now,
            now,
            most: [now.unwrap_or_default(); 2],
        }
    }

    pub(crate) fn sample(&mut self) {
        self.now = resident();
        let half = usize::from(Instant::now() >= self.half);
        if let (Some(now), Some(most)) = (self.now, self.most.get_mut(half)) {
            *most = now.max(*most);
        }
    }

    /// Whether the second half used more than the first. A fifth and 8 MiB more do not count,
    /// because an allocator keeps some of the memory that is freed.
    pub(crate) fn has_grown(&self) -> bool {
        let [first, second] = self.most;
        second > first + first / 5 + 8 * 1024
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(start), Some(now)) = (self.start, self.now) else {
            return f.write_str("memory: this system does not tell");
        };
        let most = self.most.iter().max().copied().unwrap_or_default();
        write!(
            f,
            "memory: {} MiB at the start, {} MiB at the most, {} MiB at the end",
            start / 1024,
            most / 1024,
            now / 1024
        )
    }
}

/// The resident set in KiB.
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}
