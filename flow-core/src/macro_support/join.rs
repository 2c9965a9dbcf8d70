//! The branches of a join, `(a, b)`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::macro_support::graph::Halt;

/// A branch, and then its value.
///
/// The value is a parameter of its own, because rustc would look at a projection such as
/// `TryFuture::Ok` again when it decides whether the loop is `Send`. It forgets lifetimes there,
/// and the handler is one of a type for `'static` alone: `Box<dyn Error>` holds it.
#[derive(Debug)]
#[pin_project(project = BranchProjection, project_replace = BranchReplaced)]
pub enum Branch<F, V> {
    Running(#[pin] F),
    Done(V),
    Taken,
}

#[inline]
pub fn branch<F: Future<Output = Result<V, X>>, V, X>(future: F) -> Branch<F, V> {
    Branch::Running(future)
}

/// Polls a branch, and sets `pending` if it is not done yet. An error means that the rest of the
/// clause does not run.
#[inline]
pub fn poll_branch<F: Future<Output = Result<V, X>>, V, X>(
    mut branch: Pin<&mut Branch<F, V>>,
    cx: &mut Context<'_>,
    pending: &mut bool,
) -> Result<(), X> {
    let BranchProjection::Running(future) = branch.as_mut().project() else {
        return Ok(());
    };
    match future.poll(cx) {
        Poll::Ready(Ok(value)) => {
            branch.set(Branch::Done(value));
            Ok(())
        }
        Poll::Ready(Err(error)) => {
            branch.set(Branch::Taken);
            Err(error)
        }
        Poll::Pending => {
            *pending = true;
            Ok(())
        }
    }
}

/// The value of a branch that is done. It is a `Result` only for the generated code, which uses `?`
/// on all branches.
#[inline]
pub fn value_of<F, V>(branch: Pin<&mut Branch<F, V>>) -> Result<V, Halt> {
    match branch.project_replace(Branch::Taken) {
        BranchReplaced::Done(value) => Ok(value),
        BranchReplaced::Running(_) | BranchReplaced::Taken => Err(Halt),
    }
}

/// A branch on the heap, where rustc does not follow its type.
pub fn boxed<'a, F: Future + Send + 'a>(
    branch: F,
) -> Pin<Box<dyn Future<Output = F::Output> + Send + 'a>> {
    Box::pin(branch)
}
