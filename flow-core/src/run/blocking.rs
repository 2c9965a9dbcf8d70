//! An execution as a blocking iterator.

use std::fmt;
use std::future::{Future, poll_fn};
use std::iter::FusedIterator;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use futures_core::Stream;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::yield_now;

use crate::error::FlowError;
use crate::macro_support::drop::drop_payload;
use crate::run::execution::Execution;
use crate::state::State;

/// A blocking iterator of the items of an execution.
///
/// [`Flow::blocking_iter`](crate::Flow::blocking_iter) returns it.
///
/// It runs on the calling thread while `next` waits for an item. Each item is a
/// `Result<T, FlowError>`; an error is the last item. Dropping the iterator, for instance by a
/// `break`, cancels the execution.
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
pub struct BlockingIter<T, O = ()> {
    // Declared first so that it is dropped first: what handlers hold may need the runtime.
    execution: Option<Execution<T, O>>,
    runtime: Result<Runtime, Option<FlowError>>,
}

impl<T, O> BlockingIter<T, O> {
    pub(crate) fn new(execution: Execution<T, O>) -> Self {
        Self {
            execution: Some(execution),
            runtime: runtime().map_err(Some),
        }
    }

    /// Runs the execution to completion and returns its result, dropping the remaining items.
    ///
    /// The result is the value that a clause passed to `end`, or `()` for a flow without `end`.
    ///
    /// # Errors
    ///
    /// If the execution fails, for any of the reasons in [`FlowErrorKind`](crate::FlowErrorKind).
    ///
    /// # Panics
    ///
    /// If an iterator that was created elsewhere is used in async code.
    ///
    /// ```
    /// # use flow_core::{flow, handler};
    /// #[handler]
    /// async fn double(n: u32) -> u32 {
    ///     n * 2
    /// }
    ///
    /// assert_eq!(flow! { start(u32) -> double -> end }.blocking_iter(21).output()?, 42);
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    pub fn output(mut self) -> Result<O, FlowError> {
        let unfinished = FlowError::unfinished;
        match &mut self.runtime {
            Ok(runtime) => {
                let execution = self.execution.take().ok_or_else(unfinished)?;
                runtime.block_on(execution.output())
            }
            Err(error) => Err(error.take().unwrap_or_else(unfinished)),
        }
    }

    /// Returns the state `S` of the execution, like [`Execution::state`].
    pub fn state<S: Send + 'static>(&mut self) -> Option<State<S>> {
        self.execution.as_mut()?.state()
    }
}

/// Creates a runtime that runs only inside `block_on`, so that a `break` stops everything.
fn runtime() -> Result<Runtime, FlowError> {
    if is_in_task() {
        return Err(in_async_code());
    }
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| FlowError::runtime(error.into()))?;
    // The thread may belong to a runtime that lets it block, as in `spawn_blocking`, or it may
    // drive a runtime of several threads in `block_on`. Only `block_on` knows.
    if Handle::try_current().is_ok()
        && let Err(payload) = catch_unwind(AssertUnwindSafe(|| runtime.block_on(async {})))
    {
        drop_payload(payload);
        runtime.shutdown_background();
        return Err(in_async_code());
    }
    Ok(runtime)
}

fn in_async_code() -> FlowError {
    let hint = "`blocking_iter` was called in async code, which it would block: \
                use `stream`, or call it in `spawn_blocking`";
    FlowError::runtime(hint.into())
}

/// Whether the thread polls a task of tokio. There, a task that yields is not woken at once.
fn is_in_task() -> bool {
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&woken));
    let polled = pin!(yield_now()).poll(&mut Context::from_waker(&waker));
    polled.is_pending() && !woken.0.load(Ordering::Relaxed)
}

impl<T, O> Iterator for BlockingIter<T, O> {
    type Item = Result<T, FlowError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.runtime {
            Ok(runtime) => {
                let execution = self.execution.as_mut()?;
                runtime.block_on(async {
                    let item = poll_fn(|cx| Pin::new(&mut *execution).poll_next(cx)).await;
                    if item.is_some() {
                        // A handler that yields is woken when its runtime becomes idle. If
                        // `block_on` returned before that, the wake would be lost.
                        yield_now().await;
                    }
                    item
                })
            }
            Err(error) => error.take().map(Err),
        }
    }
}

impl<T, O> FusedIterator for BlockingIter<T, O> {}

impl<T, O> Drop for BlockingIter<T, O> {
    fn drop(&mut self) {
        // Destructors in handlers may spawn tasks or start timers.
        let _inside = self.runtime.as_ref().map(Runtime::enter);
        self.execution = None;
    }
}

impl<T, O> fmt::Debug for BlockingIter<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingIter")
            .field("execution", &self.execution)
            .finish_non_exhaustive()
    }
}
