//! What an execution keeps for itself, on the thread that polls it.

use std::collections::VecDeque;
use std::task::Waker;

use crate::engine::Ending;
use crate::graph::Graph;

/// How many events, items and polls an execution takes before it lets other tasks run.
pub(crate) const BUDGET: u32 = 256;

pub(crate) struct Local<G: Graph> {
    pub(crate) queue: Queue<G::Activation>,
    pub(crate) items: VecDeque<G::Item>,
    pub(crate) outlet: Outlet,
    pub(crate) capacity: usize,
    /// How many items were in the outbox when it was last looked at; by now it may be fewer.
    pub(crate) in_outbox: usize,
    /// There are items from outside that came before those to be put now, and found no room.
    pub(crate) overtaken: bool,
    pub(crate) blocked: Blocked,
    /// What is left of [`BUDGET`] in this poll; 0 once the end is decided.
    pub(crate) budget: u32,
    /// The clause whose handler the slot that is being polled runs.
    pub(crate) running: usize,
    /// The slot that is being polled found nothing to do.
    pub(crate) parked: bool,
    /// Its end is decided; handlers may still be there to be dropped.
    pub(crate) ending: Option<Ending>,
}

/// Where items go.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outlet {
    /// To whoever polls the execution.
    Here,
    /// To the handle, by the outbox.
    Outbox,
    /// Nobody reads.
    Nowhere,
}

impl<G: Graph> Local<G> {
    pub(crate) fn new(first: G::Activation, outlet: Outlet, capacity: usize) -> Self {
        Self {
            queue: Queue {
                head: Some(first),
                tail: VecDeque::new(),
            },
            items: VecDeque::new(),
            outlet,
            capacity,
            in_outbox: 0,
            overtaken: false,
            blocked: Blocked::default(),
            budget: BUDGET,
            running: 0,
            parked: false,
            ending: None,
        }
    }

    /// Decides the end: nothing more is begun.
    pub(crate) fn end(&mut self, ending: Ending) {
        self.ending = Some(ending);
        self.budget = 0;
    }

    /// How many items there is room for.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        self.capacity
            .saturating_sub(self.items.len() + self.in_outbox)
    }

    /// Whether an item may be put now, and nothing speaks against it.
    #[inline]
    pub(crate) fn takes_items(&self) -> bool {
        self.room() > 0 && self.budget > 0 && !self.overtaken && self.outlet != Outlet::Nowhere
    }

    /// Whether those who wait for room are worth waking: half a buffer of it is, less would wake
    /// them for each item.
    #[inline]
    pub(crate) fn has_much_room(&self) -> bool {
        (self.items.len() + self.in_outbox) * 2 <= self.capacity
    }
}

/// A queue that needs no memory of its own while it holds one value, as it does in a loop.
pub(crate) struct Queue<T> {
    head: Option<T>,
    /// Empty while `head` is.
    tail: VecDeque<T>,
}

impl<T> Queue<T> {
    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if self.head.is_none() {
            self.head = Some(value);
        } else {
            self.tail.push_back(value);
        }
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> Option<T> {
        let head = self.head.take();
        if !self.tail.is_empty() {
            self.head = self.tail.pop_front();
        }
        head
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.head.is_none()
    }

    /// All of it, leaving the queue empty.
    pub(crate) fn take(&mut self) -> Self {
        Self {
            head: self.head.take(),
            tail: std::mem::take(&mut self.tail),
        }
    }
}

/// Those who wait for room in the stream. They are all woken when half a buffer of it is free; a
/// round is the time between two such moments.
#[derive(Default)]
pub(crate) struct Blocked {
    round: u64,
    wakers: Vec<Waker>,
}

/// A blocked `put`'s place: the round, and the index in it. It is a hint: a `put` may have moved
/// between the inside and the outside, whose rounds have nothing to do with each other.
pub(crate) type Place = (u64, usize);

impl Blocked {
    /// Takes a place, if this waker has none. Returns the waker if it was not needed, for it must not
    /// be dropped here.
    pub(crate) fn enter(&mut self, place: &mut Option<Place>, waker: Waker) -> Option<Waker> {
        let known = match *place {
            Some((round, index)) if round == self.round => self.wakers.get(index),
            _ => self.wakers.last(),
        };
        if known.is_some_and(|known| known.will_wake(&waker)) {
            return Some(waker);
        }
        *place = Some((self.round, self.wakers.len()));
        self.wakers.push(waker);
        None
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.wakers.is_empty()
    }

    /// All of them, to be woken.
    pub(crate) fn release(&mut self) -> Vec<Waker> {
        self.round += 1;
        std::mem::take(&mut self.wakers)
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn a_queue_keeps_its_order_however_pushes_and_pops_mix() {
        let mut queue = Queue {
            head: None,
            tail: std::collections::VecDeque::new(),
        };
        let (mut pushed, mut popped) = (0, 0);
        for round in 0..50_u32 {
            for _ in 0..round % 5 {
                queue.push(pushed);
                pushed += 1;
            }
            for _ in 0..round % 4 {
                if let Some(value) = queue.pop() {
                    assert_eq!(value, popped);
                    popped += 1;
                }
            }
        }
        while let Some(value) = queue.pop() {
            assert_eq!(value, popped);
            popped += 1;
        }
        assert!(queue.is_empty());
        assert_eq!(popped, pushed);
    }
}
