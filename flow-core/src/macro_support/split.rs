//! A clause that is split where a stage of it asks.
//!
//! At the end of a route, nothing that comes before `ask E` is needed after it, except what the
//! rescues of the rest keep of the event of the clause. So the macro makes an arm of its own of
//! the rest, in the same clause. While the question waits, the rest is data: a [`Parked`], which is
//! kept with the question where that of a clause `ask E` is kept.
//!
//! The reply makes an activation of it. That is no new run of a clause: it has no place in the
//! queue, is not counted, and goes on before the queued events, as the future that is woken would.
//! Observers see one run, because the first part leaves its run and its span in the [`Pause`].

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::event::Event;
use crate::graph::Location;
use crate::handler::router::NoReply;
use crate::macro_support::reminding::KeptQuestion;
use crate::question::Answered;
use crate::unanswered::Unanswered;

/// One `ask E within "…"` of a flow.
pub trait AskPlace: Sized + Send + Sync + 'static {
    type Question: Event;

    /// The words, `ask E`.
    const NAME: &'static str;
    const WITHIN: Option<Duration>;
    const LOCATION: Location;
    /// The place of its reminder among those of the flow.
    const REMINDER: Option<usize> = None;

    fn another(question: &Self::Question) -> Self::Question;
}

/// A place where a clause is split.
pub trait Split: Sized + 'static {
    type Place: AskPlace;
    /// What the rest needs of the first part.
    type Carried: Send + 'static;
    /// That of the flow.
    type Activation;

    /// The activation of the rest.
    fn activation(parked: Box<Parked<Self>>) -> Self::Activation;
}

/// The question that is asked at a split.
pub(crate) type Question<S> = <<S as Split>::Place as AskPlace>::Question;

/// What a stage `ask Q` brings.
type Reply<Q> = Result<Answered<Q>, Unanswered<Q>>;

/// The rest of a clause, which waits for the reply to its question.
pub struct Parked<S: Split> {
    question: Question<S>,
    /// Before there is one, that of a question that is not answered.
    reply: Result<<Question<S> as Event>::Answer, NoReply>,
    carried: S::Carried,
    /// The question for its reminder, if it has one.
    kept: Option<Arc<KeptQuestion<Question<S>>>>,
    pause: Pause,
}

/// Between the two parts of a clause.
#[derive(Default)]
pub struct Pause {
    /// The run of the clause, if something observes the execution.
    pub(crate) observed: Option<Box<dyn Any + Send>>,
    /// The first part waits for room for the question in the stream. The rest does not begin
    /// before that, whatever the reply.
    pub(crate) waits_for_room: bool,
}

impl<S: Split> Parked<S> {
    /// Takes the reply, with what the first part has left for the rest.
    #[allow(clippy::boxed_local, reason = "so it comes out of its activation")]
    pub fn reply(self: Box<Self>) -> (S::Carried, Reply<Question<S>>) {
        let Self {
            question,
            reply,
            carried,
            ..
        } = *self;
        let reply = match reply {
            Ok(answer) => Ok(Answered::new(question, answer)),
            Err(NoReply::Unanswered(within)) => Err(Unanswered::new(question, within)),
            Err(NoReply::Ending) => Err(Unanswered::given_up(question)),
        };
        (carried, reply)
    }

    pub fn pause(&mut self) -> &mut Pause {
        &mut self.pause
    }

    pub(crate) fn new(question: Question<S>, carried: S::Carried) -> Self {
        let kept = S::Place::REMINDER.map(|_| KeptQuestion::new(S::Place::another(&question)));
        Self {
            question,
            reply: Err(NoReply::Unanswered(None)),
            carried,
            kept,
            pause: Pause::default(),
        }
    }

    /// Another one of the question.
    pub(crate) fn question(&self) -> Question<S> {
        S::Place::another(&self.question)
    }

    pub(crate) fn kept(&self) -> Option<&Arc<KeptQuestion<Question<S>>>> {
        self.kept.as_ref()
    }

    pub(crate) fn replied(
        mut self: Box<Self>,
        reply: Result<<Question<S> as Event>::Answer, NoReply>,
    ) -> S::Activation {
        self.reply = reply;
        S::activation(self)
    }
}

impl Pause {
    /// Its address, which no other one has at the same time.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

impl<S: Split> fmt::Debug for Parked<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parked").finish_non_exhaustive()
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pause").finish_non_exhaustive()
    }
}
