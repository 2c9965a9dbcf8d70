//! The items that readers have still to read, or may come back for, and where each reader stands.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex};

use crate::readers::{Seen, Sharing, Slow};

/// An item as it is kept. Readers clone it under a lock of its own, so that it need not be `Sync`.
pub(super) type Kept<T> = Arc<Mutex<T>>;

/// Each slot counts the readers that read it next, so that nobody has to be looked for: it costs the
/// same whether there are two readers or two thousand.
pub(super) struct Ring<T> {
    sharing: Sharing,
    slots: VecDeque<Slot<T>>,
    /// The position of the first slot.
    first: u64,
    /// How many readers have read all there is.
    at_head: usize,
}

struct Slot<T> {
    item: Kept<T>,
    readers: usize,
}

/// Where a reader stands.
pub(super) struct Place {
    /// Who it is.
    pub(super) reader: u64,
    /// The position that it reads next; behind the ring if it was overtaken.
    next: u64,
    /// It does not want what is before this.
    from: u64,
    /// What it wanted was gone when it joined.
    missed: u64,
}

/// What is to be dropped where nothing is locked; mostly it is one item, which needs no memory.
#[must_use = "items are dropped where nothing is locked"]
pub(super) struct Gone<T> {
    first: Option<Kept<T>>,
    others: Vec<Kept<T>>,
}

impl<T> Ring<T> {
    pub(super) fn new(sharing: Sharing) -> Self {
        Self {
            sharing,
            slots: VecDeque::new(),
            first: 0,
            at_head: 0,
        }
    }

    /// How many items there have been: the position of the next one.
    fn head(&self) -> u64 {
        self.first.saturating_add(count(self.slots.len()))
    }

    /// The slowest reader is as far behind as a reader may be, and is waited for.
    pub(super) fn is_full(&self) -> bool {
        self.sharing.slow == Slow::Waits
            && self.slots.len() >= self.sharing.behind()
            && self.slots.front().is_some_and(|slot| slot.readers > 0)
    }

    pub(super) fn push(&mut self, item: Kept<T>) -> Gone<T> {
        let readers = mem::take(&mut self.at_head);
        self.slots.push_back(Slot { item, readers });
        self.trim()
    }

    /// A reader comes, for what follows, or for what begins at a position. It reaches back as far as
    /// the replay does, and not as far as another reader happens to have kept things.
    pub(super) fn join(&mut self, reader: u64, from: Option<u64>) -> Place {
        let head = self.head();
        let from = from.unwrap_or(head);
        let reach = head.saturating_sub(count(self.sharing.replay));
        let next = from.clamp(reach, head);
        *self.readers_at(next) += 1;
        Place {
            reader,
            next,
            from,
            missed: reach.saturating_sub(from),
        }
    }

    /// A reader goes.
    pub(super) fn leave(&mut self, place: &Place) -> Gone<T> {
        *self.readers_at(place.next) -= 1;
        self.trim()
    }

    /// Whether there is something for the reader, be it only that it has missed something.
    pub(super) fn has_more(&self, place: &Place) -> bool {
        place.next < self.head()
    }

    /// What comes next for the reader, and what nobody needs any more after it.
    pub(super) fn read(&mut self, place: &mut Place) -> (Option<Seen<Kept<T>>>, Gone<T>) {
        self.catch_up(place);
        if place.missed > 0 {
            let missed = mem::take(&mut place.missed);
            return (Some(Seen::Missed(missed)), self.trim());
        }
        let position = place.next;
        let slot = self.index(position).and_then(|index| self.slots.get(index));
        let seen = slot.map(|slot| Arc::clone(&slot.item)).map(|item| {
            self.go(place, position + 1);
            Seen::Item { position, item }
        });
        (seen, self.trim())
    }

    /// All of it.
    pub(super) fn take(&mut self) -> Gone<T> {
        Gone {
            first: None,
            others: self.slots.drain(..).map(|slot| slot.item).collect(),
        }
    }

    /// Skips what the reader cannot have, or does not want.
    fn catch_up(&mut self, place: &mut Place) {
        place.missed += self.first.saturating_sub(place.next.max(place.from));
        let wanted = place.from.min(self.head()).max(self.first);
        if wanted > place.next {
            self.go(place, wanted);
        }
    }

    fn go(&mut self, place: &mut Place, to: u64) {
        *self.readers_at(place.next) -= 1;
        *self.readers_at(to) += 1;
        place.next = to;
    }

    /// The count of those who read this next; those who were overtaken count for the first slot.
    fn readers_at(&mut self, position: u64) -> &mut usize {
        let index = self.index(position.max(self.first));
        match index.and_then(|index| self.slots.get_mut(index)) {
            Some(slot) => &mut slot.readers,
            None => &mut self.at_head,
        }
    }

    fn index(&self, position: u64) -> Option<usize> {
        usize::try_from(position.checked_sub(self.first)?).ok()
    }

    /// Lets go of what is out of the replay's reach and that nobody has to read, or nobody in time.
    fn trim(&mut self) -> Gone<T> {
        let mut gone = Gone {
            first: None,
            others: Vec::new(),
        };
        while let Some(front) = self.slots.front() {
            let kept = self.slots.len();
            let overtaken = self.sharing.slow == Slow::Misses && kept > self.sharing.behind();
            if kept <= self.sharing.replay || (front.readers > 0 && !overtaken) {
                break;
            }
            if let Some(front) = self.slots.pop_front() {
                self.first += 1;
                // They go on at the next one.
                *self.readers_at(self.first) += front.readers;
                gone.others.extend(gone.first.replace(front.item));
            }
        }
        gone
    }
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
