//! A handler: what `#[handler]` makes of an `async fn`, and the context that it acts through.

pub(crate) mod router;

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ptr;

use crate::error::HandlerError;
use crate::event::Event;
use crate::failed::CauseSpec;
use crate::graph::HandlerDesc;
use crate::handler::router::Router;
use crate::resource::Res;
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

impl<R: Router, H: Handler> Cx<R, H> {
    /// Puts an item into the stream.
    ///
    /// Waits while the stream's buffer is full, that is, for a reader that is slower than the
    /// handler; where nobody reads, the item is dropped at once. Items of one handler arrive in
    /// the order in which it put them; what one put before another began arrives before.
    ///
    /// The buffer holds [`capacity`](crate::Flow::capacity) items of the handlers. Tasks that hold
    /// a clone put into one of the same size of their own, which is emptied into the first.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn greet(cx: &Cx) {
    ///     cx.put("hello, ").await;
    ///     cx.put(String::from("world")).await; // whatever converts into the item
    /// }
    /// # let items: Vec<_> = flow! { start -> greet }.blocking_iter(()).map(Result::unwrap).collect();
    /// # assert_eq!(items, ["hello, ", "world"]);
    /// ```
    ///
    /// # Cancel safety
    ///
    /// The item is in the stream once this has completed, and not before: dropping it while it
    /// waits drops the item.
    #[doc(alias("backpressure", "token", "yield"))]
    #[inline]
    pub fn put(&self, item: impl IntoItem<H::Item>) -> R::Put<'_, H::Item> {
        self.router().put(item.into_item())
    }

    /// Emits an event: every clause of the flow that names it gets it.
    ///
    /// It returns at once and does not wait for those who listen. They run beside this handler as
    /// soon as it suspends or ends. Events go out in the order in which they were emitted. They are
    /// queued without a limit, so that a loop never blocks on itself; a handler that emits many at
    /// a time should `await` something in between.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler(emits = "Ready")]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     cx.put("prepared").await;
    /// }
    ///
    /// #[handler(on = "Ready")]
    /// async fn go(Ready(n): Ready, cx: &Cx) {
    ///     cx.put(format!("go {n}")).await;
    /// }
    /// # let flow = flow! { start -> prepare; when Ready -> go };
    /// # let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    /// # assert_eq!(items, ["prepared", "go 1"]);
    /// ```
    ///
    /// What `emits` does not name, the body cannot emit:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{Cx, Event, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     // error: `prepare` emits `Ready` without declaring it: add it to `#[handler(emits = …)]`
    /// }
    /// ```
    #[doc(alias("dispatch", "publish", "send"))]
    #[inline]
    pub fn emit<E: Event>(&self, event: E)
    where
        H: Emits<E>,
    {
        self.router().emit(event);
    }

    /// Ends the execution: its handlers, this one too, are dropped where they next suspend, waiting
    /// events are discarded, and the stream ends after the items already put.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn last(cx: &Cx) {
    ///     cx.put("the end").await;
    ///     cx.stop();
    ///     std::future::pending().await
    /// }
    /// # assert_eq!(flow! { start -> last }.blocking_iter(()).count(), 1);
    /// ```
    #[doc(alias("abort", "exit", "shutdown"))]
    pub fn stop(&self) {
        self.router().stop();
    }
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
        f.debug_struct("Cx")
            .field("handler", &std::any::type_name::<H>())
            .finish_non_exhaustive()
    }
}

/// An `async fn` with [`#[handler]`](macro@crate::handler) on it.
///
/// The attribute implements this for a type of the function's name; there is no other way to. It is
/// named where a function serves several handlers; see [`Router`].
///
/// ```
/// use flow_core::{Handler, handler};
///
/// #[handler(streams = "u32")]
/// async fn count() {}
///
/// fn streams<H: Handler<Item = u32>>(_: std::marker::PhantomData<H>) {}
/// streams(std::marker::PhantomData::<count>);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: name an `async fn` with `#[handler]`",
    label = "not a handler"
)]
pub trait Handler: Sized + 'static {
    /// What it puts into the stream: `String`, unless it says `streams = "…"`.
    type Item: Send + 'static;

    /// What it returns, errors aside.
    type Value: Send + 'static;

    /// What it fails with; a [`BoxError`] if it cannot fail.
    type Error: HandlerError + Send + 'static;

    /// The handler itself. A flow asks its questions of this type: a type that is not a handler has
    /// none, so the compiler reports that once instead of one error for each question.
    #[doc(hidden)]
    type Itself;

    /// Which cause of an error it takes, if it takes a [`Failed`](crate::Failed).
    #[doc(hidden)]
    type Cause: CauseSpec;

    #[doc(hidden)]
    const DESC: HandlerDesc;

    /// Calls the function. It accepts any input, so that the code generated for a flow always
    /// type-checks and each defect is reported once, by the bounds in `macro_support`. The optimiser
    /// removes the comparison of types.
    #[doc(hidden)]
    fn call<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// Its input, made from the value that arrives. The macro overrides it where the two differ; only
    /// a replacement in a test calls it.
    #[doc(hidden)]
    fn boxed_input<I: Send + 'static>(arrived: I) -> BoxedInput {
        boxed_input(Some(arrived))
    }
}

/// A handler that declares to emit `E`, by `#[handler(emits = "E")]`.
///
/// ```
/// use flow_core::{Cx, Emits, Event, Handler, Router, handler};
///
/// #[derive(Event)]
/// struct Done;
///
/// fn finish<R: Router, H: Handler + Emits<Done>>(cx: &Cx<R, H>) {
///     cx.emit(Done);
/// }
///
/// #[handler(emits = "Done")]
/// async fn work(cx: &Cx) {
///     finish(cx);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` emits `{E}` without declaring it: add it to `#[handler(emits = …)]`",
    label = "not in the `emits` of `{Self}`"
)]
pub trait Emits<E> {
    /// Seals the trait: an impl by hand would let events pass that the checks do not see.
    #[doc(hidden)]
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: ();
}

/// What can be put by a handler that streams `T`: whatever converts into it.
#[diagnostic::on_unimplemented(
    message = "this handler streams `{T}`, but puts `{Self}`: convert it, or declare the type by `#[handler(streams = …)]`",
    label = "does not convert into `{T}`"
)]
pub trait IntoItem<T> {
    #[doc(hidden)]
    fn into_item(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<I: Into<T>, T> IntoItem<T> for I {
    #[inline]
    fn into_item(self) -> T {
        self.into()
    }
}

/// What a handler streams that never puts anything.
#[derive(Debug)]
pub enum NoItems {}

/// The input of a handler, as [`Handler::boxed_input`] returns it.
#[doc(hidden)]
pub type BoxedInput = Option<Box<dyn Any + Send>>;

#[doc(hidden)]
#[must_use]
pub fn boxed_input<P: Send + 'static>(input: Option<P>) -> BoxedInput {
    input.map(|input| Box::new(input) as Box<dyn Any + Send>)
}
