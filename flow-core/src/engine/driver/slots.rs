//! The slots of a driver: copies of the generated loop, each with at most one suspended handler.
#![allow(unsafe_code, reason = "the loops borrow the engine; see `borrow`")]

use std::any::TypeId;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_util::task::waker_ref;
use pin_project::pin_project;
#[cfg(feature = "durable")]
use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::deadlines::{Deadlines, Due};
use crate::engine::driver::given_up::{GIVEN_UP, GivenUpStages};
#[cfg(feature = "durable")]
use crate::engine::driver::parked::Parked;
use crate::engine::driver::slot_waker::SlotWaker;
#[cfg(feature = "durable")]
use crate::engine::driver::ticks::RestoredTimes;
use crate::engine::ending::Ending;
use crate::engine::inside::poll_cell::stack_in_use;
use crate::engine::inside::position::{Position, Run};
use crate::engine::inside::{Inside, NewDeadlines, has_ticks, is_tick};
use crate::engine::observe::trace::StoredSpan;
use crate::error::{FlowError, panic_message};
use crate::macro_support::BUDGET;
use crate::macro_support::drop::{Rare, drop_catching, drop_each_catching, drop_payload};
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;

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

struct SlotState<G: Graph, F> {
    /// The first loop was made.
    begun: bool,
    /// The execution has ended, and its handlers were dropped.
    finished: bool,
    first: Suspended,
    others: Rare<Others<G, F>>,
    /// Present if the execution has to do anything at a certain time.
    deadlines: Rare<Deadlines>,
}

/// The state of a slot after a poll.
#[derive(Default)]
struct Suspended {
    /// A handler is suspended.
    busy: bool,
    /// The parts of its [`Position`], which fill the gap after the flag: a driver is moved.
    clause: u16,
    handler: u32,
    run: Run,
    span: StoredSpan,
}

impl Suspended {
    fn position(&self) -> Position {
        Position::from_parts(self.clause, self.handler)
    }
}

/// The slots besides the first.
struct Others<G: Graph, F> {
    slots: Vec<Other<G, F>>,
    /// The slots that have nothing to do.
    idle: Vec<usize>,
    /// How many of these have given their loops back.
    empty: usize,
    /// The slots to be polled; empty between polls, and kept for its allocation.
    ready: Vec<usize>,
    /// The executions of stages that were given up and have a `finally` to run.
    given_up: Option<Box<GivenUpStages<G>>>,
}

struct Other<G: Graph, F> {
    /// `None` after a burst, until the slot is needed again.
    work: Option<Pin<Box<F>>>,
    waker: Arc<SlotWaker<G>>,
    suspended: Suspended,
}

/// The driver's next action after it has polled the ready slots.
enum Action {
    /// Give the next event to an idle slot.
    Event,
    Again,
    Yield,
    Sleep,
    /// Run the `finally`.
    Finally,
    End,
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

    /// Polls the slots that were woken.
    fn poll_ready(mut self: Pin<&mut Self>, engine: Pin<&PinnedEngine<G>>, inside: &Inside<G>) {
        let core = engine.get_ref().engine().core();
        // A waker that the last handler left behind may wake an idle slot. Then there is no work.
        let first_is_busy = self.as_mut().project().state.first.busy;
        if core.wake_state.take_first() && first_is_busy && !inside.has_ended() {
            self.as_mut().poll_first(engine, inside);
        }
        if !core.wake_state.has_others() {
            return;
        }
        let state = self.project().state;
        if const { G::DESC.stages_finish } {
            state.others.get_or_insert_default();
        }
        let Some(others) = state.others.as_mut() else {
            // The slots were given back, and a waker that a handler of theirs left behind came
            // later. Without this, its work would never be done.
            core.wake_state.take_others(&mut Vec::new());
            return;
        };
        let mut ready = std::mem::take(&mut others.ready);
        core.wake_state.take_others(&mut ready);
        let mut polled = 0;
        for &slot in &ready {
            // The others follow in the next poll: a `put` would find no budget, and be polled
            // again.
            if inside.budget.get() == 0 && !inside.has_ended() {
                break;
            }
            polled += 1;
            if const { G::DESC.stages_finish } && slot == GIVEN_UP {
                others.poll_given_up(core, inside);
            }
            let busy = others.slots.get(slot).is_some_and(|other| {
                other.waker.unlist();
                other.suspended.busy
            });
            if busy && !inside.has_ended() {
                others.poll(slot, core, inside);
            }
        }
        ready.drain(..polled);
        if !ready.is_empty() {
            core.wake_state.put_back_others(&mut ready);
        }
        others.ready = ready;
    }

