//! An attempt that takes too long.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use crate::handler::Handler;
use crate::text::Text;

/// What a handler with a `timeout` fails with when it takes longer.
///
/// It becomes the handler's own error, by `From`; where that is a [`BoxError`](crate::BoxError), or
/// where the handler returns no `Result`, it is this type in a box.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimedOut {
    /// The handler's name.
    pub handler: &'static str,
    /// How long it was given.
    pub after: Duration,
}

impl TimedOut {
    /// Puts one together, for a unit test of what becomes of it.
    ///
    /// ```
    /// # use flow_core::TimedOut;
    /// # use std::time::Duration;
    /// let timed_out = TimedOut::new("fetch", Duration::from_millis(1_500));
    /// assert_eq!(timed_out.to_string(), "`fetch` took longer than 1s 500ms");
    /// ```
    #[must_use]
    pub fn new(handler: &'static str, after: Duration) -> Self {
        Self { handler, after }
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = Text::new().with_duration(self.after);
        write!(f, "`{}` took longer than {}", self.handler, after.as_str())
    }
}

impl Error for TimedOut {}

/// The error of the handler `H`, which has a timeout.
#[diagnostic::on_unimplemented(
    message = "`{H}` has a timeout, so its error has to be made from one: implement `From<flow_core::TimedOut>` for `{Self}`, or return `flow_core::Result`",
    label = "does not implement `From<TimedOut>`"
)]
pub trait FromTimedOut<H> {
    /// The error for it.
    fn from_timed_out(timed_out: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<TimedOut>, H> FromTimedOut<H> for E {
    fn from_timed_out(timed_out: TimedOut) -> E {
        timed_out.into()
    }
}

/// The error of the handler `H` for it.
#[must_use]
pub fn timed_out<H, E: FromTimedOut<H>>(timed_out: TimedOut) -> E {
    E::from_timed_out(timed_out)
}

/// One attempt of the handler `H`, which may take so long from now on; if it takes longer, `error`
/// makes its error.
///
/// # Errors
///
/// The handler's own, which may be made of a [`TimedOut`].
///
/// # Panics
///
/// Outside of a tokio runtime with timers.
pub async fn within<H: Handler, V, E>(
    after: Duration,
    error: fn(TimedOut) -> E,
    attempt: impl Future<Output = Result<V, E>>,
) -> Result<V, E> {
    match tokio::time::timeout(after, attempt).await {
        Ok(result) => result,
        Err(_) => Err(error(TimedOut::new(H::DESC.name, after))),
    }
}
