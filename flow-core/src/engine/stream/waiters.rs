//! The queue of the futures that wait for room.

use std::collections::VecDeque;
use std::task::Waker;

use crate::macro_support::drop::Rare;
use crate::macro_support::wake::wake_each;

/// The `put`s of one side, inside or outside, that wait for room, first come, first served. A free
/// place is granted to the first of them, which alone is woken, so that each is woken once however
/// many wait. Most executions never have any.
#[derive(Default)]
pub(crate) struct Blocked(Rare<Tickets>);

#[derive(Default)]
struct Tickets {
    /// In the order of their numbers, which is that of their arrival.
    entries: VecDeque<Entry>,
    next_number: u64,
    /// No entry before this one waits.
    first_waiting: usize,
    waiting: usize,
    granted: usize,
    gone: usize,
}

struct Entry {
    number: u64,
    state: State,
}

enum State {
    Waiting(Waker),
    /// A place is kept for it.
    Granted,
    /// It did not take its place in time. It comes first when it is polled again.
    Lapsed,
    /// Removed. The entry stays until it is at an end of the queue, or until most are such.
    Gone,
}

/// Fewer entries than this are never compacted.
const COMPACT_MIN: usize = 32;

impl Tickets {
    fn index_of(&self, number: u64) -> Option<usize> {
        // Places are granted and taken from the front.
        match self.entries.front()?.number {
            front if front == number => Some(0),
            _ => self
                .entries
                .binary_search_by_key(&number, |entry| entry.number)
                .ok(),
        }
    }

    /// Removes an entry. Returns its state.
    fn remove(&mut self, number: u64) -> State {
        let index = self.index_of(number);
        let Some(entry) = index.and_then(|index| self.entries.get_mut(index)) else {
            return State::Gone;
        };
        let state = std::mem::replace(&mut entry.state, State::Gone);
        match state {
            State::Waiting(_) => self.waiting -= 1,
            State::Granted => self.granted -= 1,
            State::Lapsed => {}
            State::Gone => return State::Gone,
        }
        self.gone += 1;
        self.trim();
        state
    }

    /// Takes the place that was granted to the oldest ticket, if it is this one, as it usually is.
    fn takes_first(&mut self, number: u64) -> bool {
        let first = self.entries.front();
        let takes = first
            .is_some_and(|entry| entry.number == number && matches!(entry.state, State::Granted));
        if takes {
            self.entries.pop_front();
            self.granted -= 1;
            self.first_waiting = self.first_waiting.saturating_sub(1);
            if self.gone > 0 {
                self.trim();
            }
        }
        takes
    }

    fn trim(&mut self) {
        let is_gone =
            |entry: Option<&Entry>| matches!(entry, Some(e) if matches!(e.state, State::Gone));
        while is_gone(self.entries.front()) {
            self.entries.pop_front();
            self.first_waiting = self.first_waiting.saturating_sub(1);
            self.gone -= 1;
        }
        while is_gone(self.entries.back()) {
            self.entries.pop_back();
            self.gone -= 1;
        }
        if self.gone * 2 > self.entries.len().max(COMPACT_MIN) {
            self.entries
                .retain(|entry| !matches!(entry.state, State::Gone));
            self.gone = 0;
            let waits = |entry: &Entry| matches!(entry.state, State::Waiting(_));
            let first = self.entries.iter().position(waits);
            self.first_waiting = first.unwrap_or(self.entries.len());
        }
        self.first_waiting = self.first_waiting.min(self.entries.len());
    }
}

