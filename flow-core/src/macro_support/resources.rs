//! The resources of a flow as a list of types: which are declared, and which are given.

use std::marker::PhantomData;

use crate::handler::Cx;
use crate::handler::router::Router;
use crate::resource::Res;

/// An entry in the flow's list of resources, which is `(Slot<A, _>, (Slot<B, _>, ()))`.
#[derive(Debug)]
pub struct Slot<T: ?Sized, State>(PhantomData<fn(&T) -> State>);

/// The resource is declared by `with T;`, but not given yet.
#[derive(Debug)]
pub enum Missing {}

/// The resource is given by `.with(value)`.
#[derive(Debug)]
pub enum Present {}

/// Is the resource `T` in the list, and still missing?
///
/// `Place` is where in the list; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "no `with …;` of this flow waits for `{T}`: add `with {T};`, or give what one names, as by `.with_arc(Arc::new(…) as Arc<dyn …>)`",
    label = "not a missing resource of this flow",
    note = "a resource is given once, and is not converted; each execution opens that of `with T = handler`",
    note = "`with dyn …;` waits for `.with_arc(…)`, and `with Arc<dyn …>;` for `.with(… as Arc<dyn …>)`"
)]
pub trait Give<T: ?Sized, Place> {
    /// The list with `T` given.
    type Next;
}

/// Can handlers in several threads have the trait object `Self`? In place of `Send` and `Sync`, of
/// which each would be an error.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is shared between threads: write `trait …: Send + Sync` where the trait is defined",
    label = "not `Send + Sync`"
)]
pub trait SharedObject: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: ?Sized + Send + Sync + 'static> SharedObject for T {}

/// The resource that is a trait object.
pub fn declared_object<T: ?Sized + SharedObject, R: Router, H>(cx: &Cx<R, H>) -> Res<T> {
    cx.declared_resource()
}

/// The place is the head of the list.
#[derive(Debug)]
pub enum Here {}

/// The place is further on.
#[derive(Debug)]
pub struct Further<Place>(PhantomData<Place>);

#[diagnostic::do_not_recommend]
impl<T: ?Sized, Rest> Give<T, Here> for (Slot<T, Missing>, Rest) {
    type Next = (Slot<T, Present>, Rest);
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized, Head, Rest: Give<T, Place>, Place> Give<T, Further<Place>> for (Head, Rest) {
    type Next = (Head, Rest::Next);
}

/// No place.
#[derive(Debug)]
pub enum Nowhere {}

// Without a second impl, rustc would follow the list to its end, and report the resources in it as
// missing too.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<T: ?Sized, Head, Rest: Give<T, Nowhere>> Give<T, Nowhere> for (Head, Rest) {
    type Next = ();
}

// Without an impl for the empty list rustc would say that there is no method `with`.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl Give<Here, Here> for () {
    type Next = ();
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl Give<Nowhere, Here> for () {
    type Next = ();
}

/// The list with all its resources given.
pub trait AllGiven {
    type Given;
}

impl AllGiven for () {
    type Given = ();
}

impl<T: ?Sized, State, Rest: AllGiven> AllGiven for (Slot<T, State>, Rest) {
    type Given = (Slot<T, Present>, Rest::Given);
}

/// Are all resources in the list given?
pub trait Complete {}

impl Complete for () {}

impl<T: ?Sized, State: Given<T>, Rest: Complete> Complete for (Slot<T, State>, Rest) {}

/// Is the resource given? The list holds the answer: only [`Present`] implements this.
#[diagnostic::on_unimplemented(
    message = "the resource `{T}` was not given to this flow: call `.with(…)` first",
    label = "needs the resource `{T}`"
)]
pub trait Given<T: ?Sized> {}

impl<T: ?Sized> Given<T> for Present {}
