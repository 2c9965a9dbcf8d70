//! The questions that a durable flow asks of types, each a trait with its message, as in
//! `macro_support/bounds.rs`.
//!
//! A type that the flow names at several places is asked for at the first of them: at the others
//! [`Distinct`](crate::macro_support::probe::Distinct) puts a [`Known`] in its place.

use std::collections::{BTreeMap, BTreeSet, LinkedList, VecDeque};
use std::ops::{Range, RangeInclusive};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::BoxError;
use crate::graph::check::{FINISHES, NEVER_RETURNS, NOT_DURABLE, TAKES_EXTERNAL, TAKES_TURNS};
use crate::macro_support::defects::{Without, questions};
use crate::macro_support::durable::codec::ErrorProbe;
use crate::macro_support::iterate::Iterable;
use crate::macro_support::probe::{Known, Probe};

impl<T: Serialize + DeserializeOwned> Probe<T> {
    pub const RECORDED: bool = true;
}

/// Has a type serde's traits? `Probe::<T>::RECORDED` answers, in the way of [`Probe`].
pub trait NotRecorded {
    const RECORDED: bool = false;
}

impl<T> NotRecorded for Probe<T> {}

/// The type to change, so that a collection is recorded: `WITHIN`, of [`Whole`], tells whether it
/// is that of the elements.
pub trait Part<const WITHIN: bool> {
    type Type;
}

impl<T> Part<false> for T {
    type Type = T;
}

/// See [`Part`], and [`Probe`].
pub trait Whole {
    const WITHIN: bool = false;
}

impl<T> Whole for Probe<T> {}

macro_rules! collections {
    ($($collection:ty)*) => {
        $(
            impl<T> Part<true> for $collection {
                type Type = T;
            }

            impl<T> Probe<$collection> {
                pub const WITHIN: bool = true;
            }
        )*
    };
}

collections!(Option<T> Box<T> Vec<T> VecDeque<T> BTreeSet<T>);

impl<T, const N: usize> Part<true> for [T; N] {
    type Type = T;
}

impl<T, const N: usize> Probe<[T; N]> {
    pub const WITHIN: bool = true;
}

/// Has an error no values? Then it is never recorded.
#[must_use]
pub const fn is_never<E>() -> bool {
    // See `Probe::FAILS`.
    size_of::<Option<E>>() == 0
}

impl ErrorProbe<BoxError> {
    pub const IS_BOXED: bool = true;
}

/// Is an error a [`BoxError`]? `ErrorProbe::<E>::IS_BOXED` answers, in the way of [`Probe`].
pub trait NotBoxed {
    const IS_BOXED: bool = false;
}

impl<E> NotBoxed for ErrorProbe<E> {}

/// Is the input, the event, the item, the state or the output recorded as a value of serde's?
#[diagnostic::on_unimplemented(
    message = "`{Self}` is recorded in a durable flow: add `#[derive(serde::Serialize, serde::Deserialize)]`",
    label = "not `Serialize` and `DeserializeOwned`"
)]
pub trait IsRecorded {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> IsRecorded for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: usize> IsRecorded for Known<N> {}

/// Does a type that is recorded own its data?
#[diagnostic::on_unimplemented(
    message = "`{T}` is recorded in a durable flow, and cannot be read again, because it is a reference: take a type that owns its data, such as `String`",
    label = "a reference"
)]
pub trait OwnsItsData<T> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T, D: Without<1>> OwnsItsData<T> for D {}

/// The same for the answer to the question `Q`.
#[diagnostic::on_unimplemented(
    message = "`{Self}`, in the answer to `{Q}`, is recorded in a durable flow: add `#[derive(serde::Serialize, serde::Deserialize)]`",
    label = "the answer is not `Serialize` and `DeserializeOwned`"
)]
pub trait AnswerIsRecorded<Q> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned, Q> AnswerIsRecorded<Q> for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: usize, Q> AnswerIsRecorded<Q> for Known<N> {}

/// The same for what the handler `H` returns, a `V`.
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{V}`, which is recorded in a durable flow: add `#[derive(serde::Serialize, serde::Deserialize)]` to `{Self}`",
    label = "returns what is not `Serialize` and `DeserializeOwned`"
)]
pub trait ValueIsRecorded<H, V> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned, H, V> ValueIsRecorded<H, V> for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: usize, H, V> ValueIsRecorded<H, V> for Known<N> {}

