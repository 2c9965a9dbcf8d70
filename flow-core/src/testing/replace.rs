//! Flows with replaced handlers.

use std::any::{Any, type_name};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

#[cfg(feature = "durable")]
use crate::engine::recording::call_router::CallRouter;
use crate::engine::router::Engine;
use crate::event::Event;
use crate::graph::{GraphDesc, HandlerDesc};
use crate::handler::Cx;
use crate::handler::Handler;
use crate::handler::router::{Router, sealed};
use crate::lifecycle::ExecutionId;
use crate::macro_support::bounds::{HasResource, HasState, Takes};
use crate::macro_support::dispatch::take;
#[cfg(feature = "durable")]
use crate::macro_support::durable::stage::StageRouter;
use crate::macro_support::graph::{GivenIn, Graph};
use crate::macro_support::substitute::{Arrived, Substitute, Substitutes};
use crate::resource::Res;
use crate::run::flow::Flow;
use crate::state::State;

impl<G: Graph, Given> Flow<G, Given> {
    /// Replaces the handler `H` in all clauses of the flow, for a test.
    ///
    /// Pass the replacement to [`Replacement::by`]. The definition of the flow does not change.
    ///
    /// ```
    /// use flow_core::{Cx, Event, Res, Result, flow, handler};
    ///
    /// struct Llm;
    ///
    /// #[derive(Event)]
    /// struct Question(String);
    ///
    /// #[handler]
    /// async fn ask(Question(text): Question, cx: &Cx, llm: Res<Llm>) -> Result<u32> {
    ///     # let _ = (text, cx, llm);
    ///     # if true { return Err("it takes a minute, and a dollar".into()); }
    ///     // …
    ///     # Ok(0)
    /// }
    ///
    /// #[handler]
    /// async fn tell(words: u32, cx: &Cx) {
    ///     cx.put(format!("{words} words")).await;
    /// }
    ///
    /// let chat = flow! { with Llm; start(Question) -> ask -> tell };
    ///
    /// let chat = chat
    ///     .assume_resources()
    ///     .replace::<ask>()
    ///     .by(async |Question(text): Question, _| Ok(text.len() as u32));
    /// let items = chat.blocking_iter(Question("why?".to_owned()));
    /// assert_eq!(items.collect::<Result<Vec<_>, _>>()?, ["4 words"]);
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    ///
    /// A named flow that is a stage can be replaced like a handler. For a handler inside of one,
    /// use [`replace_within`](Self::replace_within).
    ///
    /// # Panics
    ///
    /// If no clause of the flow calls the handler.
    #[track_caller]
    #[doc(alias("fake", "mock", "stub"))]
    pub fn replace<H: Handler>(self) -> Replacement<G, Given, G, H> {
        missing_in(G::DESC, "this flow", &H::DESC);
        Replacement::new(self)
    }

    /// Replaces a handler of the named flow `Inner`, which is a stage of this flow, directly or
    /// inside of another stage.
    ///
    /// ```
    /// # use flow_core::{Cx, Result, flow, handler};
    /// #[handler]
    /// async fn fetch(page: u32) -> Result<String> {
    ///     Err(format!("no network for page {page}").into())
    /// }
    ///
    /// flow! { flow Fetch(u32) -> String; start -> fetch -> end }
    ///
    /// #[handler]
    /// async fn show(text: String, cx: &Cx) {
    ///     cx.put(text).await;
    /// }
    ///
    /// let flow = flow! { start(u32) -> Fetch -> show }
    ///     .replace_within::<Fetch, fetch>()
    ///     .by(async |page: u32, _| Ok(format!("page {page}")));
    /// let items: Vec<_> = flow.blocking_iter(7).collect::<Result<_, _>>()?;
    /// assert_eq!(items, ["page 7"]);
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If no clause of `Inner` calls the handler, or `Inner` is not a stage of this flow.
    #[track_caller]
    pub fn replace_within<Inner: Graph + Handler, H: Handler>(
        self,
    ) -> Replacement<G, Given, Inner, H> {
        let inner = <Inner as Handler>::DESC;
        missing_in_all(G::DESC, &inner);
        missing_in(
            <Inner as Graph>::DESC,
            &format!("`{}`", inner.name),
            &H::DESC,
        );
        Replacement::new(self)
    }

