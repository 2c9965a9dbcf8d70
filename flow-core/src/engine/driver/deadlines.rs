//! The deadlines of an execution: its timeouts, those of its questions with their reminders, and
//! the ticks of its `every` clauses.
//!
//! All of them share one timer, which is set to the nearest. The idle timeout would move with each
//! event; instead it fires at the old time, and is set again if something has happened since.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

#[cfg(feature = "durable")]
use crate::engine::driver::ticks::RestoredTimes;
use crate::engine::driver::ticks::Ticks;
use crate::engine::inside::Inside;
use crate::engine::inside::position::{Position, Progress};
use crate::error::FlowError;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;
use crate::macro_support::reminding::Reminding;
use crate::macro_support::timer::Timer;

pub(crate) struct Deadlines {
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    /// The limit of what follows the decision of the end; in a `finally`, its own.
    drain: Option<Duration>,
    /// The nearest first.
    heap: BinaryHeap<Reverse<(Instant, Deadline)>>,
    /// At this length, the deadlines of questions that were answered meanwhile are removed.
    prune_at: u32,
    /// The timer, set to the nearest deadline. Made when there is one to wait for.
    timer: Option<Pin<Box<Timer>>>,
    /// Present if the flow has `every` clauses, until its end is decided.
    ticks: Option<Box<Ticks>>,
    begun: bool,
    /// What an execution goes on with that was kept in a store.
    #[cfg(feature = "durable")]
    restored: Option<Box<RestoredTimes>>,
    /// The end was decided.
    drains: bool,
    /// When the execution will have taken too long.
    ends_at: Option<Instant>,
    /// The activity at the last check, and its time.
    seen: Progress,
    seen_at: Instant,
    /// The execution waited for answers at the last check.
    waited: bool,
}

/// Fewer deadlines than this are never pruned.
const PRUNE_MIN: u32 = 64;

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Deadline {
    /// The execution has taken too long.
    Total,
    /// The idle timeout has fired; something may have happened since it was set.
    Idle,
    /// The execution has gone on for too long after its end was decided, or in its `finally`.
    Drain,
    /// The time of a question is over.
    Question(u64),
    /// A tick of the `every` clause with this number among those of its kind.
    Tick(usize),
    /// A reminder of a question, which comes after its time is over.
    Reminder(Reminding),
}

/// A deadline that has passed.
pub(crate) enum Due {
    /// The execution fails.
    End(FlowError),
    /// The execution fails, because it did not finish in this time after its end was decided, or
    /// because its `finally` did not.
    NotDrained(Duration),
    /// The time of this question is over. It may have been answered.
    Question(u64),
    /// A tick of this `every` clause, for so many periods.
    Tick(usize, u64),
    /// A reminder of a question. It may have been answered.
    Reminder(Reminding),
}

impl Deadlines {
    /// Returns `None` if there is nothing to wait for.
    #[inline]
    pub(crate) fn new(
        timeout: Option<Duration>,
        idle_timeout: Option<Duration>,
        drain: Option<Duration>,
    ) -> Option<Box<Self>> {
        if timeout.is_none() && idle_timeout.is_none() && drain.is_none() {
            return None;
        }
        Some(Self::of(timeout, idle_timeout, drain))
    }

    #[cold]
    fn of(
        timeout: Option<Duration>,
        idle_timeout: Option<Duration>,
        drain: Option<Duration>,
    ) -> Box<Self> {
        Box::new(Self {
            timeout,
            idle_timeout,
            drain,
            ..Self::none()
        })
    }

    /// The deadlines of an execution without timeouts.
    pub(crate) fn none() -> Self {
        Self {
            timeout: None,
            idle_timeout: None,
            drain: None,
            drains: false,
            heap: BinaryHeap::new(),
            prune_at: PRUNE_MIN,
            timer: None,
            ticks: None,
            begun: false,
            #[cfg(feature = "durable")]
            restored: None,
            ends_at: None,
            seen: Progress::default(),
            seen_at: Instant::now(),
            waited: false,
        }
    }

    /// The deadline of a `finally`; the others have done their work.
    pub(crate) fn of_finally(within: Duration) -> Self {
        let mut deadlines = Self {
            begun: true,
            drain: Some(within),
            drains: true,
            ..Self::none()
        };
        deadlines.add(Instant::now().checked_add(within), Deadline::Drain);
        deadlines
    }

    /// Most executions wait for one question.
    pub(crate) fn expect(&mut self, deadlines: usize) {
        if self.heap.is_empty() {
            self.heap.reserve_exact(deadlines);
        }
    }

