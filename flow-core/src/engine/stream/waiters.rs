//! The `put`s that wait for room in the stream.

use std::task::Waker;

use crate::macro_support::wake::wake_each;

/// The blocked `put`s of one side, inside or outside. All of them are woken when half of the buffer
/// is free. Most executions never have any.
#[derive(Default)]
pub(crate) struct Blocked(Option<Box<Round>>);

/// The waiters between two such moments.
#[derive(Default)]
struct Round {
    number: u64,
    wakers: Wakers,
}

/// Wakers. The first, usually the only one, needs no allocation.
#[derive(Default)]
#[must_use = "waiters have to be woken once nothing is borrowed"]
pub(crate) struct Wakers {
    first: Option<Waker>,
    others: Vec<Waker>,
}

impl Wakers {
    fn push(&mut self, waker: Waker) {
        if self.first.is_none() {
            self.first = Some(waker);
        } else {
            self.others.push(waker);
        }
    }

    pub(crate) fn append(&mut self, more: Self) {
        self.extend(more.first.into_iter().chain(more.others));
    }

    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Waker>) {
        for waker in more {
            self.push(waker);
        }
    }

    fn get(&self, index: usize) -> Option<&Waker> {
        match index.checked_sub(1) {
            None => self.first.as_ref(),
            Some(index) => self.others.get(index),
        }
    }

    fn last(&self) -> Option<&Waker> {
        self.others.last().or(self.first.as_ref())
    }

    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    pub(crate) fn wake(self) {
        wake_each(self.first.into_iter().chain(self.others));
    }
}

/// Where the waker of a blocked `put` is: the round, and the index in it. It is a hint: a `put` may
/// have moved between the inside and the outside, and their rounds are unrelated.
pub(crate) type WaiterHint = (u64, usize);

impl Blocked {
    /// Registers the waker unless it is registered already. Returns it if it is not used, because
    /// it must not be dropped while the buffer is borrowed.
    pub(crate) fn register(
        &mut self,
        hint: &mut Option<WaiterHint>,
        waker: Waker,
    ) -> Option<Waker> {
        let Round { number, wakers } = &mut **self.0.get_or_insert_default();
        let known = match *hint {
            Some((round, index)) if round == *number => wakers.get(index),
            _ => wakers.last(),
        };
        if known.is_some_and(|known| known.will_wake(&waker)) {
            return Some(waker);
        }
        *hint = Some((*number, wakers.len()));
        wakers.push(waker);
        None
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|round| round.wakers.len() == 0)
    }

    /// Takes all wakers, so that the caller can wake them.
    pub(crate) fn release(&mut self) -> Wakers {
        let Some(round) = &mut self.0 else {
            return Wakers::default();
        };
        round.number += 1;
        std::mem::take(&mut round.wakers)
    }
}
