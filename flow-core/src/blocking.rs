//! The runtime stream for programs that are not async.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::error::FlowError;
use crate::execution::Execution;

/// The items of an execution that runs on this thread: what
/// [`Flow::blocking_iter`](crate::Flow::blocking_iter) returns.
///
/// Dropping it cancels the execution.
///
/// ```
/// # use flow_core::{Cx, flow, handler};
/// #[handler]
/// async fn count(cx: &Cx) {
///     for n in 1.. {
///         cx.put(n.to_string()).await;
///     }
/// }
///
/// let items = flow! { start -> count }.blocking_iter(());
/// let three: Result<Vec<_>, _> = items.take(3).collect();
/// assert_eq!(three?, ["1", "2", "3"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
#[must_use = "an execution does nothing unless its items are asked for"]
pub struct BlockingIter<T> {
    // Declared first to be dropped first: what handlers hold may need the runtime.
    execution: Option<Execution<T>>,
    runtime: Result<Runtime, Option<FlowError>>,
}

impl<T> BlockingIter<T> {
    pub(crate) fn new(execution: Execution<T>) -> Self {
        Self {
            execution: Some(execution),
            runtime: runtime().map_err(Some),
        }
    }
}

/// A runtime that runs only while it is blocked on, so that a `break` stops everything.
fn runtime() -> Result<Runtime, FlowError> {
    if Handle::try_current().is_ok() {
        let hint = "`blocking_iter` would block the async code it is called from; use `stream`";
        return Err(FlowError::runtime(hint.into()));
    }
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| FlowError::runtime(error.into()))
}

impl<T> Iterator for BlockingIter<T> {
    type Item = Result<T, FlowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.runtime {
            Ok(runtime) => {
                let execution = self.execution.as_mut()?;
                runtime.block_on(poll_fn(|cx| Pin::new(&mut *execution).poll_next(cx)))
            }
            Err(error) => error.take().map(Err),
        }
    }
}

impl<T> Drop for BlockingIter<T> {
    fn drop(&mut self) {
        // Destructors of handlers may spawn or arm a timer.
        let _inside = self.runtime.as_ref().map(Runtime::enter);
        self.execution = None;
    }
}

impl<T> fmt::Debug for BlockingIter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingIter").finish_non_exhaustive()
    }
}
