//! The reply to a question that a stage asks: the future that the stage waits for.

use std::any::{Any, TypeId};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::outside::questions::Reply;
use crate::event::Event;
use crate::handler::router::{NoReply, PolledSlot};
use crate::macro_support::graph::Graph;
use crate::macro_support::reminding::{Kept, KeptQuestion};
use crate::sync::{Mutex, MutexGuard};

/// The place of the reply to a `Q`.
pub(crate) struct ReplyTo<Q: Event> {
    state: Mutex<State<Q::Answer>>,
    /// The question for its reminder, if it has one.
    kept: Option<Arc<KeptQuestion<Q>>>,
}

enum State<A> {
    Waiting(Option<Waker>),
    Answered(A),
    GivenUp(NoReply),
    Taken,
}

impl<Q: Event> ReplyTo<Q> {
    pub(super) fn new(kept: Option<Q>) -> Self {
        Self {
            state: Mutex::new(State::Waiting(None)),
            kept: kept.map(KeptQuestion::new),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<Q::Answer>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reply(&self, reply: State<Q::Answer>) -> Option<Waker> {
        match std::mem::replace(&mut *self.state(), reply) {
            State::Waiting(waker) => waker,
            State::Answered(_) | State::GivenUp(_) | State::Taken => None,
        }
    }
}

impl<Q: Event> Reply for ReplyTo<Q> {
    fn question(&self) -> TypeId {
        TypeId::of::<Q>()
    }

    fn kept(&self) -> Option<Kept> {
        let kept = Arc::<KeptQuestion<Q>>::clone(self.kept.as_ref()?);
        Some(kept)
    }

    fn answer(&self, answer: &mut dyn Any) -> Option<Waker> {
        let answer = answer.downcast_mut::<Option<Q::Answer>>()?.take()?;
        self.reply(State::Answered(answer))
    }

    fn give_up(&self, why: NoReply) -> Option<Waker> {
        self.reply(State::GivenUp(why))
    }
}

/// Waits for the reply. While it does, its slot waits for the outside.
pub(crate) struct Waits<'a, G: Graph, Q: Event> {
    core: &'a Arc<Core<G>>,
    number: u64,
    reply: Arc<ReplyTo<Q>>,
    slot: Option<PolledSlot>,
    done: bool,
}

impl<'a, G: Graph, Q: Event> Waits<'a, G, Q> {
    pub(super) fn new(core: &'a Arc<Core<G>>, number: u64, reply: Arc<ReplyTo<Q>>) -> Self {
        Self {
            core,
            number,
            reply,
            slot: None,
            done: false,
        }
    }

    fn goes_on(&mut self) {
        if let (Some(slot), Some(tree)) = (self.slot.take(), &self.core.tree) {
            tree.stage_goes_on(slot);
        }
    }

    fn waits(&mut self) {
        let slot = self.core.inside.with(|inside: &Inside<G>| inside.slot());
        if let (Some(slot), Some(tree)) = (slot, &self.core.tree) {
            let execution = self.core.address();
            let at = PolledSlot { execution, slot };
            tree.stage_waits(at);
            self.slot = Some(at);
        }
    }
}

impl<G: Graph, Q: Event> Future for Waits<'_, G, Q> {
    type Output = Result<Q::Answer, NoReply>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.goes_on();
        let mut replaced = None;
        let reply = {
            let mut state = this.reply.state();
            match std::mem::replace(&mut *state, State::Taken) {
                State::Answered(answer) => Some(Ok(answer)),
                State::GivenUp(why) => Some(Err(why)),
                State::Taken => Some(Err(NoReply::Unanswered(None))),
                State::Waiting(Some(waker)) if waker.will_wake(cx.waker()) => {
                    *state = State::Waiting(Some(waker));
                    None
                }
                State::Waiting(waker) => {
                    replaced = waker;
                    *state = State::Waiting(Some(cx.waker().clone()));
                    None
                }
            }
        };
        // It may be the last of a task, which runs its destructor.
        drop(replaced);
        let Some(reply) = reply else {
            this.waits();
            return Poll::Pending;
        };
        this.done = true;
        Poll::Ready(reply)
    }
}

/// The stage was dropped before it had its reply.
impl<G: Graph, Q: Event> Drop for Waits<'_, G, Q> {
    fn drop(&mut self) {
        self.goes_on();
        if self.done {
            return;
        }
        let number = self.number;
        let waiting = self
            .core
            .with_outside(|outside| outside.questions.remove(number));
        if let Some(waiting) = waiting {
            waiting.release();
            if let Some(tree) = &self.core.tree {
                tree.end(number);
            }
        }
    }
}