    /// Lets the flow run without resources that it was not given.
    ///
    /// Use it in a test that replaces the handlers that take them; [`replace`](Self::replace) has
    /// an example. A handler that is called without its resource panics.
    pub fn assume_resources(self) -> Flow<G, GivenIn<G>> {
        self.given()
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "documented, and a test fails by it")]
fn missing_in(graph: &GraphDesc, flow: &str, handler: &HandlerDesc) {
    let mut handlers = graph.clauses.iter().flat_map(|clause| clause.handlers);
    if !handlers.any(|other| other.is(handler)) {
        let name = handler.name;
        panic!(
            "`{name}` cannot be replaced because no clause of {flow} calls it: \
             name a handler that one does"
        );
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "documented, and a test fails by it")]
fn missing_in_all(graph: &GraphDesc, inner: &HandlerDesc) {
    fn contains(graph: &GraphDesc, inner: &HandlerDesc) -> bool {
        let mut handlers = graph.clauses.iter().flat_map(|clause| clause.handlers);
        handlers
            .any(|other| other.is(inner) || other.graph.is_some_and(|graph| contains(graph, inner)))
    }
    if !contains(graph, inner) {
        let name = inner.name;
        panic!("`{name}` is not a stage of this flow: name a flow that is");
    }
}

/// A handler that is about to be replaced.
///
/// [`Flow::replace`] returns it; [`by`](Self::by) replaces the handler.
#[must_use = "a handler is not replaced until `by` is called"]
pub struct Replacement<G: Graph, Given, Inner: Graph, H> {
    flow: Flow<G, Given>,
    what: PhantomData<fn() -> (Inner, H)>,
}

impl<G: Graph, Given, Inner: Graph, H: Handler> Replacement<G, Given, Inner, H> {
    fn new(flow: Flow<G, Given>) -> Self {
        Self {
            flow,
            what: PhantomData,
        }
    }

