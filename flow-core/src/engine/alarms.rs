//! What an execution has to do at a certain time, whatever its handlers do.
//!
//! All deadlines of an execution are here, over one timer, which is set to the nearest. Those that
//! move with what happens (idleness) are not moved each time: they ring at the old time, and are set
//! again if something has happened since.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::engine::local::Local;
use crate::error::FlowError;
use crate::graph::Graph;

pub(crate) struct Alarms {
    timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    /// The nearest first.
    deadlines: BinaryHeap<Reverse<(Instant, Alarm)>>,
    /// When there are so many, those of questions that were answered meanwhile are taken out.
    crowded: usize,
    /// Set to the nearest deadline, and made when there is one to wait for.
    sleep: Option<Pin<Box<Sleep>>>,
    began: bool,
    /// When it has taken too long.
    ends_at: Option<Instant>,
    /// What had happened when that was last looked at, and when that was.
    seen: Progress,
    seen_at: Instant,
}

/// So many deadlines are no crowd.
const FEW: usize = 64;

/// What a deadline is for. A further kind needs an arm in [`Alarms::ring`], and somebody who calls
/// [`Alarms::set`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Alarm {
    /// The execution has taken too long.
    Total,
    /// Nothing has happened for too long, perhaps.
    Idle,
    /// The time of a question is over.
    Question(u64),
}

/// What is to be done at a deadline.
pub(crate) enum Rung {
    /// The execution ends with this.
    End(FlowError),
    /// The question was not answered in time, if it was not.
    Question(u64),
}

/// Tells two moments apart between which something has happened.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Progress {
    /// How many events were not taken yet of those that it may have.
    pub(crate) events_left: u64,
    /// Changes when items are put or read, or a clause goes on to another stage.
    pub(crate) moved: u32,
    /// Handlers wait for the reader: that is no idleness.
    pub(crate) blocked: bool,
}

impl Alarms {
    /// None, if there is nothing to wait for.
    #[inline]
    pub(crate) fn new(
        timeout: Option<Duration>,
        idle_timeout: Option<Duration>,
    ) -> Option<Box<Self>> {
        let waits = timeout.is_some() || idle_timeout.is_some();
        waits.then(|| {
            Box::new(Self {
                timeout,
                idle_timeout,
                ..Self::silent()
            })
        })
    }

    /// Those of an execution that may take as long as it likes.
    pub(crate) fn silent() -> Self {
        Self {
            timeout: None,
            idle_timeout: None,
            deadlines: BinaryHeap::new(),
            crowded: FEW,
            sleep: None,
            began: false,
            ends_at: None,
            seen: Progress::default(),
            seen_at: Instant::now(),
        }
    }

    /// Adds what questions are to be answered until when. `waits` says which ones still wait: an
    /// execution that asks for years keeps no deadline of what was answered long ago.
    pub(crate) fn set_questions(
        &mut self,
        deadlines: Vec<(Instant, u64)>,
        waits: impl Fn(u64) -> bool,
    ) {
        for (at, number) in deadlines {
            self.deadlines.push(Reverse((at, Alarm::Question(number))));
        }
        if self.deadlines.len() >= self.crowded {
            self.deadlines.retain(|Reverse((_, alarm))| match alarm {
                Alarm::Question(number) => waits(*number),
                Alarm::Total | Alarm::Idle => true,
            });
            self.crowded = FEW.max(2 * self.deadlines.len());
        }
    }

    /// To be called before the handlers are polled. Says how the execution ends, if it does.
    pub(crate) fn before<G: Graph>(&mut self, local: &Local<G>) -> Option<FlowError> {
        let now = Instant::now();
        if !self.began {
            self.began = true;
            self.note(local.progress(), now);
            let after = |timeout: Option<Duration>| now.checked_add(timeout?);
            self.ends_at = after(self.timeout);
            self.set(self.ends_at, Alarm::Total);
            self.set(after(self.idle_timeout), Alarm::Idle);
        }
        // Whether nothing has happened is not known before they are polled.
        let late = self.ends_at.is_some_and(|at| at <= now);
        self.timeout.filter(|_| late).map(FlowError::out_of_time)
    }

    /// To be called when the handlers have been polled, and others are to run. Says how the
    /// execution ends, if it does; if not, the task of `cx` is woken at the next deadline.
    /// `running` is a handler that is suspended; `waits`: it is somebody else who is to do something.
    pub(crate) fn after<G: Graph>(
        &mut self,
        local: &Local<G>,
        running: Option<usize>,
        waits: bool,
        cx: &Context<'_>,
    ) -> Option<Rung> {
        let mut now = Instant::now();
        let progress = local.progress();
        if progress != self.seen || progress.blocked || waits {
            self.note(progress, now);
        }
        loop {
            let &Reverse((at, alarm)) = self.deadlines.peek()?;
            if at <= now {
                self.deadlines.pop();
                if let Alarm::Question(number) = alarm {
                    return Some(Rung::Question(number));
                }
                if let Some(error) = self.ring::<G>(alarm, running) {
                    return Some(Rung::End(error));
                }
                continue;
            }
            let sleep = match &mut self.sleep {
                Some(sleep) => sleep,
                None if Handle::try_current().is_err() => {
                    let why = "an execution with a `timeout`, an `idle_timeout` or a question `within` some time \
                               needs the clock of a tokio runtime";
                    return Some(Rung::End(FlowError::runtime(why.into())));
                }
                none => none.insert(Box::pin(sleep_until(at))),
            };
            if sleep.deadline() != at {
                sleep.as_mut().reset(at);
            }
            if sleep
                .as_mut()
                .poll(&mut Context::from_waker(cx.waker()))
                .is_pending()
            {
                return None;
            }
            now = Instant::now();
        }
    }

    /// Adds a deadline. (One that is too far away for the clock never comes.)
    fn set(&mut self, at: Option<Instant>, alarm: Alarm) {
        self.deadlines.extend(at.map(|at| Reverse((at, alarm))));
    }

    /// A deadline has come.
    fn ring<G: Graph>(&mut self, alarm: Alarm, running: Option<usize>) -> Option<FlowError> {
        match alarm {
            Alarm::Question(_) => None,
            Alarm::Total => self.timeout.map(FlowError::out_of_time),
            Alarm::Idle => {
                let timeout = self.idle_timeout?;
                let at = self.seen_at.checked_add(timeout);
                if at.is_none_or(|at| at > Instant::now()) {
                    self.set(at, Alarm::Idle);
                    return None;
                }
                let running = running.and_then(|handler| G::DESC.mention(handler));
                let running = running.map(|(handler, trigger)| (handler.name, trigger.name()));
                Some(FlowError::idle(timeout, running))
            }
        }
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

    use super::{Alarms, FEW};

    #[test]
    fn deadlines_of_questions_that_were_answered_do_not_pile_up() {
        let mut alarms = Alarms::silent();
        let due = Instant::now() + Duration::from_secs(72 * 60 * 60);
        for number in 0..10_000 {
            // The first ten are never answered, the others at once.
            alarms.set_questions(vec![(due, number)], |number| number < 10);
        }
        assert!(alarms.deadlines.len() <= FEW, "{}", alarms.deadlines.len());
        assert!(alarms.deadlines.len() >= 10);
    }
}
