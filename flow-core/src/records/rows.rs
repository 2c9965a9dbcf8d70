//! An execution as rows: all that is needed to go on with it after a crash.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::records::bytes::Bytes;
use crate::records::codec::from_bytes;

/// The rows of one durable execution, by their keys.
///
/// A back end keeps them wherever it likes: it makes a [`Commit`] durable as a whole or not at all,
/// and gives the rows back when the execution is loaded again. It need not know what is in them.
///
/// ```
/// use flow_core::durable::{Change, Commit, Rows};
///
/// let mut rows = Rows::default();
/// rows.apply(Commit::from(vec![
///     Change::Put("item/0".to_owned(), b"a".to_vec()),
///     Change::Put("item/1".to_owned(), b"b".to_vec()),
/// ]));
/// rows.apply(Commit::from(vec![Change::Delete("item/0".to_owned())]));
/// assert_eq!(rows.get("item/1"), Some(&b"b"[..]));
/// assert_eq!(rows.iter().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, Vec<u8>>);

/// One change of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The row with this key has this value from now on.
    Put(String, Vec<u8>),
    /// There is no row with this key any more.
    Delete(String),
    /// There is no row any more whose key begins like this.
    DeleteAll(String),
}

impl Change {
    /// The same of the rows whose keys begin with this.
    pub(crate) fn within(self, space: &str) -> Self {
        if space.is_empty() {
            return self;
        }
        let within = |key: String| space.to_owned() + &key;
        match self {
            Self::Put(key, value) => Self::Put(within(key), value),
            Self::Delete(key) => Self::Delete(within(key)),
            Self::DeleteAll(prefix) => Self::DeleteAll(within(prefix)),
        }
    }
}

/// Changes that are made durable together: all of them or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    changes: Vec<(Change, Part)>,
}

/// What a change of a commit is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    /// What the history tells: the row was put and is gone again.
    Told,
    /// What is stored: the row is gone together with many others.
    Stored,
}

/// What a commit makes of its execution, for a store that keeps an index of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It has begun.
    Begun,
    /// It is over.
    Over,
    /// It was over, and what was kept of it is removed.
    Purged,
}

impl Commit {
    /// Removes all that is kept of an execution that is over. Its id stays in use.
    #[must_use]
    pub fn purge() -> Self {
        Self::from(vec![
            Change::DeleteAll(String::new()),
            Change::Put(key::PURGED.to_owned(), Vec::new()),
        ])
    }

    /// What the commit makes of its execution. `None` if that goes on as before.
    ///
    /// ```
    /// use flow_core::durable::{Change, Commit, Phase};
    ///
    /// let outcome = Change::Put("outcome".to_owned(), Vec::new());
    /// assert_eq!(Commit::from(vec![outcome]).phase(), Some(Phase::Over));
    /// let item = Change::Put("item/0".to_owned(), Vec::new());
    /// assert_eq!(Commit::from(vec![item]).phase(), None);
    /// ```
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        let mut phases = self.changes().filter_map(|change| match change {
            Change::Put(key, _) => match key.as_str() {
                key::HEAD => Some(Phase::Begun),
                key::OUTCOME => Some(Phase::Over),
                key::PURGED => Some(Phase::Purged),
                _ => None,
            },
            Change::Delete(_) | Change::DeleteAll(_) => None,
        });
        phases.next_back()
    }

    /// The changes, in the order in which they apply.
    #[must_use]
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        let stored = self.changes.iter().filter(|(_, part)| *part != Part::Told);
        stored.map(|(change, _)| change)
    }

    /// What has happened, in its order: also what was put and is gone again, and not each row that
    /// is gone because all of them are.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Change> {
        let told = self.changes.iter();
        let told = told.filter(|(_, part)| *part != Part::Stored);
        told.map(|(change, _)| change)
    }

    pub(crate) fn add(&mut self, changes: impl IntoIterator<Item = Change>) {
        let changes = changes.into_iter();
        self.changes
            .extend(changes.map(|change| (change, Part::All)));
    }
}