    /// Gives the next event to an idle slot, or to a new one.
    fn poll_idle(self: Pin<&mut Self>, engine: Pin<&PinnedEngine<G>>, inside: &Inside<G>) {
        let this = self.project();
        if !this.state.first.busy {
            return poll_first(this.first, this.work, this.state, engine, inside);
        }
        let others = this.state.others.get_or_insert_default();
        let core = engine.get_ref().engine().core();
        let slot = others.idle.pop().unwrap_or_else(|| {
            let slot = others.slots.len();
            others.slots.push(Other {
                work: Some(Box::pin(begin(this.work, engine))),
                waker: SlotWaker::new(slot, Arc::clone(core)),
                suspended: Suspended::default(),
            });
            slot
        });
        if others.empty > 0 {
            others.fill(slot, || Box::pin(begin(this.work, engine)));
        }
        others.poll(slot, core, inside);
    }

    fn poll_first(self: Pin<&mut Self>, engine: Pin<&PinnedEngine<G>>, inside: &Inside<G>) {
        let this = self.project();
        poll_first(this.first, this.work, this.state, engine, inside);
    }

    /// Drops the handlers and what waits for them. What is left to do is the `finally` of stages,
    /// and then that of the flow.
    #[cold]
    fn begin_finalizing(self: Pin<&mut Self>, engine: Pin<&PinnedEngine<G>>, inside: &Inside<G>) {
        let this = self.project();
        let (mut first, state) = (this.first, this.state);
        *state.deadlines = None;
        drop_handlers(first.as_mut(), state, inside);
        inside.none_beside();
        state.first = Suspended::default();
        if state.begun {
            first.set(Some(begin(this.work, engine)));
        }
        let core = engine.get_ref().engine().core();
        core.begin_finalizing(inside);
        if const { G::DESC.stages_finish } {
            state.others.get_or_insert_default().take_over(core);
            // They were not polled since the ending was decided.
            core.wake_state.set_other(GIVEN_UP);
        }
    }

    /// Ends an execution whose clause does not wait for it any more, as its drop does. Returns
    /// whether it still has a `finally` to run, or a stage has.
    #[cold]
    pub(super) fn give_up(
        mut self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
    ) -> bool {
        let state = self.as_mut().project().state;
        if state.finished || !state.begun || !inside.is_open() {
            return false;
        }
        if !inside.finalizing.get() {
            inside.end(Ending::Failed(FlowError::cancelled()));
            self.as_mut().begin_finalizing(engine, inside);
            // Its reader is gone.
            let items = std::mem::take(&mut inside.buffer.borrow_mut().items);
            drop_each_catching(items);
        }
        G::DESC.finally.is_some() || self.project().state.has_given_up()
    }

