//! The branches of a join, `(a, b)`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::TryMaybeDone;
pub use futures_util::future::try_maybe_done;

use crate::macro_support::graph::Halt;

pub(crate) type Branch<F> = TryMaybeDone<F>;

/// Polls a branch, and sets `pending` if it is not done yet. An error means that the rest of the
/// clause does not run.
#[inline]
pub fn poll_branch<V, X>(
    branch: Pin<&mut Branch<impl Future<Output = Result<V, X>>>>,
    cx: &mut Context<'_>,
    pending: &mut bool,
) -> Result<(), X> {
    match branch.poll(cx) {
        Poll::Ready(done) => done,
        Poll::Pending => {
            *pending = true;
            Ok(())
        }
    }
}

/// The value of a branch that is done. It is a `Result` only for the generated code, which uses `?`
/// on all branches.
#[inline]
pub fn value_of<V, X>(
    branch: Pin<&mut Branch<impl Future<Output = Result<V, X>>>>,
) -> Result<V, Halt> {
    branch.take_output().ok_or(Halt)
}

/// A branch on the heap, where rustc does not follow its type.
pub fn boxed<'a, F: Future + Send + 'a>(
    branch: F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'a>> {
    Box::pin(branch)
}
