//! The items that readers still have to read or may come back for, and the position of each reader.

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;

use crate::run::broadcast::options::{ShareOptions, SlowReaders};
use crate::run::broadcast::received::{ItemPosition, Received};
use crate::sync::Mutex;

/// An item in the ring. Readers clone it under its own lock, so that it need not be `Sync`.
pub(super) type KeptItem<T> = Arc<Mutex<T>>;

/// Each entry counts the readers that read it next, so that no search is needed: the cost is the
/// same for two readers as for two thousand.
pub(super) struct Ring<T> {
    options: ShareOptions,
    entries: VecDeque<Entry<T>>,
    /// The position of the first entry.
    first: u64,
    /// The number of readers that have read everything.
    at_head: usize,
}

struct Entry<T> {
    item: KeptItem<T>,
    readers: usize,
}

/// The position of a reader.
pub(super) struct Cursor {
    /// The number of the reader.
    pub(super) reader: u64,
    /// The position that it reads next. It may be before the first entry, if the reader was
    /// overtaken.
    next: u64,
    /// The reader skips the items before this position.
    from: u64,
    /// The number of items that were already removed when it joined.
    lagged: u64,
}

/// Items to drop once no lock is held. Mostly it is a single one, which needs no allocation.
#[must_use = "items are dropped where nothing is locked"]
pub(super) struct Removed<T> {
    first: Option<KeptItem<T>>,
    others: Vec<KeptItem<T>>,
}

impl<T> Ring<T> {
    pub(super) fn new(options: ShareOptions) -> Self {
        Self {
            options,
            entries: VecDeque::new(),
            first: 0,
            at_head: 0,
        }
    }

    /// The number of items so far, which is the position of the next one.
    pub(super) fn head(&self) -> u64 {
        self.first.saturating_add(count(self.entries.len()))
    }

    pub(super) fn readers(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| entry.readers)
            .sum::<usize>()
            + self.at_head
    }

    /// Whether the slowest reader lags as far as it may and has to be waited for.
    pub(super) fn is_full(&self) -> bool {
        self.options.slow == SlowReaders::Block
            && self.entries.len() >= self.options.behind()
            && self.entries.front().is_some_and(|entry| entry.readers > 0)
    }

    pub(super) fn push(&mut self, item: KeptItem<T>) -> Removed<T> {
        let readers = mem::take(&mut self.at_head);
        self.entries.push_back(Entry { item, readers });
        self.trim()
    }

    /// Adds a reader, at the head or at a position. It reaches back as far as the replay, even if
    /// the ring happens to hold older items for another reader.
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

    /// Removes a reader.
    pub(super) fn leave(&mut self, cursor: &Cursor) -> Removed<T> {
        *self.readers_at(cursor.next) -= 1;
        self.trim()
    }

    /// Whether there is something to read, which may be a lag only.
    pub(super) fn has_more(&self, cursor: &Cursor) -> bool {
        cursor.next < self.head()
    }

    /// Returns what the reader gets next, and the items that are not needed after that.
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
        let entry = self
            .index(position)
            .and_then(|index| self.entries.get(index));
        let received = entry.map(|entry| Arc::clone(&entry.item)).map(|item| {
            self.go(cursor, position + 1);
            let position = ItemPosition::new(position);
            Received::Item { position, item }
        });
        (received, self.trim())
    }

    /// Removes all items.
    pub(super) fn take(&mut self) -> Removed<T> {
        Removed {
            first: None,
            others: self.entries.drain(..).map(|entry| entry.item).collect(),
        }
    }

    /// Skips what the reader cannot have or does not want.
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

    /// The count of the readers that read this next; overtaken readers count for the first entry.
    fn readers_at(&mut self, position: u64) -> &mut usize {
        let index = self.index(position.max(self.first));
        match index.and_then(|index| self.entries.get_mut(index)) {
            Some(entry) => &mut entry.readers,
            None => &mut self.at_head,
        }
    }

    fn index(&self, position: u64) -> Option<usize> {
        usize::try_from(position.checked_sub(self.first)?).ok()
    }

    /// Removes what the replay does not keep and no reader needs, or reads in time.
    fn trim(&mut self) -> Removed<T> {
        let mut removed = Removed {
            first: None,
            others: Vec::new(),
        };
        while let Some(front) = self.entries.front() {
            let kept = self.entries.len();
            let overtaken = self.options.slow == SlowReaders::Skip && kept > self.options.behind();
            if kept <= self.options.replay || (front.readers > 0 && !overtaken) {
                break;
            }
            if let Some(front) = self.entries.pop_front() {
                self.first += 1;
                // Its readers continue with the next one.
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
