//! The clocks of `every` clauses.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::graph::{Graph, Trigger};
use crate::interpreter::{Data, Execution, lock};

/// The clock of one clause.
pub(super) struct Clock {
    clause: usize,
    period: Duration,
    next: Pin<Box<Sleep>>,
    /// Its clause runs, so that ticks are missed.
    pub(super) is_held: bool,
}

/// The clocks of an execution that begins.
pub(super) fn clocks_of(graph: &Graph) -> Vec<Clock> {
    let clauses = graph.clauses.iter().enumerate();
    let clocks = clauses.filter_map(|(clause, of)| match of.trigger {
        Trigger::Every(period) => {
            let period = Duration::from_millis(period);
            Some(Clock {
                clause,
                period,
                next: Box::pin(sleep(period)),
                is_held: false,
            })
        }
        _ => None,
    });
    clocks.collect()
}

impl Execution<'_> {
    /// Whether it goes on because it has a clock. None ticks once the end is decided.
    pub(super) fn ticks(&self) -> bool {
        !lock(&self.clocks).is_empty() && !self.is_ending()
    }

    /// The tick that is due first. One for the periods that a clause has missed.
    pub(super) fn take_tick(&self, cx: &mut Context<'_>) -> bool {
        if !self.ticks() {
            return false;
        }
        let mut clocks = lock(&self.clocks);
        let free = clocks.iter_mut().filter(|clock| !clock.is_held);
        let due = free.filter_map(|clock| clock.next.as_mut().poll(cx).is_ready().then_some(clock));
        let Some(clock) = due.min_by_key(|clock| clock.next.deadline()) else {
            return false;
        };
        let mut count = 0;
        while clock.next.deadline() <= Instant::now() {
            let next = clock.next.deadline() + clock.period;
            clock.next.as_mut().reset(next);
            count += 1;
        }
        clock.is_held = true;
        let clause = clock.clause;
        drop(clocks);
        if self.counts("; the last was a tick of `every`") {
            self.push(clause, Data::Tick(count), false);
        }
        true
    }

    /// The clause has come to its end.
    pub(super) fn release_clock(&self, clause: usize) {
        for clock in &mut *lock(&self.clocks) {
            clock.is_held &= clock.clause != clause;
        }
    }
}