impl From<Vec<Change>> for Commit {
    fn from(changes: Vec<Change>) -> Self {
        let mut commit = Self::default();
        commit.add(changes);
        commit
    }
}

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
const LIVE: [&str; 4] = [key::CALLS, key::QUESTIONS, key::STATES, key::TICKS];

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

impl Rows {
    /// Applies the changes, in their order.
    pub fn apply(&mut self, commit: Commit) {
        for (change, part) in commit.changes {
            if part == Part::Told {
                continue;
            }
            match change {
                Change::Put(key, value) => {
                    self.0.insert(key, value);
                }
                Change::Delete(key) => {
                    self.0.remove(&key);
                }
                Change::DeleteAll(prefix) => {
                    let keys: Vec<_> = self.of(&prefix).map(|(key, _)| key.to_owned()).collect();
                    for key in keys {
                        self.0.remove(&key);
                    }
                }
            }
        }
    }

    pub(crate) fn put(&mut self, key: String, value: Vec<u8>) {
        self.0.insert(key, value);
    }

    /// The value of the row with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// All rows, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Those whose keys begin like this.
    pub(crate) fn of(&self, prefix: &str) -> impl Iterator<Item = (&str, &[u8])> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let rows = self.0.range::<str, _>(from);
        let rows = rows.take_while(move |(key, _)| key.starts_with(prefix));
        rows.map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Whether the execution is over: it has an outcome, or was purged.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.contains_key(key::OUTCOME) || self.0.contains_key(key::PURGED)
    }

    /// At most so many of those whose keys begin with `prefix` and come after `after`: the first
    /// ones, or the last ones.
    #[must_use]
    pub fn range(&self, prefix: &str, after: Option<&str>, at_most: usize, last: bool) -> Self {
        let from = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        // The least string that is greater than all that begin with the prefix.
        let mut end = prefix.to_owned();
        while let Some(char) = end.pop() {
            if let Some(next) = char::from_u32(char as u32 + 1) {
                end.push(next);
                break;
            }
        }
        let to = if end.is_empty() {
            Bound::Unbounded
        } else {
            Bound::Excluded(end.as_str())
        };
        if let (Bound::Excluded(from), Bound::Excluded(to)) = (from, to)
            && from >= to
        {
            return Self::default();
        }
        let rows = self.0.range::<str, _>((from, to));
        let rows = rows.map(|(key, value)| (key.clone(), value.clone()));
        if last {
            rows.rev().take(at_most).collect()
        } else {
            rows.take(at_most).collect()
        }
    }

    /// All rows, but of those whose keys begin with one of `logs` only the last one.
    #[must_use]
    pub fn without(&self, logs: &[&str]) -> Self {
        let is_log = |key: &str| logs.iter().any(|log| key.starts_with(log));
        let rows = self.0.iter().filter(|(key, _)| !is_log(key));
        let mut rows: Self = rows
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for log in logs {
            rows.0.append(&mut self.range(log, None, 1, true).0);
        }
        rows
    }

    /// Whether there are none: no execution has begun under this id.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Vec<u8>)> for Rows {
    fn from_iter<T: IntoIterator<Item = (String, Vec<u8>)>>(rows: T) -> Self {
        Self(rows.into_iter().collect())
    }
}

/// What is in the log of items.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ItemRow {
    /// An item, as the codec has written it.
    Item(Bytes),
    /// The call of this handler is repeated, and puts its items anew.
    Restarted(String),
}

/// What is in the row of an activation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct ActivationRow<Name = String> {
    /// Those are given in their order.
    pub(crate) id: u64,
    /// What the clause takes, by name.
    pub(crate) name: Name,
    /// What it takes.
    pub(crate) value: Bytes,
}

