//! What a state was when a call began.

use std::fmt;
use std::ops::Deref;

/// A state of a durable flow as it was when the call began, as a handler takes it: a copy to read.
///
/// In a durable flow, calls that take the same [`State`](crate::State) take turns. A handler that
/// only reads it takes a `Snapshot` instead, which waits for nobody. It has what was written by
/// calls that have ended, and nothing of those that still run.
///
/// The flow declares the state, and is `durable`.
#[cfg_attr(feature = "durable", doc = "```")]
#[cfg_attr(not(feature = "durable"), doc = "```ignore")]
/// use flow_core::{Cx, Snapshot, State, flow, handler};
///
/// #[derive(Default, serde::Serialize, serde::Deserialize)]
/// struct Total(u32);
///
/// #[handler]
/// async fn add(n: u32, total: State<Total>) {
///     total.with(|total| total.0 += n);
/// }
///
/// #[handler]
/// async fn report(total: Snapshot<Total>, cx: &Cx) {
///     cx.put(total.0.to_string()).await;
/// }
///
/// let flow = flow! {
///     durable;
///     state Total;
///     start(u32) -> (add, report) -> ignore
/// };
/// # let _ = flow;
/// ```
pub struct Snapshot<T>(T);

impl<T> Snapshot<T> {
    /// Creates one of this value, for a unit test of a handler.
    ///
    /// ```
    /// # use flow_core::Snapshot;
    /// assert_eq!(*Snapshot::new(3), 3);
    /// ```
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Snapshot<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Clone> Clone for Snapshot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: fmt::Debug> fmt::Debug for Snapshot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Snapshot").field(&self.0).finish()
    }
}
