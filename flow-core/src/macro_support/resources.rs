//! The resources of a flow as a list of types: which were declared, and which were given.

use std::marker::PhantomData;

use crate::macro_support::bounds::Unnamed;

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
