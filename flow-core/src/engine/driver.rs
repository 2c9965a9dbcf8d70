//! The execution as a future: polls its slots until nothing runs and nothing waits.
#![allow(unsafe_code, reason = "a turn asks for a promise; see `turn`")]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use futures_task::waker_ref;
use pin_project::{pin_project, pinned_drop};

use crate::engine::local::BUDGET;
use crate::engine::shared::{Ending, Read, Shared, drop_quietly};
use crate::engine::turn::Guard;
use crate::engine::wakes::SlotWake;
use crate::engine::worker::Engine;
use crate::error::FlowError;
use crate::graph::Graph;

/// Drives one execution.
#[pin_project(PinnedDrop)]
pub(crate) struct Driver<G: Graph, W, F> {
    shared: Arc<Shared<G>>,
    #[pin]
    slots: Slots<G, W, F>,
}

/// The handlers that run, or could. `new_work` makes the generated loop, `F`, for a slot.
#[pin_project]
struct Slots<G: Graph, W, F> {
    new_work: W,
    /// Most executions never have two handlers suspended at once, so the first slot is part of
    /// the driver, and only the others are on the heap.
    #[pin]
    first: First<F>,
    others: Vec<Other<G, F>>,
    /// Those of the others that have nothing to do.
    idle: Vec<usize>,
    /// Those of the others that are to be polled; kept for its memory.
    ready: Vec<usize>,
    finished: bool,
}

#[pin_project]
struct First<F> {
    #[pin]
    work: Option<F>,
    busy: bool,
    clause: usize,
}

struct Other<G: Graph, F> {
    work: Pin<Box<F>>,
    wake: Arc<SlotWake<G>>,
    busy: bool,
    /// Whose handler is suspended in it.
    clause: usize,
}

/// What the driver finds after it has polled the ready slots.
enum Step {
    Event,
    Again,
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
            slots: Slots {
                new_work,
                first: First {
                    work: None,
                    busy: false,
                    clause: 0,
                },
                others: Vec::new(),
                idle: Vec::new(),
                ready: Vec::new(),
                finished: false,
            },
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared<G>> {
        &self.shared
    }

    /// Takes the next item; runs the execution if there is none, or if handlers can go on. (A slow
    /// reader holds up those who put, not those who wait for a timer or a socket.)
    #[inline]
    pub(crate) fn poll_read(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        let mut this = self.project();
        let _turn = enter(&mut this.slots, this.shared);
        let mut ran = this.shared.wakes.any();
        if ran {
            let _ended = this.slots.as_mut().run(this.shared, cx);
        } else {
            this.shared.wakes.rise();
        }
        loop {
            match this.shared.read() {
                Read::Nothing if ran => return Poll::Pending,
                Read::Nothing => {
                    let _ended = this.slots.as_mut().run(this.shared, cx);
                    ran = true;
                }
                found => return Poll::Ready(found),
            }
        }
    }
}

/// Runs the execution as far as it goes; `Ready` when it has ended and nothing of it is left.
impl<G, W, F> Future for Driver<G, W, F>
where
    G: Graph,
    W: Fn(Engine<G>) -> F,
    F: Future<Output = ()>,
{
    type Output = Result<(), FlowError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let _turn = enter(&mut this.slots, this.shared);
        ready!(this.slots.run(this.shared, cx));
        let ending = this.shared.local.with(|local| local.ending.clone());
        Poll::Ready(match ending.flatten() {
            Some(Ending::Failed(error)) => Err(error),
            Some(Ending::Done) | None => Ok(()),
        })
    }
}

