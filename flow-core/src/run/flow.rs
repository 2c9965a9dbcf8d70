//! The value that `flow!` evaluates to, and the ways to run it. `settings.rs` and `limits.rs`
//! configure it, and `start.rs` makes an execution of it.
//!
//! The ways to run it are methods beside the type: so rustc names them by it in its errors.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::stream::buffer::Outlet;
use crate::error::FlowError;
use crate::graph::GraphDesc;
use crate::lifecycle::Observer;
use crate::macro_support::bounds::ShowsState;
use crate::macro_support::graph::{GivenIn, Graph};
use crate::macro_support::limits::Overrides;
use crate::macro_support::resources::{Complete, Give};
use crate::macro_support::type_map::TypeMap;
use crate::resource::Res;
use crate::run::DEFAULT_CAPACITY;
use crate::run::blocking::BlockingIter;
use crate::run::execution::Execution;
use crate::run::spawned::Spawned;
use crate::state::State;

/// A checked event graph, ready to run: the value of [`flow!`](macro@crate::flow).
///
/// A flow is a description. Configure it with the builder methods, such as [`with`](Self::with) and
/// [`timeout`](Self::timeout), then run it as often as needed: each call of
/// [`stream`](Self::stream), [`run`](Self::run), [`spawn`](Self::spawn) or
/// [`blocking_iter`](Self::blocking_iter) starts a separate execution, and executions can run
/// concurrently. Cloning a flow is cheap.
///
/// ```
/// use flow_core::{FlowError, flow, handler};
///
/// #[handler]
/// async fn double(n: u32) -> u32 {
///     n * 2
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), FlowError> {
/// let doubling = flow! { start(u32) -> double -> end };
/// let (a, b) = tokio::try_join!(doubling.run(4), doubling.run(5))?;
/// assert_eq!((a, b), (8, 10));
/// # Ok(())
/// # }
/// ```
///
/// The macro fills in the type parameters: `G` is the graph, and `Given` tracks which resources the
/// flow was given, so that a flow that lacks one does not compile when it is run. To store a flow
/// in a field, [name it](macro@crate::flow#named-flows): its type is then `Flow<Name>`.
#[must_use = "a flow does nothing unless it is run"]
pub struct Flow<G: Graph, Given = GivenIn<G>> {
    pub(super) resources: Option<Arc<TypeMap>>,
    pub(super) capacity: NonZeroUsize,
    pub(super) observer: Option<Observer>,
    pub(super) limits: Limits,
    #[cfg(feature = "tracing")]
    pub(super) traced: bool,
    types: PhantomData<fn() -> (G, Given)>,
}

/// The limits of an execution.
#[derive(Clone)]
pub(super) struct Limits {
    pub(super) timeout: Option<Duration>,
    pub(super) idle_timeout: Option<Duration>,
    pub(super) drain: Option<Duration>,
    pub(super) max_events: Option<u64>,
    pub(super) max_pending: Option<u64>,
    /// The limits of handlers and questions.
    pub(super) overrides: Option<Arc<Overrides>>,
}

impl Limits {
    /// The limits that the flow declares in its clauses.
    fn of(graph: &GraphDesc) -> Self {
        Self {
            timeout: graph.timeout,
            idle_timeout: graph.idle_timeout,
            drain: graph.drain,
            max_events: graph.max_events,
            max_pending: graph.max_pending,
            overrides: None,
        }
    }
}

impl<G: Graph> Flow<G, G::Resources> {
    #[doc(hidden)]
    pub fn new() -> Self {
        Self::sharing(None)
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Creates a flow with the resources of another flow, which may have more of them.
    pub(crate) fn sharing(resources: Option<Arc<TypeMap>>) -> Self {
        Self {
            resources,
            capacity: DEFAULT_CAPACITY,
            observer: None,
            limits: Limits::of(G::DESC),
            #[cfg(feature = "tracing")]
            traced: false,
            types: PhantomData,
        }
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Gives the flow a resource that it declares with `with T;`.
    ///
    /// All executions of the flow share the value. Handlers take it as a [`Res<T>`](crate::Res).
    ///
    /// ```
    /// # use flow_core::{Cx, Res, flow, handler};
    /// struct Answer(u8);
    ///
    /// #[handler]
    /// async fn tell(cx: &Cx, answer: Res<Answer>) {
    ///     cx.put(answer.0.to_string()).await;
    /// }
    ///
    /// let flow = flow! { with Answer; start -> tell }.with(Answer(42));
    /// # assert_eq!(flow.blocking_iter(()).next().unwrap().unwrap(), "42");
    /// ```
    ///
    /// A flow that lacks a resource does not run:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{Cx, Res, flow, handler};
    /// # struct Answer(u8);
    /// # #[handler]
    /// # async fn tell(answer: Res<Answer>) {}
    /// let items = flow! { with Answer; start -> tell }.stream(());
    /// // error: the resource `Answer` was not given to this flow: call `.with(…)` first
    /// ```
    #[doc(alias("dependency injection", "inject"))]
    pub fn with<T, Place, Next>(mut self, resource: T) -> Flow<G, Next>
    where
        T: Send + Sync + 'static,
        Given: Give<T, Place, Next = Next>,
    {
        let resources = self.resources.get_or_insert_default();
        Arc::make_mut(resources).insert(resource);
        self.given()
    }

    /// Gives the flow a resource that is already in an [`Arc`], such as one that the rest of the
    /// program shares, or a [trait object](crate::Res#trait-objects).
    ///
    /// Otherwise it works like [`with`](Self::with).
    ///
    /// ```
    /// # use flow_core::{Cx, Res, flow, handler};
    /// use std::sync::Arc;
    ///
    /// struct Pool;
    /// # #[handler]
    /// # async fn query(pool: Res<Pool>) {}
    ///
    /// let pool = Arc::new(Pool);
    /// let flow = flow! { with Pool; start -> query }.with_arc(Arc::clone(&pool));
    /// # assert_eq!(flow.blocking_iter(()).count(), 0);
    /// ```
    pub fn with_arc<T, At, Next>(mut self, resource: Arc<T>) -> Flow<G, Next>
    where
        T: ?Sized + Send + Sync + 'static,
        Given: Give<T, At, Next = Next>,
    {
        let resources = self.resources.get_or_insert_default();
        Arc::make_mut(resources).share(Res::from_arc(resource));
        self.given()
    }

    /// The resources that the flow was given so far.
    #[cfg(feature = "testing")]
    pub(crate) fn resources_mut(&mut self) -> &mut TypeMap {
        Arc::make_mut(self.resources.get_or_insert_default())
    }

    /// The limits of handlers and questions that the flow was given so far.
    pub(crate) fn overrides_mut(&mut self) -> &mut Overrides {
        Arc::make_mut(self.limits.overrides.get_or_insert_default())
    }

    /// Takes over the limits of handlers and questions from another flow.
    pub(crate) fn share_overrides(&mut self, overrides: Option<Arc<Overrides>>) {
        self.limits.overrides = overrides;
    }

    /// The same flow, with other resources in its type.
    pub(crate) fn given<Other>(self) -> Flow<G, Other> {
        Flow {
            resources: self.resources,
            capacity: self.capacity,
            observer: self.observer,
            limits: self.limits,
            #[cfg(feature = "tracing")]
            traced: self.traced,
            types: PhantomData,
        }
    }

    /// Returns the graph as data: clauses, handlers and events, with their names and locations.
    ///
    /// [`GraphDesc`] can draw it, as Mermaid and Graphviz, and export it as JSON.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let flow = flow! { start -> work };
    /// assert_eq!(flow.graph().clauses[0].handlers[0].name, "work");
    /// ```
    #[must_use]
    pub fn graph(&self) -> &'static GraphDesc {
        G::DESC
    }
}

impl<G: Graph, Given> Flow<G, Given> {
    /// Starts an execution as a stream of its items.
    ///
    /// The stream *is* the execution: it runs only while it is polled, in the task that polls it,
    /// and dropping it cancels everything inside at once. Each item is a `Result<Item, FlowError>`.
    ///
    /// The stream ends
    ///
    /// - when no handler runs, no event is queued, and no clone of a [`Cx`](crate::Cx) is left
    ///   outside of the handlers;
    /// - when a clause has reached `end` and what was under way is finished;
    /// - on `end now`, or after [`Cx::stop`](crate::Cx::stop);
    /// - with one [`FlowError`] as its last item, if the execution fails.
    ///
    /// Items that were put before the end are yielded first.
    ///
    /// ```
    /// use flow_core::{Cx, flow, handler};
    /// use futures::TryStreamExt;
    ///
    /// #[handler]
    /// async fn greet(name: String, cx: &Cx) {
    ///     cx.put("hello, ").await;
    ///     cx.put(name).await;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { start(String) -> greet };
    /// let mut items = flow.stream("Ada".to_owned());
    /// while let Some(item) = items.try_next().await? {
    ///     print!("{item}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("execute", "iterate", "start"))]
    pub fn stream(&self, input: G::Input) -> Execution<G::Item, G::Output>
    where
        Given: Complete,
    {
        Execution::new(self.driver(input, Outlet::Here))
    }

    /// Runs an execution to completion and returns its result, dropping its items.
    ///
    /// The result is the value that a clause passed to `end`, or `()` for a flow without `end`.
    ///
    /// # Errors
    ///
    /// If the execution fails, for any of the reasons in [`FlowErrorKind`](crate::FlowErrorKind).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cancels the execution.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// # #[derive(Event)]
    /// # struct Tick(u32);
    /// #[handler(emits = Tick)]
    /// async fn begin(cx: &Cx) {
    ///     cx.emit(Tick(1));
    /// }
    ///
    /// #[handler(on = Tick, emits = Tick)]
    /// async fn again(Tick(n): Tick, cx: &Cx) {
    ///     if n < 1_000 {
    ///         cx.emit(Tick(n + 1));
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// flow! { start -> begin; when Tick -> again }.run(()).await.unwrap();
    /// # }
    /// ```
    #[inline]
    #[doc(alias("await", "execute", "invoke"))]
    pub fn run(
        &self,
        input: G::Input,
    ) -> impl Future<Output = Result<G::Output, FlowError>> + Send + use<G, Given>
    where
        Given: Complete,
    {
        self.driver(input, Outlet::Nowhere)
    }

    /// Spawns an execution as a task on the current tokio runtime and returns a handle to it.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let mut execution = flow! { start -> work }.spawn(());
    /// assert_eq!(execution.items().next().await.unwrap()?, "done");
    /// execution.output().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("background", "start", "task"))]
    pub fn spawn(&self, input: G::Input) -> Spawned<G>
    where
        Given: Complete,
    {
        Spawned::new(self.driver(input, Outlet::Outbox))
    }

    /// Spawns an execution like [`spawn`](Self::spawn), and returns its state `T` as well, which can
    /// be looked at while the execution runs and after its end.
    ///
    /// The flow declares it with `state T;`. [`Execution::state`] is the same for a stream.
    ///
    /// # Panics
    ///
    /// If it is called outside of a tokio runtime.
    ///
    /// ```
    /// use flow_core::{Result, State, flow, handler};
    ///
    /// #[handler]
    /// async fn work(done: State<u32>) -> Result<()> {
    ///     done.with(|done| *done = 3);
    ///     Err("out of paper".into())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let flow = flow! { state u32; start -> work };
    /// let (execution, done) = flow.spawn_with_state::<u32>(());
    /// assert!(execution.output().await.is_err());
    /// assert_eq!(done.with(|done| *done), 3);
    /// # }
    /// ```
    ///
    /// A state that the flow does not declare:
    ///
    /// ```compile_fail,E0277
    /// # use flow_core::{flow, handler};
    /// # #[handler]
    /// # async fn work() {}
    /// let (execution, done) = flow! { start -> work }.spawn_with_state::<u32>(());
    /// // error: this flow has no state `u32`: add `state u32;`
    /// ```
    pub fn spawn_with_state<T>(&self, input: G::Input) -> (Spawned<G>, State<T>)
    where
        T: Send + 'static,
        G: ShowsState<T>,
        Given: Complete,
    {
        let mut found = None;
        let look = |states: &TypeMap| found = states.state();
        let driver = self.driver_with(input, Outlet::Outbox, None, look);
        #[allow(
            clippy::expect_used,
            reason = "the type of the flow says that it is there"
        )]
        let state = found.expect("a flow makes the states that it declares");
        (Spawned::new(driver), state)
    }

    /// Starts an execution as a blocking iterator of its items, for programs that are not async.
    ///
    /// The execution runs on the calling thread, while `next` waits for an item. The iterator owns
    /// a tokio runtime, with timers and I/O as far as tokio's features are enabled, so handlers can
    /// use them.
    ///
    /// Do not call it in async code, which it would block. There, the iterator's only item is an
    /// error of the kind [`Runtime`](crate::FlowErrorKind::Runtime). In
    /// [`spawn_blocking`](tokio::task::spawn_blocking) it works.
    ///
    /// # Panics
    ///
    /// If an iterator that was created elsewhere is advanced or dropped in async code.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// #[handler]
    /// async fn count(cx: &Cx) {
    ///     for n in 1..=3 {
    ///         cx.put(n.to_string()).await;
    ///     }
    /// }
    ///
    /// for item in flow! { start -> count }.blocking_iter(()) {
    ///     println!("[stream] {}", item?);
    /// }
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    #[doc(alias("block_on", "sync", "synchronous"))]
    pub fn blocking_iter(&self, input: G::Input) -> BlockingIter<G::Item, G::Output>
    where
        Given: Complete,
    {
        BlockingIter::new(self.stream(input))
    }
}

impl<G: Graph, Given> Clone for Flow<G, Given> {
    fn clone(&self) -> Self {
        Self {
            resources: self.resources.clone(),
            capacity: self.capacity,
            observer: self.observer.clone(),
            limits: self.limits.clone(),
            #[cfg(feature = "tracing")]
            traced: self.traced,
            types: PhantomData,
        }
    }
}

impl<G: Graph, Given> fmt::Debug for Flow<G, Given> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clauses = G::DESC.clauses.iter().map(|clause| {
            let handlers = clause.handlers.iter().map(|handler| handler.name);
            (
                clause.trigger.name().unwrap_or("start"),
                handlers.collect::<Vec<_>>(),
            )
        });
        f.debug_map().entries(clauses).finish()
    }
}
