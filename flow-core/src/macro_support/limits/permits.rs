//! `concurrency`: how many calls of a handler run at the same time, within one execution, including
//! the executions of its stages, or within the whole process.

use std::any::TypeId;
use std::future::Future;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::graph::GraphDesc;
use crate::handler::Cx;
use crate::handler::Handler;
use crate::handler::router::Router;
use crate::macro_support::limits::overrides::Overrides;
use crate::macro_support::limits::turns::turn;

/// A semaphore for each handler with a `concurrency` that is not shared, of an execution and of its
/// stages: a stage shares the permits of the outer execution.
#[derive(Debug)]
pub struct Permits(Vec<(TypeId, Arc<Semaphore>)>);

impl Permits {
    pub(crate) fn new(graph: &GraphDesc, given: Option<&Overrides>) -> Self {
        let mut permits = Self(Vec::new());
        permits.add(graph, given);
        permits
    }

    fn add(&mut self, graph: &GraphDesc, given: Option<&Overrides>) {
        let handlers = graph.clauses.iter().flat_map(|clause| clause.handlers);
        for handler in handlers {
            if let (Some(calls), Some(id)) = (handler.concurrency, handler.counted)
                && self.of(id()).is_none()
            {
                let given = given.and_then(|given| given.handler(id()).concurrency);
                let calls = given.unwrap_or(calls).min(Semaphore::MAX_PERMITS);
                self.0.push((id(), Arc::new(Semaphore::new(calls))));
            }
            if let Some(stage) = handler.graph {
                self.add(stage, given);
            }
        }
    }

    fn of(&self, handler: TypeId) -> Option<&Arc<Semaphore>> {
        let found = self.0.iter().find(|(id, _)| *id == handler);
        found.map(|(_, semaphore)| semaphore)
    }
}

/// Runs one attempt of the handler `H` as soon as there is a permit; waiting attempts go in the
/// order in which they came. A router without an execution has no permits, and runs it at once.
pub async fn in_turn<R: Router, H: Handler, F: Future>(cx: &Cx<R, H>, attempt: F) -> F::Output {
    let permits = cx.router().shared::<Permits>();
    let semaphore = permits.and_then(|permits| permits.of(TypeId::of::<H>()).cloned());
    let _permit = match &semaphore {
        // The semaphore is never closed.
        Some(semaphore) => semaphore.acquire().await.ok(),
        None => None,
    };
    let _turn = match turn(cx.router()) {
        Some(turn) => Some(turn.await),
        None => None,
    };
    attempt.await
}

/// The permits of a handler with a `concurrency` that all executions share. It is a `static` of the
/// handler.
#[derive(Debug)]
pub struct SharedPermits(Semaphore);

impl SharedPermits {
    #[must_use]
    pub const fn new(calls: usize) -> Self {
        let calls = if calls > Semaphore::MAX_PERMITS {
            Semaphore::MAX_PERMITS
        } else {
            calls
        };
        Self(Semaphore::const_new(calls))
    }
}

/// Runs one attempt as soon as there is a permit; waiting attempts go in the order in which they
/// came, whatever their executions.
pub async fn in_turn_of_all<R: Router, H: Handler, F: Future>(
    cx: &Cx<R, H>,
    permits: &'static SharedPermits,
    attempt: F,
) -> F::Output {
    // The semaphore is never closed.
    let _permit = permits.0.acquire().await.ok();
    let _turn = match turn(cx.router()) {
        Some(turn) => Some(turn.await),
        None => None,
    };
    attempt.await
}
