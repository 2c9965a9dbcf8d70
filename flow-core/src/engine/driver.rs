//! The execution as a future: polls its slots until nothing runs and nothing waits.
#![allow(unsafe_code, reason = "a turn asks for a promise; see `turn`")]

use std::collections::VecDeque;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use futures_util::task::waker_ref;
use pin_project::{pin_project, pinned_drop};

use crate::engine::alarms::{Alarms, Rung};
use crate::engine::home::{Home, Work};
use crate::engine::local::{BUDGET, Local};
use crate::engine::quietly::{drop_each_quietly, drop_quietly};
use crate::engine::shared::{Ending, Read, Shared};
use crate::engine::trace::Kept;
use crate::engine::turn::Guard;
use crate::engine::wakes::SlotWake;
use crate::engine::watch::Run;
use crate::engine::worker::Engine;
use crate::error::{FlowError, panic_message};
use crate::graph::Graph;

/// Drives one execution.
#[pin_project(PinnedDrop)]
pub(crate) struct Driver<G: Graph, W: Work<G>> {
    /// They borrow the engine, and so are dropped first.
    #[pin]
    slots: Slots<G, W>,
    #[pin]
    home: Home<G>,
}

/// The items that a reader takes next: out of reach of the handlers, and so without a check.
pub(crate) struct Batch<T> {
    items: VecDeque<T>,
    /// When so many are left, those are to be let go on who wait for room.
    rest: usize,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            rest: 0,
        }
    }
}

impl<T> Drop for Batch<T> {
    fn drop(&mut self) {
        // Mostly there are none, and a `Drain` of none is some work, too.
        if !self.items.is_empty() {
            drop_each_quietly(self.items.drain(..));
        }
    }
}

/// The handlers that run, or could: each slot has a copy of the generated loop.
#[pin_project]
struct Slots<G: Graph, W: Work<G>> {
    work: W,
    /// Most executions never have two handlers suspended at once, so the first slot is part of
    /// the driver, and only the others are on the heap.
    #[pin]
    first: First<W::Loop>,
    others: Option<Box<Others<G, W::Loop>>>,
    /// If it has to end, or do anything, at a certain time.
    alarms: Option<Box<Alarms>>,
    finished: bool,
}

#[pin_project]
struct First<F> {
    #[pin]
    work: Option<F>,
    suspended: Suspended,
}

/// What is suspended in a slot: whether anything is, which handler, in which run of a clause.
#[derive(Default)]
struct Suspended {
    busy: bool,
    handler: u32,
    run: Run,
    span: Kept,
}

struct Others<G: Graph, F> {
    slots: Vec<Other<G, F>>,
    /// Those that have nothing to do.
    idle: Vec<usize>,
    /// Those that are to be polled; kept for its memory.
    ready: Vec<usize>,
}

struct Other<G: Graph, F> {
    work: Pin<Box<F>>,
    wake: Arc<SlotWake<G>>,
    suspended: Suspended,
}

/// What the driver finds after it has polled the ready slots.
enum Step {
    Event,
    Again,
    Yield,
    Sleep,
    End,
}

