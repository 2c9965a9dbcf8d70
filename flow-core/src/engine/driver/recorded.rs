//! What a back end does with the execution that it keeps.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::parked::Parked;
use crate::engine::driver::{Driver, enter};
use crate::engine::ending::Read;
use crate::engine::log::batches::Log;
use crate::engine::stream::buffer::Batch;
use crate::error::FlowError;
use crate::macro_support::graph::Graph;
use crate::macro_support::graph::GraphCodec;
use crate::records::message::{Message, Refused};
use crate::records::rows::Rows;

/// A driver whose loop has no name.
pub(crate) trait Recorded<G: Graph>: Send {
    /// Gives the execution, before it is polled, what is in its rows.
    fn restore(
        self: Pin<&mut Self>,
        codec: &'static GraphCodec<G>,
        rows: &Rows,
        log: (Arc<Log>, String),
    ) -> Result<(), FlowError>;

    /// See [`Driver::poll_read`].
    fn poll_read(
        self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>>;

    /// Whether it has yielded to its runtime, and goes on in the next poll.
    fn has_yielded(self: Pin<&mut Self>) -> bool;

    /// Whether nothing runs, and the time of the wall at which it has to.
    fn parked(self: Pin<&mut Self>) -> Parked<SystemTime>;

    /// Hands something from outside to the execution.
    fn deliver(self: Pin<&mut Self>, message: Message<'_>) -> Result<(), Refused>;

    fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError>;
}

impl<G: Graph, W: Work<G>> Recorded<G> for Driver<G, W> {
    fn restore(
        self: Pin<&mut Self>,
        codec: &'static GraphCodec<G>,
        rows: &Rows,
        log: (Arc<Log>, String),
    ) -> Result<(), FlowError> {
        let mut this = self.project();
        let engine: Pin<&PinnedEngine<G>> = this.engine.as_ref();
        let engine = engine.get_ref().engine();
        let inside = enter(&mut this.slots, engine.core());
        let times = Core::restore(engine, &inside, codec, rows, log)?;
        this.slots.as_mut().restore(&inside, times);
        Ok(())
    }

    fn poll_read(
        self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>> {
        Self::poll_read(self, batch, cx)
    }

    fn has_yielded(self: Pin<&mut Self>) -> bool {
        Self::has_yielded(self)
    }

    fn parked(self: Pin<&mut Self>) -> Parked<SystemTime> {
        let mut this = self.project();
        let core = this.engine.as_ref().get_ref().engine().core();
        let inside = enter(&mut this.slots, core);
        let Some(recording) = inside.recording() else {
            return Parked::Runs;
        };
        match this.slots.as_mut().parked(core, &inside) {
            Parked::Runs => Parked::Runs,
            Parked::Until(next) => Parked::Until(next.map(|next| recording.time(next))),
        }
    }

    fn deliver(self: Pin<&mut Self>, message: Message<'_>) -> Result<(), Refused> {
        let mut this = self.project();
        let core = this.engine.as_ref().get_ref().engine().core();
        let inside = enter(&mut this.slots, core);
        core.deliver_recorded(&inside, message)
    }

    fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError> {
        Self::take_output(self)
    }
}
