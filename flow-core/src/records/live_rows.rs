//! The rows that an execution needs to go on, and the commits that name each row that is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::records::codec::from_bytes;
use crate::records::commit::{Change, Commit, Part};
use crate::records::key;
use crate::records::rows::{ActivationRow, Rows};

/// The keys of the rows that an execution needs to go on, as they are in its store when all its
/// commits are durable. With them, a commit names each row that is gone: to look for all whose keys
/// begin like this would cost a store more than the rest of the commit.
///
/// An activation has its row in a seat, which is the next one's when it is over: one row is
/// replaced where two would be written.
#[derive(Debug, Default)]
pub(crate) struct LiveRows {
    keys: BTreeSet<String>,
    /// The seats of activations, by their ids.
    seats: BTreeMap<u64, u64>,
    /// The seats that are free, of those before the first one that never was taken.
    free: BTreeSet<u64>,
}

/// Other rows than these are not deleted but together with all of them.
const LIVE: [&str; 5] = [
    key::CALLS,
    key::QUESTIONS,
    key::REMINDERS,
    key::STATES,
    key::TICKS,
];

impl LiveRows {
    pub(crate) fn of(rows: &Rows) -> Self {
        let keys = LIVE.iter().flat_map(|prefix| rows.of(prefix));
        let seats = rows.of(key::ACTIVATIONS).filter_map(|(seat, row)| {
            let ActivationRow { id, .. } = from_bytes::<ActivationRow>(row).ok()?;
            Some((id, key::number(seat)?))
        });
        let mut live = Self {
            keys: keys.map(|(key, _)| key.to_owned()).collect(),
            seats: seats.collect(),
            free: BTreeSet::new(),
        };
        let taken: BTreeSet<_> = live.seats.values().copied().collect();
        let end = taken.last().map_or(0, |last| last + 1);
        live.free = (0..end).filter(|seat| !taken.contains(seat)).collect();
        live
    }

    /// The next commit, with these changes.
    pub(crate) fn commit(&mut self, changes: Vec<Change>) -> Commit {
        let mut changes = changes;
        // Of those that stay, what they are a part of.
        let mut parts = vec![Some(Part::All); changes.len()];
        // What is put here and was not there before, and where.
        let mut fresh: BTreeMap<&str, Places> = BTreeMap::new();
        // The rows that are gone because all of them are, and where.
        let mut gone = Vec::new();
        // The seats of activations that are over with this commit.
        let mut left = Vec::new();
        for (place, change) in changes.iter().enumerate() {
            match change {
                Change::Put(key, _) if is_live(key) => {
                    if !self.keys.contains(key) {
                        let places = fresh.entry(key);
                        places
                            .and_modify(|places| places.others.push(place))
                            .or_insert_with(|| Places::new(place));
                    }
                }
                Change::Delete(key) if is_live(key) => {
                    forget(&mut parts, fresh.remove(key.as_str()));
                    let seat = activation(key).and_then(|id| self.seats.remove(&id));
                    left.extend(seat);
                    if !self.keys.remove(key) {
                        set(&mut parts, place, Some(Part::Told));
                    }
                }
                Change::DeleteAll(prefix) if is_live(prefix) => {
                    set(&mut parts, place, None);
                    let from = (Bound::Included(prefix.as_str()), Bound::Unbounded);
                    let own = fresh.range::<str, _>(from).map(|(key, _)| *key);
                    let own: Vec<_> = own.take_while(|key| key.starts_with(prefix)).collect();
                    for key in own {
                        forget(&mut parts, fresh.remove(key));
                    }
                    if prefix == key::ACTIVATIONS {
                        left.extend(std::mem::take(&mut self.seats).into_values());
                    }
                    let before = self.keys.range::<str, _>(from);
                    let before = before.take_while(|key| key.starts_with(prefix));
                    for key in before.cloned().collect::<Vec<_>>() {
                        self.keys.remove(&key);
                        gone.push((place, key));
                    }
                }
                Change::Put(..) | Change::Delete(_) | Change::DeleteAll(_) => {}
            }
        }
        let mut seated = Vec::new();
        for (key, places) in fresh {
            match activation(key) {
                Some(id) => {
                    let seat = self.seat(id, &mut left);
                    seated.extend(places.all().map(|place| (place, seat)));
                }
                None => drop(self.keys.insert(key.to_owned())),
            }
        }
        for (place, seat) in seated {
            if let Some(Change::Put(key, _)) = changes.get_mut(place) {
                *key = key::activation(seat);
            }
        }
        let mut commit = Vec::with_capacity(changes.len() + gone.len() + left.len());
        let mut gone = gone.into_iter().peekable();
        for (place, (change, part)) in changes.into_iter().zip(parts).enumerate() {
            while let Some((_, key)) = gone.next_if(|(at, _)| *at == place) {
                commit.push((Change::Delete(key), Part::Stored));
            }
            commit.extend(part.map(|part| (change, part)));
        }
        for seat in left {
            self.free.insert(seat);
            commit.push((Change::Delete(key::activation(seat)), Part::Stored));
        }
        Commit { changes: commit }
    }

    /// The seat of an activation: one that was left in this commit if there is such a one.
    fn seat(&mut self, activation: u64, left: &mut Vec<u64>) -> u64 {
        let before = self.seats.get(&activation).copied();
        let seat = before.or_else(|| left.pop());
        let seat = seat.or_else(|| self.free.pop_first());
        let seat = seat.unwrap_or(self.seats.len() as u64);
        self.seats.insert(activation, seat);
        seat
    }
}