impl<G: Graph, W: Work<G>> Driver<G, W> {
    #[inline]
    pub(crate) fn new(shared: Arc<Shared<G>>, work: W, alarms: Option<Box<Alarms>>) -> Self {
        Self {
            home: Home::new(Engine::of_driver(shared)),
            slots: Slots {
                work,
                first: First {
                    work: None,
                    suspended: Suspended::default(),
                },
                others: None,
                alarms,
                finished: false,
            },
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared<G>> {
        self.home.engine().shared()
    }

    /// Takes the next item; runs the execution if there is none, or if handlers can go on. (A slow
    /// reader holds up those who put, not those who wait for a timer or a socket.)
    #[inline]
    pub(crate) fn poll_read(
        self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>> {
        if batch.items.len() > batch.rest
            && !self.shared().wakes.any()
            && let Some(item) = batch.items.pop_front()
        {
            return Poll::Ready(Read::Item(item));
        }
        self.poll_batch(batch, cx)
    }

    fn poll_batch(
        self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>> {
        let mut this = self.project();
        let home = this.home.as_ref();
        let shared = home.get_ref().engine().shared();
        let local = enter(&mut this.slots, shared);
        shared.note_read(&local, batch.items.len());
        batch.rest = local.hand_over(&mut batch.items);
        if batch.items.is_empty() || shared.wakes.any() {
            let _ended = this.slots.run(home, &local, cx);
            batch.rest = local.hand_over(&mut batch.items);
        }
        let ending = local.ending.get().filter(|_| shared.is_closed());
        match (batch.items.pop_front(), ending.cloned()) {
            (Some(item), _) => Poll::Ready(Read::Item(item)),
            (None, Some(ending)) => Poll::Ready(Read::End(ending)),
            (None, None) => Poll::Pending,
        }
    }

    /// What it has ended with; once.
    pub(crate) fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError> {
        let mut this = self.project();
        let home = this.home.as_ref();
        enter(&mut this.slots, home.get_ref().engine().shared()).take_output()
    }
}

/// Runs the execution as far as it goes; `Ready` when it has ended and nothing of it is left.
impl<G: Graph, W: Work<G>> Future for Driver<G, W> {
    type Output = Result<G::Output, FlowError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let home = this.home.as_ref();
        let local = enter(&mut this.slots, home.get_ref().engine().shared());
        ready!(this.slots.run(home, &local, cx));
        Poll::Ready(match local.ending.get() {
            Some(Ending::Failed(error)) => Err(error.clone()),
            Some(Ending::Done) | None => local.take_output(),
        })
    }
}

impl<G: Graph, W: Work<G>> Slots<G, W> {
    fn run(
        mut self: Pin<&mut Self>,
        home: Pin<&Home<G>>,
        local: &Local<G>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        let shared = home.get_ref().engine().shared();
        if self.finished {
            return Poll::Ready(());
        }
        shared.wakes.rise();
        shared.look_for_reader(local);
        if !local.has_ended() {
            local.budget.set(BUDGET);
        }
        if let Some(alarms) = &mut self.as_mut().project().alarms
            && let Some(error) = alarms.before(local)
        {
            local.end(Ending::Failed(error));
            self.finish(shared, local);
            return Poll::Ready(());
        }
        loop {
            if shared.wakes.any() {
                shared.take_in();
                self.as_mut().poll_ready(home, local);
            }
            match self.next_step(shared, local, cx) {
                Step::Event => self.as_mut().poll_idle(home, local),
                Step::Again => {}
                Step::Sleep | Step::Yield if self.as_mut().rings(shared, local, cx) => {}
                Step::Sleep => return Poll::Pending,
                Step::Yield => {
                    shared.send_out(local);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Step::End => {
                    self.finish(shared, local);
                    return Poll::Ready(());
                }
            }
        }
    }

    fn next_step(&self, shared: &Shared<G>, local: &Local<G>, cx: &Context<'_>) -> Step {
        if local.has_ended() {
            return Step::End;
        }
        if local.budget.get() == 0 {
            return Step::Yield;
        }
        if !local.queue.is_empty() {
            return Step::Event;
        }
        if !self.is_busy() && !shared.is_held_outside() {
            // Whoever held it may have said something before.
            if shared.wakes.has_news() {
                return Step::Again;
            }
            if shared.give_up_questions(local) {
                return Step::Again;
            }
            local.end(Ending::Done);
            return Step::End;
        }
        shared.send_out(local);
        if local.has_items_here() {
            // Its reader will come again by itself.
            return Step::Sleep;
        }
        if !shared.wakes.sleep(cx.waker()) {
            return Step::Again;
        }
        if shared.look_for_reader(local) {
            shared.wakes.rise();
            return Step::Again;
        }
        Step::Sleep
    }

    /// Looks at the deadlines before it returns `Pending`; whether one has ended the execution.
    fn rings(self: Pin<&mut Self>, shared: &Shared<G>, local: &Local<G>, cx: &Context<'_>) -> bool {
        let deadlines = local.deadlines.take();
        if self.alarms.is_none() && deadlines.is_empty() {
            return false;
        }
        shared.look_outside(local);
        let running = self.suspended();
        let alarms = self
            .project()
            .alarms
            .get_or_insert_with(|| Box::new(Alarms::silent()));
        alarms.set_questions(deadlines, |number| shared.waits_for_answer(number));
        // Who waits for somebody outside is not idle.
        let waits = running.is_none() && shared.awaits_answers();
        loop {
            match alarms.after(local, running, waits, cx) {
                None => return false,
                Some(Rung::End(error)) => local.end(Ending::Failed(error)),
                Some(Rung::Question(number)) => shared.expire(local, number),
            }
            if local.has_ended() || !local.queue.is_empty() {
                return true;
            }
        }
    }

    /// A handler that is suspended, if there is one.
    fn suspended(&self) -> Option<usize> {
        let others = self.others.as_ref();
        let others = others.into_iter().flat_map(|others| &others.slots);
        let mut slots =
            std::iter::once(&self.first.suspended).chain(others.map(|other| &other.suspended));
        let suspended = slots.find(|suspended| suspended.busy)?;
        Some(suspended.handler as usize)
    }

    /// Whether a handler is suspended.
    fn is_busy(&self) -> bool {
        let others = self.others.as_ref();
        self.first.suspended.busy
            || others.is_some_and(|others| others.idle.len() < others.slots.len())
    }

    fn poll_ready(mut self: Pin<&mut Self>, home: Pin<&Home<G>>, local: &Local<G>) {
        let shared = home.get_ref().engine().shared();
        // An idle slot may be woken by what its last handler left behind: it has no use for it.
        if shared.wakes.take_first() && self.first.suspended.busy && !local.has_ended() {
            self.as_mut().poll_first(home, local);
        }
        if !shared.wakes.any_other() {
            return;
        }
        let Some(others) = self.project().others else {
            return;
        };
        let mut ready = std::mem::take(&mut others.ready);
        shared.wakes.take_others(&mut ready);
        for slot in ready.drain(..) {
            let busy = others.slots.get(slot).is_some_and(|other| {
                other.wake.unlist();
                other.suspended.busy
            });
            if busy && !local.has_ended() {
                others.poll(slot, shared, local);
            }
        }
        others.ready = ready;
    }

    /// Gives the next event to a slot that has nothing to do, or to a new one.
    fn poll_idle(self: Pin<&mut Self>, home: Pin<&Home<G>>, local: &Local<G>) {
        if !self.first.suspended.busy {
            return self.poll_first(home, local);
        }
        let this = self.project();
        let others = this.others.get_or_insert_default();
        let shared = home.get_ref().engine().shared();
        let slot = others.idle.pop().unwrap_or_else(|| {
            let slot = others.slots.len();
            others.slots.push(Other {
                work: Box::pin(begin(this.work, home)),
                wake: SlotWake::new(slot, Arc::clone(shared)),
                suspended: Suspended::default(),
            });
            slot
        });
        others.poll(slot, shared, local);
    }

    fn poll_first(self: Pin<&mut Self>, home: Pin<&Home<G>>, local: &Local<G>) {
        let this = self.project();
        let mut first = this.first.project();
        let shared = home.get_ref().engine().shared();
        if first.work.is_none() {
            first.work.set(Some(begin(this.work, home)));
            if let Some(watch) = shared.watch.get() {
                watch.tell_started();
            }
        }
        if let Some(work) = first.work.as_pin_mut() {
            poll_slot(work, &waker_ref(shared), first.suspended, shared, local);
        }
    }
}

impl<G: Graph, F> Default for Others<G, F> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            idle: Vec::new(),
            ready: Vec::new(),
        }
    }
}

impl<G: Graph, F: Future<Output = ()>> Others<G, F> {
    fn poll(&mut self, slot: usize, shared: &Shared<G>, local: &Local<G>) {
        if let Some(other) = self.slots.get_mut(slot) {
            let work = other.work.as_mut();
            let waker = waker_ref(&other.wake);
            poll_slot(work, &waker, &mut other.suspended, shared, local);
            if !other.suspended.busy {
                self.idle.push(slot);
            }
        }
    }
}

/// Polls the loop of a slot, until its handler is suspended or it finds nothing to do.
fn poll_slot<G: Graph>(
    work: Pin<&mut impl Future<Output = ()>>,
    waker: &Waker,
    suspended: &mut Suspended,
    shared: &Shared<G>,
    local: &Local<G>,
) {
    local.parked.set(false);
    local.running.set(suspended.handler as usize);
    local.run.set(suspended.run);
    local.spend();
    // The loop never returns. One that panicked is never polled again, for that is the end of the
    // execution; so nobody sees what its handler left half done, but for what that shared with
    // others, as with any thread.
    let span = &mut suspended.span;
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let _entered = local.span.turn(span);
        work.poll(&mut Context::from_waker(waker))
    }));
    if let Err(payload) = polled {
        suspended.span.fail(&panic_message(&*payload));
        shared.fail(|handler, event| FlowError::panicked(handler, event, &*payload));
    }
    // No flow has more of them.
    let handler = u32::try_from(local.running.get()).unwrap_or(u32::MAX);
    if suspended.handler != handler {
        suspended.handler = handler;
        // A stage of its clause is done, perhaps.
        local.buffer.borrow_mut().note_moved(1);
    }
    suspended.run = local.run.get();
    suspended.busy = !local.parked.get();
}