impl<G, W, F> Slots<G, W, F>
where
    G: Graph,
    W: Fn(Engine<G>) -> F,
    F: Future<Output = ()>,
{
    fn run(mut self: Pin<&mut Self>, shared: &Arc<Shared<G>>, cx: &Context<'_>) -> Poll<()> {
        if self.finished {
            return Poll::Ready(());
        }
        shared.wakes.rise();
        shared.local.with(|local| {
            if local.ending.is_none() {
                local.budget = BUDGET;
            }
        });
        loop {
            shared.take_in();
            self.as_mut().poll_ready(shared);
            match self.next_step(shared, cx) {
                Step::Event => self.as_mut().poll_idle(shared),
                Step::Again => {}
                Step::Sleep => return Poll::Pending,
                Step::Yield => {
                    shared.send_out();
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Step::End => {
                    self.finish(shared);
                    return Poll::Ready(());
                }
            }
        }
    }

    fn next_step(&self, shared: &Shared<G>, cx: &Context<'_>) -> Step {
        let step = shared.local.with(|local| {
            if local.ending.is_some() {
                Some(Step::End)
            } else if local.budget == 0 {
                Some(Step::Yield)
            } else if !local.queue.is_empty() {
                Some(Step::Event)
            } else {
                None
            }
        });
        if let Some(step) = step.flatten() {
            return step;
        }
        let slots = self.others.len() + usize::from(self.first.work.is_some());
        let busy = self.first.busy || self.idle.len() < self.others.len();
        if !busy && !shared.is_held_outside(slots) {
            // Whoever held it may have said something before.
            if shared.wakes.has_news() {
                return Step::Again;
            }
            shared.end(Ending::Done);
            return Step::End;
        }
        shared.send_out();
        if shared.wakes.sleep(cx.waker()) {
            Step::Sleep
        } else {
            Step::Again
        }
    }

    fn poll_ready(mut self: Pin<&mut Self>, shared: &Arc<Shared<G>>) {
        // An idle slot may be woken by what its last handler left behind: it has no use for it.
        if shared.wakes.take_first() && self.first.busy {
            self.as_mut().poll_first(shared);
        }
        if !shared.wakes.any_other() {
            return;
        }
        let mut ready = std::mem::take(self.as_mut().project().ready);
        shared.wakes.take_others(&mut ready);
        for slot in ready.drain(..) {
            let busy = self.others.get(slot).is_some_and(|other| {
                other.wake.unlist();
                other.busy
            });
            let open = shared.local.with(|local| local.ending.is_none());
            if busy && open == Some(true) {
                self.as_mut().poll_other(slot, shared);
            }
        }
        *self.project().ready = ready;
    }

    /// Gives the next event to a slot that has nothing to do, or to a new one.
    fn poll_idle(mut self: Pin<&mut Self>, shared: &Arc<Shared<G>>) {
        if !self.first.busy {
            return self.poll_first(shared);
        }
        let slot = match self.as_mut().project().idle.pop() {
            Some(slot) => slot,
            None => self.as_mut().new_slot(shared),
        };
        self.poll_other(slot, shared);
    }

    fn new_slot(self: Pin<&mut Self>, shared: &Arc<Shared<G>>) -> usize {
        let this = self.project();
        let slot = this.others.len();
        this.others.push(Other {
            work: Box::pin((this.new_work)(Engine::new(Arc::clone(shared)))),
            wake: SlotWake::new(slot, Arc::clone(shared)),
            busy: false,
            clause: 0,
        });
        slot
    }

    fn poll_first(self: Pin<&mut Self>, shared: &Arc<Shared<G>>) {
        let this = self.project();
        let mut first = this.first.project();
        if first.work.is_none() {
            let engine = Engine::new(Arc::clone(shared));
            first.work.set(Some((this.new_work)(engine)));
        }
        if let Some(work) = first.work.as_pin_mut() {
            *first.busy = poll_slot(work, &waker_ref(shared), first.clause, shared);
        }
    }

    fn poll_other(self: Pin<&mut Self>, slot: usize, shared: &Shared<G>) {
        let this = self.project();
        if let Some(other) = this.others.get_mut(slot) {
            let work = other.work.as_mut();
            other.busy = poll_slot(work, &waker_ref(&other.wake), &mut other.clause, shared);
            if !other.busy {
                this.idle.push(slot);
            }
        }
    }
}

/// Polls the loop of a slot; says whether its handler is suspended, or it found nothing to do.
fn poll_slot<G: Graph>(
    work: Pin<&mut impl Future<Output = ()>>,
    waker: &Waker,
    clause: &mut usize,
    shared: &Shared<G>,
) -> bool {
    shared.local.with(|local| {
        local.parked = false;
        local.running = *clause;
        local.budget = local.budget.saturating_sub(1);
    });
    // The loop never returns. One that panicked is never polled again, for that is the end of the
    // execution; so nobody sees what its handler left half done, but for what that shared with
    // others, as with any thread.
    let polled = catch_unwind(AssertUnwindSafe(|| {
        work.poll(&mut Context::from_waker(waker))
    }));
    if let Err(payload) = polled {
        shared.fail(|handler, event| FlowError::panicked(handler, event, &*payload));
    }
    let suspended = shared.local.with(|local| {
        *clause = local.running;
        !local.parked
    });
    suspended.unwrap_or(true)
}

/// The turn of whoever has exclusive access to the slots.
fn enter<'a, G: Graph, W, F>(
    _slots: &mut Pin<&mut Slots<G, W, F>>,
    shared: &'a Shared<G>,
) -> Guard<'a> {
    // SAFETY: `shared.local` is entered here and nowhere else, with exclusive access to the slots of
    // this execution: both are fields of its `Driver`, which is made with a `Shared` of its own.
    // Each of the callers has that access, through `&mut Driver`, until after it has dropped the
    // guard, which is a local variable of it.
    unsafe { shared.local.enter() }
}

impl<G: Graph, W, F> Slots<G, W, F> {
    /// Drops the handlers, and says so. It has to be the driver's turn.
    fn finish(self: Pin<&mut Self>, shared: &Shared<G>) {
        let this = self.project();
        if std::mem::replace(this.finished, true) {
            return;
        }
        let slots = this.others.len() + usize::from(this.first.work.is_some());
        let alone = !shared.is_held_outside(slots);
        shared.close();
        let mut first = this.first.project();
        let dropped = catch_unwind(AssertUnwindSafe(|| first.work.set(None)));
        // As in `drop_quietly`.
        drop(dropped);
        for other in this.others.drain(..) {
            drop_quietly(other.work);
        }
        shared.finish(alone);
    }
}

#[pinned_drop]
impl<G: Graph, W, F> PinnedDrop for Driver<G, W, F> {
    fn drop(self: Pin<&mut Self>) {
        let mut this = self.project();
        let _turn = enter(&mut this.slots, this.shared);
        if !this.slots.finished {
            this.shared.end(Ending::Failed(FlowError::cancelled()));
            this.slots.as_mut().finish(this.shared);
        }
        this.shared.drop_items();
    }
}
