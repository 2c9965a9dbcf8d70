//! The engine, as far as it records the calls of a durable flow.

#[cfg(feature = "durable")]
use std::any::Any;
#[cfg(feature = "durable")]
use std::future::Future;
#[cfg(feature = "durable")]
use std::task::{Context, Poll};
#[cfg(feature = "durable")]
use std::time::Duration;

#[cfg(feature = "durable")]
use crate::error::FlowError;
#[cfg(feature = "durable")]
use crate::event::Event;
#[cfg(feature = "durable")]
use crate::handler::router::NoReply;
use crate::handler::router::Router;
#[cfg(feature = "durable")]
use crate::macro_support::durable::codec::CodecError;
#[cfg(feature = "durable")]
use crate::macro_support::durable::outside::AskedBefore;
#[cfg(feature = "durable")]
use crate::macro_support::durable::path::{CallPath, Place};
#[cfg(feature = "durable")]
use crate::macro_support::durable::turns::StateTurn;
#[cfg(feature = "durable")]
use crate::question::Asked;

/// Where the result of a call is recorded, and what as.
#[cfg(feature = "durable")]
pub(crate) type CallRow<'a> = (&'a Place, &'a dyn Fn() -> Result<Vec<u8>, CodecError>);

/// Records calls. Without a store nothing is written, and calls take effect as they do with one.
pub trait Recorder<G>: Router {
    /// The router of one call.
    #[cfg(feature = "durable")]
    type Call: Router;

    /// Whether the execution is kept in a store.
    #[cfg(feature = "durable")]
    fn is_recorded(&self) -> bool;

    /// The result that was recorded for the call at this place of the current activation.
    #[cfg(feature = "durable")]
    fn recorded(&self, place: &Place) -> Option<Vec<u8>>;

    /// Waits until what the clause has done so far is durable.
    #[cfg(feature = "durable")]
    fn durable(&self) -> impl Future<Output = ()> + Send;

    /// Waits until a call may begin.
    #[cfg(feature = "durable")]
    fn may_begin(&self) -> impl Future<Output = ()> + Send;

    /// Whether the execution is about to leave the memory, or its ending to be durable, so that
    /// nothing further begins.
    #[cfg(feature = "durable")]
    fn closes(&self) -> bool;

    /// A recorded call of the current activation that its clause has not come to again.
    #[cfg(feature = "durable")]
    fn diverges(&self) -> Option<String>;

    /// The router of calls that are made one after another. A call is undone if it is dropped
    /// before the call has ended.
    #[cfg(feature = "durable")]
    fn calls(&self) -> Self::Call;

    /// A call begins at this place that is recorded, or takes the states with `true`, in which it
    /// has this turn.
    #[cfg(feature = "durable")]
    fn begin_shared(
        &self,
        call: &mut Self::Call,
        place: &Place,
        takes: &[bool],
        turn: Option<StateTurn>,
    );

    /// Polls the function of the call. Returns with its result whether the call is over, because
    /// nothing else has its router.
    #[cfg(feature = "durable")]
    fn poll_call<V, E>(
        &self,
        call: &Self::Call,
        poll: impl FnOnce() -> Poll<Result<V, E>>,
    ) -> Poll<(Result<V, E>, bool)>;

    /// Whether the call has to end with [`end_call`](Self::end_call).
    #[cfg(feature = "durable")]
    fn is_shared(&self, call: &Self::Call) -> bool;

    /// Is ready when nothing but the engine has the router of the call: it is over.
    #[cfg(feature = "durable")]
    fn poll_over(&self, call: &Self::Call, task: &mut Context<'_>) -> Poll<()>;

    /// The shared call has ended. What it has emitted and written counts if it has succeeded. In a
    /// store, its result is recorded.
    #[cfg(feature = "durable")]
    fn end_call(&self, call: &mut Self::Call, succeeded: bool, row: CallRow<'_>);

    /// Records that the clause has come to this place of the current activation, with what was
    /// decided there.
    #[cfg(feature = "durable")]
    fn note(&self, place: &Place, row: Result<Vec<u8>, CodecError>);

    /// Whether the `emit` at this place of the current activation has not emitted before a crash.
    /// It is recorded that it has now.
    #[cfg(feature = "durable")]
    fn emits(&self, place: &Place) -> bool {
        if self.recorded(place).is_some() {
            return false;
        }
        self.note(place, Ok(Vec::new()));
        true
    }

    /// The branch of the `first` at this place that has won before a crash.
    #[cfg(feature = "durable")]
    fn winner(&self, place: &Place) -> Option<u32>;

    /// A branch of the `first` at this place has won: the calls in the others are forgotten.
    #[cfg(feature = "durable")]
    fn note_winner(&self, place: &Place, branches: &[CallPath], winner: u32);

    /// What was recorded before a crash of the calls on this way is not needed: one of them has
    /// failed, with which the others were dropped.
    #[cfg(feature = "durable")]
    fn pass_over(&self, way: &CallPath);

    /// Asks the question of a stage, or waits for the reply to the one with this number, which was
    /// asked before a crash. The question is recorded, and so is the reply. A reminder is its number,
    /// and the question for it.
    #[cfg(feature = "durable")]
    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_recorded<Q: Event>(
        &self,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
        place: &Place,
        number: Option<u64>,
    ) -> (
        u64,
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    );

    /// The clause goes on with the reply to the question with this number.
    #[cfg(feature = "durable")]
    fn note_reply(&self, number: u64);

    /// The question of a clause waits again.
    #[cfg(feature = "durable")]
    fn ask_again<Q: Event>(&self, question: Q, reminder: Option<(usize, Q)>, before: AskedBefore);

    /// The space of the stage at this place, a flow: what is recorded of it, and whether that is
    /// anything.
    #[cfg(feature = "durable")]
    fn enter_stage(&self, place: &Place) -> Option<(Box<dyn Any + Send>, bool)>;

    /// The stage at this place has come to this result.
    #[cfg(feature = "durable")]
    fn leave_stage(&self, place: &Place, result: &dyn Fn() -> Result<Vec<u8>, CodecError>);

    /// The clause cannot be gone through again.
    #[cfg(feature = "durable")]
    fn fail_to_replay(&self, error: FlowError);
}
