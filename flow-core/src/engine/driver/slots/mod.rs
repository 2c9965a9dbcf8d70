//! The slots of a driver: copies of the generated loop, each with at most one suspended handler.

mod due;
mod end;
mod next_action;
mod others;
mod poll;
mod slot;
mod state;

use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;
#[cfg(feature = "durable")]
use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::deadlines::Deadlines;
#[cfg(feature = "durable")]
use crate::engine::driver::parked::Parked;
#[cfg(feature = "durable")]
use crate::engine::driver::slots::due::finally_deadline;
use crate::engine::driver::slots::next_action::Action;
use crate::engine::driver::slots::slot::Suspended;
use crate::engine::driver::slots::state::SlotState;
#[cfg(feature = "durable")]
use crate::engine::driver::ticks::RestoredTimes;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::inside::poll_cell::stack_in_use;
use crate::error::FlowError;
use crate::macro_support::BUDGET;
use crate::macro_support::drop::Rare;
use crate::macro_support::graph::Graph;

/// How much of the stack executions that poll one another may use: half of what a thread has by
/// default. An overflow would abort the process.
const NESTING: usize = 1 << 20;

/// The state of the slots is beside the first loop and not around it: a shared reference to a
/// struct that contains a suspended future would claim that nothing changes in it.
#[pin_project]
pub(super) struct Slots<G: Graph, W: Work<G>> {
    work: W,
    /// The loop of the first slot. Most executions never have two handlers suspended at once, so
    /// this one is part of the driver, and only the others are on the heap.
    #[pin]
    first: Option<W::Loop>,
    state: SlotState<G, W::Loop>,
}

impl<G: Graph, W: Work<G>> Slots<G, W> {
    #[inline]
    pub(super) fn new(work: W, deadlines: Option<Box<Deadlines>>) -> Self {
        Self {
            work,
            first: None,
            state: SlotState {
                begun: false,
                finished: false,
                first: Suspended::default(),
                others: Rare::default(),
                deadlines: deadlines.into(),
            },
        }
    }

    /// Whether the execution of a stage waits for answers and events from outside, and for nothing
    /// else, after it has been polled.
    pub(super) fn waits_for_outside(
        self: Pin<&mut Self>,
        core: &Core<G>,
        inside: &Inside<G>,
    ) -> bool {
        let state = self.project().state;
        let has_next = !inside.queue.is_empty() || inside.has_rest();
        let rests = !state.finished && !has_next && !core.wake_state.has_work();
        rests && (state.waits_for_outside(core, inside) || !state.is_busy() && core.is_reachable())
    }

    /// The times with which an execution goes on that was kept in a store.
    #[cfg(feature = "durable")]
    pub(super) fn restore(self: Pin<&mut Self>, inside: &Inside<G>, times: RestoredTimes) {
        let state = self.project().state;
        if inside.in_finally.get() {
            // Its time begins anew.
            *state.deadlines = finally_deadline(inside);
        } else if let Some(deadlines) = state.deadlines.as_mut() {
            deadlines.restore(times);
        }
    }

    /// Whether nothing runs, and when it has to, after the execution has been polled.
    #[cfg(feature = "durable")]
    pub(super) fn parked(
        self: Pin<&mut Self>,
        core: &Core<G>,
        inside: &Inside<G>,
    ) -> Parked<Instant> {
        let state = self.project().state;
        let has_next = !inside.queue.is_empty() || inside.has_rest();
        let waits = state.waits_for_outside(core, inside);
        let runs = state.is_busy() && !waits;
        let deadlines = state.deadlines.as_ref();
        // Idleness is counted in memory, and one that waits for an answer is not idle.
        let idles = !waits && deadlines.is_some_and(|deadlines| deadlines.count_idleness());
        let parks = !(state.finished || has_next || runs || idles || inside.awaits_commit());
        if parks {
            Parked::Until(deadlines.and_then(|deadlines| deadlines.next()))
        } else {
            Parked::Runs
        }
    }

    pub(super) fn is_finished(self: Pin<&mut Self>) -> bool {
        self.project().state.finished
    }

    /// Runs the execution as far as it goes. The calling thread has entered `inside`.
    pub(super) fn run(
        mut self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        let core = engine.get_ref().engine().core();
        let state = self.as_mut().project().state;
        if state.finished {
            return Poll::Ready(());
        }
        if stack_in_use() > NESTING {
            inside.end(Ending::Failed(too_deep()));
            self.finish(core, inside);
            return Poll::Ready(());
        }
        core.wake_state.mark_awake();
        core.check_reader(inside);
        inside.take_effect(core);
        if !inside.has_ended() {
            inside.budget.set(BUDGET);
        }
        if let Some(deadlines) = state.deadlines.as_mut()
            && let Some(error) = deadlines.before_poll(inside)
        {
            inside.end(Ending::Failed(error));
        }
        loop {
            if core.wake_state.has_work() {
                core.drain_outside();
                self.as_mut().poll_ready(engine, inside);
            }
            let state = self.as_mut().project().state;
            match state.next_action(core, inside, cx) {
                Action::Event => self.as_mut().poll_idle(engine, inside),
                Action::Again => {}
                Action::Sleep | Action::Yield if state.has_due(core, inside, cx) => {}
                Action::Sleep => {
                    core.publish(inside);
                    inside.note_asleep(cx);
                    state.give_back_room(core, inside);
                    return Poll::Pending;
                }
                Action::Yield => {
                    core.publish(inside);
                    core.flush_outbox(inside);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Action::Finally => state.begin_finally(core, inside),
                Action::End => {
                    if inside.awaits_finally() {
                        if !inside.record_ending() {
                            // The `finally` begins when the ending is durable.
                            inside.note_asleep(cx);
                            return Poll::Pending;
                        }
                        self.as_mut().begin_finalizing(engine, inside);
                        continue;
                    }
                    self.finish(core, inside);
                    return Poll::Ready(());
                }
            }
        }
    }
}

#[cold]
fn too_deep() -> FlowError {
    let why = "executions are nested in one another so deeply that they use 1 MiB of the stack: \
               run the inner ones as tasks, with `spawn`";
    FlowError::runtime(why.into())
}
