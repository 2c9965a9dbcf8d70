//! The events of `when A & B by .order` that wait for those with the same key.

use std::any::Any;
use std::collections::hash_map::{Entry, HashMap};
use std::collections::vec_deque::VecDeque;
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU64;

use crate::macro_support::bounds::Unnamed;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::drop::drop_each_catching;
#[cfg(feature = "durable")]
use crate::macro_support::pairs::LastMatched;

/// Can events be matched by a field of this type?
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key because it is not `Eq + Hash + Clone + Send`: name another field, or wrap it in a type that derives these",
    label = "not a key"
)]
pub trait Key {}

#[diagnostic::do_not_recommend]
impl<K: Eq + Hash + Clone + Send + 'static> Key for K {}

/// Asks [`Key`].
pub fn is_key<K: Key>(_field: &&K) {}

/// The field of an event. Its method `key` is this one, or that of [`NoKey`], with which the code of
/// a flow compiles that [`is_key`] refuses.
#[derive(Debug)]
pub struct Field<'a, K>(pub &'a K);

impl<K: Eq + Hash + Clone + Send + 'static> Field<'_, K> {
    #[inline]
    #[must_use]
    pub fn key(&self) -> K {
        self.0.clone()
    }
}

pub trait NoKey {
    fn key(&self) {}
}

impl<K> NoKey for Field<'_, K> {}

/// Have the events of a clause keys of one type?
#[diagnostic::on_unimplemented(
    message = "this field is `{K}` in the first event and `{Self}` in another, so they never match: give both the same type",
    label = "of different types"
)]
pub trait SameKey<K> {}

impl<K> SameKey<K> for K {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl SameKey<Unnamed<0>> for Unnamed<1> {}

/// Asks [`SameKey`].
pub fn same_key<K, L: SameKey<K>>(_fields: &(&K, &L)) {}

/// The events of one type and one key, with the numbers of their arrival.
#[derive(Debug)]
pub struct KeyedQueue<E>(Waiting<E>);

/// Where most keys have a single event, it needs no allocation. Which of the two it is takes no
/// memory either: there are many of these, and each that is new costs more than the rest of its
/// match.
#[derive(Debug)]
enum Waiting<E> {
    One(NonZeroU64, E),
    #[allow(
        clippy::box_collection,
        reason = "it is rare, and there are many of these"
    )]
    NoneOrSeveral(Option<Box<VecDeque<(NonZeroU64, E)>>>),
}

impl<E> Default for KeyedQueue<E> {
    fn default() -> Self {
        Self(Waiting::NoneOrSeveral(None))
    }
}

impl<E> KeyedQueue<E> {
    #[inline]
    pub fn push_back(&mut self, number: NonZeroU64, event: E) {
        match &mut self.0 {
            Waiting::NoneOrSeveral(None) => self.0 = Waiting::One(number, event),
            Waiting::NoneOrSeveral(Some(events)) => events.push_back((number, event)),
            Waiting::One(..) => {
                let mut events = VecDeque::with_capacity(2);
                events.extend(self.pop());
                events.push_back((number, event));
                self.0 = Waiting::NoneOrSeveral(Some(Box::new(events)));
            }
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<(NonZeroU64, E)> {
        if let Waiting::NoneOrSeveral(Some(events)) = &mut self.0 {
            let first = events.pop_front();
            if events.is_empty() {
                self.0 = Waiting::NoneOrSeveral(None);
            }
            return first;
        }
        match std::mem::replace(&mut self.0, Waiting::NoneOrSeveral(None)) {
            Waiting::One(number, event) => Some((number, event)),
            Waiting::NoneOrSeveral(_) => None,
        }
    }

    #[inline]
    pub fn pop_front(&mut self, matched: &mut impl Matched) -> Option<E> {
        let (number, event) = self.pop()?;
        matched.note(number);
        Some(event)
    }

    /// The first `N` of them, if as many wait.
    #[must_use]
    pub fn pop_array<const N: usize>(&mut self, matched: &mut impl Matched) -> Option<[E; N]> {
        if self.len() < N {
            return None;
        }
        let first = (0..N).filter_map(|_| self.pop_front(matched));
        // They cannot be fewer.
        first.collect::<Vec<_>>().try_into().ok()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Waiting::NoneOrSeveral(None) => 0,
            Waiting::One(..) => 1,
            Waiting::NoneOrSeveral(Some(events)) => events.len(),
        }
    }

    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.0, Waiting::NoneOrSeveral(None))
    }
}

impl<E> Drop for KeyedQueue<E> {
    fn drop(&mut self) {
        if !self.is_empty() {
            drop_each_catching(std::iter::from_fn(|| self.pop()));
        }
    }
}