    /// Adds the deadlines of questions. `waits` tells which questions still wait, so that an
    /// execution that asks for years does not keep the deadlines of those answered long ago.
    pub(crate) fn add_questions(
        &mut self,
        deadlines: Vec<(Instant, u64)>,
        waits: impl Fn(u64) -> bool,
    ) {
        for (at, number) in deadlines {
            self.heap.push(Reverse((at, Deadline::Question(number))));
        }
        self.prune(waits);
    }

    /// Adds the reminders of questions that wait.
    #[cold]
    pub(crate) fn add_reminders(&mut self, reminders: Vec<Reminding>, waits: impl Fn(u64) -> bool) {
        for reminding in reminders {
            if waits(reminding.question)
                && let Some(at) = reminding.clock.next
            {
                self.heap.push(Reverse((at, Deadline::Reminder(reminding))));
            }
        }
        self.prune(waits);
    }

    fn prune(&mut self, waits: impl Fn(u64) -> bool) {
        if self.heap.len() >= self.prune_at as usize {
            self.heap.retain(|Reverse((_, deadline))| match deadline {
                Deadline::Question(number) => waits(*number),
                Deadline::Reminder(reminding) => waits(reminding.question),
                Deadline::Total | Deadline::Idle | Deadline::Drain | Deadline::Tick(_) => true,
            });
            let twice = u32::try_from(2 * self.heap.len()).unwrap_or(u32::MAX);
            self.prune_at = PRUNE_MIN.max(twice);
        }
    }

    /// The deadlines of a flow with `every` clauses.
    #[cold]
    pub(crate) fn with_ticks<G: Graph>(
        deadlines: Option<Box<Self>>,
        given: Option<&Overrides>,
    ) -> Box<Self> {
        let mut deadlines = deadlines.unwrap_or_else(|| Box::new(Self::none()));
        deadlines.ticks = Some(Box::new(Ticks::of::<G>(given)));
        deadlines
    }

    /// These `every` clauses have run to their end, and run again at their next ticks. With
    /// `is_ending`, none of them runs again.
    #[cold]
    pub(crate) fn go_on_ticking(&mut self, ticked: &[usize], is_ending: bool) {
        let Some(ticks) = &self.ticks else { return };
        if is_ending {
            self.ticks = None;
            self.heap
                .retain(|Reverse((_, deadline))| !matches!(deadline, Deadline::Tick(_)));
            return;
        }
        for every in ticked {
            let next = ticks.next(*every);
            self.heap
                .extend(next.map(|at| Reverse((at, Deadline::Tick(*every)))));
        }
    }

    /// To be called before the handlers are polled. Returns the error if the timeout is over.
    pub(crate) fn before_poll<G: Graph>(&mut self, inside: &Inside<G>) -> Option<FlowError> {
        let now = Instant::now();
        if !self.begun {
            self.begun = true;
            self.note(inside.progress(), now);
            let after = |timeout: Option<Duration>| now.checked_add(timeout?);
            self.ends_at = after(self.timeout);
            let idle = after(self.idle_timeout);
            #[cfg(feature = "durable")]
            if let Some(restored) = self.restored.take() {
                return self.begin_restored(&restored, idle, now);
            }
            self.add(self.ends_at, Deadline::Total);
            self.add(idle, Deadline::Idle);
            for (every, at) in self.ticks.iter_mut().flat_map(|ticks| ticks.begin(now)) {
                self.heap.push(Reverse((at, Deadline::Tick(every))));
            }
        }
        self.late(now)
    }

    /// The error, if the timeout is over.
    fn late(&self, now: Instant) -> Option<FlowError> {
        // Whether the execution is idle is not known before its handlers are polled.
        let late = self.ends_at.is_some_and(|at| at <= now);
        self.timeout.filter(|_| late).map(FlowError::out_of_time)
    }

    /// The times of an execution that was kept in a store.
    #[cfg(feature = "durable")]
    pub(crate) fn restore(&mut self, restored: RestoredTimes) {
        self.restored = Some(Box::new(restored));
    }

    /// The execution goes on with its old times. That when it was in no memory is no idleness.
    #[cfg(feature = "durable")]
    #[cold]
    fn begin_restored(
        &mut self,
        restored: &RestoredTimes,
        idle: Option<Instant>,
        now: Instant,
    ) -> Option<FlowError> {
        self.ends_at = self
            .timeout
            .and_then(|timeout| restored.started.checked_add(timeout));
        self.add(self.ends_at, Deadline::Total);
        self.add(idle, Deadline::Idle);
        for (every, at) in self
            .ticks
            .iter_mut()
            .flat_map(|ticks| ticks.restore(restored))
        {
            self.heap.push(Reverse((at, Deadline::Tick(every))));
        }
        self.late(now)
    }

