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
    note = "several events are in a tuple of up to 12, an `Option`, an array, a `Vec`, or an enum with `#[derive(Events)]`"
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
    note = "several events are in a tuple of up to 12, an `Option`, an array, a `Vec`, or an enum with `#[derive(Events)]`"
)]
pub trait ArrivingEvents {
    const HELD: Held;
}

#[diagnostic::do_not_recommend]
impl<V: Events> ArrivingEvents for V {
    const HELD: Held = V::HELD;
}

/// Are events what arrives from a closure or a pattern?
#[diagnostic::on_unimplemented(
    message = "`{Self}` arrives at this `emit`, but is not an event: derive `Event` for it, or pass an event on",
    label = "not an event",
    note = "several events are in a tuple of up to 12, an `Option`, an array, a `Vec`, or an enum with `#[derive(Events)]`",
    note = "a closure cannot fail, and its `Result` is passed on as it is: write a handler for what may fail"
)]
pub trait ShownEvents {
    const HELD: Held;
}

#[diagnostic::do_not_recommend]
impl<V: Events> ShownEvents for V {
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
pub const fn held_by<V: ShownEvents>(_shown: &Shown<V>) -> Held {
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

macro_rules! in_tuple {
    (($($all:ident),*) $number:literal $at:ident) => {
        impl<$($all,)* const A: u8, const B: u8, const C: u8> HeldAt<$number, A, B, C>
            for ($($all,)*)
        where
            $at: HeldAt<A, B, C, 0>,
        {
            type Event = $at::Event;
        }
    };
}

macro_rules! nowhere_in_tuple {
    ($($all:ident),*) => {
        // There is no defect.
        impl<$($all),*> HeldAt<0, 0, 0, 0> for ($($all,)*) {
            type Event = ();
        }
    };
}

/// The elements of each tuple, by their numbers.
macro_rules! in_tuples {
    ($($all:tt $($number:literal $at:ident)*;)*) => {
        $(
            nowhere_in_tuple! $all;
            $(in_tuple!($all $number $at);)*
        )*
    };
}

in_tuples! {
    (T1) 1 T1;
    (T1, T2) 1 T1 2 T2;
    (T1, T2, T3) 1 T1 2 T2 3 T3;
    (T1, T2, T3, T4) 1 T1 2 T2 3 T3 4 T4;
    (T1, T2, T3, T4, T5) 1 T1 2 T2 3 T3 4 T4 5 T5;
    (T1, T2, T3, T4, T5, T6) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6;
    (T1, T2, T3, T4, T5, T6, T7) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7;
    (T1, T2, T3, T4, T5, T6, T7, T8) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7 8 T8;
    (T1, T2, T3, T4, T5, T6, T7, T8, T9) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7 8 T8 9 T9;
    (T1, T2, T3, T4, T5, T6, T7, T8, T9, T10) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7 8 T8 9 T9 10 T10;
    (T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7 8 T8 9 T9 10 T10 11 T11;
    (T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12) 1 T1 2 T2 3 T3 4 T4 5 T5 6 T6 7 T7 8 T8 9 T9 10 T10 11 T11 12 T12;
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