    /// Drops the handlers and everything that is left. The calling thread has entered `inside`.
    pub(super) fn finish(self: Pin<&mut Self>, core: &Arc<Core<G>>, inside: &Inside<G>) {
        let alone = !core.has_emitters();
        let this = self.project();
        let (first, state) = (this.first, this.state);
        if std::mem::replace(&mut state.finished, true) {
            return;
        }
        core.close();
        if state.deadlines.is_some() {
            *state.deadlines = None;
        }
        drop_handlers(first, state, inside);
        if const { G::DESC.stages_finish } {
            *state.others = None;
            drop_each_catching(core.take_given_up());
        }
        inside.end_without_finally();
        core.finish(inside, alone, Arc::strong_count(core) == 1);
        if let Some(watch) = core.watch.get() {
            watch.tell_ended(inside.ending.get().as_ref());
        }
    }
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a call saves and restores more than is left to do in most executions"
)]
fn drop_handlers<G: Graph, F>(
    mut first: Pin<&mut Option<F>>,
    state: &mut SlotState<G, F>,
    inside: &Inside<G>,
) {
    let span = &mut state.first.span;
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        let _entered = inside.span.enter(span);
        first.set(None);
    }));
    // Ignores a panic, like `drop_catching`.
    if let Err(payload) = dropped {
        drop_payload(payload);
    }
    std::mem::take(span).close();
    if let Some(mut others) = state.others.take() {
        for mut other in others.slots.drain(..) {
            let _entered = inside.span.enter(&mut other.suspended.span);
            drop_catching(other.work);
        }
        if others.given_up.is_some() {
            others.idle.clear();
            *state.others = Some(others);
        }
    }
}

#[cold]
fn too_deep() -> FlowError {
    let why = "executions are nested in one another so deeply that they use 1 MiB of the stack: \
               run the inner ones as tasks, with `spawn`";
    FlowError::runtime(why.into())
}

impl<G: Graph, F> SlotState<G, F> {
    fn next_action(&self, core: &Core<G>, inside: &Inside<G>, cx: &Context<'_>) -> Action {
        if inside.has_ended() {
            return Action::End;
        }
        if inside.budget.get() == 0 {
            return Action::Yield;
        }
        let is_ending = core.is_ending();
        if is_ending && core.give_up_questions(inside) {
            return Action::Again;
        }
        if inside.has_next() {
            return Action::Event;
        }
        if const { G::DESC.asks_in_place || G::DESC.splits }
            && self.is_busy()
            && self.waits_for_outside(core, inside)
            && !core.is_awaited(is_ending)
        {
            // What has the last `Asked` may have answered before it dropped it.
            if core.wake_state.has_news()
                || core.wake_state.has_work()
                || core.give_up_questions(inside)
            {
                return Action::Again;
            }
        }
        // Looked at once: an emitter that is dropped later may have sent something before.
        let rests = !self.is_busy() && !core.is_awaited(is_ending);
        if rests {
            // An emitter may have sent something before it was dropped.
            if core.wake_state.has_news() {
                return Action::Again;
            }
            if const { G::DESC.stages_finish } && core.wake_state.has_others() {
                // A stage may have been given up.
                return Action::Again;
            }
            if G::DESC.finally.is_some() && inside.finalizing.get() && !inside.in_finally.get() {
                return Action::Finally;
            }
        }
        // What is not durable yet may lead to more.
        if rests && !inside.awaits_commit() {
            if core.give_up_questions(inside) {
                return Action::Again;
            }
            // A clock keeps the execution open until its end is decided.
            if !has_ticks::<G>() || is_ending {
                if core.take_left_over(inside) || (is_ending && !core.close_if_quiet()) {
                    return Action::Again;
                }
                inside.run_out();
                return Action::End;
            }
        }
        core.flush_outbox(inside);
        if inside.has_items_here() {
            // The reader polls again by itself.
            return Action::Sleep;
        }
        if core.wake_state.has_work() || core.pass_on_places(inside) {
            return Action::Again;
        }
        if !core.wake_state.fall_asleep(cx.waker()) {
            return Action::Again;
        }
        if core.check_reader(inside) {
            core.wake_state.mark_awake();
            return Action::Again;
        }
        Action::Sleep
    }

    /// Looks at the deadlines before the driver returns `Pending`. Returns whether one of them has
    /// ended the execution or queued an activation.
    #[inline]
    fn has_due(&mut self, core: &Core<G>, inside: &Inside<G>, cx: &Context<'_>) -> bool {
        let news = inside.deadlines.take();
        let has_deadlines = self.deadlines.is_some() || news.is_some();
        has_deadlines && self.has_due_now(news, core, inside, cx)
    }