/// The same for the cause that the handler `H` takes with an error.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{Self}` as the cause, which is recorded in a durable flow: add `#[derive(serde::Serialize, serde::Deserialize)]` to it",
    label = "takes what is not `Serialize` and `DeserializeOwned`"
)]
pub trait CauseIsRecorded<H> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned, H> CauseIsRecorded<H> for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: usize, H> CauseIsRecorded<H> for Known<N> {}

/// Can the error of the handler `H` be recorded as its type, as which a rescue or an `else` takes it?
#[diagnostic::on_unimplemented(
    message = "`{H}` fails with `{Self}`, which is recorded in a durable flow, because it is taken as its type: add `#[derive(serde::Serialize, serde::Deserialize)]` to it, or take `Failed<flow_core::Recorded>`",
    label = "the error is not `Serialize` and `DeserializeOwned`"
)]
pub trait ErrorIsRecorded<H> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<const N: usize, H> ErrorIsRecorded<H> for Known<N> {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<H> ErrorIsRecorded<H> for BoxError {}

questions! {
    /// Is the handler, if it is a flow, durable?
    #[diagnostic::on_unimplemented(
        message = "`{H}` is a stage of a durable flow, and not durable itself: add `durable;` to it",
        label = "this flow is not durable"
    )]
    IsDurable<H>: NOT_DURABLE;

    /// Has it no `finally`?
    #[diagnostic::on_unimplemented(
        message = "`{H}` has a `finally`, which would be lost in a crash after it was given up as a stage of a durable flow: move the `finally` into this flow",
        label = "has a `finally`"
    )]
    HasNoFinally<H>: FINISHES;

    /// Does it take no events from outside?
    #[diagnostic::on_unimplemented(
        message = "`{H}` takes events from outside, which do not find into a stage of a durable flow yet: ask a question in it, or take the event in this flow",
        label = "declares `external` events"
    )]
    TakesNothingExternal<H>: TAKES_EXTERNAL;
}

/// Does the handler emit in no loop that never ends?
#[diagnostic::on_unimplemented(
    message = "`{H}` emits in the loop at line {LINE}, which never ends, but in a durable flow events go out when the call has ended: use `every \"1s\" -> …`",
    label = "never ends"
)]
pub trait EmitsAndEnds<H, const LINE: u32> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<H, const LINE: u32, D: Without<NEVER_RETURNS>> EmitsAndEnds<H, LINE> for D {}

/// Does the handler, which is the whole body of an `each`, run for several items at the same time,
/// and not one by one because it takes the state `S`?
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `State<{S}>`, so in a durable flow its calls take turns and this `each` runs one at a time: write `each {H}[1]`, take `Snapshot<{S}>` if it only reads, or update the state in a handler behind the `each`",
    label = "takes turns"
)]
pub trait RunsSideBySide<H, S> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<H, S, D: Without<TAKES_TURNS>> RunsSideBySide<H, S> for D {}

/// A collection whose elements always come in the same order.
pub trait InOrder {}

macro_rules! in_order {
    ($(<$($param:ident),*> $collection:ty;)*) => {
        $(impl<$($param),*> InOrder for $collection {})*
    };
}

in_order! {
    <T> Option<T>;
    <T, E> Result<T, E>;
    <T> Vec<T>;
    <T> Box<[T]>;
    <T> VecDeque<T>;
    <T> LinkedList<T>;
    <T> BTreeSet<T>;
    <K, V> BTreeMap<K, V>;
    <T> Range<T>;
    <T> RangeInclusive<T>;
    <T> &[T];
}

impl<T, const N: usize> InOrder for [T; N] {}

impl<T: InOrder> Probe<T> {
    pub const IN_ORDER: bool = true;
}

/// Do the elements of a type always come in the same order? `Probe::<T>::IN_ORDER` answers, in the
/// way of [`Probe`].
pub trait NotInOrder {
    const IN_ORDER: bool = false;
}

impl<T> NotInOrder for Probe<T> {}

impl<T: Iterable> Probe<T> {
    pub const ITERABLE: bool = true;
}

/// Can `each` iterate over a type? `Probe::<T>::ITERABLE` answers, in the way of [`Probe`].
pub trait NotIterable {
    const ITERABLE: bool = false;
}

impl<T> NotIterable for Probe<T> {}

/// Does the `each` of a durable flow take the elements of the `T` that arrives in a certain order,
/// or can record them?
#[diagnostic::on_unimplemented(
    message = "the elements of `{T}` may come in another order when the execution is loaded, and cannot be recorded: collect them into a `Vec` before this `each`",
    label = "the order is not certain"
)]
pub trait TakesInOrder<T> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T, D: Without<1>> TakesInOrder<T> for D {}
