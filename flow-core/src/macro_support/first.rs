//! The branches of `first (a, b)`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::BoxError;
use crate::macro_support::graph::Stopped;

/// What the branches have come to, except for one that has succeeded.
#[derive(Debug)]
pub struct Rivals {
    /// A branch was pending in the current round of polls.
    pending: bool,
    /// The error of the branch that has failed last, and the name of its handler.
    last: Option<(BoxError, &'static str)>,
}

impl Rivals {
    #[must_use]
    #[allow(clippy::new_without_default, reason = "generated code makes it")]
    pub fn new() -> Self {
        Self {
            pending: false,
            last: None,
        }
    }

    /// To be called when all branches have been polled and none has succeeded.
    pub fn poll_end<V>(&mut self) -> Poll<Result<V, Stopped<BoxError>>> {
        if std::mem::take(&mut self.pending) {
            return Poll::Pending;
        }
        let last = self.last.take();
        Poll::Ready(Err(last.map_or(Stopped::Halt, |(error, handler)| {
            Stopped::Failed(error, handler)
        })))
    }

    fn stopped<V>(&mut self, stopped: Stopped<BoxError>) -> Option<Result<V, Stopped<BoxError>>> {
        match stopped {
            Stopped::Failed(error, handler) => {
                self.last = Some((error, handler));
                None
            }
            stopped => Some(Err(stopped)),
        }
    }
}

/// Polls a branch that has not failed yet, which is `None` afterwards. Returns the value of one that
/// succeeds, or an error if the rest of the clause does not run.
#[inline]
pub fn poll_rival<F: Future<Output = Result<V, Stopped<BoxError>>>, V>(
    mut branch: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
    rivals: &mut Rivals,
) -> Option<Result<V, Stopped<BoxError>>> {
    let future = branch.as_mut().as_pin_mut()?;
    match future.poll(cx) {
        Poll::Ready(Ok(value)) => Some(Ok(value)),
        Poll::Ready(Err(stopped)) => {
            branch.set(None);
            rivals.stopped(stopped)
        }
        Poll::Pending => {
            rivals.pending = true;
            None
        }
    }
}

/// The same for a branch that leads to `end now` and has no value.
#[inline]
pub fn poll_leaving<F: Future<Output = Result<(), Stopped<BoxError>>>, V>(
    branch: Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
    rivals: &mut Rivals,
) -> Option<Result<V, Stopped<BoxError>>> {
    let stopped = poll_rival(branch, cx, rivals)?;
    Some(Err(stopped.err().unwrap_or(Stopped::Halt)))
}