    fn has_due_now(
        &mut self,
        news: Option<Box<NewDeadlines>>,
        core: &Core<G>,
        inside: &Inside<G>,
        cx: &Context<'_>,
    ) -> bool {
        core.sync_unread(inside);
        // The `finally` of a stage has a limit of its own.
        let waits = self.waits_for_outside(core, inside) || self.has_given_up();
        let deadlines = self
            .deadlines
            .get_or_insert_with(|| Box::new(Deadlines::none()));
        let news = news.map(|news| *news).unwrap_or_default();
        deadlines.expect(news.questions.len() + news.reminders.len());
        if !news.questions.is_empty() {
            deadlines.add_questions(news.questions, |number| core.waits_for_answer(number));
        }
        if !news.reminders.is_empty() {
            deadlines.add_reminders(news.reminders, |number| core.waits_for_answer(number));
        }
        if has_ticks::<G>() {
            deadlines.go_on_ticking(&news.ticked, core.is_ending());
        }
        let (first, others) = (&self.first, self.others.as_deref());
        let running = || running(first, others, core, inside);
        loop {
            // An execution that waits for an answer is not idle. One that waits for an event is.
            match deadlines.after_poll(inside, running, waits, cx) {
                None => return false,
                Some(Due::End(error)) => inside.end(Ending::Failed(error)),
                Some(Due::NotDrained(within)) => {
                    let running = suspended(&self.first, self.others.as_deref());
                    let running = running.map(|position| position.at(G::DESC));
                    let given_up = self
                        .others
                        .as_deref()
                        .and_then(|others| others.given_up.as_deref());
                    let running =
                        running.chain(given_up.into_iter().flat_map(GivenUpStages::places));
                    let error =
                        FlowError::not_drained(within, running.collect(), inside.finalizing.get());
                    inside.end(Ending::Failed(error));
                }
                Some(Due::Question(number)) => core.expire(inside, number),
                Some(Due::Tick(every, count)) => {
                    #[cfg(feature = "durable")]
                    inside.record_tick(every, deadlines.next_tick(every));
                    core.tick(inside, every, count);
                }
                Some(Due::Reminder(reminding)) => core.remind(inside, reminding),
            }
            let goes_on = !inside.queue.is_empty()
                || inside.has_rest()
                || const { G::DESC.asks_in_place } && core.wake_state.has_work();
            if inside.has_ended() || goes_on {
                return true;
            }
        }
    }

    /// Gives the slots besides the first back while nothing runs, and more if the execution waits
    /// for an answer. While few handlers run, the loops of the others are given back.
    #[inline]
    fn give_back_room(&mut self, core: &Core<G>, inside: &Inside<G>) {
        if !self.is_busy() {
            self.give_back_all_room(core, inside);
        } else if let Some(others) = self.others.as_mut() {
            others.give_back_loops();
        }
    }

    fn give_back_all_room(&mut self, core: &Core<G>, inside: &Inside<G>) {
        // A waker that one of their handlers left behind may wake a later slot of the same number.
        *self.others = None;
        if const { G::DESC.asks() } && core.has_questions() {
            core.give_back_room(inside);
        }
    }

    /// Whether the execution waits for answers, and for nothing else: no handler is suspended,
    /// except in slots whose stages wait for the outside.
    fn waits_for_outside(&self, core: &Core<G>, inside: &Inside<G>) -> bool {
        if self.has_given_up() {
            return false;
        }
        let others = self.others.as_ref();
        let others = others.map_or(0, |others| others.slots.len() - others.idle.len());
        match others + usize::from(self.first.busy) {
            0 => core.has_questions(),
            busy => G::DESC.stages_wait() && core.waiting_slots(inside) == busy,
        }
    }

    /// Whether a handler is suspended, or a stage that was given up finishes.
    fn is_busy(&self) -> bool {
        let others = self.others.as_ref();
        self.first.busy
            || others.is_some_and(|others| others.idle.len() < others.slots.len())
            || self.has_given_up()
    }

