//! The execution as a future: polls its slots until nothing runs and nothing waits.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use pin_project::{pin_project, pinned_drop};

use crate::engine::shared::{BUDGET, Ending, Shared};
use crate::engine::wakes::SlotWake;
use crate::engine::worker::Engine;
use crate::graph::Graph;

/// Drives one execution. `new_work` makes the generated loop, `F`, for a slot.
#[pin_project(PinnedDrop)]
pub(crate) struct Driver<G: Graph, W, F> {
    shared: Arc<Shared<G>>,
    new_work: W,
    /// Most executions never have two handlers suspended at once, so the first slot is part of
    /// the driver, and only the others are on the heap.
    #[pin]
    first: Option<F>,
    others: Vec<Pin<Box<F>>>,
    slots: Vec<Slot>,
    idle: Vec<usize>,
    /// The slots to be polled; kept for its memory.
    ready: Vec<usize>,
    finished: bool,
}

struct Slot {
    wake: Arc<SlotWake>,
    waker: Waker,
    idle: bool,
}

/// What the driver finds after it has polled the ready slots.
enum Step {
    Event,
    Ready,
    Yield,
    Sleep,
    End,
}

impl<G, W, F> Driver<G, W, F>
where
    G: Graph,
    W: Fn(Engine<G>) -> F,
    F: Future<Output = ()>,
{
    pub(crate) fn new(shared: Arc<Shared<G>>, new_work: W) -> Self {
        Self {
            shared,
            new_work,
            first: None,
            others: Vec::new(),
            slots: Vec::new(),
            idle: Vec::new(),
            ready: Vec::new(),
            finished: false,
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared<G>> {
        &self.shared
    }

    /// Runs the execution as far as it goes; `Ready` when it has ended and nothing of it is left.
    pub(crate) fn poll(mut self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<()> {
        if self.finished {
            return Poll::Ready(());
        }
        self.shared.wakes.rise(cx.waker());
        {
            let mut state = self.shared.state();
            state.driving = true;
            state.budget = BUDGET;
        }
        loop {
            self.as_mut().poll_ready_slots();
            match self.next_step() {
                Step::Event => self.as_mut().poll_idle_slot(),
                Step::Ready => {}
                Step::Sleep => return Poll::Pending,
                Step::Yield => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Step::End => {
                    self.finish();
                    return Poll::Ready(());
                }
            }
        }
    }

    fn next_step(&self) -> Step {
        let mut state = self.shared.state();
        if !state.is_open() {
            return Step::End;
        }
        if state.budget == 0 {
            state.driving = false;
            return Step::Yield;
        }
        if !state.queue.is_empty() {
            return Step::Event;
        }
        let busy = self.slots.len() - self.idle.len();
        if busy == 0 && !self.shared.is_held_outside(self.slots.len()) {
            drop(state);
            self.shared.end(Ending::Done);
            return Step::End;
        }
        // From here on, who emits wakes the task.
        state.driving = false;
        if self.shared.wakes.sleep() {
            Step::Sleep
        } else {
            state.driving = true;
            Step::Ready
        }
    }

    fn poll_ready_slots(mut self: Pin<&mut Self>) {
        let mut ready = std::mem::take(self.as_mut().project().ready);
        self.shared.wakes.take_ready(&mut ready);
        for slot in ready.drain(..) {
            let busy = self.slots.get(slot).is_some_and(|slot| {
                slot.wake.unlist();
                !slot.idle
            });
            // An idle slot may be woken by what its last handler left behind: it has no use for it.
            if busy && self.shared.state().is_open() {
                self.as_mut().poll_slot(slot);
            }
        }
        *self.project().ready = ready;
    }

    /// Gives the next event to a slot that has nothing to do, or to a new one.
    fn poll_idle_slot(mut self: Pin<&mut Self>) {
        let slot = match self.as_mut().project().idle.pop() {
            Some(slot) => slot,
            None => self.as_mut().new_slot(),
        };
        self.poll_slot(slot);
    }

    fn new_slot(self: Pin<&mut Self>) -> usize {
        let mut this = self.project();
        let index = this.slots.len();
        let wake = SlotWake::new(index, Arc::clone(&this.shared.wakes));
        this.slots.push(Slot {
            waker: Arc::clone(&wake).into(),
            wake,
            idle: false,
        });
        let work = (this.new_work)(Engine::new(Arc::clone(this.shared)));
        if this.first.is_none() {
            this.first.set(Some(work));
        } else {
            this.others.push(Box::pin(work));
        }
        index
    }

    fn poll_slot(self: Pin<&mut Self>, index: usize) {
        let this = self.project();
        let work = match index.checked_sub(1) {
            None => this.first.as_pin_mut(),
            Some(other) => this.others.get_mut(other).map(Pin::as_mut),
        };
        let (Some(work), Some(slot)) = (work, this.slots.get_mut(index)) else {
            return;
        };
        {
            let mut state = this.shared.state();
            state.parked = false;
            state.budget = state.budget.saturating_sub(1);
        }
        // The loop never returns, and catches what its handlers panic with.
        let _pending = work.poll(&mut Context::from_waker(&slot.waker));
        slot.idle = this.shared.state().parked;
        if slot.idle {
            this.idle.push(index);
        }
    }
}

impl<G: Graph, W, F> Driver<G, W, F> {
    /// Drops the handlers, and says so.
    fn finish(self: Pin<&mut Self>) {
        let mut this = self.project();
        if std::mem::replace(this.finished, true) {
            return;
        }
        // A destructor's panic is reported by the panic hook; the other handlers are dropped all
        // the same, and the execution has its ending already.
        let dropped = |work: &mut dyn FnMut()| drop(catch_unwind(AssertUnwindSafe(work)));
        dropped(&mut || this.first.set(None));
        for work in this.others.drain(..) {
            let mut work = Some(work);
            dropped(&mut || drop(work.take()));
        }
        this.shared.finish();
    }
}

#[pinned_drop]
impl<G: Graph, W, F> PinnedDrop for Driver<G, W, F> {
    fn drop(self: Pin<&mut Self>) {
        self.shared
            .end(Ending::Failed(crate::FlowError::cancelled()));
        self.finish();
    }
}