    /// Replaces the handler by an async closure or function, and returns the flow.
    ///
    /// The replacement takes the event parameter of the handler, or `()` if it has none, and an
    /// owned context that can do what the handler's context can. It returns what the handler
    /// returns, or a `Result` of it. It asks its context for the [states](Cx::state) and
    /// [resources](Cx::resource) of the flow, and captures what else it needs.
    ///
    /// Executions that are started afterwards call it in place of the handler. Its errors and
    /// panics are treated as those of the handler. If a handler is replaced twice, the second
    /// replacement applies.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, flow, handler};
    /// use std::sync::{Arc, Mutex};
    /// # #[derive(Event)]
    /// # struct Saved(u32);
    /// # #[handler(emits = Saved)]
    /// # async fn save(row: u32, cx: &Cx) { cx.emit(Saved(row)); panic!("there is no database") }
    /// # #[handler(on = Saved)]
    /// # async fn report(Saved(row): Saved, cx: &Cx) { cx.put(format!("row {row}")).await; }
    ///
    /// let rows = Arc::new(Mutex::new(Vec::new()));
    /// let saved = Arc::clone(&rows);
    /// let flow = flow! { start(u32) -> save; when Saved -> report }
    ///     .replace::<save>()
    ///     .by(move |row: u32, cx| {
    ///         saved.lock().unwrap().push(row);
    ///         async move { cx.emit(Saved(row)) }
    ///     });
    /// assert_eq!(flow.blocking_iter(7).next().unwrap()?, "row 7");
    /// assert_eq!(*rows.lock().unwrap(), [7]);
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    ///
    /// An `async` closure that owns what it captures cannot run twice at the same time, which rustc
    /// reports. A closure that returns an `async` block can, as in this example.
    ///
    /// A replacement can call the handler itself, for instance for some inputs only:
    ///
    /// ```
    /// use flow_core::{Cx, Res, Result, State, flow, handler};
    ///
    /// struct Rates(f64);
    ///
    /// #[handler]
    /// async fn convert(cents: u32, cx: &Cx, rates: Res<Rates>, calls: State<u32>) -> Result<()> {
    ///     calls.with(|calls| *calls += 1);
    ///     cx.put(format!("{:.2}", f64::from(cents) / 100.0 * rates.0)).await;
    ///     Ok(())
    /// }
    ///
    /// let flow = flow! { with Rates; state u32; start(u32) -> convert }
    ///     .with(Rates(2.0))
    ///     .replace::<convert>()
    ///     .by(async |cents: u32, cx| match cents {
    ///         0 => Err("there is nothing to convert".into()),
    ///         _ => convert(cents, &cx, cx.resource(), cx.state()).await,
    ///     });
    /// assert_eq!(flow.blocking_iter(150).next().unwrap()?, "3.00");
    /// assert!(flow.blocking_iter(0).next().unwrap().is_err());
    /// # Ok::<(), flow_core::FlowError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// The execution panics in the handler if the type of the parameter differs from what arrives,
    /// which is possible for handlers that take any input.
    pub fn by<I, F, Fut>(mut self, fake: F) -> Flow<G, Given>
    where
        I: Send + 'static,
        H: Takes<I>,
        F: Fn(I, Cx<StandIn<Inner>, H>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Returns<H::Value, H::Error, H>> + Send + 'static,
    {
        let fake = Arc::new(fake);
        let resources = self.flow.resources_mut();
        let mut all = resources
            .get()
            .map_or_else(Substitutes::default, |all| Substitutes::clone(&all));
        all.insert(substitute::<Engine<Inner>, Inner, H, I, F, Fut>(&fake));
        #[cfg(feature = "durable")]
        if const { Inner::DESC.durable } {
            all.insert(substitute::<CallRouter<Inner>, Inner, H, I, F, Fut>(&fake));
            // Where it is a flow.
            let stage = substitute::<StageRouter<Engine<Inner>>, Inner, H, I, F, Fut>(&fake);
            all.insert(stage);
        }
        resources.replace(all);
        self.flow
    }
}

/// What is called with the router `R` instead of `H`.
fn substitute<R, G, H, I, F, Fut>(fake: &Arc<F>) -> Substitute<R, H>
where
    R: StoodIn<G>,
    G: Graph,
    H: Handler,
    I: 'static,
    F: Fn(I, Cx<StandIn<G>, H>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: Returns<H::Value, H::Error, H>> + Send + 'static,
{
    let fake = Arc::clone(fake);
    Substitute(Box::new(move |input, cx| {
        let fake = Arc::clone(&fake);
        // The replacement is called when it is polled, so that its panic is that of the handler.
        Box::pin(async move {
            let cx = Cx::new(cx.router().stand_in());
            fake(unboxed::<H, I>(input), cx).await.into_outcome()
        })
    }))
}

/// A router with which a replacement may be called.
trait StoodIn<G: Graph>: Router {
    fn stand_in(&self) -> StandIn<G>;
}

impl<G: Graph> StoodIn<G> for Engine<G> {
    fn stand_in(&self) -> StandIn<G> {
        StandIn {
            engine: self.clone(),
            #[cfg(feature = "durable")]
            call: None,
        }
    }
}

#[cfg(feature = "durable")]
impl<G: Graph> StoodIn<G> for CallRouter<G> {
    fn stand_in(&self) -> StandIn<G> {
        StandIn {
            engine: self.engine(),
            call: Some(self.clone()),
        }
    }
}

#[cfg(feature = "durable")]
impl<G: Graph> StoodIn<G> for StageRouter<Engine<G>> {
    fn stand_in(&self) -> StandIn<G> {
        self.router().stand_in()
    }
}

/// Downcasts the input. The bound `H: Takes<I>` has checked its type, unless `H` takes any input.
#[allow(clippy::panic, reason = "documented, and a test fails by it")]
fn unboxed<H: Handler, I: 'static>(input: Arrived) -> I {
    match input.value.map(<Box<dyn Any + Send>>::downcast::<I>) {
        Some(Ok(value)) => *value,
        // The handler has no event parameter.
        _ => take(&mut Some(())).unwrap_or_else(|| {
            let (name, takes, arrived) = (H::DESC.name, type_name::<I>(), input.ty);
            panic!(
                "the replacement of `{name}` takes `{takes}` but receives `{arrived}`: \
                 change the type of its parameter"
            )
        }),
    }
}

impl<G: Graph, Given, Inner: Graph, H> fmt::Debug for Replacement<G, Given, Inner, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replacement")
            .field("handler", &type_name::<H>())
            .field("flow", &self.flow)
            .finish()
    }
}

