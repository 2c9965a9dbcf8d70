//! The error of a handler that exceeded its `timeout`.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::graph::duration::Readable;

/// The error of a handler that exceeded its `timeout`.
///
/// The handler's error type has to be `From<TimedOut>`. A [`BoxError`](crate::BoxError) is, and so
/// is the error of a handler that does not return a `Result`.
///
/// ```
/// use flow_core::{FlowErrorKind, TimedOut, flow, handler};
/// use std::error::Error;
/// use std::time::Duration;
///
/// #[handler(timeout = "30s")]
/// async fn fetch() {
///     std::future::pending().await
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let error = flow! { start -> fetch }.run(()).await.unwrap_err();
/// assert_eq!(error.kind(), FlowErrorKind::TimedOut);
/// assert_eq!(error.to_string(), "handler `fetch` timed out on start after 30s");
///
/// let timed_out: &TimedOut = error.source().unwrap().downcast_ref().unwrap();
/// assert_eq!(timed_out.after, Duration::from_secs(30));
/// assert_eq!(timed_out.to_string(), "`fetch` took longer than 30s");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TimedOut {
    /// The name of the handler.
    pub handler: &'static str,
    /// The limit that it exceeded.
    pub after: Duration,
    /// Its function had returned, and only a clone of its context kept the call from ending. It is so
    /// in durable flows alone: elsewhere, a call ends when its function has returned.
    pub has_returned: bool,
}

impl TimedOut {
    /// Creates the error, for a unit test of code that handles it.
    ///
    /// ```
    /// # use flow_core::TimedOut;
    /// # use std::time::Duration;
    /// let timed_out = TimedOut::new("fetch", Duration::from_millis(1_500));
    /// assert_eq!(timed_out.to_string(), "`fetch` took longer than 1s 500ms");
    /// ```
    #[must_use]
    pub fn new(handler: &'static str, after: Duration) -> Self {
        Self {
            handler,
            after,
            has_returned: false,
        }
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` took longer than {}",
            self.handler,
            Readable(self.after)
        )?;
        if self.has_returned {
            f.write_str(
                ": its function has returned, but a clone of its context is still alive: drop the \
                 clone, or wait in the function for the task that holds it",
            )?;
        }
        Ok(())
    }
}

impl Error for TimedOut {}
