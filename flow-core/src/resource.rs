//! What handlers share: resources are declared in the flow and given once.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use crate::handler::Unnamed;
use crate::state::State;

/// A resource of the flow, as a handler takes it: a shared, read-only reference that may be kept
/// for as long as it is needed.
///
/// ```
/// use flow_core::{Cx, Res, flow, handler};
///
/// struct Greeting(&'static str);
///
/// #[handler]
/// async fn greet(cx: &Cx, greeting: Res<Greeting>) {
///     cx.put(greeting.0).await;
/// }
///
/// let hello = flow! { with Greeting; start -> greet }.with(Greeting("hello"));
/// let items: Vec<_> = hello.blocking_iter(()).collect::<Result<_, _>>()?;
/// assert_eq!(items, ["hello"]);
/// # Ok::<(), flow_core::FlowError>(())
/// ```
///
/// All executions of a flow share one value; what changes in it needs a lock of its own.
pub struct Res<T>(Arc<T>);

impl<T> Res<T> {
    /// Wraps a value, for calling a handler in a unit test.
    ///
    /// ```
    /// # use flow_core::{Res, handler};
    /// struct Answer(u8);
    ///
    /// #[handler]
    /// async fn double(answer: Res<Answer>) -> u8 {
    ///     answer.0 * 2
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert_eq!(double(Res::new(Answer(21))).await, 42);
    /// # }
    /// ```
    pub fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Res<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Res<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Res<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Res").field(&self.0).finish()
    }
}

/// Values by their type: the resources given to a flow, or the states of an execution. Which ones
/// those are, the flow's type knows.
#[derive(Clone, Default)]
pub struct Shelf(Vec<Arc<dyn Any + Send + Sync>>);

impl Shelf {
    /// Puts a resource on it.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        self.0.push(Arc::new(value));
    }

    /// Puts a resource on it, in place of the one of its type.
    #[cfg(feature = "testing")]
    pub(crate) fn replace<T: Send + Sync + 'static>(&mut self, value: T) {
        self.0.retain(|resource| !resource.is::<T>());
        self.insert(value);
    }

    /// Puts a resource of another flow on it.
    pub fn share<T: Send + Sync + 'static>(&mut self, resource: Res<T>) {
        self.0.push(resource.0);
    }

    /// Puts a state on it.
    pub fn insert_state<T: Send + 'static>(&mut self, value: T) {
        self.insert(State::new(value));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        let resource = self.0.iter().find(|resource| resource.is::<T>())?;
        Arc::clone(resource).downcast().ok().map(Res)
    }

    pub(crate) fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        let state = self
            .0
            .iter()
            .find_map(|state| state.downcast_ref::<State<T>>());
        state.cloned()
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shelf").finish_non_exhaustive()
    }
}

/// A place in the flow's list of resources, which is `(Slot<A, _>, (Slot<B, _>, ()))`.
#[derive(Debug)]
pub struct Slot<T, State>(PhantomData<fn() -> (T, State)>);

/// The resource was declared by `with T;` and not given yet.
#[derive(Debug)]
pub enum Missing {}

/// The resource was given by `.with(value)`.
#[derive(Debug)]
pub enum Present {}

/// The list `Self` with `T` given; `Place` says where in it, and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{T}` is not a resource that this flow still needs: declare `with {T};`, and give it once",
    label = "not declared in the flow, or given already"
)]
pub trait Give<T, Place> {
    /// The list after it.
    type Next;
}

/// The place is the head of the list.
#[derive(Debug)]
pub enum Here {}

/// The place is further on.
#[derive(Debug)]
pub struct Further<Place>(PhantomData<Place>);

impl<T, Rest> Give<T, Here> for (Slot<T, Missing>, Rest) {
    type Next = (Slot<T, Present>, Rest);
}

impl<T, Head, Rest: Give<T, Place>, Place> Give<T, Further<Place>> for (Head, Rest) {
    type Next = (Head, Rest::Next);
}

// Without an impl for the empty list rustc would say that there is no method `with`.
#[diagnostic::do_not_recommend]
impl Give<Unnamed<0>, Here> for () {
    type Next = ();
}
#[diagnostic::do_not_recommend]
impl Give<Unnamed<1>, Here> for () {
    type Next = ();
}

/// A list in which every resource was given.
pub trait Complete {}

impl Complete for () {}

impl<T, State: Given<T>, Rest: Complete> Complete for (Slot<T, State>, Rest) {}

/// Says of one resource that it was given.
#[diagnostic::on_unimplemented(
    message = "the resource `{T}` was not given to this flow: call `.with(…)` first",
    label = "needs the resource `{T}`"
)]
pub trait Given<T> {}

impl<T> Given<T> for Present {}

/// A flow that has the resource `T`, which the handler `H` takes.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `Res<{T}>`, and this flow has no `{T}`",
    label = "needs a resource that the flow does not declare",
    note = "add `with {T};` to the flow, and give it once: `.with(…)`"
)]
pub trait Provides<T, H> {}
