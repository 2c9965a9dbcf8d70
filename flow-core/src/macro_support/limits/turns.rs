//! `concurrency 8;` of a flow: how many attempts of all its handlers run at the same time in one
//! execution, including the executions of its stages.
//!
//! A stage that is a flow does not know the limit of the outer flow when it is compiled. So the
//! calls in flows with a name, which can be stages, and in those with the clause are [`InTurn`]; the
//! execution tells each whether there is a limit.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::graph::HandlerDesc;
use crate::handler::router::Router;

/// The permits of an execution, if it has a limit, and then those of the executions around it, from
/// the inside to the outside. All attempts take them in this order, so that none of them holds what
/// another one waits for in turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Vec<Arc<Semaphore>>);

impl Turns {
    /// `None` if there is no limit.
    pub(crate) fn new(attempts: Option<usize>, outer: Option<&Self>) -> Option<Self> {
        let own = attempts.map(|attempts| {
            let attempts = attempts.min(Semaphore::MAX_PERMITS);
            Arc::new(Semaphore::new(attempts))
        });
        let outer = outer.into_iter().flat_map(|outer| &outer.0);
        let all: Vec<_> = own.into_iter().chain(outer.cloned()).collect();
        (!all.is_empty()).then_some(Self(all))
    }
}

/// The permits of one attempt.
pub(crate) type Turn = Vec<OwnedSemaphorePermit>;

type Waiting = Pin<Box<dyn Future<Output = Turn> + Send>>;

/// Takes a permit of each limit as soon as there is one. Waiting attempts go in the order in which
/// they came. `None` if the execution has no limit.
#[inline]
pub(super) fn turn<R: Router>(router: &R) -> Option<Waiting> {
    if router.takes_turns() {
        wait(router)
    } else {
        None
    }
}

#[cold]
fn wait<R: Router>(router: &R) -> Option<Waiting> {
    let turns = router.shared::<Turns>()?;
    Some(Box::pin(async move {
        let mut turn = Vec::with_capacity(turns.0.len());
        for permits in &turns.0 {
            // They are never closed.
            turn.extend(Arc::clone(permits).acquire_owned().await);
        }
        turn
    }))
}

/// Whether a call of the handler is one attempt, and holds the permits as a whole. A flow and a
/// question hold none, and limits of the handler take them for each attempt by themselves.
const fn is_attempt(handler: &HandlerDesc) -> bool {
    let is_handler = handler.graph.is_none() && handler.asks.is_none();
    is_handler && handler.attempts <= 1 && handler.concurrency.is_none()
}

/// A call of what a test has put in place of a handler with this description. It is one attempt, also
/// where those of the handler take the permits by themselves.
#[cfg(feature = "testing")]
pub(crate) async fn in_turn_of_substitute<R: Router, F: Future>(
    handler: &'static HandlerDesc,
    router: R,
    call: F,
) -> F::Output {
    let is_handler = handler.graph.is_none() && handler.asks.is_none();
    let waiting = if is_handler && !is_attempt(handler) {
        turn(&router)
    } else {
        None
    };
    let _turn = match waiting {
        Some(waiting) => Some(waiting.await),
        None => None,
    };
    call.await
}

/// A call of a handler with this description, in a flow whose execution may have a limit.
#[inline]
pub(crate) fn in_turn_of_execution<'a, R: Router, F: Future>(
    handler: &'static HandlerDesc,
    router: &'a R,
    call: F,
) -> InTurn<'a, R, F> {
    InTurn {
        call,
        is_new: is_attempt(handler),
        permits: None,
        router,
    }
}

/// The future of [`in_turn_of_execution`].
#[pin_project]
pub(crate) struct InTurn<'a, R, F> {
    /// Dropped before its permits.
    #[pin]
    call: F,
    /// It has not asked for permits yet, and needs them.
    is_new: bool,
    /// `None` without a limit: most executions have none, and pay for one look.
    permits: Option<Box<Permits>>,
    router: &'a R,
}

enum Permits {
    Waits(Waiting),
    Held(#[allow(dead_code, reason = "its drop gives the permits back")] Turn),
}

impl Permits {
    #[cold]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::Waits(waiting) = self {
            *self = Self::Held(ready!(waiting.as_mut().poll(cx)));
        }
        Poll::Ready(())
    }
}

impl<R: Router, F: Future> Future for InTurn<'_, R, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if std::mem::take(this.is_new) {
            *this.permits = turn(*this.router).map(|waiting| Box::new(Permits::Waits(waiting)));
        }
        if let Some(permits) = this.permits {
            ready!(permits.poll(cx));
        }
        let output = ready!(this.call.poll(cx));
        // In a join, the future lives on.
        if this.permits.is_some() {
            *this.permits = None;
        }
        Poll::Ready(output)
    }
}

impl<R, F> fmt::Debug for InTurn<'_, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InTurn").finish_non_exhaustive()
    }
}
