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

impl<Q: Event> WithReminder<Q> {
    fn of<G: Graph>(question: Q, kept: Q) -> Asker<G::Activation> {
        Asker::Clause {
            question: Box::new(Self {
                question,
                kept: KeptQuestion::new(kept),
            }),
            routes: &RoutesOf::<G, Q>::REMINDED,
        }
    }
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
        let asker = WithReminder::of::<G>(another, kept);
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
    pub(crate) fn ask_in_place_as<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
        key: Option<String>,
        before: Option<AskedBefore>,
    ) -> (Asked<Q>, Waits<'_, G, Q>) {
        let (reminder, kept) = reminder.unzip();
        let reply = Arc::new(ReplyTo::new(kept));
        let stage = Asker::Stage(Arc::<ReplyTo<Q>>::clone(&reply));
        let asked = match before {
            None => self.register_for(question, within, reminder, stage, key),
            Some(before) => {
                let ticket = self.wait_again(before, reminder, stage);
                Asked::new(
                    QuestionId::new(before.number),
                    question,
                    before.within,
                    ticket,
                )
            }
        };
        let waits = Waits::new(self, asked.id.number(), reply);
        (asked, waits)
    }

    /// The question of a clause that was asked before a crash waits again.
    #[cfg(feature = "durable")]
    pub(crate) fn ask_again<Q: Event>(
        self: &Arc<Self>,
        question: Q,
        reminder: Option<(usize, Q)>,
        before: AskedBefore,
    ) {
        let (reminder, kept) = reminder.unzip();
        let asker = match kept {
            None => Asker::Clause {
                question: Box::new(question),
                routes: &RoutesOf::<G, Q>::ROUTES,
            },
            Some(kept) => WithReminder::of::<G>(question, kept),
        };
        self.wait_again(before, reminder, asker);
    }

    #[cfg(feature = "durable")]
    fn wait_again(
        self: &Arc<Self>,
        before: AskedBefore,
        reminder: Option<usize>,
        asker: Asker<G::Activation>,
    ) -> Arc<Ticket<G>> {
        let AskedBefore {
            number,
            within,
            due,
            reminds,
            is_reminding,
        } = before;
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
        let reminder = reminder.filter(|_| !is_reminding);
        if let Some(mut reminding) = reminder.and_then(|of| self.reminding(number, of)) {
            if reminds.is_some() {
                reminding.clock.next = reminds;
            } else {
                // The program before had no reminder.
                let next = reminding.clock.next;
                self.inside
                    .with(|inside| inside.record_reminder(number, next));
            }
            self.set_reminder(reminding);
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
        let reminding = reminder.and_then(|reminder| self.reminding(number, reminder));
        let reminds = reminding.as_ref().and_then(|of| of.clock.next);
        self.inside.with(|inside| {
            inside.record_question(number, &question, within, (due, reminds), key);
        });
        if let Some(due) = due {
            self.inside
                .with(|inside| inside.note_times(|times| times.questions.push((due, number))));
        }
        if let Some(reminding) = reminding {
            self.set_reminder(reminding);
        }
        Asked::new(QuestionId::new(number), question, within, ticket)
    }

    /// The clock of the question with this number, from now on.
    #[cold]
    fn reminding(&self, number: u64, reminder: usize) -> Option<Reminding> {
        let of = G::REMINDERS.get(reminder)?;
        let given = self.inside.with(Inside::shared::<Overrides>).flatten();
        let given = given.and_then(|given| given.handler((of.handler)()).every);
        Some(Reminding::new(number, reminder, given.unwrap_or(of.period)))
    }

    #[cold]
    fn set_reminder(&self, reminding: Reminding) {
        self.inside
            .with(|inside| inside.note_times(|times| times.reminders.push(reminding)));
    }

    /// A run of the reminder is over, which ticks again.
    #[cold]
    pub(crate) fn reminded(&self, mut reminding: Reminding) {
        let goes_on = self
            .inside
            .with(|inside| inside.goes_on_reminding(self, &mut reminding));
        if goes_on == Some(true) {
            self.set_reminder(reminding);
        }
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
