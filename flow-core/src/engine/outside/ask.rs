//! Asking a question: it waits for its answer, and has a deadline and a reminder.

use std::any::TypeId;
use std::marker::PhantomData;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::outside::questions::{Asker, Routes, WaitingQuestion};
use crate::engine::outside::reply::{ReplyTo, Waits};
use crate::engine::outside::ticket::Ticket;
use crate::event::Event;
#[cfg(feature = "durable")]
use crate::macro_support::durable::outside::AskedBefore;
use crate::macro_support::graph::Graph;
use crate::macro_support::limits::Overrides;
use crate::macro_support::reminding::{KeptQuestion, Reminding};
use crate::question::{Answered, Asked, QuestionId};

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

    /// The questions before this number were asked before a crash.
    #[cfg(feature = "durable")]
    pub(crate) fn number_questions_from(&self, next: u64) {
        self.with_outside(|outside| outside.questions.begin_at(next));
        if let Some(tree) = &self.tree {
            tree.begin_at(next);
        }
    }
}