    /// When the clause with this number among those of its kind ticks next.
    #[cfg(feature = "durable")]
    pub(crate) fn next_tick(&self, every: usize) -> Option<Instant> {
        self.ticks.as_ref()?.next(every)
    }

    /// Whether an execution that is idle for too long fails.
    #[cfg(feature = "durable")]
    pub(crate) fn count_idleness(&self) -> bool {
        self.idle_timeout.is_some()
    }

    /// The nearest deadline, except for that of idleness.
    #[cfg(feature = "durable")]
    pub(crate) fn next(&self) -> Option<Instant> {
        let deadlines = self.heap.iter().map(|Reverse(deadline)| deadline);
        let real = deadlines.filter(|(_, deadline)| *deadline != Deadline::Idle);
        real.map(|(at, _)| *at).min()
    }

    /// To be called when the handlers have been polled, before the driver returns `Pending`.
    /// Returns what is due; if nothing is, the task of `cx` is woken at the next deadline.
    /// `running` returns the position of a suspended handler; `waits` tells that the execution
    /// waits for answers.
    pub(crate) fn after_poll<G: Graph>(
        &mut self,
        inside: &Inside<G>,
        running: impl Fn() -> Option<Position>,
        waits: bool,
        cx: &Context<'_>,
    ) -> Option<Due> {
        let mut now = Instant::now();
        if inside.has_output.get() && !std::mem::replace(&mut self.drains, true) {
            let at = self.drain.and_then(|within| now.checked_add(within));
            self.add(at, Deadline::Drain);
        }
        let progress = inside.progress();
        // An answer to a stage is no progress here, but the wait for it is over.
        let waited = std::mem::replace(&mut self.waited, waits);
        if progress != self.seen || progress.blocked || waits || waited {
            self.note(progress, now);
        }
        loop {
            let &Reverse((at, _)) = self.heap.peek()?;
            if at <= now {
                let Reverse((_, deadline)) = self.heap.pop()?;
                let due = match deadline {
                    Deadline::Reminder(mut reminding) => {
                        reminding.take(now);
                        return Some(Due::Reminder(reminding));
                    }
                    Deadline::Question(number) => return Some(Due::Question(number)),
                    Deadline::Tick(every) => {
                        let count = self.ticks.as_mut().map(|ticks| ticks.take(every, now));
                        return count.map(|count| Due::Tick(every, count));
                    }
                    Deadline::Drain => return self.drain.map(Due::NotDrained),
                    Deadline::Total => self.timeout.map(FlowError::out_of_time),
                    Deadline::Idle => self.idle::<G>(&running),
                };
                if let Some(error) = due {
                    return Some(Due::End(error));
                }
                continue;
            }
            let timer = self.timer.get_or_insert_with(|| Box::pin(Timer::new(at)));
            timer.as_mut().reset(at);
            let mut task = Context::from_waker(cx.waker());
            match timer.as_mut().poll(&mut task) {
                Poll::Pending => return None,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(why)) => return Some(Due::End(FlowError::runtime(why))),
            }
            now = Instant::now();
        }
    }

    /// Adds a deadline. `None` is too far away for the clock, and never comes.
    fn add(&mut self, at: Option<Instant>, deadline: Deadline) {
        self.heap.extend(at.map(|at| Reverse((at, deadline))));
    }

    /// The idle timeout has fired: fails if nothing has happened since, and is set again otherwise.
    fn idle<G: Graph>(&mut self, running: impl Fn() -> Option<Position>) -> Option<FlowError> {
        let timeout = self.idle_timeout?;
        let at = self.seen_at.checked_add(timeout);
        if at.is_none_or(|at| at > Instant::now()) {
            self.add(at, Deadline::Idle);
            return None;
        }
        Some(FlowError::idle(
            timeout,
            running().map(|running| running.at(G::DESC)),
        ))
    }

    fn note(&mut self, progress: Progress, now: Instant) {
        self.seen = progress;
        self.seen_at = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Deadlines, PRUNE_MIN};

    #[test]
    fn deadlines_of_answered_questions_do_not_pile_up() {
        let mut deadlines = Deadlines::none();
        let due = Instant::now() + Duration::from_secs(72 * 3_600);
        for number in 0..10_000 {
            // The first ten are never answered, the others at once.
            deadlines.add_questions(vec![(due, number)], |number| number < 10);
        }
        let kept = deadlines.heap.len();
        assert!((10..=PRUNE_MIN as usize).contains(&kept), "{kept}");
    }
}
