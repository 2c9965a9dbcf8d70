//! The clauses that run, and which of them goes on first.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::interpreter::{Boxed, Execution, lock};

/// A clause that waits.
pub(super) struct Running<'b> {
    /// In which order they have begun.
    number: u64,
    /// One of them goes on before the others, if several can.
    is_first: bool,
    clause: Boxed<'b, ()>,
}

impl Execution<'_> {
    /// Lets these clauses go on.
    pub(super) fn go_on<'b>(
        &'b self,
        running: &mut Vec<Running<'b>>,
        mut woken: Vec<u64>,
        cx: &mut Context<'_>,
    ) {
        let first = running.iter().find(|one| one.is_first);
        let first = first.map(|first| first.number);
        // The others in the order in which they were woken.
        woken.sort_by_key(|number| Some(*number) != first);
        // What the first has given up goes on after the others that were woken, and what these give
        // up after the next event.
        let mut gave_up = false;
        for number in woken {
            let at = running.iter().position(|one| one.number == number);
            let Some(at) = at.filter(|_| !self.is_over()) else {
                continue;
            };
            let mut one = running.remove(at);
            let is_first = one.is_first;
            if self.is_pending(&mut one, cx) {
                running.insert(at, one);
            } else {
                self.take_next(running, is_first, cx);
            }
            gave_up |= is_first && !lock(&self.given_up).is_empty();
        }
        if gave_up {
            self.go_on_with_given_up(cx);
        }
    }

    /// Takes what is queued, rests of clauses first, until a clause waits. The next goes on in the place of the one that is
    /// done.
    pub(super) fn take_next<'b>(
        &'b self,
        running: &mut Vec<Running<'b>>,
        is_first: bool,
        cx: &mut Context<'_>,
    ) {
        while !self.is_over() {
            let rest = lock(&self.rests).pop_front();
            let clause: Boxed<'b, ()> = if let Some((rest, asked, reply)) = rest {
                Box::pin(self.rest(rest, asked, reply))
            } else {
                let Some(activation) = lock(&self.queue).pop_front() else {
                    return;
                };
                let paired = self.pair(activation);
                self.limit_partners();
                let Some(activation) = paired.filter(|_| !self.is_over()) else {
                    continue;
                };
                Box::pin(self.clause(activation))
            };
            let mut one = Running {
                number: self.number(),
                is_first,
                clause,
            };
            if self.is_pending(&mut one, cx) {
                return running.push(one);
            }
        }
    }

    /// Whether anything else goes on than stages that ask: a handler, a flow, a stream, or a stage
    /// that was given up.
    pub(super) fn runs(&self, running: &[Running<'_>]) -> bool {
        let (busy, questions) = (lock(&self.busy), lock(&self.questions));
        let asks = |number| questions.iter().any(|one| one.is_of_stage_in(number));
        let mut numbers = running.iter().map(|one| one.number);
        numbers.any(|number| busy.contains(&number) || !asks(number))
            || !lock(&self.given_up).is_empty()
    }

    fn is_pending(&self, one: &mut Running<'_>, cx: &mut Context<'_>) -> bool {
        self.poll_within(one.number, one.clause.as_mut(), cx)
            .is_pending()
    }

    /// A number for a clause or an item that begins.
    pub(super) fn number(&self) -> u64 {
        let mut begun = lock(&self.begun);
        *begun += 1;
        *begun
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

    /// Those with a reply go on in the order of the replies.
    pub(super) fn woken_at(&self, number: u64) -> usize {
        let woken = lock(&self.woken);
        let at = woken.iter().position(|path| path.contains(&number));
        at.unwrap_or(usize::MAX)
    }
}

impl Running<'_> {
    pub(super) fn numbers(running: &[Self]) -> Vec<u64> {
        running.iter().map(|one| one.number).collect()
    }

    pub(super) fn has_first(running: &[Self]) -> bool {
        running.iter().any(|one| one.is_first)
    }
}
