//! `concurrency 2;`: the permits of the attempts, which wait in the order in which they came.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll};

use crate::interpreter::ready::Waker;
use crate::interpreter::{Execution, lock};

/// Those of one execution.
pub(super) struct Permits<'a> {
    free: usize,
    next: u64,
    /// The attempts that wait.
    waiting: VecDeque<(u64, Waker<'a>)>,
    /// Those that have one, and have not gone on yet.
    given: Vec<u64>,
}

pub(super) type Turns<'a> = Vec<Arc<Mutex<Permits<'a>>>>;

/// The permits of an execution, and then those of the executions around it.
pub(super) fn turns<'a>(
    concurrency: Option<usize>,
    outer: Option<&Weak<Execution<'a>>>,
) -> Turns<'a> {
    let own = concurrency.map(|free| {
        Arc::new(Mutex::new(Permits {
            free,
            next: 0,
            waiting: VecDeque::new(),
            given: Vec::new(),
        }))
    });
    let outer = outer.and_then(Weak::upgrade);
    let outer = outer.iter().flat_map(|outer| outer.turns.iter().cloned());
    own.into_iter().chain(outer).collect()
}

/// One that an attempt has.
pub(super) struct Permit<'a>(Arc<Mutex<Permits<'a>>>);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        give_back(&self.0);
    }
}

/// The next one that waits takes it.
fn give_back(permits: &Mutex<Permits<'_>>) {
    let next = {
        let mut permits = lock(permits);
        if let Some((number, waker)) = permits.waiting.pop_front() {
            permits.given.push(number);
            Some(waker)
        } else {
            permits.free += 1;
            None
        }
    };
    if let Some(waker) = next {
        waker.wake();
    }
}

/// An attempt that needs one.
struct Wait<'b, 'a> {
    execution: &'b Execution<'a>,
    permits: &'b Arc<Mutex<Permits<'a>>>,
    /// It waits.
    number: Option<u64>,
}

impl<'a> Future for Wait<'_, 'a> {
    type Output = Permit<'a>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Permit<'a>> {
        let this = &mut *self;
        let mut permits = lock(this.permits);
        let has_one = if let Some(number) = this.number {
            let at = permits.given.iter().position(|given| *given == number);
            at.map(|at| permits.given.remove(at)).is_some()
        } else if permits.free > 0 {
            permits.free -= 1;
            true
        } else {
            let number = permits.next;
            permits.next += 1;
            permits.waiting.push_back((number, Waker::default()));
            this.number = Some(number);
            false
        };
        if has_one {
            this.number = None;
            return Poll::Ready(Permit(Arc::clone(this.permits)));
        }
        let mut waiting = permits.waiting.iter_mut();
        if let Some((_, waker)) = waiting.find(|(number, _)| Some(*number) == this.number) {
            *waker = this.execution.waker(cx);
        }
        Poll::Pending
    }
}

impl Drop for Wait<'_, '_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        let has_one = {
            let mut permits = lock(self.permits);
            permits.waiting.retain(|(waiting, _)| *waiting != number);
            permits.given.contains(&number)
        };
        if has_one {
            lock(self.permits).given.retain(|given| *given != number);
            give_back(self.permits);
        }
    }
}

impl<'a> Execution<'a> {
    /// A permit of each execution that limits the attempt, from the inside to the outside.
    pub(super) async fn turn(&self) -> Vec<Permit<'a>> {
        let mut turn = Vec::new();
        for permits in &self.turns {
            let wait = Wait {
                execution: self,
                permits,
                number: None,
            };
            turn.push(wait.await);
        }
        turn
    }
}
