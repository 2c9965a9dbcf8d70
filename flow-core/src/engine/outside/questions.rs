//! The questions of an execution that wait for their answers. No future is held for those of
//! clauses, and of stages where their clauses are split; any other stage waits for its [`Reply`].

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::task::Waker;
use std::time::Duration;

use crate::handler::router::NoReply;
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::Kept;
use crate::macro_support::split::Pause;

/// Waiting questions by their numbers, which are given in the order of asking.
pub(crate) struct Questions<G: Graph> {
    asked: u64,
    /// One of them: most executions never have two, and a node of the map has room for eleven.
    one: Option<(u64, WaitingQuestion<G>)>,
    #[allow(
        clippy::box_collection,
        reason = "an execution waits with an empty one for days"
    )]
    others: Option<Box<BTreeMap<u64, WaitingQuestion<G>>>>,
}

pub(crate) struct WaitingQuestion<G: Graph> {
    pub(crate) asker: Asker<G::Activation>,
    pub(crate) within: Option<Duration>,
    /// Keeps the execution open, while an `Asked` is left to answer it.
    pub(crate) ticket: Weak<dyn Hold>,
}

/// What asked a question.
pub(crate) enum Asker<A: 'static> {
    /// A clause `ask E`, or a stage where its clause is split.
    Clause {
        question: Box<dyn Any + Send>,
        routes: &'static Routes<A>,
    },
    /// A stage, which waits for the reply.
    Stage(Arc<dyn Reply>),
}

impl<A> Asker<A> {
    /// The type of the question.
    fn question(&self) -> TypeId {
        match self {
            Self::Clause { routes, .. } => (routes.of)(),
            Self::Stage(reply) => reply.question(),
        }
    }

    /// The question for its reminder, if it has one.
    pub(crate) fn kept(&self) -> Option<Kept> {
        match self {
            Self::Clause { question, routes } => (routes.kept)(&**question),
            Self::Stage(reply) => reply.kept(),
        }
    }
}

/// The place of a reply, erased to what the question in its list needs. What is returned is woken
/// without a lock.
pub(crate) trait Reply: Send + Sync {
    /// The type of the question.
    fn question(&self) -> TypeId;

    /// The question for its reminder, if it has one.
    fn kept(&self) -> Option<Kept>;

    /// Takes the answer out of its `Option`.
    fn answer(&self, answer: &mut dyn Any) -> Option<Waker>;

    /// The question is not answered: its time is over, or nothing can answer it.
    fn give_up(&self, why: NoReply) -> Option<Waker>;
}

/// Where the questions of one type go.
pub(crate) struct Routes<A> {
    /// The type of the question.
    pub(crate) of: fn() -> TypeId,
    pub(crate) name: &'static str,
    /// The activation of the clause that takes the answer, which is taken out of an `Option`.
    pub(crate) answered: fn(Box<dyn Any + Send>, answer: &mut dyn Any) -> Option<A>,
    /// The activation of the `else`, if the question is not answered.
    pub(crate) otherwise: fn(Box<dyn Any + Send>, NoReply) -> Option<A>,
    /// The question for its reminder, if it has one.
    pub(crate) kept: fn(&(dyn Any + Send)) -> Option<Kept>,
    /// Present where a clause is split: its pause.
    pub(crate) pause: Option<fn(&mut (dyn Any + Send)) -> Option<&mut Pause>>,
}

/// Keeps the execution open while a question waits.
pub(crate) trait Hold: Send + Sync {
    /// The question does not wait any more.
    fn release(&self);
}

/// Why an answer was not taken.
pub(crate) enum Refused {
    NotAsked,
    Ended,
}

/// An execution that asks, erased to what a handle of an outer execution needs.
pub(crate) trait Asking: Send + Sync {
    /// Answers the question with this number, if it is of the type `question`. The answer is taken
    /// out of its `Option`.
    fn answer_any(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused>;

    /// Its questions may not be answerable any more.
    fn look_again(&self);
}

impl<G: Graph> WaitingQuestion<G> {
    pub(crate) fn release(&self) {
        if let Some(ticket) = self.ticket.upgrade() {
            ticket.release();
        }
    }
}

impl<G: Graph> Questions<G> {
    pub(crate) fn is_empty(&self) -> bool {
        self.one.is_none() && self.others.as_ref().is_none_or(|others| others.is_empty())
    }

    /// Adds a question, and returns its number: the one that it was given, or else the next.
    pub(crate) fn add(&mut self, number: Option<u64>, question: WaitingQuestion<G>) -> u64 {
        // One that has a number takes none: it may have been asked before a crash.
        let number = number.unwrap_or_else(|| {
            self.asked += 1;
            self.asked - 1
        });
        if self.one.is_none() {
            self.one = Some((number, question));
        } else {
            self.others.get_or_insert_default().insert(number, question);
        }
        number
    }

    /// The numbers before this one were given.
    #[cfg(feature = "durable")]
    pub(crate) fn begin_at(&mut self, number: u64) {
        self.asked = number;
    }

    /// The pause of a clause that was split, if its question waits.
    pub(crate) fn pause(&mut self, number: u64) -> Option<&mut Pause> {
        let waiting = match &mut self.one {
            Some((one, question)) if *one == number => question,
            _ => self.others.as_mut()?.get_mut(&number)?,
        };
        match &mut waiting.asker {
            Asker::Clause { question, routes } => (routes.pause?)(&mut **question),
            Asker::Stage(_) => None,
        }
    }

    fn get(&self, number: u64) -> Option<&WaitingQuestion<G>> {
        match &self.one {
            Some((one, question)) if *one == number => Some(question),
            _ => self.others.as_ref()?.get(&number),
        }
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        self.get(number).is_some()
    }

    /// The question for its reminder, if it waits and has one.
    pub(crate) fn kept(&self, number: u64) -> Option<Kept> {
        self.get(number)?.asker.kept()
    }

    pub(crate) fn remove(&mut self, number: u64) -> Option<WaitingQuestion<G>> {
        let one = self.one.take_if(|(one, _)| *one == number);
        match one {
            Some((_, question)) => Some(question),
            None => self.others.as_mut()?.remove(&number),
        }
    }

    /// Removes the question, if it is one of this type: a number that was stored may be that of
    /// another question.
    pub(crate) fn remove_of(&mut self, number: u64, ty: TypeId) -> Option<WaitingQuestion<G>> {
        let waiting = self.get(number)?;
        (waiting.asker.question() == ty).then(|| self.remove(number))?
    }

    /// Takes all that wait, in the order of asking.
    pub(crate) fn take_waiting(&mut self) -> BTreeMap<u64, WaitingQuestion<G>> {
        let mut waiting = self
            .others
            .take()
            .map_or_else(BTreeMap::new, |others| *others);
        waiting.extend(self.one.take());
        waiting
    }
}

impl<G: Graph> Default for Questions<G> {
    fn default() -> Self {
        Self {
            asked: 0,
            one: None,
            others: None,
        }
    }
}
