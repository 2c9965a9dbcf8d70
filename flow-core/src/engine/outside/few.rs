//! A map that mostly has one entry.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Most executions never have two entries, and a node of a `BTreeMap` has room for eleven.
pub(super) struct Few<K, V> {
    one: Option<(K, V)>,
    others: BTreeMap<K, V>,
}

impl<K: Ord, V> Few<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        match &self.one {
            Some((one, value)) if one == key => Some(value),
            _ => self.others.get(key),
        }
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        match &mut self.one {
            Some((one, value)) if one == key => Some(value),
            _ => self.others.get_mut(key),
        }
    }

    /// Adds an entry, the key of which is new.
    pub(super) fn add(&mut self, key: K, value: V) {
        if self.one.is_none() {
            self.one = Some((key, value));
        } else {
            self.others.insert(key, value);
        }
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        let one = self.one.take_if(|(one, _)| one == key);
        match one {
            Some((_, value)) => Some(value),
            None => self.others.remove(key),
        }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        let one = self.one.iter().map(|(_, value)| value);
        one.chain(self.others.values())
    }

    /// The entries with keys in the range, in no order.
    pub(super) fn range(&self, keys: RangeInclusive<K>) -> impl Iterator<Item = (&K, &V)> {
        let one = self.one.iter().filter(|(key, _)| keys.contains(key));
        let one: Option<(&K, &V)> = one.map(|(key, value)| (key, value)).next();
        one.into_iter().chain(self.others.range(keys))
    }
}

impl<K, V> Default for Few<K, V> {
    fn default() -> Self {
        Self {
            one: None,
            others: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Few;

    #[test]
    fn it_is_a_map_whichever_entry_is_the_one() {
        let mut few = Few::default();
        for key in [3, 1, 5] {
            few.add(key, 10 * key);
        }
        assert_eq!(few.remove(&3), Some(30));
        // Takes the place that is free.
        few.add(4, 40);
        assert_eq!(
            (few.get(&4), few.get(&5), few.get(&3)),
            (Some(&40), Some(&50), None)
        );
        if let Some(value) = few.get_mut(&5) {
            *value += 1;
        }
        let mut all: Vec<_> = few.values().copied().collect();
        all.sort_unstable();
        assert_eq!(all, [10, 40, 51]);
        let mut some: Vec<_> = few.range(4..=5).map(|(key, _)| *key).collect();
        some.sort_unstable();
        assert_eq!(some, [4, 5]);
        assert_eq!(few.range(2..=3).count(), 0);
        for key in [1, 4, 5] {
            assert!(few.remove(&key).is_some());
        }
        assert_eq!((few.values().count(), few.remove(&1)), (0, None));
    }
}
