//! Without the feature `durable`, nothing is recorded.

use std::marker::PhantomData;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::driver::Driver;
use crate::engine::driver::borrow::Work;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
use crate::engine::router::Engine;
use crate::event::Event;
use crate::handler::router::{NoReply, Router};
use crate::macro_support::graph::Graph;
use crate::macro_support::recorder::Recorder;
use crate::macro_support::reminding::Reminding;

/// Nothing is known of what is taken from the queue.
pub(crate) struct Taken;

impl<G: Graph> Recorder<G> for Engine<G> {}

#[allow(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "with the feature, they use it"
)]
impl<G: Graph> Core<G> {
    #[inline]
    pub(crate) fn end_recorded(&self) {}

    #[inline]
    pub(crate) fn record_output(&self, output: G::Output, _now: bool) -> Option<G::Output> {
        Some(output)
    }

    #[inline]
    pub(crate) fn record_stop(&self) -> bool {
        false
    }
}

#[allow(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "with the feature, they use it"
)]
impl<G: Graph> Inside<G> {
    #[inline]
    pub(crate) fn record(
        &self,
        _origin: Option<Origin>,
        activation: G::Activation,
    ) -> Option<G::Activation> {
        Some(activation)
    }

    #[inline]
    pub(crate) fn recorded(&self, _activation: &G::Activation) -> Taken {
        Taken
    }

    #[inline]
    pub(crate) fn begin_recorded(&self, _taken: Taken) {}

    #[inline]
    pub(crate) fn wait_recorded(&self, _taken: Taken) {}

    #[inline]
    pub(crate) fn record_question<Q: Event>(
        &self,
        _number: u64,
        _question: &Q,
        _within: Option<Duration>,
        _due_and_reminds: (Option<Instant>, Option<Instant>),
        _stage: Option<String>,
    ) {
    }

    #[inline]
    pub(crate) fn record_reminder(&self, _number: u64, _next: Option<Instant>) {}

    #[inline]
    pub(crate) fn goes_on_reminding(&self, _core: &Core<G>, _reminding: &mut Reminding) -> bool {
        true
    }

    #[inline]
    pub(crate) fn record_gone(&self, _number: u64) {}

    #[inline]
    pub(crate) fn record_unanswered(&self, _number: u64, _reply: NoReply) {}

    #[inline]
    pub(crate) fn awaits_commit(&self) -> bool {
        false
    }

    #[inline]
    pub(crate) fn take_effect(&self, _core: &Core<G>) {}

    #[inline]
    pub(crate) fn note_asleep(&self, _cx: &Context<'_>) {}

    #[inline]
    pub(crate) fn awaits_ending(&self) -> bool {
        false
    }

    #[inline]
    pub(crate) fn record_ending(&self) -> bool {
        true
    }

    #[inline]
    pub(crate) fn record_finally(&self) {}

    #[inline]
    pub(crate) fn forget_recorded(&self) {}

    #[inline]
    pub(crate) fn forget_waiting(&self) {}
}

/// The execution of a stage goes on with nothing that was recorded.
pub(crate) struct EnteredSpace<G>(PhantomData<fn() -> G>);

impl<G: Graph> EnteredSpace<G> {
    #[inline]
    #[allow(clippy::unnecessary_wraps, reason = "with the feature, it may fail")]
    pub(crate) fn enter(_router: &impl Router, input: G::Input) -> Option<(G::Input, Self)> {
        Some((input, Self(PhantomData)))
    }

    #[inline]
    #[allow(clippy::unused_self, reason = "with the feature, it is used")]
    pub(crate) fn restore<W: Work<G>>(self, _driver: Pin<&mut Driver<G, W>>) -> bool {
        true
    }
}