impl Blocked {
    /// Whether none waits. Those that were granted a place do not.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|tickets| tickets.waiting == 0)
    }

    /// The number of places that are granted and not taken yet.
    #[inline]
    pub(crate) fn granted(&self) -> usize {
        self.0.as_ref().map_or(0, |tickets| tickets.granted)
    }

    /// The number that the next ticket gets.
    pub(crate) fn next_number(&self) -> u64 {
        self.0.as_ref().map_or(0, |tickets| tickets.next_number)
    }

    /// Whether a ticket with a number less than this one waits.
    pub(crate) fn waits_before(&self, number: u64) -> bool {
        let Some(tickets) = self.0.as_ref() else {
            return false;
        };
        let mut later = tickets.entries.range(tickets.first_waiting..);
        let first = later.find(|entry| matches!(entry.state, State::Waiting(_)));
        first.is_some_and(|first| first.number < number)
    }

    /// Queues a new ticket, or renews the waker of one that is queued. Returns the number of the
    /// ticket, and a waker that is not used any more, because it must not be dropped while the
    /// queue is borrowed.
    pub(crate) fn register(&mut self, ticket: Option<u64>, waker: Waker) -> (u64, Option<Waker>) {
        let tickets = &mut **self.0.get_or_insert_default();
        if let Some(number) = ticket
            && let Some(index) = tickets.index_of(number)
            && let Some(entry) = tickets.entries.get_mut(index)
        {
            match &mut entry.state {
                State::Waiting(known) if known.will_wake(&waker) => return (number, Some(waker)),
                State::Waiting(known) => {
                    return (number, Some(std::mem::replace(known, waker)));
                }
                state @ State::Lapsed => {
                    *state = State::Waiting(waker);
                    tickets.waiting += 1;
                    tickets.first_waiting = tickets.first_waiting.min(index);
                    return (number, None);
                }
                State::Granted | State::Gone => {}
            }
        }
        let number = tickets.next_number;
        tickets.entries.push_back(Entry {
            number,
            state: State::Waiting(waker),
        });
        tickets.next_number += 1;
        tickets.waiting += 1;
        (number, None)
    }

    /// Takes the place that was granted to the ticket, or one that is free if the ticket has
    /// lapsed. The ticket is used up then.
    pub(crate) fn redeem(&mut self, number: u64, places: usize) -> bool {
        let Some(tickets) = self.0.as_mut() else {
            return false;
        };
        if tickets.takes_first(number) {
            return true;
        }
        let index = tickets.index_of(number);
        let entry = index.and_then(|index| tickets.entries.get(index));
        let takes = match entry.map(|entry| &entry.state) {
            Some(State::Granted) => true,
            Some(State::Lapsed) => places > tickets.granted,
            Some(State::Waiting(_) | State::Gone) | None => false,
        };
        if takes {
            tickets.remove(number);
        }
        takes
    }

    /// Removes a ticket. Returns its waker if it waited, and whether a place was granted to it.
    pub(crate) fn cancel(&mut self, number: u64) -> (Option<Waker>, bool) {
        match self.0.as_mut().map(|tickets| tickets.remove(number)) {
            Some(State::Waiting(waker)) => (Some(waker), false),
            Some(State::Granted) => (None, true),
            Some(State::Lapsed | State::Gone) | None => (None, false),
        }
    }

    /// Grants the free ones of this number of places to the tickets that have waited longest.
    pub(crate) fn grant(&mut self, places: usize) -> Wakers {
        let mut wakers = Wakers::default();
        let Some(tickets) = self.0.as_mut() else {
            return wakers;
        };
        while tickets.waiting > 0
            && tickets.granted < places
            && let Some(entry) = tickets.entries.get_mut(tickets.first_waiting)
        {
            tickets.first_waiting += 1;
            if matches!(entry.state, State::Waiting(_))
                && let State::Waiting(waker) = std::mem::replace(&mut entry.state, State::Granted)
            {
                tickets.waiting -= 1;
                tickets.granted += 1;
                wakers.push(waker);
            }
        }
        wakers
    }

    /// Takes back the places that are granted and were not taken. Returns whether there were any.
    pub(crate) fn lapse(&mut self) -> bool {
        let Some(tickets) = self.0.as_mut().filter(|tickets| tickets.granted > 0) else {
            return false;
        };
        let states = tickets.entries.iter_mut().map(|entry| &mut entry.state);
        let granted = states.filter(|state| matches!(state, State::Granted));
        for state in granted.take(std::mem::take(&mut tickets.granted)) {
            *state = State::Lapsed;
        }
        true
    }

    /// Removes all tickets, and returns their wakers: no place is needed any more.
    pub(crate) fn release(&mut self) -> Wakers {
        let mut wakers = Wakers::default();
        if let Some(tickets) = self.0.as_mut() {
            let entries = std::mem::take(&mut tickets.entries);
            **tickets = Tickets {
                next_number: tickets.next_number,
                ..Tickets::default()
            };
            for entry in entries {
                if let State::Waiting(waker) = entry.state {
                    wakers.push(waker);
                }
            }
        }
        wakers
    }
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

    #[inline]
    pub(crate) fn wake(self) {
        match self.first {
            Some(first) if self.others.is_empty() => first.wake(),
            Some(first) => wake_each(std::iter::once(first).chain(self.others)),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::task::Waker;

    use super::{Blocked, COMPACT_MIN};

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Model {
        Waiting,
        Granted,
        Lapsed,
    }

    fn count(model: &BTreeMap<u64, Model>, state: Model) -> usize {
        model.values().filter(|known| **known == state).count()
    }

    #[test]
    fn places_go_to_the_oldest_tickets_whatever_is_taken_and_given_up_in_between() {
        let mut blocked = Blocked::default();
        let mut model = BTreeMap::new();
        let mut random = 1_u64;
        for _ in 0..3_000 {
            random = random.wrapping_mul(6_364_136_223_846_793_005) + 1;
            let (action, place) = ((random >> 33) % 8, (random >> 40) as usize);
            let any = model.keys().nth(place % model.len().max(1)).copied();
            let places = place % 5;
            match (action, any) {
                (0..=2, _) | (_, None) => {
                    let (number, unused) = blocked.register(None, Waker::noop().clone());
                    assert!(unused.is_none());
                    assert_eq!(model.insert(number, Model::Waiting), None);
                }
                (3, Some(number)) => {
                    let granted = blocked.cancel(number).1;
                    assert_eq!(model.remove(&number) == Some(Model::Granted), granted);
                }
                (4, Some(number)) => {
                    let free = places > count(&model, Model::Granted);
                    let expected = match model[&number] {
                        Model::Waiting => false,
                        Model::Granted => true,
                        Model::Lapsed => free,
                    };
                    assert_eq!(blocked.redeem(number, places), expected);
                    if expected {
                        model.remove(&number);
                    } else {
                        blocked.register(Some(number), Waker::noop().clone());
                        model.insert(number, Model::Waiting);
                    }
                }
                (5 | 6, _) => {
                    blocked.grant(places).wake();
                    let free = places.saturating_sub(count(&model, Model::Granted));
                    let waiting = model.values_mut().filter(|state| **state == Model::Waiting);
                    waiting.take(free).for_each(|state| *state = Model::Granted);
                }
                _ => {
                    assert_eq!(blocked.lapse(), count(&model, Model::Granted) > 0);
                    let granted = model.values_mut().filter(|state| **state == Model::Granted);
                    granted.for_each(|state| *state = Model::Lapsed);
                }
            }
            assert_eq!(blocked.is_empty(), count(&model, Model::Waiting) == 0);
            assert_eq!(blocked.granted(), count(&model, Model::Granted));
            let first = model.iter().find(|(_, state)| **state == Model::Waiting);
            let first = first.map_or(u64::MAX, |(number, _)| *number);
            assert!(!blocked.waits_before(first));
            assert_eq!(blocked.waits_before(u64::MAX), first < u64::MAX);
        }
    }

    #[test]
    fn tickets_that_are_given_up_do_not_pile_up_between_those_that_stay() {
        let mut blocked = Blocked::default();
        let (_first, _) = blocked.register(None, Waker::noop().clone());
        let (mut last, _) = blocked.register(None, Waker::noop().clone());
        for _ in 0..10_000 {
            let (next, _) = blocked.register(None, Waker::noop().clone());
            blocked.cancel(last);
            last = next;
        }
        let entries = blocked
            .0
            .as_ref()
            .map_or(0, |tickets| tickets.entries.len());
        assert!(entries <= COMPACT_MIN + 2, "{entries}");
    }
}
