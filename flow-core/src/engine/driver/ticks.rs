//! The clocks of `every` clauses, and of questions with a reminder.

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::error::{At, FlowError};
use crate::macro_support::clock::Clock;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;
use crate::macro_support::reminding::{Reminded, Reminding};
use crate::tick::Tick;

/// The times of an execution that was kept in a store.
#[cfg(feature = "durable")]
pub(crate) struct RestoredTimes {
    pub(crate) started: Instant,
    /// By the number of the clause among those of its kind, when it ticks next, if it has ticked
    /// before.
    pub(crate) ticks: Vec<(usize, Instant)>,
    /// The clauses that run, which tick again when they have run to their end.
    pub(crate) running: Vec<usize>,
}

/// A clock for each clause.
pub(super) struct Ticks(Vec<Clock>);

impl Ticks {
    pub(super) fn of<G: Graph>(given: Option<&Overrides>) -> Self {
        let clocks = G::EVERY.iter().map(|every| {
            let given = given.zip(every.handler);
            let given = given.and_then(|(given, handler)| given.handler(handler()).every);
            Clock {
                period: given.unwrap_or(every.period),
                next: None,
            }
        });
        Self(clocks.collect())
    }

    /// Starts all clocks, and returns their first ticks.
    pub(super) fn begin(&mut self, now: Instant) -> impl Iterator<Item = (usize, Instant)> {
        let clocks = self.0.iter_mut().enumerate();
        clocks.filter_map(move |(every, clock)| {
            clock.next = now.checked_add(clock.period);
            Some((every, clock.next?))
        })
    }

    /// Starts all clocks of an execution that was kept in a store, and returns the next ticks of
    /// those whose clauses do not run.
    #[cfg(feature = "durable")]
    pub(super) fn restore(
        &mut self,
        restored: &RestoredTimes,
    ) -> impl Iterator<Item = (usize, Instant)> {
        let clocks = self.0.iter_mut().enumerate();
        clocks.filter_map(move |(every, clock)| {
            let mut ticked = restored.ticks.iter();
            let next = ticked.find(|(number, _)| *number == every);
            let first = || restored.started.checked_add(clock.period);
            clock.next = next.map_or_else(first, |(_, next)| Some(*next));
            let runs = restored.running.contains(&every);
            clock.next.filter(|_| !runs).map(|next| (every, next))
        })
    }

    /// Moves the clock on, past `now`. Returns for how many periods its tick stands.
    pub(super) fn take(&mut self, every: usize, now: Instant) -> u64 {
        let Some(clock) = self.0.get_mut(every) else {
            return 1;
        };
        clock.take(now)
    }

    /// The next tick.
    pub(super) fn next(&self, every: usize) -> Option<Instant> {
        self.0.get(every)?.next
    }
}

impl<G: Graph> Core<G> {
    /// Queues a tick of the clause with this number among those of its kind.
    pub(super) fn tick(&self, inside: &Inside<G>, every: usize, count: u64) {
        let Some(every) = G::EVERY.get(every) else {
            return;
        };
        if self.counts_tick(inside, None) {
            self.push_uncaused((every.activation)(Tick::new(count)));
        }
    }

    /// Queues the reminder of a question that still waits.
    pub(super) fn remind(&self, inside: &Inside<G>, reminding: Reminding) {
        let number = reminding.question;
        let question = self.with_outside(|outside| outside.questions.kept(number));
        let of = G::REMINDERS.get(reminding.reminder);
        if let Some((question, of)) = question.zip(of)
            && self.counts_tick(inside, Some(of.question))
        {
            inside.record_reminder(number, reminding.clock.next);
            let begins_with = Reminded::new(question, reminding);
            self.push_uncaused((of.activation)(begins_with));
        }
    }

    /// Counts a tick for `max_events`, that of a question if it has a name. Returns `false` if it is
    /// one too many.
    fn counts_tick(&self, inside: &Inside<G>, question: Option<&'static str>) -> bool {
        let Some(limits) = &self.limits else {
            return true;
        };
        if limits.count(1) {
            return true;
        }
        let last = At {
            event: question,
            every: true,
            ..At::default()
        };
        let error = FlowError::too_many_events(limits.max_events, last);
        inside.end(Ending::Failed(error));
        false
    }
}
