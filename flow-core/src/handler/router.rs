//! The seam: everything a handler can do goes through a router, so that one handler runs in a
//! flow, in a unit test, or on an engine of another kind.

use std::future::Future;

use crate::event::Event;
use crate::resource::Res;
use crate::state::State;

/// What stands behind a [`Cx`](crate::Cx): an execution of a flow, or a `testing::Recorder`.
///
/// A helper function that is to serve every handler is generic over it:
///
/// ```
/// use flow_core::{Cx, Handler, Router, handler};
///
/// async fn heading<R: Router, H: Handler<Item = String>>(cx: &Cx<R, H>, text: &str) {
///     cx.put(format!("== {text} ==")).await;
/// }
///
/// #[handler(streams = "String")]
/// async fn report(cx: &Cx) {
///     heading(cx, "results").await;
/// }
/// ```
pub trait Router: sealed::Router + Clone + Send + Sync + 'static {
    #[doc(hidden)]
    fn emit<E: Event>(&self, event: E);

    #[doc(hidden)]
    type Put<'a, T: Send + 'static>: Future<Output = ()> + Send + 'a;

    #[doc(hidden)]
    fn put<T: Send + 'static>(&self, item: T) -> Self::Put<'_, T>;

    #[doc(hidden)]
    fn stop(&self);

    #[doc(hidden)]
    fn resource<T: Send + Sync + 'static>(&self) -> Option<Res<T>>;

    #[doc(hidden)]
    fn state<T: Send + 'static>(&self) -> Option<State<T>>;

    /// The handler that runs has failed in this attempt, and is tried again.
    #[doc(hidden)]
    fn retried(&self, _attempt: u32) {}

    /// A value of the framework that all handlers of the execution share, such as the permits of
    /// those with a limit of concurrent calls.
    #[doc(hidden)]
    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        None
    }
}

/// Only this crate has routers: what a handler can do may grow.
pub(crate) mod sealed {
    pub trait Router {}
}