    /// Whether the execution of a stage that was given up finishes.
    #[inline]
    fn has_given_up(&self) -> bool {
        let may_have = const { G::DESC.stages_finish };
        may_have
            && self.others.as_ref().is_some_and(|others| {
                let given_up = others.given_up.as_ref();
                given_up.is_some_and(|given_up| !given_up.is_empty())
            })
    }

    /// Runs the `finally`, when the stages that were given up have finished.
    #[cold]
    fn begin_finally(&mut self, core: &Core<G>, inside: &Inside<G>) {
        inside.record_finally();
        *self.deadlines = finally_deadline(inside);
        core.begin_finally(inside);
    }
}

/// The limit of the `finally`.
fn finally_deadline<G: Graph>(inside: &Inside<G>) -> Option<Box<Deadlines>> {
    let given = inside.shared::<Overrides>();
    let given = given.and_then(|given| given.finally(TypeId::of::<G>()));
    let within = given.or(G::DESC.finally);
    within.map(|within| Box::new(Deadlines::of_finally(within)))
}

/// The positions of the suspended handlers.
fn suspended<'a, G: Graph, F>(
    first: &'a Suspended,
    others: Option<&'a Others<G, F>>,
) -> impl Iterator<Item = Position> + use<'a, G, F> {
    let others = others.into_iter().flat_map(|others| &others.slots);
    let slots = std::iter::once(first).chain(others.map(|other| &other.suspended));
    slots.filter(|slot| slot.busy).map(Suspended::position)
}

/// The position of a suspended handler, if there is one, that is no stage that waits for the
/// outside.
fn running<G: Graph, F>(
    first: &Suspended,
    others: Option<&Others<G, F>>,
    core: &Core<G>,
    inside: &Inside<G>,
) -> Option<Position> {
    let others = others.into_iter().flat_map(|others| &others.slots);
    let slots = std::iter::once(first).chain(others.map(|other| &other.suspended));
    let mut running = (0..)
        .zip(slots)
        .filter(|(slot, suspended)| suspended.busy && !core.stage_waits_in(inside, *slot));
    running.next().map(|(_, suspended)| suspended.position())
}

impl<G: Graph, F> Default for Others<G, F> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            idle: Vec::new(),
            empty: 0,
            ready: Vec::new(),
            given_up: None,
        }
    }
}

/// So many loops may be idle beside each handler that runs, and so many more in any case.
const SPARE: (usize, usize) = (4, 32);

impl<G: Graph, F> Others<G, F> {
    /// Gives the loops of idle slots back, if a burst has left many. They are as large as the
    /// largest handler; what is left of a slot is a few words.
    #[inline]
    fn give_back_loops(&mut self) {
        let busy = self.slots.len() - self.idle.len();
        if self.idle.len() - self.empty > busy * SPARE.0 + SPARE.1 {
            self.give_back_loops_now();
        }
    }

    #[cold]
    fn give_back_loops_now(&mut self) {
        for &slot in &self.idle {
            if let Some(other) = self.slots.get_mut(slot) {
                other.work = None;
            }
        }
        while self.slots.pop_if(|last| last.work.is_none()).is_some() {}
        let left = self.slots.len();
        self.idle.retain(|slot| *slot < left);
        self.empty = self.idle.len();
        self.slots.shrink_to_fit();
        self.idle.shrink_to_fit();
        self.ready.shrink_to_fit();
    }

    /// Makes the loop of a slot that has given its own back.
    #[cold]
    fn fill(&mut self, slot: usize, work: impl FnOnce() -> Pin<Box<F>>) {
        if let Some(other) = self.slots.get_mut(slot)
            && other.work.is_none()
        {
            other.work = Some(work());
            self.empty -= 1;
        }
    }

    /// Takes over the stages that were given up since the last call.
    #[cold]
    fn take_over(&mut self, core: &Arc<Core<G>>) {
        let given_up = core.take_given_up();
        if !given_up.is_empty() {
            let all = self
                .given_up
                .get_or_insert_with(|| Box::new(GivenUpStages::new(core)));
            all.add(given_up);
        }
    }