/// The loop of a slot of the driver that `home` belongs to.
fn begin<G: Graph, W: Work<G>>(work: &W, home: Pin<&Home<G>>) -> W::Loop {
    // SAFETY: the loop becomes a part of the slots of the driver that this `home` is a part of, and
    // never leaves them. They are dropped by `Slots::finish`, which the driver calls before its
    // fields are dropped, and come before `home` among them.
    work.begin(unsafe { home.lend() })
}

/// The turn of whoever has exclusive access to the slots.
fn enter<'a, G: Graph, W: Work<G>>(
    _slots: &mut Pin<&mut Slots<G, W>>,
    shared: &'a Shared<G>,
) -> Guard<'a, Local<G>> {
    // SAFETY: `shared.local` is entered here and nowhere else, with exclusive access to the slots of
    // this execution: both are fields of its `Driver`, which is made with a `Shared` of its own.
    // Each of the callers has that access, through `&mut Driver`, until after it has dropped the
    // guard, which is a local variable of it.
    unsafe { shared.local.enter() }
}

impl<G: Graph, W: Work<G>> Slots<G, W> {
    /// Drops the handlers, and says so. It has to be the driver's turn.
    fn finish(self: Pin<&mut Self>, shared: &Shared<G>, local: &Local<G>) {
        let alone = !shared.is_held_outside();
        let this = self.project();
        if std::mem::replace(this.finished, true) {
            return;
        }
        shared.close();
        *this.alarms = None;
        let mut first = this.first.project();
        let Suspended { span, .. } = first.suspended;
        let dropped = catch_unwind(AssertUnwindSafe(|| {
            let _entered = local.span.turn(span);
            first.work.set(None);
        }));
        // As in `drop_quietly`.
        drop(dropped);
        std::mem::take(span).close();
        if let Some(others) = this.others.take() {
            for mut other in others.slots {
                let _entered = local.span.turn(&mut other.suspended.span);
                drop_quietly(other.work);
            }
        }
        shared.finish(local, alone);
        if let Some(watch) = shared.watch.get() {
            watch.tell_ended(local.ending.get());
        }
    }
}

#[pinned_drop]
impl<G: Graph, W: Work<G>> PinnedDrop for Driver<G, W> {
    fn drop(self: Pin<&mut Self>) {
        if self.slots.finished && !self.shared().read_here {
            return;
        }
        let mut this = self.project();
        let shared = this.home.as_ref().get_ref().engine().shared();
        let local = enter(&mut this.slots, shared);
        if !this.slots.finished {
            local.end(Ending::Failed(FlowError::cancelled()));
            this.slots.as_mut().finish(shared, &local);
        }
        let items = std::mem::take(&mut local.buffer.borrow_mut().items);
        if !items.is_empty() {
            drop_each_quietly(items);
        }
    }
}
