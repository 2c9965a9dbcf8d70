//! A flow, and an execution of it, without their types.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use crate::durable::encoded::Encoded;
use crate::durable::machine::{Machine, codec};
use crate::durable::request_error::RequestError;
use crate::engine::log::read::{Head, not_read};
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::macro_support::graph::Graph;
use crate::macro_support::resources::Complete;
use crate::records::commit::Commit;
use crate::records::message::{Message, Refused};
use crate::records::rows::Rows;
use crate::run::flow::Flow;

/// A durable flow without its types: see [`program`].
pub trait Program: Send + Sync {
    /// The graph of the flow.
    fn graph(&self) -> &'static GraphDesc;

    /// The first commit of an execution with this input.
    ///
    /// # Errors
    ///
    /// If this is no input of the flow, or a state cannot be written.
    fn start(&self, input: &[u8], now: SystemTime) -> Result<Commit, FlowError>;

    /// The input as this program writes it, if it is one: also where another one has left out what
    /// has a default, or has added what is skipped.
    fn rewritten(&self, input: &[u8]) -> Option<Vec<u8>>;

    /// The input of an execution.
    ///
    /// # Errors
    ///
    /// If the rows are those of no execution.
    fn input(&self, rows: &Rows) -> Result<Vec<u8>, FlowError>;

    /// An execution that goes on: see [`Machine::load`].
    ///
    /// # Errors
    ///
    /// If the flow cannot go on with it.
    fn load(&self, rows: &Rows, now: SystemTime) -> Result<Box<dyn Running>, FlowError>;
}

/// An execution that runs, without its types: see [`Machine`].
pub trait Running: Send {
    /// See [`Machine::next_commit`].
    fn poll_commit(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Commit>, FlowError>>;

    /// See [`Machine::committed`].
    fn committed(&mut self);

    /// See [`Machine::deliver`].
    ///
    /// # Errors
    ///
    /// If the execution does not take it.
    fn deliver(&mut self, message: Message<'_>) -> Result<(), Refused>;

    /// See [`Machine::is_parked`].
    fn is_parked(&mut self) -> bool;

    /// See [`Machine::close`].
    fn close(&mut self);

    /// See [`Machine::hold_calls`].
    fn hold_calls(&mut self);

    /// See [`Machine::holds_call`].
    fn holds_call(&self) -> bool;

    /// See [`Machine::let_begin`].
    fn let_begin(&mut self);

    /// See [`Machine::has_calls`].
    fn has_calls(&self) -> bool;

    /// See [`Machine::next_deadline`].
    fn next_deadline(&mut self) -> Option<SystemTime>;
}

impl dyn Program {
    /// The reply to a start of an execution that exists.
    ///
    /// # Errors
    ///
    /// [`OtherInput`](RequestError::OtherInput), if it was started with another input.
    pub fn same_input(
        &self,
        id: &str,
        started_with: &Encoded,
        given: &Encoded,
    ) -> Result<(), RequestError> {
        let rewritten = |input: &Encoded| {
            let input = self.rewritten(&input.to_bytes().ok()?)?;
            Some(Encoded::from_bytes(input))
        };
        let are_same = || Some(rewritten(started_with)?.is_same(&rewritten(given)?));
        if started_with.is_same(given) || are_same() == Some(true) {
            return Ok(());
        }
        Err(RequestError::OtherInput {
            id: id.to_owned(),
            started_with: started_with.clone(),
            given: given.clone(),
        })
    }
}

/// The flow without its types.
#[must_use]
pub fn program<G: Graph, Given: Complete + 'static>(flow: Flow<G, Given>) -> Arc<dyn Program> {
    Arc::new(Typed(flow))
}

/// A flow with its types.
struct Typed<G: Graph, Given>(Flow<G, Given>);

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

    fn hold_calls(&mut self) {
        Self::hold_calls(self);
    }

    fn holds_call(&self) -> bool {
        Self::holds_call(self)
    }

    fn let_begin(&mut self) {
        Self::let_begin(self);
    }

    fn has_calls(&self) -> bool {
        Self::has_calls(self)
    }

    fn next_deadline(&mut self) -> Option<SystemTime> {
        Self::next_deadline(self)
    }
}
