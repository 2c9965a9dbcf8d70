//! Handlers, and the context through which they act.

mod bare;
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
use crate::handler::router::{Bare, Router};
use crate::lifecycle::ExecutionId;
use crate::resource::Res;
use crate::state::State;

/// The context of a handler, through which it emits events and puts items into the stream.
///
/// A handler declares it as `cx: &Cx`, and [`#[handler]`](macro@crate::handler) fills in the type
/// parameters: `R` is the execution that the handler runs in, and `H` is the handler itself, whose
/// attribute declares what it may emit and put.
///
/// # Helpers
///
/// A function that is not a handler has no attribute that could fill in the type parameters. It
/// names what it needs of the handlers that call it:
///
/// ```
/// use flow_core::{Cx, Emits, Event, Router, Streams, handler};
///
/// #[derive(Event)]
/// struct Done;
///
/// async fn heading(cx: &Cx<impl Router, impl Streams<String>>, text: &str) {
///     cx.put(format!("== {text} ==")).await;
/// }
///
/// fn finish(cx: &Cx<impl Router, impl Emits<Done>>) {
///     cx.emit(Done);
/// }
///
/// #[handler(emits = Done, streams = String)]
/// async fn report(cx: &Cx) {
///     heading(cx, "results").await;
///     finish(cx);
/// }
/// ```
///
/// The attribute sees only what a handler puts itself, so a handler whose helpers put items for it
/// declares `streams`.
///
/// # Clones
///
/// A clone is cheap and `'static`, so it can move into a task of its own that emits and puts.
/// Like the sender of a channel, it keeps the execution open: an execution does not finish while
/// clones exist outside of its handlers. After the execution has ended, `emit`, `put` and `stop` do
/// nothing.
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
pub struct Cx<R = Bare, H = Bare> {
    router: R,
    handler: PhantomData<fn() -> H>,
}

