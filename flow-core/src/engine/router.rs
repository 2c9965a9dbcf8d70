//! The engine as its handlers see it.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::stream::put::Put;
use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::handler::router::{GivenUp, NoReply, PolledSlot, Router, sealed};
use crate::lifecycle::ExecutionId;
use crate::macro_support::graph::Graph;
use crate::question::Asked;
use crate::resource::Res;
use crate::state::State;
use crate::sync::atomic::Ordering;

/// The router of an execution in memory. Each one, except that of the driver, is under way as long
/// as it lives.
pub(crate) struct Engine<G: Graph> {
    pub(super) core: Arc<Core<G>>,
}

impl<G: Graph> Engine<G> {
    /// The engine of the driver, which does not count as an emitter.
    pub(crate) fn of_driver(core: Arc<Core<G>>) -> Self {
        Self { core }
    }

    pub(crate) fn core(&self) -> &Arc<Core<G>> {
        &self.core
    }

    pub(crate) fn new(core: Arc<Core<G>>) -> Self {
        core.contexts.fetch_add(1, Ordering::Relaxed);
        Self { core }
    }

    /// Puts an item that another `put` has given back, after those that wait already.
    #[cold]
    pub(crate) fn put_again(
        self,
        item: Option<G::Item>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { Put::new(&self.core, item).await })
    }
}

impl<G: Graph> Clone for Engine<G> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.core))
    }
}

impl<G: Graph> Drop for Engine<G> {
    fn drop(&mut self) {
        self.core.remove_context();
    }
}

impl<G: Graph> fmt::Debug for Engine<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl<G: Graph> sealed::Router for Engine<G> {}

impl<G: Graph> Router for Engine<G> {
    #[inline]
    fn emit<E: Event>(&self, event: E) {
        self.core.emit(event);
    }

    type Put<'a, T: Send + 'static> = Put<'a, G>;

    #[inline]
    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, G> {
        Put::new(&self.core, G::item(item))
    }

    fn put_later<'a, T: Send + 'static>(
        &'a self,
        put: Put<'a, G>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.clone().put_again(put.into_item())
    }

    fn stop(&self) {
        if !self.core.record_stop() {
            self.core.end(Ending::Stopped);
        }
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::resource)?
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.core.inside.with(Inside::state)?
    }

    fn execution_id(&self) -> ExecutionId {
        self.core.id()
    }

    fn retried(&self, attempt: u32) {
        self.core.tell_retried(attempt);
    }

    fn fail_without_clock(&self, why: BoxError) {
        self.core.fail(|_| FlowError::runtime(why));
    }

    fn waits(&self) -> u32 {
        let waits = self.core.inside.with(|inside| inside.waits.get());
        waits.unwrap_or(0)
    }

    #[inline]
    fn takes_turns(&self) -> bool {
        self.core.takes_turns()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::shared)?
    }

    fn yield_soon(&self) {
        self.core.inside.with(|inside| inside.budget.set(0));
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.core.until_ending()
    }

    #[inline]
    fn is_ending(&self) -> bool {
        self.core.is_ending()
    }

    fn note_given_up(&self) {
        self.core.note_given_up();
    }

    fn finish_later(&self, stage: GivenUp) {
        self.core.take_over(stage);
    }

    fn polled_slot(&self) -> Option<PolledSlot> {
        let slot = self.core.inside.with(Inside::slot)?;
        let execution = self.core.address();
        Some(PolledSlot { execution, slot })
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
        Some(self.core.ask_in_place(question, within, reminder))
    }

    #[inline]
    fn stage_watch(&self) -> Option<Box<dyn Any + Send>> {
        let watch = self.core.watch.get()?;
        let stage = self.core.stage_watch(watch)?;
        Some(Box::new(stage))
    }
}
