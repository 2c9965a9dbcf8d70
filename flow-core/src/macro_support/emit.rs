//! `-> emit`: the events in the value of a route.

use std::marker::PhantomData;

use crate::event::Event;
use crate::events::Events;
use crate::graph::held::Held;
use crate::handler::router::Router;
use crate::macro_support::defects::{Defect, HeardHere};
use crate::macro_support::iterate::Iterable;

/// Does the handler `H` return events?
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{Self}`, which is not an event: derive `Event` for it, or return an event",
    label = "not an event",
    note = "several events are in a tuple, an `Option`, an array, a `Vec`, or an enum with `#[derive(Events)]`"
)]
pub trait ReturnsEvents<H> {
    const HELD: Held;
}

#[diagnostic::do_not_recommend]
impl<V: Events, H> ReturnsEvents<H> for V {
    const HELD: Held = V::HELD;
}

/// Are events what arrives at an `emit`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` arrives at this `emit`, but is not an event: derive `Event` for it, or pass an event on",
    label = "not an event",
    note = "several events are in a tuple, an `Option`, an array, a `Vec`, or an enum with `#[derive(Events)]`"
)]
pub trait ArrivingEvents {
    const HELD: Held;
}

#[diagnostic::do_not_recommend]
impl<V: Events> ArrivingEvents for V {
    const HELD: Held = V::HELD;
}

/// A value whose type has no name in the flow: what the function would return. It is never called.
#[derive(Debug)]
pub struct Shown<V>(PhantomData<fn() -> V>);

#[must_use]
pub const fn shown<V>(_value: fn() -> V) -> Shown<V> {
    Shown(PhantomData)
}

/// The events that it holds.
#[must_use]
pub const fn held_by<V: ArrivingEvents>(_shown: &Shown<V>) -> Held {
    V::HELD
}

/// A value of a type, for code that is never run.
#[must_use]
#[allow(clippy::unreachable, reason = "it is never called")]
pub fn any<V>() -> V {
    unreachable!("this code shows types only")
}

/// As [`any`]: what `each` makes of the results of its route.
#[must_use]
pub fn vec_of<V>(_result: V) -> Vec<V> {
    any()
}

/// As [`any`]: an element of what `each` iterates over.
#[must_use]
pub fn item_of<T: Iterable>(_items: T) -> T::Item {
    any()
}

/// The event at a place in a value: see `Held::place`.
pub trait HeldAt<const A: u8, const B: u8, const C: u8, const D: u8> {
    type Event;
}

impl<E: Event> HeldAt<0, 0, 0, 0> for E {
    type Event = E;
}

macro_rules! within {
    ($(($($generics:tt)*) $ty:ty;)*) => {
        $(
            impl<V, $($generics)* const A: u8, const B: u8, const C: u8, const D: u8>
                HeldAt<A, B, C, D> for $ty
            where
                V: HeldAt<A, B, C, D>,
            {
                type Event = V::Event;
            }
        )*
    };
}

within! {
    () Option<V>;
    () Vec<V>;
    (const N: usize,) [V; N];
}

macro_rules! in_tuples {
    ($(($($all:ident),*) $number:literal $at:ident;)*) => {
        $(
            impl<$($all,)* const A: u8, const B: u8, const C: u8> HeldAt<$number, A, B, C>
                for ($($all,)*)
            where
                $at: HeldAt<A, B, C, 0>,
            {
                type Event = $at::Event;
            }
        )*
    };
}

in_tuples! {
    (T) 1 T;
    (T, U) 1 T; (T, U) 2 U;
    (T, U, V) 1 T; (T, U, V) 2 U; (T, U, V) 3 V;
    (T, U, V, W) 1 T; (T, U, V, W) 2 U; (T, U, V, W) 3 V; (T, U, V, W) 4 W;
    (T, U, V, W, X) 1 T; (T, U, V, W, X) 2 U; (T, U, V, W, X) 3 V; (T, U, V, W, X) 4 W;
    (T, U, V, W, X) 5 X;
    (T, U, V, W, X, Y) 1 T; (T, U, V, W, X, Y) 2 U; (T, U, V, W, X, Y) 3 V;
    (T, U, V, W, X, Y) 4 W; (T, U, V, W, X, Y) 5 X; (T, U, V, W, X, Y) 6 Y;
}

macro_rules! nowhere_in_tuples {
    ($(($($all:ident),*);)*) => {
        $(
            // There is no defect.
            impl<$($all),*> HeldAt<0, 0, 0, 0> for ($($all,)*) {
                type Event = ();
            }
        )*
    };
}

nowhere_in_tuples! {
    (T);
    (T, U);
    (T, U, V);
    (T, U, V, W);
    (T, U, V, W, X);
    (T, U, V, W, X, Y);
}

/// Does a clause take the event at this place?
pub const fn all_heard<V, const DEFECT: u8, const A: u8, const B: u8, const C: u8, const D: u8>(
    _shown: &Shown<V>,
) where
    V: HeldAt<A, B, C, D>,
    V::Event: HeardHere<Defect<DEFECT>>,
{
}

/// Emits the events in a value. Without such, which the checks have refused, it does nothing.
#[derive(Debug)]
pub struct Emitting<V>(pub V);

/// See [`Emitting`].
pub trait Emitted<R> {
    fn emit(self, router: &R);
}

impl<V: Events, R: Router> Emitted<R> for Emitting<V> {
    #[inline]
    fn emit(self, router: &R) {
        self.0.emit(router);
    }
}

/// See [`Emitting`]: rustc prefers [`Emitted`], if it applies, because it needs one reference less.
pub trait NotEmitted<R> {
    fn emit(self, router: &R);
}

impl<V, R> NotEmitted<R> for &Emitting<V> {
    fn emit(self, _router: &R) {}
}