impl<R: Router, H: Handler> Cx<R, H> {
    /// Puts an item into the stream, waiting while the stream's buffer is full.
    ///
    /// The buffer holds [`capacity`](crate::Flow::capacity) items, so a slow reader holds back the
    /// handlers (backpressure). If the stream has no reader, the item is dropped at once, without
    /// waiting.
    ///
    /// If one `put` has completed before another begins, its item is read first. Tasks that hold a
    /// clone of the context share a second buffer of the same capacity, which is drained into the
    /// first.
    ///
    /// Room is given to the `put` that has waited longest. In a task with a clone of the context,
    /// do not keep a future of `put` that you have stopped polling: its place stays reserved.
    ///
    /// The item may be any type that converts [`Into`] the handler's item type, which is `String`
    /// unless the attribute declares `streams = T`.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn greet(cx: &Cx) {
    ///     cx.put("hello, ").await;
    ///     cx.put(String::from("world")).await;
    /// }
    /// # let items = flow! { start -> greet }.blocking_iter(());
    /// # let items: Vec<_> = items.map(Result::unwrap).collect();
    /// # assert_eq!(items, ["hello, ", "world"]);
    /// ```
    ///
    /// # Cancel safety
    ///
    /// The item is in the stream when the future has completed, and not before. Dropping the future
    /// while it waits drops the item.
    #[doc(alias("backpressure", "token", "yield"))]
    #[inline]
    pub fn put(&self, item: impl IntoItem<H::Item>) -> R::Put<'_, H::Item> {
        self.router().put(item.into_item())
    }

    /// Emits an event to every clause of the flow that waits for it.
    ///
    /// The call queues the event and returns at once. The receiving clauses run concurrently with
    /// this handler, as soon as it next suspends or returns. Events are delivered in the order in
    /// which they were emitted.
    ///
    /// The queue is unbounded, so that a handler never blocks on a loop that it is part of. A
    /// handler that emits many events should `.await` something in between.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler(emits = Ready)]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     cx.put("prepared").await;
    /// }
    ///
    /// #[handler(on = Ready)]
    /// async fn go(Ready(n): Ready, cx: &Cx) {
    ///     cx.put(format!("go {n}")).await;
    /// }
    /// # let flow = flow! { start -> prepare; when Ready -> go };
    /// # let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    /// # assert_eq!(items, ["prepared", "go 1"]);
    /// ```
    ///
    /// The body cannot emit an event that `emits` does not declare:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{Cx, Event, handler};
    /// # #[derive(Event)]
    /// # struct Ready(u8);
    /// #[handler]
    /// async fn prepare(cx: &Cx) {
    ///     cx.emit(Ready(1));
    ///     // error: `prepare` emits `Ready` without declaring it
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

    /// Stops the execution without an error.
    ///
    /// All handlers, including the calling one, are dropped where they next suspend, no handler
    /// begins any more, and queued events are discarded. The stream ends after the items that are
    /// already in it. An output that an `end` has decided before is kept. If the flow has an `end`
    /// that was not reached, the execution fails with
    /// [`Unfinished`](crate::FlowErrorKind::Unfinished).
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

    /// Waits until the end of the execution is decided: a clause has come to `end`.
    ///
    /// What is under way then is finished, so a handler that runs as long as the execution, such as
    /// a heartbeat, has to return by itself. In a stage that is a flow, the end of the outer flow
    /// counts as well. The future also completes when the execution is over in any other way, for
    /// clones of the context in other tasks.
    ///
    /// In a flow without `end`, nothing decides the end while a handler runs.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flow_core::{Cx, Event, flow, handler};
    /// use tokio::time::{interval, sleep};
    ///
    /// #[derive(Event, Clone)]
    /// struct Begun;
    ///
    /// #[handler(emits = Begun)]
    /// async fn work(cx: &Cx) -> u32 {
    ///     cx.emit(Begun);
    ///     sleep(Duration::from_millis(2500)).await;
    ///     42
    /// }
    ///
    /// #[handler(on = Begun)]
    /// async fn heartbeat(cx: &Cx) {
    ///     let mut beats = interval(Duration::from_secs(1));
    ///     loop {
    ///         tokio::select! {
    ///             _ = beats.tick() => cx.put("still at work").await,
    ///             () = cx.ending() => return,
    ///         }
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// # use futures::TryStreamExt;
    /// let flow = flow! { start -> work -> end; when Begun -> heartbeat };
    /// let mut execution = flow.stream(());
    /// let mut beats = 0;
    /// while let Some(_beat) = execution.try_next().await? {
    ///     beats += 1;
    /// }
    /// assert_eq!((beats, execution.output().await?), (3, 42));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect.
    #[doc(alias("heartbeat", "shutdown", "cancelled", "graceful"))]
    pub fn ending(&self) -> impl Future<Output = ()> + Send {
        self.router().ending()
    }

    /// Returns which attempt of the handler this is, from 1.
    ///
    /// It is 1 unless the handler declares `retry` and an earlier attempt has failed. A clone of
    /// the context belongs to the same attempt, in another task, too.
    ///
    /// ```
    /// use flow_core::{Cx, Result, flow, handler};
    ///
    /// #[handler(retry(attempts = 3, backoff = "100ms"))]
    /// async fn fetch(page: u32, cx: &Cx) -> Result<String> {
    ///     // The mirrors are slower, but one of them may be up.
    ///     let server = match cx.attempt() {
    ///         1 => "main".to_owned(),
    ///         attempt => format!("mirror {}", attempt - 1),
    ///     };
    ///     # if server != "mirror 2" { return Err("down".into()) }
    ///     // …
    ///     Ok(format!("page {page} of {server}"))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let page = flow! { start(u32) -> fetch -> end }.run(7).await?;
    /// assert_eq!(page, "page 7 of mirror 2");
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("retry", "try"))]
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.router().attempt()
    }

    /// Returns the id of the execution, which its [lifecycle events](crate::lifecycle) have. In a
    /// flow that is a stage, it is that of the stage.
    ///
    /// So the items of a stage that runs several times at once can be told apart. An execution that
    /// nothing asks for its id has none, and pays nothing for it.
    ///
    /// ```
    /// use flow_core::{Cx, flow, handler};
    /// use futures::StreamExt;
    ///
    /// #[handler]
    /// async fn search(word: &'static str, cx: &Cx) {
    ///     cx.put(format!("{}: looking for {word}", cx.execution_id())).await;
    ///     tokio::task::yield_now().await;
    ///     cx.put(format!("{}: found {word}", cx.execution_id())).await;
    /// }
    ///
    /// # #[handler]
    /// # async fn words() -> Vec<&'static str> { vec!["tea", "milk"] }
    /// flow! {
    ///     flow Search(&'static str);
    ///     start -> search
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { start -> words -> each Search[2] };
    /// let items: Vec<_> = flow.stream(()).map(Result::unwrap).collect().await;
    /// let mut ids: Vec<_> = items.iter().map(|item| item.split(':').next().unwrap()).collect();
    /// ids.sort_unstable();
    /// ids.dedup();
    /// assert_eq!((items.len(), ids.len()), (4, 2));
    /// # }
    /// ```
    #[doc(alias("instance", "run id", "correlation"))]
    #[must_use]
    pub fn execution_id(&self) -> ExecutionId {
        self.router().execution_id()
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

    /// Views a router as the context of a handler, without moving it.
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

    /// Returns the resource that a handler takes as a parameter.
    ///
    /// # Panics
    ///
    /// If the flow has no such resource, which the compile-time checks rule out.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "the checks have ruled it out")]
    pub fn declared_resource<T: ?Sized + Send + Sync + 'static>(&self) -> Res<T> {
        let Some(resource) = self.router.resource() else {
            panic!("no `{}` was given", std::any::type_name::<T>());
        };
        resource
    }

    /// Returns the state that a handler takes as a parameter.
    ///
    /// # Panics
    ///
    /// If the flow has no such state, which the compile-time checks rule out.
    #[doc(hidden)]
    #[allow(clippy::panic, reason = "the checks have ruled it out")]
    pub fn declared_state<T: Send + 'static>(&self) -> State<T> {
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

