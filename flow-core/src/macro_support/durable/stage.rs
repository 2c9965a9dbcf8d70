//! A flow that is a stage of a durable flow. It is no call: its own calls are recorded, in a space
//! of their own, so that nothing of it is begun again.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::BoxError;
use crate::event::Event;
use crate::handler::router::{GivenUp, NoReply, PolledSlot, Router, sealed};
use crate::handler::{Cx, Handler};
use crate::lifecycle::ExecutionId;
use crate::macro_support::call;
use crate::macro_support::durable::path::Place;
use crate::macro_support::durable::returned::CallCodec;
use crate::macro_support::recorder::Recorder;
use crate::question::Asked;
use crate::resource::Res;
use crate::state::State;

/// Runs the stage, from where it was when it was recorded last.
pub(super) async fn recorded_stage<H, A, G, W, I>(
    worker: &W,
    (place, space): (Place, Option<Box<dyn Any + Send>>),
    codec: CallCodec<H::Value, H::Error, A>,
    input: I,
) -> Result<H::Value, A>
where
    H: Handler,
    W: Recorder<G>,
    I: Send + 'static,
{
    let cx = Cx::<StageRouter<W>, H>::new(StageRouter {
        router: worker.clone(),
        space: Arc::new(Mutex::new(space)),
    });
    let result = call::call(input, &cx).await;
    let result = result.map_err(codec.settle());
    worker.leave_stage(&place, &|| codec.encode(&result));
    result
}

/// The router of a stage, which knows where the stage is recorded.
#[derive(Clone)]
pub(crate) struct StageRouter<R> {
    router: R,
    space: Arc<Mutex<Option<Box<dyn Any + Send>>>>,
}

#[cfg(feature = "testing")]
impl<R> StageRouter<R> {
    /// That of the flow around the stage.
    pub(crate) fn router(&self) -> &R {
        &self.router
    }
}

impl<R> fmt::Debug for StageRouter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StageRouter").finish_non_exhaustive()
    }
}

impl<R: Router> sealed::Router for StageRouter<R> {}

impl<R: Router> Router for StageRouter<R> {
    fn emit<E: Event>(&self, event: E) {
        self.router.emit(event);
    }

    type Put<'a, T: Send + 'static> = R::Put<'a, T>;

    fn put<T: Send + 'static>(&self, item: T) -> R::Put<'_, T> {
        self.router.put(item)
    }

    fn put_later<'a, T: Send + 'static>(
        &'a self,
        put: R::Put<'a, T>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.router.put_later::<T>(put)
    }

    fn stop(&self) {
        self.router.stop();
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.resource()
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.router.state()
    }

    fn execution_id(&self) -> ExecutionId {
        self.router.execution_id()
    }

    fn retried(&self, attempt: u32) {
        self.router.retried(attempt);
    }

    fn fail_without_clock(&self, why: BoxError) {
        self.router.fail_without_clock(why);
    }

    fn waits(&self) -> u32 {
        self.router.waits()
    }

    fn yield_soon(&self) {
        self.router.yield_soon();
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.router.ending()
    }

    fn is_ending(&self) -> bool {
        self.router.is_ending()
    }

    fn note_given_up(&self) {
        self.router.note_given_up();
    }

    fn stage_watch(&self) -> Option<Box<dyn Any + Send>> {
        self.router.stage_watch()
    }

    fn polled_slot(&self) -> Option<PolledSlot> {
        self.router.polled_slot()
    }

    fn finish_later(&self, stage: GivenUp) {
        self.router.finish_later(stage);
    }

    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_in_place<Q: Event>(
        &self,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
    ) -> Option<(
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    )> {
        self.router.ask_in_place(question, within, reminder)
    }

    fn takes_turns(&self) -> bool {
        self.router.takes_turns()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.router.shared()
    }

    fn take_space(&self) -> Option<Box<dyn Any + Send>> {
        self.space
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}
