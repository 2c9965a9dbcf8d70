//! What ticks: the clocks of `every` clauses, and those of the reminders of questions.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::graph::{Graph, Trigger};
use crate::interpreter::data::Data;
use crate::interpreter::questions::Asker;
use crate::interpreter::{Execution, lock};

/// In place of the clause of a reminder of a stage.
pub(super) const NO_CLAUSE: usize = usize::MAX;

pub(super) struct Clock {
    period: Duration,
    next: Pin<Box<Sleep>>,
    /// What it has begun still runs, so that ticks are missed.
    is_held: bool,
}

impl Clock {
    pub(super) fn new(period: u64) -> Self {
        let period = Duration::from_millis(period);
        Self {
            period,
            next: Box::pin(sleep(period)),
            is_held: false,
        }
    }

    fn is_due(&mut self, cx: &mut Context<'_>) -> bool {
        !self.is_held && self.next.as_mut().poll(cx).is_ready()
    }

    /// Takes one tick for all that were missed, and returns their number.
    fn take(&mut self) -> u64 {
        self.is_held = true;
        let mut count = 0;
        while self.next.deadline() <= Instant::now() {
            let next = self.next.deadline() + self.period;
            self.next.as_mut().reset(next);
            count += 1;
        }
        count
    }
}

/// The clauses of a flow that have a clock.
pub(super) fn clocks_of(graph: &Graph) -> Vec<(usize, Clock)> {
    let clauses = graph.clauses.iter().enumerate();
    let clocks = clauses.filter_map(|(clause, of)| match of.trigger {
        Trigger::Every(period) => Some((clause, Clock::new(period))),
        _ => None,
    });
    clocks.collect()
}

impl Execution<'_> {
    /// Whether it goes on because a clause has a clock. None ticks once the end is decided.
    pub(super) fn ticks(&self) -> bool {
        !lock(&self.clocks).is_empty() && !self.is_ending()
    }

    /// Takes the tick that is due first, of a clause or of a question. Returns whether there is one.
    pub(super) fn take_tick(&self, cx: &mut Context<'_>) -> bool {
        if self.is_ending() {
            return false;
        }
        let (mut clocks, mut questions) = (lock(&self.clocks), lock(&self.questions));
        let of_clauses = clocks
            .iter_mut()
            .map(|(clause, clock)| (clock, *clause, None));
        let of_questions = questions.iter_mut().filter_map(|question| {
            let of = Some((question.number, question.asked));
            let clause = match question.asker {
                Asker::Clause(clause) => clause,
                Asker::Rest(_) | Asker::Stage(..) => NO_CLAUSE,
            };
            Some((question.clock.as_mut()?, clause, of))
        });
        let mut due: Vec<_> = of_clauses.chain(of_questions).collect();
        due.retain_mut(|(clock, ..)| clock.is_due(cx));
        due.sort_by_key(|(clock, ..)| clock.next.deadline());
        let Some((clock, clause, question)) = due.into_iter().next() else {
            return false;
        };
        let world = self.outside.around.world;
        world.instants(|instants| instants.reach(Instant::now()));
        let count = clock.take();
        let (data, last) = match question {
            None => (Data::Tick(count), "tick of `every`"),
            Some((number, asked)) => (Data::Reminder(number, asked, count), "reminder of `Q`"),
        };
        drop((clocks, questions));
        if self.counts(&format!("; the last was a {last}")) {
            self.push(clause, data, false);
        }
        true
    }

    /// The clause, or the reminder of this question, has come to its end.
    pub(super) fn release_clock(&self, clause: usize, question: Option<u64>) {
        if question.is_none() {
            for (of, clock) in &mut *lock(&self.clocks) {
                clock.is_held &= *of != clause;
            }
        }
        for of in &mut *lock(&self.questions) {
            if let Some(clock) = &mut of.clock {
                clock.is_held &= Some(of.number) != question;
            }
        }
    }
}