/// A function with the attribute [`#[handler]`](macro@crate::handler).
///
/// The attribute defines a type with the name of the function and implements this trait for it. It
/// cannot be implemented by hand. Use it as a bound in functions that work for several handlers, as
/// [`Router`] shows.
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
    /// The type of the items that it puts: `String`, unless the attribute declares `streams = T`.
    type Item: Send + 'static;

    /// The type that it returns, or the `Ok` type if it returns a `Result`.
    type Value: Send + 'static;

    /// The type of its error; [`BoxError`](crate::BoxError) if it does not return a `Result`.
    type Error: HandlerError + Send + 'static;

    /// The handler itself, or for other types, nothing. A flow's checks ask this type, so a type
    /// that is not a handler is reported once, and not once per check.
    #[doc(hidden)]
    type Itself;

    /// The cause that it takes with an error, if it takes a [`Failed`](crate::Failed).
    #[doc(hidden)]
    type Cause: CauseSpec;

    #[doc(hidden)]
    const DESC: HandlerDesc;

    /// Calls the function. It accepts an input of any type, so that the code generated for a flow
    /// always type-checks and each defect is reported once, by the bounds in `macro_support`. The
    /// optimiser removes the comparison of types.
    #[doc(hidden)]
    fn call<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// Whether a stage failed because it waited for what the end of its execution has closed. A
    /// stage that asks and one that is a flow may.
    #[doc(hidden)]
    fn is_given_up(_error: &Self::Error) -> bool {
        false
    }

    /// Boxes the handler's input, converted from the value that arrives. The attribute overrides it
    /// if the two types differ. Only a replacement in a test calls it.
    #[doc(hidden)]
    fn boxed_input<I: Send + 'static>(arrived: I) -> BoxedInput {
        boxed_input(Some(arrived))
    }
}

/// A handler that may emit `E`, because its attribute declares `emits = E`.
///
/// Use it as a bound in a [helper](Cx#helpers), a function that emits on behalf of several
/// handlers. It cannot be implemented by hand.
///
/// ```
/// use flow_core::{Cx, Emits, Event, Router, handler};
///
/// #[derive(Event)]
/// struct Done;
///
/// fn finish(cx: &Cx<impl Router, impl Emits<Done>>) {
///     cx.emit(Done);
/// }
///
/// #[handler(emits = Done)]
/// async fn work(cx: &Cx) {
///     finish(cx);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` emits `{E}` without declaring it: add it to `#[handler(emits = …)]`",
    label = "not in the `emits` of `{Self}`"
)]
pub trait Emits<E>: Handler {
    /// Seals the trait: an impl by hand could emit events that the checks do not know of.
    #[doc(hidden)]
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: ();
}

/// A handler that puts items of type `T`, because its attribute declares `streams = T`, or because
/// its body puts a `String`.
///
/// Use it as a bound in a [helper](Cx#helpers), a function that puts items on behalf of several
/// handlers. It cannot be implemented by hand.
///
/// ```
/// use flow_core::{Cx, Router, Streams, handler};
///
/// struct Progress(u8);
///
/// async fn half(cx: &Cx<impl Router, impl Streams<Progress>>) {
///     cx.put(Progress(50)).await;
/// }
///
/// #[handler(streams = Progress)]
/// async fn work(cx: &Cx) {
///     half(cx).await;
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare that it streams `{T}`, which a helper puts for it: add `#[handler(streams = {T})]`",
    label = "needs `streams = {T}`"
)]
pub trait Streams<T>: Handler<Item = T> {
    #[doc(hidden)]
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: ();
}

/// A value that a handler with items of type `T` can put: anything that converts into `T`.
#[diagnostic::on_unimplemented(
    message = "this handler streams `{T}`, but puts `{Self}`: convert it, or declare the type by `#[handler(streams = …)]`, and in a helper by `impl Streams<…>`",
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

/// The item type of a handler that never puts anything.
#[derive(Debug)]
pub enum NoItems {}

/// The return type of [`Handler::boxed_input`].
#[doc(hidden)]
pub type BoxedInput = Option<Box<dyn Any + Send>>;

#[doc(hidden)]
#[must_use]
pub fn boxed_input<P: Send + 'static>(input: Option<P>) -> BoxedInput {
    input.map(|input| Box::new(input) as Box<dyn Any + Send>)
}
