//! The items that readers have still to read, or may come back for, and where each reader stands.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex};

use crate::run::broadcast::options::{ShareOptions, SlowReaders};
use crate::run::broadcast::received::{ItemPosition, Received};

/// An item as it is kept. Readers clone it under a lock of its own, so that it need not be `Sync`.
pub(super) type KeptItem<T> = Arc<Mutex<T>>;

/// Each slot counts the readers that read it next, so that nobody has to be looked for: it costs the
/// same whether there are two readers or two thousand.
pub(super) struct Ring<T> {
    options: ShareOptions,
    slots: VecDeque<Slot<T>>,
    /// The position of the first slot.
    first: u64,
    /// How many readers have read all there is.
    at_head: usize,
}

struct Slot<T> {
    item: KeptItem<T>,
    readers: usize,
}

/// Where a reader stands.
pub(super) struct Cursor {
    /// Who it is.
    pub(super) reader: u64,
    /// The position that it reads next; behind the ring if it was overtaken.
    next: u64,
    /// It does not want what is before this.
    from: u64,
    /// What it wanted was removed when it joined.
    lagged: u64,
}

/// What is to be dropped where nothing is locked; mostly it is one item, which needs no memory.
#[must_use = "items are dropped where nothing is locked"]
pub(super) struct Removed<T> {
    first: Option<KeptItem<T>>,
    others: Vec<KeptItem<T>>,
}

impl<T> Ring<T> {
    pub(super) fn new(options: ShareOptions) -> Self {
        Self {
            options,
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
        self.options.slow == SlowReaders::Block
            && self.slots.len() >= self.options.behind()
            && self.slots.front().is_some_and(|slot| slot.readers > 0)
    }

    pub(super) fn push(&mut self, item: KeptItem<T>) -> Removed<T> {
        let readers = mem::take(&mut self.at_head);
        self.slots.push_back(Slot { item, readers });
        self.trim()
    }

    /// A reader comes, for what follows, or for what begins at a position. It reaches back as far as
    /// the replay does, and not as far as another reader happens to have kept things.
    pub(super) fn join(&mut self, reader: u64, from: Option<u64>) -> Cursor {
        let head = self.head();
        let from = from.unwrap_or(head);
        let reach = head.saturating_sub(count(self.options.replay));
        let next = from.clamp(reach, head);
        *self.readers_at(next) += 1;
        Cursor {
            reader,
            next,
            from,
            lagged: reach.saturating_sub(from),
        }
    }

    /// A reader goes.
    pub(super) fn leave(&mut self, cursor: &Cursor) -> Removed<T> {
        *self.readers_at(cursor.next) -= 1;
        self.trim()
    }

    /// Whether there is something for the reader, be it only that it has lagged something.
    pub(super) fn has_more(&self, cursor: &Cursor) -> bool {
        cursor.next < self.head()
    }

    /// What comes next for the reader, and what nobody needs any more after it.
    pub(super) fn read(
        &mut self,
        cursor: &mut Cursor,
    ) -> (Option<Received<KeptItem<T>>>, Removed<T>) {
        self.catch_up(cursor);
        if cursor.lagged > 0 {
            let lagged = mem::take(&mut cursor.lagged);
            return (Some(Received::Lagged(lagged)), self.trim());
        }
        let position = cursor.next;
        let slot = self.index(position).and_then(|index| self.slots.get(index));
        let received = slot.map(|slot| Arc::clone(&slot.item)).map(|item| {
            self.go(cursor, position + 1);
            let position = ItemPosition::new(position);
            Received::Item { position, item }
        });
        (received, self.trim())
    }

    /// All of it.
    pub(super) fn take(&mut self) -> Removed<T> {
        Removed {
            first: None,
            others: self.slots.drain(..).map(|slot| slot.item).collect(),
        }
    }

    /// Skips what the reader cannot have, or does not want.
    fn catch_up(&mut self, cursor: &mut Cursor) {
        cursor.lagged += self.first.saturating_sub(cursor.next.max(cursor.from));
        let wanted = cursor.from.min(self.head()).max(self.first);
        if wanted > cursor.next {
            self.go(cursor, wanted);
        }
    }

    fn go(&mut self, cursor: &mut Cursor, to: u64) {
        *self.readers_at(cursor.next) -= 1;
        *self.readers_at(to) += 1;
        cursor.next = to;
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
    fn trim(&mut self) -> Removed<T> {
        let mut removed = Removed {
            first: None,
            others: Vec::new(),
        };
        while let Some(front) = self.slots.front() {
            let kept = self.slots.len();
            let overtaken = self.options.slow == SlowReaders::Skip && kept > self.options.behind();
            if kept <= self.options.replay || (front.readers > 0 && !overtaken) {
                break;
            }
            if let Some(front) = self.slots.pop_front() {
                self.first += 1;
                // They go on at the next one.
                *self.readers_at(self.first) += front.readers;
                removed.others.extend(removed.first.replace(front.item));
            }
        }
        removed
    }
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
