//! What the task of an execution works with: its place in the host, and what comes for it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::mpsc::UnboundedReceiver;

use crate::durable::encoded::Encoded;
use crate::durable::host::request::{Ask, Request};
use crate::durable::host::shared::Shared;
use crate::durable::program::Program;
use crate::durable::request_error::RequestError;
use crate::durable::store::ExecutionName;

pub(super) struct Seat {
    pub(super) shared: Arc<Shared>,
    pub(super) program: Arc<dyn Program>,
    pub(super) id: ExecutionName,
    pub(super) mailbox: UnboundedReceiver<Request>,
    /// Requests that were taken from the mailbox too early.
    backlog: VecDeque<Request>,
}

impl Seat {
    pub(super) fn new(
        shared: Arc<Shared>,
        program: Arc<dyn Program>,
        id: ExecutionName,
        mailbox: UnboundedReceiver<Request>,
    ) -> Self {
        Self {
            shared,
            program,
            id,
            mailbox,
            backlog: VecDeque::new(),
        }
    }

    /// The next request, if there is one.
    pub(super) fn try_next(&mut self) -> Option<Request> {
        let early = self.backlog.pop_front();
        early.or_else(|| self.mailbox.try_recv().ok())
    }

    /// The request is the next one.
    pub(super) fn put_back(&mut self, request: Request) {
        self.backlog.push_front(request);
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Request>> {
        match self.backlog.pop_front() {
            Some(request) => Poll::Ready(Some(request)),
            None => self.mailbox.poll_recv(cx),
        }
    }

    /// Whether something was taken from the mailbox and is not replied to: it does not leave then.
    pub(super) fn has_backlog(&self) -> bool {
        !self.backlog.is_empty()
    }

    /// Whether another try is asked for.
    pub(super) fn is_retried(&mut self) -> bool {
        let mut requests = self.all();
        requests.any(|request| matches!(request.ask, Ask::Retry))
    }

    /// Whether a start comes first.
    pub(super) fn is_started(&mut self) -> bool {
        let first = self.all().next();
        first.is_some_and(|request| matches!(request.ask, Ask::Start { .. }))
    }

    /// All that has come.
    fn all(&mut self) -> impl Iterator<Item = &Request> {
        while let Ok(request) = self.mailbox.try_recv() {
            self.backlog.push_back(request);
        }
        self.backlog.iter()
    }

    /// Replies to all that has come.
    pub(super) fn reply_all(&mut self, reply_to: impl Fn(&Ask) -> Result<(), RequestError>) {
        while let Some(Request { ask, reply }) = self.try_next() {
            reply.send(reply_to(&ask));
        }
    }

    /// The reply to a start of the execution, which exists.
    pub(super) fn same_input(
        &self,
        started_with: &Encoded,
        given: &Encoded,
    ) -> Result<(), RequestError> {
        let program = &*self.program;
        program.same_input(self.id.id(), started_with, given)
    }
}