/// The keys of the rows.
pub(crate) mod key {
    /// What the execution was started with.
    pub(crate) const HEAD: &str = "execution";
    /// How it has ended.
    pub(crate) const OUTCOME: &str = "outcome";
    /// Its rows were removed after its end.
    pub(crate) const PURGED: &str = "purged";
    /// How often it was loaded since it last got on.
    pub(crate) const LOADS: &str = "loads";
    /// It was asked to be cancelled.
    pub(crate) const CANCELLED: &str = "cancelled";
    /// The id of the next activation, if there is no activation with the one before it.
    pub(crate) const NEXT: &str = "next";
    /// The number of the next question.
    pub(crate) const NEXT_QUESTION: &str = "next question";
    /// How the execution ends at once.
    pub(crate) const ENDING: &str = "ending";
    /// The `finally` has begun.
    pub(crate) const FINALLY: &str = "finally";
    /// The value of `end`, while what is under way is finished.
    pub(crate) const OUTPUT: &str = "output";
    pub(crate) const ACTIVATIONS: &str = "activation/";
    pub(crate) const CALLS: &str = "call/";
    /// How the keys of rows of calls end that are not over.
    pub(crate) const OF_BEGUN_CALLS: [char; 2] = ['!', '?'];
    pub(crate) const ITEMS: &str = "item/";
    /// What has happened.
    pub(crate) const HISTORY: &str = "history/";
    /// Those that are only read from where they end.
    pub(crate) const LOGS: &[&str] = &[ITEMS, HISTORY];
    pub(crate) const STATES: &str = "state/";
    pub(crate) const TICKS: &str = "tick/";
    pub(crate) const SENT: &str = "sent/";
    pub(crate) const ANSWERS: &str = "answer/";
    pub(crate) const QUESTIONS: &str = "question/";

    /// Numbers are written so that the keys are in their order.
    pub(crate) fn activation(id: u64) -> String {
        numbered(ACTIVATIONS, id)
    }

    /// The begin of the keys of all calls of an activation.
    pub(crate) fn calls_of(activation: u64) -> String {
        let mut key = numbered(CALLS, activation);
        key.push('/');
        key
    }

    pub(crate) fn item(position: u64) -> String {
        numbered(ITEMS, position)
    }

    pub(crate) fn history(position: u64) -> String {
        numbered(HISTORY, position)
    }

    pub(crate) fn state(name: &str) -> String {
        format!("{STATES}{name}")
    }

    pub(crate) fn tick(every: &str) -> String {
        format!("{TICKS}{every}")
    }

    pub(crate) fn sent(by: &str) -> String {
        format!("{SENT}{by}")
    }

    pub(crate) fn answer(number: u64) -> String {
        numbered(ANSWERS, number)
    }

    pub(crate) fn question(number: u64) -> String {
        numbered(QUESTIONS, number)
    }

    /// The same as with `{number:016x}`, of which a step has several, in a fraction of the time.
    fn numbered(prefix: &str, number: u64) -> String {
        let mut digits = [b'0'; 16];
        let mut rest = number;
        for place in digits.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            let [.., digit] = (rest & 15).to_be_bytes();
            *place = digit + if digit < 10 { b'0' } else { b'a' - 10 };
            rest >>= 4;
        }
        // What follows in the key of a call has room as well.
        let mut key = String::with_capacity(prefix.len() + 2 * digits.len());
        key.push_str(prefix);
        key.push_str(str::from_utf8(&digits).unwrap_or_default());
        key
    }

    /// The number at the end of a key.
    pub(crate) fn number(key: &str) -> Option<u64> {
        let (_, number) = key.rsplit_once('/')?;
        u64::from_str_radix(number, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ActivationRow, Change, Commit, LiveRows, Rows, key};
    use crate::records::bytes::Bytes;
    use crate::records::codec::{from_bytes, to_bytes};

    #[test]
    fn numbers_are_written_in_hexadecimal() {
        for number in [0, 1, 0x9abc_def0, u64::MAX] {
            assert_eq!(key::item(number), format!("item/{number:016x}"));
        }
    }

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
