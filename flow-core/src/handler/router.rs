//! The interface between handlers and what runs them. Because everything that a handler does goes
//! through a router, the same handler runs in a flow, in a unit test, and as a replacement.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::idempotency_key::IdempotencyKey;
use crate::lifecycle::ExecutionId;
use crate::question::Asked;
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

/// The implementation behind a [`Cx`](crate::Cx): an execution of a flow, or a test's `Recorder`.
///
/// It is a bound in [helpers](crate::Cx#helpers), functions that handlers pass their context to.
/// The trait cannot be implemented outside of this crate.
///
/// ```
/// use flow_core::{Cx, Router, Streams, handler};
///
/// async fn heading(cx: &Cx<impl Router, impl Streams<String>>, text: &str) {
///     cx.put(format!("== {text} ==")).await;
/// }
///
/// #[handler(streams = String)]
/// async fn report(cx: &Cx) {
///     heading(cx, "results").await;
/// }
/// ```
pub trait Router: sealed::Router + Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn emit<E: Event>(&self, event: E);

    #[doc(hidden)]
    type Put<'a, T: Send + 'static>: Future<Output = ()> + Unpin + Send + 'a;

    #[doc(hidden)]
    fn put<T: Send + 'static>(&self, item: T) -> Self::Put<'_, T>;

    /// Goes on with a `put` of a stage whose clause does not wait for it any more. Only an
    /// execution has such stages.
    #[doc(hidden)]
    fn put_later<'a, T: Send + 'static>(
        &'a self,
        _put: Self::Put<'a, T>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(std::future::ready(()))
    }

    #[doc(hidden)]
    fn stop(&self);

    #[doc(hidden)]
    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>>;

    #[doc(hidden)]
    fn state<T: Send + 'static>(&self) -> Option<State<T>>;

    /// The id of the execution.
    #[doc(hidden)]
    fn execution_id(&self) -> ExecutionId;

    /// The number of the attempt that a context with this router belongs to.
    #[doc(hidden)]
    fn attempt(&self) -> u32 {
        1
    }

    /// The idempotency key of the call, whose number is `call` where calls are not recorded. All of
    /// its attempts have the same number.
    #[doc(hidden)]
    fn idempotency_key(&self, call: u64) -> IdempotencyKey {
        IdempotencyKey::of_call(self.execution_id(), call)
    }

    /// What the state was when the call began, where calls are recorded.
    #[doc(hidden)]
    fn snapshot<T: Send + 'static>(&self) -> Option<Snapshot<T>> {
        None
    }

    /// The number of the first attempt: a call that was repeated after a crash goes on counting.
    #[doc(hidden)]
    fn first_attempt(&self) -> u32 {
        1
    }

    /// Reports that the running handler has failed in this attempt and is retried.
    #[doc(hidden)]
    fn retried(&self, _attempt: u32) {}

    /// Fails the execution because the running handler has a time limit, but its runtime has no
    /// clock.
    #[doc(hidden)]
    fn fail_without_clock(&self, _why: BoxError) {}

    /// How often a `put` of a running handler has found no room. It changes while a handler is
    /// polled if a `put` of that handler waits.
    #[doc(hidden)]
    fn waits(&self) -> u32 {
        0
    }

    /// How many contexts of the running call live, where a call ends with the last of them.
    #[doc(hidden)]
    fn contexts(&self) -> usize {
        0
    }

    /// Is ready when no more than so many of its contexts live.
    #[doc(hidden)]
    fn poll_contexts(&self, _left: usize, _task: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    /// The running attempt has failed: its contexts that still live do nothing any more, and nothing
    /// waits for them.
    #[doc(hidden)]
    fn give_up_contexts(&self) {}

    /// The running handler has done so much in this poll that it is the turn of other tasks.
    #[doc(hidden)]
    fn yield_soon(&self) {}

    /// Completes when the end of the execution is decided.
    #[doc(hidden)]
    fn ending(&self) -> impl Future<Output = ()> + Send;

    /// Whether the end of the execution is decided, or that of an outer one.
    #[doc(hidden)]
    fn is_ending(&self) -> bool {
        false
    }

    /// What waited in a stage was given up because the end is decided.
    #[doc(hidden)]
    fn note_given_up(&self) {}

    /// What observes the execution, for that of a stage whose handler is polled now. `None` if
    /// nothing does.
    #[doc(hidden)]
    fn stage_watch(&self) -> Option<Box<dyn Any + Send>> {
        None
    }

    /// The slot of the execution whose handler is polled now, for the execution of a stage.
    #[doc(hidden)]
    fn polled_slot(&self) -> Option<PolledSlot> {
        None
    }

    /// Where the stage is recorded that this router is for, once.
    #[doc(hidden)]
    fn take_space(&self) -> Option<Box<dyn Any + Send>> {
        None
    }

    /// Takes over the execution of a stage whose clause does not wait for it any more.
    #[doc(hidden)]
    fn finish_later(&self, _stage: GivenUp) {}

    /// Asks a question in a stage, with the number of its reminder and another copy for it: what
    /// goes out, and the reply. `None` outside of an execution.
    #[doc(hidden)]
    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_in_place<Q: Event>(
        &self,
        _question: Q,
        _within: Option<Duration>,
        _reminder: Option<(usize, Q)>,
    ) -> Option<(
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    )> {
        None::<(_, std::future::Pending<_>)>
    }

    /// Whether the attempts of handlers take turns: the flow limits how many run at the same time,
    /// or one that it is a stage of.
    #[doc(hidden)]
    fn takes_turns(&self) -> bool {
        false
    }

    /// A value of the framework that all handlers of the execution share, such as the permits of
    /// handlers with a `concurrency` limit.
    #[doc(hidden)]
    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        None
    }
}

/// The execution of a stage that was given up and still has a `finally` to run.
#[doc(hidden)]
pub struct GivenUp {
    /// The name of the flow.
    pub(crate) stage: &'static str,
    /// Returns the error if the `finally` fails.
    pub(crate) rest: Pin<Box<dyn Future<Output = Option<FlowError>> + Send>>,
}

impl fmt::Debug for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GivenUp").field(&self.stage).finish()
    }
}

/// A slot of an execution: the address of the execution, and the number of the slot.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolledSlot {
    pub(crate) execution: usize,
    pub(crate) slot: u32,
}

/// Why a question of a stage has no answer.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum NoReply {
    /// Its time is over, or nothing can answer it any more.
    Unanswered(Option<Duration>),
    /// The end of the execution is decided.
    Ending,
}

/// In place of the type parameters of a `Cx` that are not named.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Bare;

/// Seals [`Router`](super::Router), so that methods can be added to it.
pub(crate) mod sealed {
    pub trait Router {}
}
