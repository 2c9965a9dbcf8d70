//! Questions: asking, answering, and giving up.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, VecDeque};
use std::marker::PhantomData;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
use crate::engine::outside::questions::{Asker, Asking, Hold, Refused, Routes, WaitingQuestion};
use crate::engine::outside::reply::{ReplyTo, Waits};
use crate::engine::outside::tree::Found;
use crate::error::FlowError;
use crate::event::Event;
use crate::handler::router::{NoReply, PolledSlot};
use crate::macro_support::drop::drop_each_catching;
#[cfg(feature = "durable")]
use crate::macro_support::durable::outside::AskedBefore;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;
use crate::macro_support::reminding::{KeptQuestion, Reminding};
use crate::question::{AnswerError, Answered, Answers, Asked, Closing, QuestionId};

/// The right to answer a question. While the question waits, it counts as an emitter, and so keeps
/// the execution open.
struct Ticket<G: Graph> {
    core: Arc<Core<G>>,
    closing: Closing,
}

impl<G: Graph> Ticket<G> {
    fn new(core: &Arc<Core<G>>) -> Self {
        core.hold_open();
        Self {
            core: Arc::clone(core),
            closing: Closing::default(),
        }
    }
}

impl<G: Graph> Hold for Ticket<G> {
    fn release(&self) {
        if self.closing.close() {
            self.core.release_hold();
        }
    }
}

impl<G: Graph> Drop for Ticket<G> {
    fn drop(&mut self) {
        self.release();
    }
}

impl<G: Graph, Q: Event> Answers<Q> for Ticket<G> {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError<Q::Answer>> {
        let mut answer = Some(answer);
        let taken = self
            .core
            .answer_own(id.number(), TypeId::of::<Q>(), &mut answer);
        given_back(taken, answer)
    }

    fn closing(&self) -> &Closing {
        &self.closing
    }
}

/// The error of an answer that was not taken out of its `Option`.
fn given_back<A>(taken: Result<(), Refused>, answer: Option<A>) -> Result<(), AnswerError<A>> {
    match (taken, answer) {
        (Err(Refused::NotAsked), Some(answer)) => Err(AnswerError::NotAsked(answer)),
        (Err(Refused::Ended), Some(answer)) => Err(AnswerError::Ended(answer)),
        (Ok(()), _) | (Err(_), None) => Ok(()),
    }
}

impl<G: Graph> Asking for Core<G> {
    fn answer_any(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused> {
        self.answer_own(number, question, answer)
    }

    fn look_again(&self) {
        self.wake_state.notify();
    }
}

/// The [`Routes`] of the question `Q` in the flow `G`.
struct RoutesOf<G, Q>(PhantomData<(G, Q)>);

impl<G: Graph, Q: Event> RoutesOf<G, Q> {
    const ROUTES: Routes<G::Activation> = Routes {
        of: TypeId::of::<Q>,
        name: Q::DESC.name,
        answered: |question, answer| {
            let question = *question.downcast::<Q>().ok()?;
            let answer = answer.downcast_mut::<Option<Q::Answer>>()?.take()?;
            G::answered(Answered::new(question, answer))
        },
        otherwise: |question, _| G::unanswered(*question.downcast::<Q>().ok()?),
        kept: |_| None,
        pause: None,
    };

    /// Those of a question with a reminder.
    const REMINDED: Routes<G::Activation> = Routes {
        answered: |question, answer| {
            let question = question.downcast::<WithReminder<Q>>().ok()?.question;
            let answer = answer.downcast_mut::<Option<Q::Answer>>()?.take()?;
            G::answered(Answered::new(question, answer))
        },
        otherwise: |question, _| {
            let question = question.downcast::<WithReminder<Q>>().ok()?.question;
            G::unanswered(question)
        },
        kept: |question| {
            let question = question.downcast_ref::<WithReminder<Q>>()?;
            let kept = Arc::<KeptQuestion<Q>>::clone(&question.kept);
            Some(kept)
        },
        ..Self::ROUTES
    };
}

/// A question of a clause that has a reminder.
struct WithReminder<Q> {
    question: Q,
    kept: Arc<KeptQuestion<Q>>,
}

impl<G: Graph> Core<G> {
    /// Registers the question of a clause.
    pub(crate) fn ask<Q: Event>(
        self: &Arc<Self>,
        (question, kept): (Q, Q),
        within: Option<Duration>,
    ) -> Asked<Q> {
        let asker = Asker::Clause {
            question: Box::new(kept),
            routes: &RoutesOf::<G, Q>::ROUTES,
        };
        self.register(question, within, None, asker)
    }

