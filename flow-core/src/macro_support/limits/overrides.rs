//! Limits that a flow is given at run time, in place of those in the source.

use std::any::TypeId;
use std::time::Duration;

use crate::handler::router::Router;
use crate::handler::{Cx, Handler};

/// The limits of the handlers and the questions of an execution and of its stages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overrides {
    handlers: Vec<(TypeId, HandlerOverride)>,
    questions: Vec<(TypeId, Duration)>,
    /// How long the `finally` may take, and the flow that has it.
    finally: Option<(TypeId, Duration)>,
    /// How many attempts run at the same time in an execution, and the flow that limits them.
    concurrency: Option<(TypeId, usize)>,
}

/// `None` for what the source says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HandlerOverride {
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempts: Option<u32>,
    pub(crate) backoff: Option<Duration>,
    pub(crate) concurrency: Option<usize>,
    /// The period of the `every` clauses and reminders that begin with the handler.
    pub(crate) every: Option<Duration>,
}

impl Overrides {
    pub(crate) fn handler(&self, handler: TypeId) -> HandlerOverride {
        let found = self.handlers.iter().find(|(id, _)| *id == handler);
        found.map(|(_, limits)| *limits).unwrap_or_default()
    }

    pub(crate) fn set_handler(&mut self, handler: TypeId, set: impl FnOnce(&mut HandlerOverride)) {
        let mut limits = self.handler(handler);
        set(&mut limits);
        self.handlers.retain(|(id, _)| *id != handler);
        self.handlers.push((handler, limits));
    }

    /// How long the question can be answered.
    pub(crate) fn question(&self, question: TypeId) -> Option<Duration> {
        let found = self.questions.iter().find(|(id, _)| *id == question);
        found.map(|(_, within)| *within)
    }

    /// How long the `finally` of the flow may take. Those of its stages are their own.
    pub(crate) fn finally(&self, flow: TypeId) -> Option<Duration> {
        let (_, within) = self.finally.filter(|(of, _)| *of == flow)?;
        Some(within)
    }

    pub(crate) fn set_finally(&mut self, flow: TypeId, within: Duration) {
        self.finally = Some((flow, within));
    }

    /// How many attempts run at the same time in an execution of the flow.
    pub(crate) fn concurrency(&self, flow: TypeId) -> Option<usize> {
        let (_, attempts) = self.concurrency.filter(|(of, _)| *of == flow)?;
        Some(attempts)
    }

    pub(crate) fn set_concurrency(&mut self, flow: TypeId, attempts: usize) {
        self.concurrency = Some((flow, attempts));
    }

    pub(crate) fn set_question(&mut self, question: TypeId, within: Duration) {
        self.questions.retain(|(id, _)| *id != question);
        self.questions.push((question, within));
    }
}

/// The limits of the handler `H` that its flow was given.
pub(super) fn given<R: Router, H: Handler>(cx: &Cx<R, H>) -> HandlerOverride {
    let all = cx.router().shared::<Overrides>();
    all.map(|all| all.handler(TypeId::of::<H>()))
        .unwrap_or_default()
}
