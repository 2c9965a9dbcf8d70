//! A flow, and an execution of it, without their types.

use std::pin::pin;
use std::task::{Context, Poll};
use std::time::SystemTime;

use crate::durable::machine::{Machine, codec};
use crate::engine::log::read::{Head, not_read};
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::macro_support::graph::Graph;
use crate::macro_support::resources::Complete;
use crate::records::message::{Message, Refused};
use crate::records::rows::{Commit, Rows};
use crate::run::flow::Flow;

/// A durable flow.
pub(super) trait Program: Send + Sync {
    fn graph(&self) -> &'static GraphDesc;

    /// The first commit of an execution with this input.
    fn start(&self, input: &[u8], now: SystemTime) -> Result<Commit, FlowError>;

    /// The input as this program writes it, if it is one: also where another one has left out what
    /// has a default, or has added what is skipped.
    fn rewritten(&self, input: &[u8]) -> Option<Vec<u8>>;

    /// The input of an execution.
    fn input(&self, rows: &Rows) -> Result<Vec<u8>, FlowError>;

    /// An execution that goes on.
    fn load(&self, rows: &Rows, now: SystemTime) -> Result<Box<dyn Running>, FlowError>;
}

/// See [`Machine`].
pub(super) trait Running: Send {
    fn poll_commit(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Commit>, FlowError>>;

    fn committed(&mut self);

    fn deliver(&mut self, message: Message<'_>) -> Result<(), Refused>;

    fn is_parked(&mut self) -> bool;

    fn close(&mut self);

    fn has_calls(&self) -> bool;

    fn next_deadline(&mut self) -> Option<SystemTime>;
}

/// A flow with its types.
pub(super) struct Typed<G: Graph, Given>(pub(super) Flow<G, Given>);

impl<G: Graph, Given: Complete + 'static> Program for Typed<G, Given> {
    fn graph(&self) -> &'static GraphDesc {
        G::DESC
    }

    fn start(&self, input: &[u8], now: SystemTime) -> Result<Commit, FlowError> {
        let codec = codec::<G>()?;
        let input = (codec.input.decode)(input).map_err(not_read)?;
        Machine::start(&self.0, input, now)
    }

    fn rewritten(&self, input: &[u8]) -> Option<Vec<u8>> {
        let codec = codec::<G>().ok()?;
        let input = (codec.input.decode)(input).ok()?;
        (codec.input.encode)(&input).ok()
    }

    fn input(&self, rows: &Rows) -> Result<Vec<u8>, FlowError> {
        Ok(Head::read(rows)?.input.0)
    }

    fn load(&self, rows: &Rows, now: SystemTime) -> Result<Box<dyn Running>, FlowError> {
        Ok(Box::new(Machine::load(&self.0, rows, now)?))
    }
}

impl<G: Graph> Running for Machine<G> {
    fn poll_commit(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Commit>, FlowError>> {
        pin!(self.next_commit()).poll(cx)
    }

    fn committed(&mut self) {
        Self::committed(self);
    }

    fn deliver(&mut self, message: Message<'_>) -> Result<(), Refused> {
        Self::deliver(self, message)
    }

    fn is_parked(&mut self) -> bool {
        Self::is_parked(self)
    }

    fn close(&mut self) {
        Self::close(self);
    }

    fn has_calls(&self) -> bool {
        Self::has_calls(self)
    }

    fn next_deadline(&mut self) -> Option<SystemTime> {
        Self::next_deadline(self)
    }
}
