//! The clauses that run, and which of them goes on first.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::interpreter::data::Data;
use crate::interpreter::ready::GIVEN_UP;
use crate::interpreter::{Boxed, Execution, lock};

/// A clause that waits.
pub(super) struct Running<'b> {
    place: Place,
    clause: Boxed<'b, ()>,
}

/// Where a clause runs. The next one goes on in the place of one that is done.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The first goes on before the others, if several can.
    number: u64,
}

const FIRST: u64 = 0;

/// The numbers of the items of an `each` begin here.
const ITEMS: u64 = 1 << 32;

/// The places of an execution besides the first.
#[derive(Default)]
pub(super) struct Places {
    number: u64,
    /// The last one that was left is taken first.
    idle: Vec<u64>,
}

impl Execution<'_> {
    /// Lets what can go on do so: what was woken here, and with `outside`, what something from
    /// outside may have woken.
    pub(super) fn go_on<'b>(
        &'b self,
        running: &mut Vec<Running<'b>>,
        outside: bool,
        cx: &mut Context<'_>,
    ) {
        let mut others: Vec<_> = running.iter().map(|one| one.place.number).collect();
        others.push(GIVEN_UP);
        if self.take_first(FIRST) || outside {
            self.go_on_with(FIRST, running, cx);
        }
        self.take_others(FIRST);
        while let Some(number) = self.next_other() {
            others.retain(|other| *other != number);
            self.go_on_with(number, running, cx);
        }
        others.retain(|other| outside && *other != FIRST);
        for number in others {
            if !self.is_woken(number) {
                self.go_on_with(number, running, cx);
            }
        }
    }

    fn go_on_with<'b>(&'b self, number: u64, running: &mut Vec<Running<'b>>, cx: &mut Context<'_>) {
        if self.is_over() {
            return;
        }
        if number == GIVEN_UP {
            return self.go_on_with_given_up(cx);
        }
        let at = running.iter().position(|one| one.place.number == number);
        if let Some(at) = at {
            let mut one = running.remove(at);
            if self.is_pending(&mut one, cx) {
                running.insert(at, one);
            } else {
                self.take_next(running, one.place, cx);
            }
        }
    }

    /// A place for a clause that begins beside those that wait.
    pub(super) fn free_place(&self, running: &[Running<'_>]) -> Place {
        if !running.iter().any(|one| one.place.number == FIRST) {
            return Place { number: FIRST };
        }
        let mut places = lock(&self.places);
        let number = places.idle.pop().unwrap_or_else(|| {
            places.number += 1;
            places.number
        });
        Place { number }
    }

    /// Takes what is queued, rests of clauses first, until a clause waits.
    pub(super) fn take_next<'b>(
        &'b self,
        running: &mut Vec<Running<'b>>,
        place: Place,
        cx: &mut Context<'_>,
    ) {
        while !self.is_over() {
            if !self.has_next() {
                if place.number != FIRST {
                    lock(&self.places).idle.push(place.number);
                }
                return;
            }
            let rest = lock(&self.rests).pop_front();
            let clause: Boxed<'b, ()> = if let Some((rest, asked, reply)) = rest {
                self.takes(rest.origin.clause, false);
                Box::pin(self.rest(rest, asked, reply))
            } else {
                let Some(activation) = lock(&self.queue).pop_front() else {
                    unreachable!("there is one")
                };
                let is_reminder = matches!(activation.data, Data::Reminder(..));
                self.takes(activation.clause, is_reminder);
                let paired = self.pair(activation);
                self.limit_partners();
                let Some(activation) = paired.filter(|_| !self.is_over()) else {
                    continue;
                };
                Box::pin(self.clause(activation))
            };
            let mut one = Running { place, clause };
            if self.is_pending(&mut one, cx) {
                return running.push(one);
            }
        }
    }

    /// Drops them, in the order of their places.
    pub(super) fn drop_all(&self, running: &mut Vec<Running<'_>>) {
        running.sort_by_key(|one| one.place.number);
        running.clear();
        *lock(&self.places) = Places::default();
    }

    /// Whether anything else goes on than stages that ask: a handler, a flow, a stream, or a stage
    /// that was given up.
    pub(super) fn runs(&self, running: &[Running<'_>]) -> bool {
        let (busy, questions) = (lock(&self.busy), lock(&self.questions));
        let waiting = lock(&self.waiting);
        let asks = |number| {
            let mut questions = questions.iter();
            waiting.contains(&number) || questions.any(|one| one.is_of_stage_in(number))
        };
        let mut numbers = running.iter().map(|one| one.place.number);
        numbers.any(|number| busy.contains(&number) || !asks(number))
            || !lock(&self.given_up).is_empty()
    }

    fn is_pending(&self, one: &mut Running<'_>, cx: &mut Context<'_>) -> bool {
        self.poll_within(one.place.number, one.clause.as_mut(), cx)
            .is_pending()
    }

    /// A number for an item that begins.
    pub(super) fn number(&self) -> u64 {
        let mut begun = lock(&self.begun);
        *begun += 1;
        *begun + ITEMS
    }

    /// Polls the clause or the item with this number.
    pub(super) fn poll_within<T>(
        &self,
        number: u64,
        work: Pin<&mut (dyn Future<Output = T> + Send + '_)>,
        cx: &mut Context<'_>,
    ) -> Poll<T> {
        lock(&self.polled).push(number);
        let polled = work.poll(cx);
        lock(&self.polled).pop();
        polled
    }
}