/// The numbers of the events that were matched last, or `()` where nobody asks for them.
pub trait Matched: Default + Send {
    fn note(&mut self, number: NonZeroU64);

    fn clear(&mut self);
}

impl Matched for () {
    #[inline]
    fn note(&mut self, _number: NonZeroU64) {}

    #[inline]
    fn clear(&mut self) {}
}

#[cfg(feature = "durable")]
impl Matched for Vec<NonZeroU64> {
    fn note(&mut self, number: NonZeroU64) {
        self.push(number);
    }

    fn clear(&mut self) {
        self.clear();
    }
}

/// The queues `Q` of a clause, for each key that has events in them.
///
/// A field has a type that a macro cannot name, so the table is behind a trait. It is made for the
/// first event.
pub struct Keyed<Q, M = ()> {
    table: Option<Box<dyn Table<Q>>>,
    /// The number of the last event that has arrived, or 0.
    arrived: u64,
    waiting: usize,
    matched: M,
}

impl<Q, M: Default> Default for Keyed<Q, M> {
    fn default() -> Self {
        Self {
            table: None,
            arrived: 0,
            waiting: 0,
            matched: M::default(),
        }
    }
}

impl<Q, M> fmt::Debug for Keyed<Q, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyed")
            .field("arrived", &self.arrived)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "durable")]
impl<Q> Keyed<Q, Vec<NonZeroU64>> {
    #[must_use]
    pub fn last_matched(&self) -> LastMatched {
        LastMatched {
            arrived: self.arrived,
            matched: self.matched.clone(),
        }
    }
}

impl<Q: Default + Send + 'static, M: Matched> Keyed<Q, M> {
    /// Calls `add` with the queues for this key, the number of the event, and what notes those that
    /// are matched. It returns what the event completes, which is `size` events, and whether the
    /// queues are empty.
    #[inline]
    pub fn add<K, R>(
        &mut self,
        key: K,
        size: usize,
        add: impl FnOnce(&mut Q, NonZeroU64, &mut M) -> (Option<R>, bool),
    ) -> Option<R>
    where
        K: Eq + Hash + Send + 'static,
    {
        let number = NonZeroU64::MIN.saturating_add(self.arrived);
        self.arrived = number.get();
        let table = self
            .table
            .get_or_insert_with(|| Box::new(ByKey::<K, Q>::new()));
        let Some(table) = table.as_any().downcast_mut::<ByKey<K, Q>>() else {
            unexpected();
        };
        let matched = &mut self.matched;
        matched.clear();
        let whole = table.add(key, |queues| add(queues, number, matched));
        self.waiting += 1;
        if whole.is_some() {
            self.waiting -= size;
        }
        whole
    }

    /// How many events wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many events wait in one of the queues, for all keys.
    pub fn count(&mut self, count: impl Fn(&Q) -> usize) -> usize {
        let mut whole = 0;
        // Without events there may be thousands of empty queues to look at.
        if self.waiting > 0
            && let Some(table) = &mut self.table
        {
            table.each(&mut |queues| whole += count(queues));
        }
        whole
    }

    /// Takes the events out of one of the queues, for all keys, in the order of their arrival.
    pub fn drain<E>(
        &mut self,
        queue: impl Fn(&mut Q) -> &mut KeyedQueue<E>,
    ) -> impl Iterator<Item = E> {
        let mut left = Vec::new();
        if self.waiting > 0
            && let Some(table) = &mut self.table
        {
            table.each(&mut |queues| {
                let queue = queue(queues);
                left.extend(std::iter::from_fn(|| queue.pop()));
            });
        }
        self.waiting -= left.len();
        if self.waiting == 0 {
            // The keys of those that were taken are still in it.
            self.table = None;
        }
        left.sort_unstable_by_key(|(number, _)| *number);
        left.into_iter().map(|(_, event)| event)
    }
}

/// A table with keys of any type.
trait Table<Q>: Send {
    fn as_any(&mut self) -> &mut dyn Any;

    fn each(&mut self, visit: &mut dyn FnMut(&mut Q));
}

/// The map has small entries, so that it grows and is looked into with little memory.
///
/// The hasher is that of the standard library: keys may come from outside.
struct ByKey<K, Q> {
    indices: HashMap<K, u32>,
    queues: Vec<Q>,
    /// The indices of queues that no key has.
    free: Vec<u32>,
}

impl<K: Eq + Hash, Q: Default> ByKey<K, Q> {
    fn new() -> Self {
        Self {
            indices: HashMap::new(),
            queues: Vec::new(),
            free: Vec::new(),
        }
    }