/// The id of the activation whose key this is, without seats.
fn activation(key: &str) -> Option<u64> {
    key.starts_with(key::ACTIVATIONS)
        .then(|| key::number(key))
        .flatten()
}

/// The places of a commit at which a row is put: hardly ever more than one.
struct Places {
    first: usize,
    others: Vec<usize>,
}

impl Places {
    fn new(first: usize) -> Self {
        let others = Vec::new();
        Self { first, others }
    }

    fn all(self) -> impl Iterator<Item = usize> {
        std::iter::once(self.first).chain(self.others)
    }
}

fn is_live(key: &str) -> bool {
    key.starts_with(key::ACTIVATIONS) || LIVE.iter().any(|prefix| key.starts_with(prefix))
}

/// What was put at these places is gone again.
fn forget(parts: &mut [Option<Part>], places: Option<Places>) {
    for place in places.into_iter().flat_map(Places::all) {
        set(parts, place, Some(Part::Told));
    }
}

fn set(parts: &mut [Option<Part>], place: usize, part: Option<Part>) {
    if let Some(at) = parts.get_mut(place) {
        *at = part;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::LiveRows;
    use crate::records::bytes::Bytes;
    use crate::records::codec::{from_bytes, to_bytes};
    use crate::records::commit::{Change, Commit};
    use crate::records::key;
    use crate::records::rows::{ActivationRow, Rows};

    fn put(key: &str, value: u8) -> Change {
        let mut row = vec![value];
        if key.starts_with(key::ACTIVATIONS) {
            let id = key::number(key).unwrap_or_default();
            let name = "a".to_owned();
            let value = Bytes(row);
            row = to_bytes(&ActivationRow { id, name, value }).unwrap_or_default();
        }
        Change::Put(key.to_owned(), row)
    }

    /// The rows without seats.
    fn without_seats(rows: &Rows) -> Rows {
        let rows = rows.iter().map(|(key, row)| {
            let activation = from_bytes::<ActivationRow>(row).ok();
            let own = activation.filter(|_| key.starts_with(key::ACTIVATIONS));
            let key = own.map_or(key.to_owned(), |row| key::activation(row.id));
            (key, row.to_vec())
        });
        rows.collect()
    }

    #[test]
    fn an_activation_that_follows_another_one_replaces_its_row() {
        let mut live = LiveRows::default();
        let (first, second) = (key::activation(0), key::activation(1));
        assert_eq!(live.commit(vec![put(&first, 0)]).changes().count(), 1);
        let next = live.commit(vec![put(&second, 0), Change::Delete(first.clone())]);
        let changes: Vec<_> = next.changes().collect();
        assert!(matches!(&changes[..], [Change::Put(key, _)] if *key == first));
        let last = live.commit(vec![Change::Delete(second)]);
        assert_eq!(last.changes().collect::<Vec<_>>(), [&Change::Delete(first)]);
    }

    fn change() -> impl Strategy<Value = Change> {
        let keys = prop::sample::select(vec![
            "activation/0000000000000001",
            "activation/0000000000000002",
            "activation/0000000000000003",
            "call/1/a",
            "call/1/b",
            "call/1/b/activation/0",
            "call/1/b/call/0/c",
            "call/2/a",
            "state/a",
            "next",
            "item/0",
        ]);
        let prefixes = prop::sample::select(vec![
            "activation/",
            "call/",
            "call/1/",
            "call/1/b/",
            "call/1/b/call/",
            "state/",
        ]);
        prop_oneof![
            4 => (keys.clone(), any::<u8>())
                .prop_map(|(key, value)| put(key, value)),
            2 => keys.prop_map(|key| Change::Delete(key.to_owned())),
            1 => prefixes.prop_map(|prefix| Change::DeleteAll(prefix.to_owned())),
        ]
    }

    proptest! {
        #[test]
        fn commits_that_name_each_row_do_the_same_and_tell_the_same(
            commits in prop::collection::vec(prop::collection::vec(change(), 0..8), 0..8),
            reloads in prop::collection::vec(any::<bool>(), 8),
        ) {
            let (mut named, mut expected) = (Rows::default(), Rows::default());
            let mut live = LiveRows::default();
            for (changes, reload) in commits.into_iter().zip(reloads) {
                let commit = live.commit(changes.clone());
                let is_one = |change: &&Change| !matches!(change, Change::DeleteAll(_));
                // An activation is told by its row, wherever that is.
                let value = |change: &Change| match change {
                    Change::Put(key, value) if key.starts_with(key::ACTIVATIONS) => Err(value.clone()),
                    change => Ok(change.clone()),
                };
                let told: Vec<_> = commit.told().map(value).collect();
                let all: Vec<_> = changes.iter().filter(is_one).map(value).collect();
                prop_assert_eq!(told, all);
                for change in commit.changes() {
                    match change {
                        Change::Delete(key) => {
                            prop_assert!(key == "next" || key.starts_with("item/") || named.get(key).is_some());
                        }
                        Change::DeleteAll(_) => prop_assert!(false, "it names no row"),
                        Change::Put(..) => {}
                    }
                }
                named.apply(commit);
                expected.apply(Commit::from(changes));
                prop_assert_eq!(&without_seats(&named), &expected);
                if reload {
                    live = LiveRows::of(&named);
                }
            }
        }
    }
}
