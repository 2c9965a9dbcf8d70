//! The queue of activations.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

/// A queue that allocates nothing while it holds one value, as it does in a loop.
pub(crate) struct Queue<T> {
    head: Cell<Option<T>>,
    /// Empty while `head` is.
    tail: RefCell<VecDeque<T>>,
    /// Includes the head.
    len: Cell<usize>,
}

impl<T> Queue<T> {
    pub(crate) fn new(head: Option<T>) -> Self {
        Self {
            len: Cell::new(usize::from(head.is_some())),
            head: Cell::new(head),
            tail: RefCell::default(),
        }
    }

    #[inline]
    pub(crate) fn push(&self, value: T) {
        let len = self.len.get();
        if len == 0 {
            self.head.set(Some(value));
        } else {
            self.tail.borrow_mut().push_back(value);
        }
        self.len.set(len + 1);
    }

    /// Puts the value before all others.
    pub(crate) fn push_front(&self, value: T) {
        if let Some(second) = self.head.replace(Some(value)) {
            self.tail.borrow_mut().push_front(second);
        }
        self.len.set(self.len.get() + 1);
    }

    /// Puts the value before so many of the last ones.
    #[cfg(feature = "durable")]
    #[cold]
    pub(crate) fn push_before(&self, last: usize, value: T) {
        match self.len().saturating_sub(last) {
            0 => self.push_front(value),
            place => {
                // The head is not in the tail.
                self.tail.borrow_mut().insert(place - 1, value);
                self.len.set(self.len.get() + 1);
            }
        }
    }

    /// Takes so many of the last values, in their order.
    #[cfg(feature = "durable")]
    #[cold]
    pub(crate) fn take_last(&self, count: usize) -> Vec<T> {
        let len = self.len();
        let left = len.saturating_sub(count);
        self.len.set(left);
        let head = if left == 0 { self.head.take() } else { None };
        let rest = self.tail.borrow_mut().split_off(left.saturating_sub(1));
        head.into_iter().chain(rest).collect()
    }

    #[inline]
    pub(crate) fn pop(&self) -> Option<T> {
        let len = self.len.get();
        let head = self.head.take();
        if len > 1 {
            self.head.set(self.tail.borrow_mut().pop_front());
        }
        self.len.set(len.saturating_sub(1));
        head
    }

    /// Gives back the room of values that were taken.
    pub(crate) fn give_back_room(&self) {
        self.tail.borrow_mut().shrink_to_fit();
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len.get()
    }

    /// Takes all values, and leaves the queue empty.
    pub(crate) fn take(&self) -> Self {
        Self {
            head: Cell::new(self.head.take()),
            tail: RefCell::new(self.tail.take()),
            len: Cell::new(self.len.take()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn a_queue_keeps_its_order_however_pushes_and_pops_mix() {
        let queue = Queue::new(None);
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

    #[cfg(feature = "durable")]
    #[test]
    fn the_last_ones_stay_last_and_are_taken_in_their_order() {
        for len in 0..5 {
            for last in 0..=len {
                let queue = Queue::new(None);
                (0..len).for_each(|value| queue.push(value));
                queue.push_before(last, 9);
                assert_eq!(queue.len(), len + 1);
                let mut taken = queue.take_last(last);
                assert_eq!(queue.len(), len - last + 1);
                queue.push(8);
                let mut left: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
                assert_eq!(left.split_off(len - last), [9, 8]);
                left.append(&mut taken);
                assert!(left.into_iter().eq(0..len));
            }
        }
    }

    #[test]
    fn what_is_put_in_front_comes_first() {
        let queue = Queue::new(None);
        for value in [2, 1, 0] {
            queue.push_front(value);
        }
        queue.push(3);
        assert_eq!(queue.len(), 4);
        assert!((0..4).eq(std::iter::from_fn(|| queue.pop())));
    }
}