/// The return type of a replacement: the handler's own, `V`, or a `Result` of it.
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{V}`, but its replacement returns `{Self}`",
    label = "expected a replacement that returns `{V}`",
    note = "return `{V}`, or a `Result` of it with the error `{E}`"
)]
pub trait Returns<V, E, H> {
    #[doc(hidden)]
    fn into_outcome(self) -> Result<V, E>;
}

impl<V, E, H> Returns<V, E, H> for V {
    fn into_outcome(self) -> Result<V, E> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<V, E, H> Returns<V, E, H> for Result<V, E> {
    fn into_outcome(self) -> Self {
        self
    }
}

/// What the context of a replacement can do, besides what that of the handler can.
impl<G: Graph, H: Handler> Cx<StandIn<G>, H> {
    /// Returns a state that the flow declares with `state T;`, for a replacement.
    ///
    /// It is the state of the execution that the replacement runs in, whether the replaced handler
    /// takes it or not.
    ///
    /// ```
    /// # use flow_core::{Cx, Event, State, flow, handler};
    /// #[derive(Event)]
    /// struct Deposit(u32);
    ///
    /// #[handler(on = Deposit)]
    /// async fn book(Deposit(sum): Deposit, balance: State<u32>) {
    ///     # let _ = (sum, balance);
    ///     panic!("there is no bank")
    /// }
    ///
    /// #[handler(emits = Deposit)]
    /// async fn begin(cx: &Cx, balance: State<u32>) {
    ///     balance.with(|balance| *balance = 10);
    ///     cx.emit(Deposit(5));
    /// }
    ///
    /// let flow = flow! { state u32; start -> begin; when Deposit -> book };
    /// let flow = flow.replace::<book>().by(async |Deposit(sum): Deposit, cx| {
    ///     let balance = cx.state::<u32>();
    ///     assert_eq!(balance.with(|balance| { *balance += sum; *balance }), 15);
    /// });
    /// assert_eq!(flow.blocking_iter(()).count(), 0);
    /// ```
    #[must_use]
    pub fn state<T: Send + 'static>(&self) -> State<T>
    where
        G: HasState<T>,
    {
        self.declared_state()
    }

    /// Returns a resource that the flow declares with `with T;`, for a replacement.
    ///
    /// # Panics
    ///
    /// If the resource was left out with [`assume_resources`](Flow::assume_resources).
    #[must_use]
    pub fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Res<T>
    where
        G: HasResource<T>,
    {
        self.declared_resource()
    }
}

/// The router of a replacement's context, which emits and puts on behalf of the handler.
///
/// It is part of the type of the context that [`Replacement::by`] passes to a replacement.
pub struct StandIn<G: Graph> {
    engine: Engine<G>,
    /// That of the call, in a durable flow.
    #[cfg(feature = "durable")]
    call: Option<CallRouter<G>>,
}

impl<G: Graph> Clone for StandIn<G> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            #[cfg(feature = "durable")]
            call: self.call.clone(),
        }
    }
}

impl<G: Graph> fmt::Debug for StandIn<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn")
            .field("ended", &self.engine.core().is_closed())
            .finish_non_exhaustive()
    }
}

impl<G: Graph> sealed::Router for StandIn<G> {}

impl<G: Graph> Router for StandIn<G> {
    fn emit<E: Event>(&self, event: E) {
        #[cfg(feature = "durable")]
        if let Some(call) = &self.call {
            return call.emit(event);
        }
        self.engine.emit(event);
    }

    type Put<'a, T: Send + 'static> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

    fn put<T: Send + 'static>(&self, item: T) -> Self::Put<'_, T> {
        #[cfg(feature = "durable")]
        if let Some(call) = &self.call {
            return Box::pin(call.put(item));
        }
        Box::pin(self.engine.put(item))
    }

    fn stop(&self) {
        #[cfg(feature = "durable")]
        if let Some(call) = &self.call {
            return call.stop();
        }
        self.engine.stop();
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.engine.resource()
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.engine.state()
    }

    fn execution_id(&self) -> ExecutionId {
        self.engine.execution_id()
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.engine.ending()
    }
}