    /// Registers the question of a clause, of which its reminder keeps another.
    pub(crate) fn ask_reminding<Q: Event>(
        self: &Arc<Self>,
        (question, another, kept): (Q, Q, Q),
        within: Option<Duration>,
        reminder: usize,
    ) -> Asked<Q> {
        let another = WithReminder {
            question: another,
            kept: KeptQuestion::new(kept),
        };
        let asker = Asker::Clause {
            question: Box::new(another),
            routes: &RoutesOf::<G, Q>::REMINDED,
        };
        self.register(question, within, Some(reminder), asker)
    }

    /// Registers the question of a stage, which waits for the reply.
    pub(crate) fn ask_in_place<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
    ) -> (Asked<Q>, Waits<'_, G, Q>) {
        let (reminder, kept) = reminder.unzip();
        let reply = Arc::new(ReplyTo::new(kept));
        let stage = Asker::Stage(Arc::<ReplyTo<Q>>::clone(&reply));
        let asked = self.register(question, within, reminder, stage);
        let waits = Waits::new(self, asked.id.number(), reply);
        (asked, waits)
    }

    /// The same in a durable flow, where the question is recorded for the stage with this key. One
    /// that was asked before a crash has its number, its time and its deadline.
    #[cfg(feature = "durable")]
    #[allow(clippy::type_complexity, reason = "the parts of a question that waits")]
    pub(crate) fn ask_in_place_as<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        key: Option<String>,
        before: Option<(u64, Option<Duration>, Option<Instant>)>,
    ) -> (Asked<Q>, Waits<'_, G, Q>) {
        let reply = Arc::new(ReplyTo::new(None));
        let stage = Asker::Stage(Arc::<ReplyTo<Q>>::clone(&reply));
        let asked = match before {
            None => self.register_for(question, within, None, stage, key),
            Some((number, within, due)) => {
                let ticket = self.wait_again(number, within, due, stage);
                Asked::new(QuestionId::new(number), question, within, ticket)
            }
        };
        let waits = Waits::new(self, asked.id.number(), reply);
        (asked, waits)
    }

    /// The question of a clause that was asked before a crash waits again.
    #[cfg(feature = "durable")]
    pub(crate) fn ask_again<Q: Event>(self: &Arc<Self>, question: Q, before: AskedBefore) {
        let asker = Asker::Clause {
            question: Box::new(question),
            routes: &RoutesOf::<G, Q>::ROUTES,
        };
        self.wait_again(before.number, before.within, before.due, asker);
    }

    #[cfg(feature = "durable")]
    fn wait_again(
        self: &Arc<Self>,
        number: u64,
        within: Option<Duration>,
        due: Option<Instant>,
        asker: Asker<G::Activation>,
    ) -> Arc<Ticket<G>> {
        let ticket = Arc::new(Ticket::new(self));
        let hold: Weak<Ticket<G>> = Arc::downgrade(&ticket);
        let waiting = WaitingQuestion {
            asker,
            within,
            ticket: hold,
        };
        if let Some(tree) = &self.tree {
            let this: Weak<Self> = Arc::downgrade(self);
            tree.ask_again(number, this);
        }
        self.with_outside(|outside| outside.questions.add(Some(number), waiting));
        if let Some(due) = due {
            self.inside
                .with(|inside| inside.note_times(|times| times.questions.push((due, number))));
        }
        ticket
    }

    /// Registers the question; the driver sets a deadline for it, and a clock for its reminder.
    pub(super) fn register<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        reminder: Option<usize>,
        asker: Asker<G::Activation>,
    ) -> Asked<Q> {
        self.register_for(question, within, reminder, asker, None)
    }

    /// The same, for the stage with this key in a durable flow.
    fn register_for<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        reminder: Option<usize>,
        asker: Asker<G::Activation>,
        key: Option<String>,
    ) -> Asked<Q> {
        let given = self.inside.with(Inside::shared::<Overrides>).flatten();
        let within_given = given.as_ref();
        let within_given = within_given.and_then(|given| given.question(TypeId::of::<Q>()));
        let within = within_given.or(within);
        let ticket = Arc::new(Ticket::new(self));
        let hold: Weak<Ticket<G>> = Arc::downgrade(&ticket);
        let waiting = WaitingQuestion {
            asker,
            within,
            ticket: hold,
        };
        let number = self.tree.as_ref().map(|tree| {
            let this: Weak<Self> = Arc::downgrade(self);
            tree.ask(this)
        });
        let number = self.with_outside(|outside| outside.questions.add(number, waiting));
        let due = within.and_then(|within| Instant::now().checked_add(within));
        self.inside
            .with(|inside| inside.record_question(number, &question, within, due, key));
        if let Some(due) = due {
            self.inside
                .with(|inside| inside.note_times(|times| times.questions.push((due, number))));
        }
        if let Some(reminder) = reminder {
            self.set_reminder(number, reminder, given.as_deref());
        }
        Asked::new(QuestionId::new(number), question, within, ticket)
    }

    #[cold]
    fn set_reminder(&self, number: u64, reminder: usize, given: Option<&Overrides>) {
        let Some(of) = G::REMINDERS.get(reminder) else {
            return;
        };
        let given = given.and_then(|given| given.handler((of.handler)()).every);
        let reminding = Reminding::new(number, reminder, given.unwrap_or(of.period));
        self.inside
            .with(|inside| inside.note_times(|times| times.reminders.push(reminding)));
    }

    /// Answers a question of this execution, or of one within it.
    pub(crate) fn answer<Q: Event>(
        &self,
        number: u64,
        answer: Q::Answer,
    ) -> Result<(), AnswerError<Q::Answer>> {
        let (question, mut answer) = (TypeId::of::<Q>(), Some(answer));
        let found = match &self.tree {
            Some(tree) if !self.is_ending() => tree.find(number),
            _ => Found::Here,
        };
        let taken = match found {
            Found::Here => self.answer_own(number, question, &mut answer),
            Found::Open(execution) => execution.answer_any(number, question, &mut answer),
            Found::Ended => Err(Refused::Ended),
            Found::NotAsked => Err(Refused::NotAsked),
        };
        given_back(taken, answer)
    }

    /// Answers a question of this execution, or of one within it, that waits.
    #[cfg(feature = "durable")]
    pub(crate) fn answer_any_of(&self, number: u64, question: TypeId, answer: &mut dyn Any) {
        let found = self
            .tree
            .as_ref()
            .map_or(Found::Here, |tree| tree.find(number));
        // The caller knows that it waits.
        let _taken = match found {
            Found::Open(execution) => execution.answer_any(number, question, answer),
            Found::Here | Found::Ended | Found::NotAsked => {
                self.answer_own(number, question, answer)
            }
        };
    }

    /// The questions before this number were asked before a crash.
    #[cfg(feature = "durable")]
    pub(crate) fn number_questions_from(&self, next: u64) {
        self.with_outside(|outside| outside.questions.begin_at(next));
        if let Some(tree) = &self.tree {
            tree.begin_at(next);
        }
    }

    /// Queues the clause that takes the answer, or wakes the stage, if the question is of this type
    /// and waits for one.
    ///
    /// The lock is held from the check to the queue, and the execution is closed under it. So an
    /// answer is either refused, or queued before the end.
    fn answer_own(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused> {
        if self.inside.with(Inside::has_ended) == Some(true) {
            return Err(Refused::Ended);
        }
        // What a reminder keeps is dropped without the lock.
        let (ticket, waker, _kept) = {
            let mut outside = self.lock_outside();
            if self.is_ending() {
                return Err(Refused::Ended);
            }
            let outside = outside.as_mut().ok_or(Refused::NotAsked)?;
            if outside.ending.is_some() {
                return Err(Refused::Ended);
            }
            let waiting = outside.questions.remove_of(number, question);
            let waiting = waiting.ok_or(Refused::NotAsked)?;
            let kept = waiting.asker.kept();
            // Moves the question and the answer, and runs no code of theirs.
            let waker = match waiting.asker {
                Asker::Clause { question, routes } => {
                    let activation = (routes.answered)(question, answer);
                    if activation.is_some() && routes.pause.is_none() {
                        // An answer is never refused for room: the question waits in a place of
                        // its own.
                        self.note_outside(Origin::Elsewhere);
                    }
                    outside.events.extend(activation);
                    None
                }
                Asker::Stage(reply) => reply.answer(answer),
            };
            (waiting.ticket, waker, kept)
        };
        self.wake_state.notify();
        if let Some(waker) = waker {
            waker.wake();
        }
        if let Some(ticket) = ticket.upgrade() {
            ticket.release();
        }
        self.close_number(number);
        Ok(())
    }

    /// The number leads nowhere any more.
    pub(super) fn close_number(&self, number: u64) {
        if let Some(tree) = &self.tree {
            tree.close(number);
        }
    }

    /// The time of a question is over, unless it was answered.
    pub(crate) fn expire(&self, inside: &Inside<G>, number: u64) {
        let waiting = self.with_outside(|outside| outside.questions.remove(number));
        if let Some(waiting) = waiting {
            self.unanswered(inside, number, waiting);
        }
    }

    /// Gives up all questions because nothing can answer them any more. Returns whether there
    /// were any.
    #[inline]
    pub(crate) fn give_up_questions(&self, inside: &Inside<G>) -> bool {
        let asks = const { G::DESC.asks() };
        asks && self.has_outside() && self.give_up_all_questions(inside)
    }

    #[cold]
    fn give_up_all_questions(&self, inside: &Inside<G>) -> bool {
        let waiting = self.with_outside(|outside| outside.questions.take_waiting());
        let mut any = false;
        for (number, waiting) in waiting {
            any = true;
            let waiting = WaitingQuestion {
                within: None,
                ..waiting
            };
            self.unanswered(inside, number, waiting);
        }
        if any && self.is_ending() {
            self.note_given_up();
        }
        any
    }

    /// Whether a handle of an outer execution can answer a question of this one, by its number.
    #[inline]
    pub(crate) fn is_answerable_by_number(&self) -> bool {
        let asks = const { G::DESC.asks() };
        let tree = self.tree.as_ref().filter(|_| asks);
        tree.is_some_and(|tree| self.has_questions() && tree.has_answerers())
    }

    /// Whether the question waits.
    pub(crate) fn waits_for_answer(&self, number: u64) -> bool {
        self.with_outside(|outside| outside.questions.contains(number))
    }

    /// Whether any question waits.
    pub(crate) fn has_questions(&self) -> bool {
        self.has_outside() && self.with_outside(|outside| !outside.questions.is_empty())
    }

    /// In how many slots of this execution stages wait for the outside, and no handler runs beside
    /// them.
    pub(crate) fn waiting_slots(&self, inside: &Inside<G>) -> usize {
        let waits = |slot, stages| inside.running_beside(slot) <= stages;
        let tree = self.tree.as_ref();
        tree.map_or(0, |tree| tree.waiting_slots(self.address(), waits))
    }

    /// Whether a stage in the slot waits for the outside, and no handler runs beside it.
    pub(crate) fn stage_waits_in(&self, inside: &Inside<G>, slot: u32) -> bool {
        let execution = self.address();
        let Some(tree) = &self.tree else { return false };
        let stages = tree.waiting_in(PolledSlot { execution, slot });
        stages > 0 && inside.running_beside(slot) <= stages
    }

    fn unanswered(&self, inside: &Inside<G>, number: u64, waiting: WaitingQuestion<G>) {
        waiting.release();
        match &self.tree {
            // It was not answered, and its execution takes no answers any more.
            Some(tree) if self.is_ending() => tree.end(number),
            _ => self.close_number(number),
        }
        // What is decided later changes nothing, in whatever order those that wait go on.
        let why = if waiting.within.is_none() && self.is_ending() {
            NoReply::Ending
        } else {
            NoReply::Unanswered(waiting.within)
        };
        inside.record_unanswered(number, why);
        let (routes, otherwise) = match waiting.asker {
            Asker::Stage(reply) => {
                if let Some(waker) = reply.give_up(why) {
                    waker.wake();
                }
                return;
            }
            Asker::Clause { question, routes } => (routes, (routes.otherwise)(question, why)),
        };
        match otherwise {
            Some(rest) if routes.pause.is_some() => {
                // Answers from outside came first.
                self.drain_outside();
                inside.add_rest(rest);
            }
            Some(activation) => self.push_uncaused(activation),
            // Nobody can answer, and the execution does not need the answer to end.
            None if self.is_ending() => {}
            None => inside.end(Ending::Failed(FlowError::unanswered(
                routes.name,
                waiting.within,
            ))),
        }
    }

    /// Gives up the questions of an execution that has ended.
    pub(crate) fn drop_questions(&self, questions: BTreeMap<u64, WaitingQuestion<G>>) {
        let waiting = questions.into_iter().map(|(number, waiting)| {
            if let Some(tree) = &self.tree {
                tree.end(number);
            }
            self.inside.with(|inside| inside.record_gone(number));
            waiting.release();
            waiting
        });
        drop_each_catching(waiting);
    }

    /// Gives back what an execution needs again only after an answer. Most wait for days.
    #[cold]
    pub(crate) fn give_back_room(&self, inside: &Inside<G>) {
        inside.give_back_room();
        self.with_outside(|outside| {
            if outside.events.is_empty() {
                outside.events = VecDeque::new();
            }
            outside.give_back_outbox();
        });
    }
}