    /// Calls `add` with the queues for this key, and frees them if it returns that they are empty.
    #[inline]
    fn add<R>(&mut self, key: K, add: impl FnOnce(&mut Q) -> (Option<R>, bool)) -> Option<R> {
        match self.indices.entry(key) {
            Entry::Occupied(known) => {
                let index = *known.get();
                let (whole, is_empty) = add(self.queues.get_mut(index as usize)?);
                if is_empty {
                    known.remove();
                    // The last one is given back, so that there are few to drop at the end.
                    if index as usize + 1 == self.queues.len() {
                        self.queues.pop();
                    } else {
                        self.free.push(index);
                    }
                }
                whole
            }
            Entry::Vacant(new) => {
                let index = if let Some(index) = self.free.pop() {
                    index
                } else {
                    let Ok(index) = u32::try_from(self.queues.len()) else {
                        unexpected()
                    };
                    self.queues.push(Q::default());
                    index
                };
                new.insert(index);
                add(self.queues.get_mut(index as usize)?).0
            }
        }
    }
}

impl<K: Send + 'static, Q: Send + 'static> Table<Q> for ByKey<K, Q> {
    fn as_any(&mut self) -> &mut dyn Any {
        self
    }

    fn each(&mut self, visit: &mut dyn FnMut(&mut Q)) {
        self.queues.iter_mut().for_each(visit);
    }
}

impl<K, Q> Drop for ByKey<K, Q> {
    fn drop(&mut self) {
        drop_each_catching(self.queues.drain(..));
        drop_each_catching(self.indices.drain());
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "durable")]
    use std::num::NonZeroU64;

    use super::{Keyed, KeyedQueue};

    #[test]
    fn a_queue_of_one_event_is_the_event_and_its_number() {
        assert_eq!(size_of::<KeyedQueue<[u64; 2]>>(), 24);
        assert_eq!(size_of::<KeyedQueue<String>>(), 32);
    }

    #[test]
    fn queues_are_used_again_in_whatever_order_their_keys_go() {
        let mut keyed = Keyed::<(KeyedQueue<u32>, KeyedQueue<u32>)>::default();
        let mut add = |key: u32, part: usize| {
            keyed.add(key, 2, |all, number, matched| {
                let (own, other) = if part == 0 {
                    (&mut all.0, &mut all.1)
                } else {
                    (&mut all.1, &mut all.0)
                };
                own.push_back(number, key);
                if other.is_empty() {
                    return (None, false);
                }
                let pair = own.pop_front(matched).zip(other.pop_front(matched));
                (pair, own.is_empty() && other.is_empty())
            })
        };
        // Back, front and middle, and again with more keys.
        for round in 0..3_u32 {
            let keys: Vec<u32> = (0..10).map(|key| key + round).collect();
            for key in &keys {
                assert_eq!(add(*key, 0), None);
            }
            for at in [9, 0, 4, 8, 5, 7, 6, 1, 3, 2] {
                let key = keys[at];
                assert_eq!(add(key, 1), Some((key, key)));
            }
        }
        assert_eq!(keyed.waiting(), 0);
        assert_eq!(keyed.drain(|all| &mut all.0).count(), 0);
    }

    #[cfg(feature = "durable")]
    #[test]
    fn who_asks_for_it_is_told_which_events_were_matched() {
        let mut keyed = Keyed::<(KeyedQueue<u32>,), Vec<NonZeroU64>>::default();
        let mut told = Vec::new();
        for key in [1, 2, 2, 3, 1] {
            keyed.add(key, 2, |all, number, matched| {
                all.0.push_back(number, key);
                let pair = all.0.pop_array::<2>(matched);
                (pair, all.0.is_empty())
            });
            let last = keyed.last_matched();
            told.push((last.arrived, last.matched.iter().map(|n| n.get()).collect()));
        }
        let none = Vec::<u64>::new;
        let expected = [
            (1, none()),
            (2, none()),
            (3, vec![2, 3]),
            (4, none()),
            (5, vec![1, 5]),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_taken_to_an_else_leaves_no_key_behind() {
        let mut keyed = Keyed::<(KeyedQueue<u32>,)>::default();
        for event in 0..3 {
            let whole = keyed.add(event, 2, |all, number, ()| {
                all.0.push_back(number, event);
                (None::<()>, false)
            });
            assert!(whole.is_none());
        }
        assert_eq!(keyed.waiting(), 3);
        let left: Vec<_> = keyed.drain(|all| &mut all.0).collect();
        assert_eq!(left, [0, 1, 2]);
        assert_eq!(keyed.waiting(), 0);
        assert!(keyed.table.is_none());
    }
}
