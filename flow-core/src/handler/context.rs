//! The context of a handler.

use std::fmt;
use std::marker::PhantomData;
use std::ptr;

use crate::resource::Res;
use crate::handler::router::Router;
use crate::state::State;

/// The context of a handler: its way to the stream and to the other handlers.
///
/// A handler asks for `cx: &Cx`; [`#[handler]`](crate::handler) fills in the parameters: `R`, the
/// execution it runs in, and `H`, the handler itself, whose declaration says what may be emitted
/// and put.
///
/// A clone is cheap and `'static`: it may move into a task of its own and emit and put from there.
/// Like the sender of a channel it keeps the execution open: an execution ends when nothing runs,
/// nothing waits, and no clone is left outside of its handlers. After the end, a clone's `emit`,
/// `put` and `stop` do nothing.
///
/// ```
/// use flow_core::{Cx, flow, handler};
///
/// #[handler]
/// async fn count(cx: &Cx) {
///     let cx = cx.clone();
///     tokio::spawn(async move {
///         for n in 1..=3 {
///             cx.put(n.to_string()).await;
///         }
///     });
/// }
///
/// let items: Vec<_> = flow! { start -> count }.blocking_iter(()).collect::<Result<_, _>>()?;
/// assert_eq!(items, ["1", "2", "3"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
#[repr(transparent)]
pub struct Cx<R, H> {
    router: R,
    handler: PhantomData<fn() -> H>,
}

impl<R: Router, H> Cx<R, H> {
    #[doc(hidden)]
    #[inline]
    pub fn new(router: R) -> Self {
        Self {
            router,
            handler: PhantomData,
        }
    }

    #[doc(hidden)]
    #[inline]
    pub fn router(&self) -> &R {
        &self.router
    }

    /// The context over a router where it stands, for one that has many handlers.
    #[doc(hidden)]
    #[inline]
    #[allow(
        unsafe_code,
        reason = "a hop takes 4 ns, and 11 if the router is moved in and out"
    )]
    pub fn of(router: &R) -> &Self {
        // SAFETY: `Cx` is `repr(transparent)` over the router, so that a pointer to one is a valid
        // pointer to the other; the reference is shared, and keeps its lifetime.
        unsafe { &*ptr::from_ref(router).cast() }
    }

    /// A resource, for a handler that takes it as a parameter.
    ///
    /// # Panics
    ///
    /// If there is none, which a flow rules out before it runs.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "the checks have ruled it out")]
    pub fn resource<T: Send + Sync + 'static>(&self) -> Res<T> {
        let Some(resource) = self.router.resource() else {
            panic!("no `{}` was given", std::any::type_name::<T>());
        };
        resource
    }

    /// A state, for a handler that takes it as a parameter.
    ///
    /// # Panics
    ///
    /// As [`resource`](Self::resource).
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "the checks have ruled it out")]
    pub fn state<T: Send + 'static>(&self) -> State<T> {
        let Some(state) = self.router.state() else {
            panic!("there is no state `{}`", std::any::type_name::<T>());
        };
        state
    }
}

impl<R: Router, H> Clone for Cx<R, H> {
    fn clone(&self) -> Self {
        Self::new(self.router.clone())
    }
}

impl<R, H> fmt::Debug for Cx<R, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx").finish_non_exhaustive()
    }
}
