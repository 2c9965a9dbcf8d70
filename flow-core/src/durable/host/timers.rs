//! The executions that are not in memory and go on by themselves at a time. There may be millions
//! of them, so they are packed.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::ops::{Bound, Range};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::durable::store::ExecutionName;

/// How many bytes of timers are in one piece.
const PIECE: usize = 1024;

#[derive(Default)]
pub(super) struct Timers {
    /// All timers in their order, in pieces, each by a timer that is not after its first one.
    queue: BTreeMap<Box<[u8]>, Piece>,
    /// The times, by the hashes of the names. If two have one hash, a timer of them may stay when
    /// its execution has gone on: that one is looked at once more then.
    times: HashMap<Hash, Time>,
    hasher: RandomState,
    flows: Vec<Arc<str>>,
}

/// A part of the hash of a name.
type Hash = [u8; 5];

/// In milliseconds since 1970, for some thousand years.
type Time = [u8; 6];

/// The length of a timer in a piece.
type Length = [u8; 2];

/// The time, the number of the flow, and the id.
fn timer(time: Time, flow: u32, id: &str) -> Vec<u8> {
    [&time[..], &flow.to_be_bytes(), id.as_bytes()].concat()
}

/// `None` never comes.
fn parts(timer: &[u8]) -> Option<(Time, u32, &str)> {
    let (time, rest) = timer.split_first_chunk()?;
    let (flow, id) = rest.split_first_chunk()?;
    let id = str::from_utf8(id).ok()?;
    Some((*time, u32::from_be_bytes(*flow), id))
}

fn millis(time: Time) -> u64 {
    let bytes = time.into_iter().map(u64::from);
    bytes.fold(0, |millis, byte| millis << 8 | byte)
}

/// Timers in their order, each behind its length.
#[derive(Default)]
struct Piece(Vec<u8>);

impl Piece {
    fn first(&self) -> Option<&[u8]> {
        self.places().next().map(|(_, timer)| timer)
    }

    /// Where the timers are.
    fn places(&self) -> impl Iterator<Item = (Range<usize>, &[u8])> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (length, rest) = self
                .0
                .get(at..)?
                .split_first_chunk::<{ size_of::<Length>() }>()?;
            let timer = rest.get(..u16::from_be_bytes(*length).into())?;
            let begin = at;
            at += length.len() + timer.len();
            Some((begin..at, timer))
        })
    }

    fn has_room(&self, timer: &[u8]) -> bool {
        self.0.len() + size_of::<Length>() + timer.len() <= PIECE
    }

    fn insert(&mut self, timer: &[u8]) {
        let after = self.places().find(|(_, other)| *other >= timer);
        let at = after.map_or(self.0.len(), |(place, _)| place.start);
        // An id has a greatest length.
        let length = u16::try_from(timer.len()).unwrap_or(u16::MAX);
        let timer = length
            .to_be_bytes()
            .into_iter()
            .chain(timer.iter().copied());
        self.0.splice(at..at, timer);
    }

    fn remove(&mut self, timer: &[u8]) {
        let place = self.places().find(|(_, other)| *other == timer);
        if let Some((place, _)) = place {
            self.0.drain(place);
        }
        if self.0.len() < self.0.capacity() / 4 {
            self.0.shrink_to(self.0.len() * 2);
        }
    }

    /// Takes what is behind the timer, which has no room here, in a piece of its own: nothing if
    /// the timer comes last, as times often come in their order, and otherwise the second half.
    fn split(&mut self, timer: &[u8]) -> Self {
        let half = self.0.len() / 2;
        let is_last = self.places().all(|(_, other)| other < timer);
        let middle = || self.places().skip(1).find(|(place, _)| place.end > half);
        let at = match middle().filter(|_| !is_last) {
            Some((place, _)) => place.start,
            None if is_last => self.0.len(),
            None => 0,
        };
        let mut behind = Vec::with_capacity(PIECE);
        behind.extend(self.0.drain(at..));
        Self(behind)
    }
}