    #[cold]
    fn poll_given_up(&mut self, core: &Arc<Core<G>>, inside: &Inside<G>) {
        self.take_over(core);
        if let Some(given_up) = &mut self.given_up
            && !inside.has_ended()
        {
            given_up.poll(inside);
        }
    }
}

impl<G: Graph, F: Future<Output = ()>> Others<G, F> {
    fn poll(&mut self, slot: usize, core: &Core<G>, inside: &Inside<G>) {
        if let Some(other) = self.slots.get_mut(slot) {
            note_slot(inside, slot + 1);
            let waker = waker_ref(&other.waker);
            if let Some(work) = &mut other.work {
                poll_slot(work.as_mut(), &waker, &mut other.suspended, core, inside);
            }
            if !other.suspended.busy {
                self.idle.push(slot);
            }
        }
    }
}

fn poll_first<G: Graph, W: Work<G>>(
    mut first: Pin<&mut Option<W::Loop>>,
    work: &W,
    state: &mut SlotState<G, W::Loop>,
    engine: Pin<&PinnedEngine<G>>,
    inside: &Inside<G>,
) {
    let core = engine.get_ref().engine().core();
    if !state.begun {
        state.begun = true;
        first.set(Some(begin(work, engine)));
        if let Some(watch) = core.watch.get() {
            watch.tell_started();
        }
    }
    if let Some(work) = first.as_pin_mut() {
        note_slot(inside, 0);
        poll_slot(work, &waker_ref(core), &mut state.first, core, inside);
    }
}

/// Notes which slot is polled, for the executions of stages that wait.
#[inline]
#[allow(
    clippy::cast_possible_truncation,
    reason = "no execution has so many handlers at a time"
)]
fn note_slot<G: Graph>(inside: &Inside<G>, slot: usize) {
    if const { G::DESC.stages_wait() || G::DESC.durable } {
        inside.set_slot(slot as u32);
    }
}

/// Polls the loop of a slot until its handler is suspended or it finds nothing to do.
fn poll_slot<G: Graph>(
    work: Pin<&mut impl Future<Output = ()>>,
    waker: &Waker,
    suspended: &mut Suspended,
    core: &Core<G>,
    inside: &Inside<G>,
) {
    inside.idle.set(false);
    inside.position.set(suspended.position());
    inside.run.set(suspended.run);
    inside.spend();
    // The loop never returns. A loop that panicked is never polled again, because the panic ends
    // the execution. So a broken invariant of its handler is visible only through values that the
    // handler shares, as with a thread.
    let span = &mut suspended.span;
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let _entered = inside.span.enter(span);
        work.poll(&mut Context::from_waker(waker))
    }));
    if let Err(payload) = polled {
        suspended.span.fail(&panic_message(&*payload));
        core.fail(|at| {
            let error = FlowError::panicked(at, &*payload);
            // A rescue may have panicked before, and this is the `finally`.
            match inside.panicked_rescue().filter(|_| at.rescue) {
                Some(taken) => error.in_rescue_of(taken),
                None => error,
            }
        });
        drop_payload(payload);
    }
    let position = inside.position.get();
    if suspended.position() != position {
        let (before, was_busy) = (suspended.clause, suspended.busy);
        (suspended.clause, suspended.handler) = position.parts();
        // The clause may have reached another stage, or its end. A tick is no activity.
        let is_activity = |clause: u16| !is_tick::<G>(usize::from(clause));
        if is_activity(suspended.clause) || (was_busy && is_activity(before)) {
            inside.buffer.borrow_mut().note_activity(1);
        }
    }
    suspended.run = inside.run.get();
    suspended.busy = !inside.idle.get();
}

/// Makes a loop for a slot of the driver that `engine` belongs to.
fn begin<G: Graph, W: Work<G>>(work: &W, engine: Pin<&PinnedEngine<G>>) -> W::Loop {
    // SAFETY: the loop becomes part of the slots of the driver that this engine is part of, and
    // never leaves them. `Slots::finish` drops it, which the driver calls before its fields are
    // dropped, and `slots` comes before `engine` among those.
    work.begin(unsafe { engine.extend_lifetime() })
}
