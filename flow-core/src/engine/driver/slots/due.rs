//! What a driver has to do at a certain time: the deadlines of the execution and of its questions,
//! ticks, reminders, and the limit of the `finally`.

use std::any::TypeId;
use std::task::Context;

use crate::engine::core::Core;
use crate::engine::driver::deadlines::{Deadlines, Due};
use crate::engine::driver::given_up::GivenUpStages;
use crate::engine::driver::slots::others::Others;
use crate::engine::driver::slots::slot::Suspended;
use crate::engine::driver::slots::state::SlotState;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::inside::position::Position;
use crate::engine::inside::times::{NewDeadlines, has_ticks};
use crate::error::FlowError;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;

impl<G: Graph, F> SlotState<G, F> {
    /// Looks at the deadlines before the driver returns `Pending`. Returns whether one of them has
    /// ended the execution or queued an activation.
    #[inline]
    pub(super) fn has_due(&mut self, core: &Core<G>, inside: &Inside<G>, cx: &Context<'_>) -> bool {
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

    /// Runs the `finally`, when the stages that were given up have finished.
    #[cold]
    pub(super) fn begin_finally(&mut self, core: &Core<G>, inside: &Inside<G>) {
        inside.record_finally();
        *self.deadlines = finally_deadline(inside);
        core.begin_finally(inside);
    }
}

/// The limit of the `finally`.
pub(super) fn finally_deadline<G: Graph>(inside: &Inside<G>) -> Option<Box<Deadlines>> {
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
