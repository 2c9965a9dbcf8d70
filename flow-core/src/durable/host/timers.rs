//! The executions that are not in memory and go on by themselves at a time. There may be millions
//! of them, so an entry is small.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::durable::store::ExecutionName;

#[derive(Default)]
pub(super) struct Timers {
    queue: BTreeSet<Timer>,
    /// The times, by the hashes of the names. If two have one hash, a timer of them may stay when
    /// its execution has gone on: that one is looked at once more then.
    times: HashMap<u64, u64>,
    hasher: RandomState,
    flows: Vec<Arc<str>>,
}

/// The time, in milliseconds since 1970, the number of the flow, and the id: in one piece, as a
/// field for each takes half as much again.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Timer(Box<[u8]>);

impl Timer {
    fn new(time: u64, flow: u32, id: &str) -> Self {
        let parts = [&time.to_be_bytes()[..], &flow.to_be_bytes(), id.as_bytes()];
        Self(parts.concat().into())
    }

    /// `None` never comes.
    fn parts(&self) -> Option<(u64, u32, &str)> {
        let (time, rest) = self.0.split_first_chunk()?;
        let (flow, id) = rest.split_first_chunk()?;
        let id = str::from_utf8(id).ok()?;
        Some((u64::from_be_bytes(*time), u32::from_be_bytes(*flow), id))
    }
}

impl Timers {
    /// The execution goes on at this time, at the latest a millisecond later.
    pub(super) fn insert(&mut self, name: &ExecutionName, at: SystemTime) {
        let since = at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let time = u64::try_from(since.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        let flow = self.flow(name);
        self.queue.insert(Timer::new(time, flow, name.id()));
        self.times.insert(self.hasher.hash_one(name), time);
    }

    pub(super) fn remove(&mut self, name: &ExecutionName) {
        if let Some(time) = self.times.remove(&self.hasher.hash_one(name)) {
            let flow = self.flow(name);
            self.queue.remove(&Timer::new(time, flow, name.id()));
        }
    }

    /// Takes the execution whose time has come, or returns when that of the next one does.
    pub(super) fn take_due(
        &mut self,
        now: SystemTime,
    ) -> Result<ExecutionName, Option<SystemTime>> {
        let first = self.queue.first().and_then(Timer::parts);
        let (time, flow, id) = first.ok_or(None)?;
        let time = UNIX_EPOCH.checked_add(Duration::from_millis(time));
        let time = time.ok_or(None)?;
        if time > now {
            return Err(Some(time));
        }
        let flow = self.flows.get(flow as usize).ok_or(None)?;
        let name = ExecutionName::new(Arc::clone(flow), id);
        self.queue.pop_first();
        self.times.remove(&self.hasher.hash_one(&name));
        Ok(name)
    }

    /// The number of the flow.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "a process that had so many flows would have no memory left"
    )]
    fn flow(&mut self, name: &ExecutionName) -> u32 {
        let flow = self.flows.iter().position(|flow| **flow == *name.flow());
        let flow = flow.unwrap_or_else(|| {
            self.flows.push(name.flow().into());
            self.flows.len() - 1
        });
        flow as u32
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::Timers;
    use crate::durable::store::ExecutionName;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    #[test]
    fn those_whose_time_has_come_are_taken_in_the_order_of_their_times() {
        let mut timers = Timers::default();
        let [a, b, c] = ["a", "b", "c"].map(|id| ExecutionName::new("Order", id));
        timers.insert(&a, at(30));
        timers.insert(&b, at(10) + Duration::from_micros(1));
        timers.insert(&c, at(20));
        timers.remove(&c);
        assert_eq!(timers.take_due(at(10)), Err(Some(at(11))));
        assert_eq!(timers.take_due(at(40)), Ok(b));
        assert_eq!(timers.take_due(at(40)), Ok(a));
        assert_eq!(timers.take_due(at(40)), Err(None));
        assert!(timers.times.is_empty());
    }
}