impl Timers {
    /// The execution goes on at this time, at the latest a millisecond later.
    pub(super) fn insert(&mut self, name: &ExecutionName, at: SystemTime) {
        self.remove(name);
        let since = at.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let time = u64::try_from(since.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        let time = match time.to_be_bytes() {
            [0, 0, time @ ..] => time,
            _ => [u8::MAX; size_of::<Time>()],
        };
        let timer = timer(time, self.flow(name), name.id());
        match self.piece(&timer) {
            Some(piece) if piece.has_room(&timer) => piece.insert(&timer),
            Some(piece) => {
                let mut behind = piece.split(&timer);
                if behind.first().is_some_and(|first| *timer < *first) {
                    piece.insert(&timer);
                } else {
                    behind.insert(&timer);
                }
                let first = behind.first().unwrap_or_default().into();
                self.queue.insert(first, behind);
            }
            None => {
                let mut piece = Piece(Vec::with_capacity(PIECE));
                piece.insert(&timer);
                // It is before all others.
                self.queue.insert(Box::default(), piece);
            }
        }
        self.times.insert(self.hash(name), time);
    }

    pub(super) fn remove(&mut self, name: &ExecutionName) {
        if let Some(time) = self.times.remove(&self.hash(name)) {
            let timer = timer(time, self.flow(name), name.id());
            self.remove_timer(&timer);
        }
    }

    fn remove_timer(&mut self, timer: &[u8]) {
        let place = (Bound::Unbounded, Bound::Included(timer));
        if let Some((first, piece)) = self.queue.range_mut::<[u8], _>(place).next_back() {
            piece.remove(timer);
            if piece.0.is_empty() {
                let first = first.clone();
                self.queue.remove(&first);
            }
        }
    }

    /// Where the timer is, or is to be.
    fn piece(&mut self, timer: &[u8]) -> Option<&mut Piece> {
        let place = (Bound::Unbounded, Bound::Included(timer));
        let (_, piece) = self.queue.range_mut::<[u8], _>(place).next_back()?;
        Some(piece)
    }

    /// Takes the execution whose time has come, or returns when that of the next one does.
    pub(super) fn take_due(
        &mut self,
        now: SystemTime,
    ) -> Result<ExecutionName, Option<SystemTime>> {
        let first = self.queue.values().next().and_then(Piece::first);
        let (time, flow, id) = first.and_then(parts).ok_or(None)?;
        let due = UNIX_EPOCH.checked_add(Duration::from_millis(millis(time)));
        let due = due.ok_or(None)?;
        if due > now {
            return Err(Some(due));
        }
        let name = self.flows.get(flow as usize).ok_or(None)?;
        let name = ExecutionName::new(Arc::clone(name), id);
        self.remove_timer(&timer(time, flow, name.id()));
        self.times.remove(&self.hash(&name));
        Ok(name)
    }

    fn hash(&self, name: &ExecutionName) -> Hash {
        let [hash @ .., _, _, _] = self.hasher.hash_one(name).to_be_bytes();
        hash
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

    use std::collections::BTreeSet;
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::{Hash, Piece, Time, Timers};
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
        assert!(timers.times.is_empty() && timers.queue.is_empty());
    }

    #[test]
    fn the_end_of_time_is_a_time() {
        let mut timers = Timers::default();
        let a = ExecutionName::new("Order", "a");
        timers.insert(&a, at(1 << 60));
        let next = timers.take_due(at(1)).unwrap_err().unwrap();
        assert!(next > at(1 << 47));
        timers.remove(&a);
        assert_eq!(timers.take_due(at(1)), Err(None));
    }

    /// What a timer takes with its id of 14 bytes.
    fn used_by_each(time: impl Fn(u64) -> u64) -> usize {
        let mut timers = Timers::default();
        for id in 0..10_000 {
            let name = ExecutionName::new("Order", format!("order-{id:08}"));
            timers.insert(&name, at(time(id)));
        }
        let pieces = timers.queue.iter().map(|(first, piece)| {
            first.len() + piece.0.capacity() + 2 * size_of::<(Box<[u8]>, Piece)>()
        });
        let table = timers.times.capacity() * (size_of::<(Hash, Time)>() + 1) * 8 / 7;
        (pieces.sum::<usize>() + table) / 10_000
    }

    #[test]
    fn a_timer_takes_little_more_than_its_id() {
        let in_order = used_by_each(|id| id);
        assert!(in_order < 60, "{in_order}");
        let anyhow = used_by_each(|id| id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24);
        assert!(anyhow < 75, "{anyhow}");
    }

    proptest! {
        #[test]
        fn they_are_those_of_a_set(
            changes in prop::collection::vec((any::<bool>(), 0..400_u32, 1..50_u64), 1..1500),
        ) {
            let mut timers = Timers::default();
            let mut set = BTreeSet::new();
            for (is_put, id, time) in changes {
                // Some ids are almost as long as a piece.
                let long = if id % 50 == 0 { 900 } else { 8 };
                let name = ExecutionName::new("Order", format!("{id:0long$}"));
                set.retain(|(_, other)| *other != name);
                if is_put {
                    set.insert((at(time), name.clone()));
                    timers.insert(&name, at(time));
                } else {
                    timers.remove(&name);
                }
            }
            for (time, name) in set {
                prop_assert_eq!(timers.take_due(at(0)), Err(Some(time)));
                prop_assert_eq!(timers.take_due(at(50)), Ok(name));
            }
            prop_assert!(timers.queue.is_empty() && timers.times.is_empty());
        }
    }
}
