//! Events from outside on their way to clauses and into stages that are flows.

use std::sync::{Arc, Weak};
use std::task::Context;

use crate::graph::EVENTS;
use crate::interpreter::data::Data;
use crate::interpreter::ready::Waker;
use crate::interpreter::{Execution, Over, lock};
use crate::script::Value;

/// The stages that take events from outside, since they have begun, and what waits for one.
#[derive(Default)]
pub(super) struct Entrance<'a> {
    entered: Vec<(u64, Weak<Execution<'a>>, Waker<'a>)>,
    waiting: Vec<Sent>,
}

/// An event that waits for a stage to begin.
struct Sent {
    event: usize,
    value: Value,
    /// A clause has it as well, so that it may be left.
    is_taken: bool,
}

/// A stage, as long as events from outside and the end of the outer execution may wake it.
pub(super) struct Entered<'b, 'a> {
    outer: &'b Execution<'a>,
    number: u64,
}

impl Drop for Entered<'_, '_> {
    fn drop(&mut self) {
        let mut entrance = lock(&self.outer.entrance);
        let others = |number: u64| number != self.number;
        entrance.entered.retain(|(number, ..)| others(*number));
        let mut notices = lock(&self.outer.notices);
        notices.retain(|(number, _)| others(*number));
    }
}

impl<'a> Execution<'a> {
    /// An event from outside, for the clauses and the stages that take it.
    pub(super) fn enter(&self, event: usize, value: Value) {
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            if clause.takes(event) && self.counts_event(event) {
                self.push(index, Data::Event(event, value), false);
            }
        }
        if !self.graph.stages_that_take(self.graphs, event).is_empty() {
            self.pass_on(event, value);
        }
    }

    /// Each stage that takes it has one. If there is none, it waits for the first to begin.
    fn pass_on(&self, event: usize, value: Value) {
        let entered = lock(&self.entrance).entered.clone();
        let mut has_entered = false;
        for (_, stage, waker) in entered {
            let stage = stage.upgrade();
            if stage.is_some_and(|stage| stage.enters(event, value)) {
                has_entered = true;
                waker.wake();
            }
        }
        if !has_entered {
            let is_taken = self.graph.takes(event);
            lock(&self.entrance).waiting.push(Sent {
                event,
                value,
                is_taken,
            });
        }
    }

    /// Whether this stage takes it. It takes none once its end is decided.
    fn enters(&self, event: usize, value: Value) -> bool {
        let is_closed = lock(&self.decided).is_some()
            || *lock(&self.finalizing)
            || *lock(&self.is_closed)
            || self.is_over();
        let takes = self.graph.externals.contains(&event) && !is_closed;
        if takes {
            self.enter(event, value);
        }
        takes
    }

    /// The stage with this number has begun, and takes what waits for it.
    pub(super) fn begin_to_take(&self, stage: &Arc<Execution<'a>>, number: u64) -> Entered<'_, 'a> {
        let entrance = &mut *lock(&self.entrance);
        let takes = |sent: &mut Sent| stage.enters(sent.event, sent.value);
        drop(entrance.waiting.extract_if(.., takes).collect::<Vec<_>>());
        let entered = (number, Arc::downgrade(stage), Waker::default());
        entrance.entered.push(entered);
        Entered {
            outer: self,
            number,
        }
    }

    /// The stage with this number is polled, and an event goes on with it.
    pub(super) fn note_entered(&self, number: u64, cx: &Context<'_>) {
        let mut entrance = lock(&self.entrance);
        let mut entered = entrance.entered.iter_mut();
        if let Some((.., waker)) = entered.find(|(of, ..)| *of == number) {
            *waker = self.waker(cx);
        }
    }

    /// No handle is left that can send, which the stages look at that wait for that.
    pub(super) fn wake_entered(&self) {
        let entered = lock(&self.entrance).entered.clone();
        for (.., waker) in entered {
            waker.wake();
        }
    }

    /// Whether the handle of the outermost execution can send an event to this stage.
    pub(super) fn is_reachable(&self) -> bool {
        let takes = self.outer.is_some() && !self.graph.externals.is_empty();
        takes && self.outside.has_handle() && !self.is_ending()
    }

    /// How many events wait for a stage.
    pub(super) fn untaken(&self) -> usize {
        lock(&self.entrance).waiting.len()
    }

    pub(super) fn drop_untaken(&self) {
        lock(&self.entrance).waiting.clear();
    }

    /// Nothing runs any more: the events that no stage and no clause has taken are an error.
    pub(super) fn fail_of_untaken(&self) -> bool {
        let waiting = &mut lock(&self.entrance).waiting;
        let Some(first) = waiting.iter().find(|sent| !sent.is_taken) else {
            return false;
        };
        let event = first.event;
        let same = waiting.iter().filter(|sent| sent.event == event);
        let count = same.filter(|sent| !sent.is_taken).count();
        let stages = self.graph.stages_that_take(self.graphs, event);
        let mut stages: Vec<_> = stages.iter().map(|index| format!("`F{index}`")).collect();
        stages.sort_unstable();
        let message = format!(
            "the execution finished, but no {} began to take {count} `{}` from outside",
            stages.join(" or "),
            EVENTS[event]
        );
        waiting.clear();
        self.end(Over::Failed(vec![message].into(), false));
        true
    }
}
