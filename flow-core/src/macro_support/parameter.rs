//! The parameters of a handler whose kind no word of their type shows: in `llm: Llm`, the type may
//! be an event, or another name of `Res<Model>`. So the types decide.

use std::marker::PhantomData;
use std::ops::Deref;

use crate::event::Event;
use crate::failed::{CauseSpec, Failed, WithCause, WithoutCause};
use crate::handler::Cx;
use crate::handler::router::Router;
use crate::idempotency_key::{IdempotencyKey, next_call};
use crate::macro_support::bounds::{MadeInto, Payload, Unnamed};
use crate::macro_support::dispatch::{take, unexpected};
use crate::macro_support::fallback::FallbackCx;
use crate::macro_support::probe::Probe;
use crate::question::Answered;
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

/// The kinds of parameters: `Probe::<T>::KIND` is that of a parameter with the type `T`.
const VALUE: u8 = 0;
const RESOURCE: u8 = 1;
const STATE: u8 = 2;
const CONTEXT: u8 = 3;
const FAILED: u8 = 4;
const KEY: u8 = 5;
const SNAPSHOT: u8 = 6;

impl<T: ?Sized> Probe<Res<T>> {
    pub const KIND: u8 = RESOURCE;
}

impl<T> Probe<State<T>> {
    pub const KIND: u8 = STATE;
}

impl<R, H> Probe<Cx<R, H>> {
    pub const KIND: u8 = CONTEXT;
}

impl<E, Cause> Probe<Failed<E, Cause>> {
    pub const KIND: u8 = FAILED;
}

impl Probe<IdempotencyKey> {
    pub const KIND: u8 = KEY;
}

impl<T> Probe<Snapshot<T>> {
    pub const KIND: u8 = SNAPSHOT;
}

impl<E, Cause> Probe<Failed<E, Cause>> {
    pub const IS_FAILED: bool = true;
}

impl<Q: Event> Probe<Answered<Q>> {
    pub const IS_ANSWER: bool = true;
}

/// What is neither an error nor an answer.
pub trait IsPlain {
    const IS_FAILED: bool = false;
    const IS_ANSWER: bool = false;
}

impl<T> IsPlain for Probe<T> {}

/// See `VALUE`. What is none of the others is the value.
pub trait IsValue {
    const KIND: u8 = VALUE;
}

impl<T> IsValue for Probe<T> {}

/// May the parameter be taken by value? `KIND` is that of its type.
#[diagnostic::on_unimplemented(
    message = "a handler borrows its context: write `&` before the type",
    label = "this is the context"
)]
pub trait Owned<const KIND: u8> {
    const KIND: u8 = KIND;
}

#[diagnostic::do_not_recommend]
impl<T> Owned<VALUE> for T {}
#[diagnostic::do_not_recommend]
impl<T> Owned<RESOURCE> for T {}
#[diagnostic::do_not_recommend]
impl<T> Owned<STATE> for T {}
#[diagnostic::do_not_recommend]
impl<T> Owned<FAILED> for T {}
#[diagnostic::do_not_recommend]
impl<T> Owned<KEY> for T {}
#[diagnostic::do_not_recommend]
impl<T> Owned<SNAPSHOT> for T {}

/// What is declared for a parameter that needs no declaration: every flow has it.
type Undeclared = Unnamed<0>;

/// A parameter of this kind.
pub trait Parameter<const KIND: u8>: Sized {
    /// This type if it is the value, and otherwise `Else`.
    type Or<Else>;
    /// The resource and the state that the flow must declare.
    type Resource: ?Sized;
    type State;
    /// The state of which the flow must have a snapshot.
    type Snapshot;
    /// The cause of the error that it is, and `Else` if it is none.
    type CauseOr<Else>;

    /// The argument, from the value that has arrived or from the context.
    fn argument<V: 'static, R: Router, H>(value: &mut Option<V>, cx: &Cx<R, H>) -> Self;
}

impl<T: 'static> Parameter<VALUE> for T {
    type Or<Else> = T;
    type Resource = Undeclared;
    type State = Undeclared;
    type Snapshot = Undeclared;
    type CauseOr<Else> = Else;

    #[inline]
    fn argument<V: 'static, R: Router, H>(value: &mut Option<V>, _: &Cx<R, H>) -> T {
        take(value).unwrap_or_else(|| unexpected())
    }
}

impl<E: 'static, Cause: 'static> Parameter<FAILED> for Failed<E, Cause> {
    type Or<Else> = Self;
    type Resource = Undeclared;
    type State = Undeclared;
    type Snapshot = Undeclared;
    type CauseOr<Else> = Cause;

    #[inline]
    fn argument<V: 'static, R: Router, H>(value: &mut Option<V>, _: &Cx<R, H>) -> Self {
        take(value).unwrap_or_else(|| unexpected())
    }
}

impl<T: ?Sized + Send + Sync + 'static> Parameter<RESOURCE> for Res<T> {
    type Or<Else> = Else;
    type Resource = T;
    type State = Undeclared;
    type Snapshot = Undeclared;
    type CauseOr<Else> = Else;

    #[inline]
    fn argument<V: 'static, R: Router, H>(_: &mut Option<V>, cx: &Cx<R, H>) -> Self {
        cx.declared_resource()
    }
}

impl<T: Send + 'static> Parameter<STATE> for State<T> {
    type Or<Else> = Else;
    type Resource = Undeclared;
    type State = T;
    type Snapshot = Undeclared;
    type CauseOr<Else> = Else;

    #[inline]
    fn argument<V: 'static, R: Router, H>(_: &mut Option<V>, cx: &Cx<R, H>) -> Self {
        cx.declared_state()
    }
}

impl Parameter<KEY> for IdempotencyKey {
    type Or<Else> = Else;
    type Resource = Undeclared;
    type State = Undeclared;
    type Snapshot = Undeclared;
    type CauseOr<Else> = Else;

    #[inline]
    fn argument<V: 'static, R: Router, H>(_: &mut Option<V>, cx: &Cx<R, H>) -> Self {
        cx.router().idempotency_key(next_call())
    }
}

impl<T: Send + 'static> Parameter<SNAPSHOT> for Snapshot<T> {
    type Or<Else> = Else;
    type Resource = Undeclared;
    type State = Undeclared;
    type Snapshot = T;
    type CauseOr<Else> = Else;

    #[inline]
    fn argument<V: 'static, R: Router, H>(_: &mut Option<V>, cx: &Cx<R, H>) -> Self {
        cx.router().snapshot().unwrap_or_else(|| unexpected())
    }
}

/// A cause as the handler declares it: none, if it is `()`. `IS_NONE` tells which.
pub trait Cause<const IS_NONE: bool> {
    type Spec: CauseSpec;
}

impl Cause<true> for () {
    type Spec = WithoutCause;
}

impl<T> Cause<false> for T {
    type Spec = WithCause<T>;
}

/// Is a value the only one, with `BEFORE` others before it?
#[diagnostic::on_unimplemented(
    message = "a handler takes one event, and this is the second: take a shared value as a resource, `Res<T>`, or as a state, `State<T>`",
    label = "a second event"
)]
pub trait OneValue<const BEFORE: u8> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> OneValue<0> for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl OneValue<1> for Undeclared {}

/// The input `V` of a handler, made from the event `E` if that has arrived. `C` is `V` if the
/// handler takes a value, and otherwise `E` itself, which needs no conversion.
#[inline]
pub fn converted_if_taken<V, C, E, I, const IS_ANSWER: bool>(arrived: &mut Option<I>) -> Option<V>
where
    V: 'static,
    C: MadeOf<E, IS_ANSWER> + 'static,
    E: 'static,
    I: 'static,
{
    take(&mut take(arrived).map(C::made_of))
}

/// `Payload` for a parameter that may be an answer under another name. `IS_ANSWER` tells whether it
/// is.
#[diagnostic::on_unimplemented(
    message = "this handler is declared `on` `{E}`, but takes `{Self}`: remove `on`, take `{E}`, or implement `From<{E}>` for `{Self}`",
    label = "expected `{E}`"
)]
pub trait MadeOf<E, const IS_ANSWER: bool> {
    fn made_of(event: E) -> Self;
}

impl<P: Payload<E>, E> MadeOf<E, false> for P {
    fn made_of(event: E) -> P {
        P::from_event(event)
    }
}

impl<Q: Event, E: MadeInto<Self>> MadeOf<E, true> for Answered<Q> {
    fn made_of(event: E) -> Self {
        event.made_into()
    }
}

/// The input of a handler that takes no value.
#[inline]
#[must_use]
pub fn nothing<V: 'static>() -> Option<V> {
    take(&mut Some(()))
}

/// Is what a handler borrows its context? `KIND` is that of the type behind the reference.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take a reference: take an event as `{Self}`, a resource as `Res<{Self}>`, the context as `&Cx`",
    label = "not the context"
)]
pub trait Borrowed<const KIND: u8> {
    const OK: () = ();
}

#[diagnostic::do_not_recommend]
impl<T> Borrowed<CONTEXT> for T {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl Borrowed<VALUE> for Undeclared {}

/// A type that may be `Cx` under another name, as the context for a router and a handler. Any other
/// type is accepted, so that [`Borrowed`] is its only error.
pub trait Context<R, H, const KIND: u8> {
    type Cx;
    /// That of a handler in error.
    type Fallback;

    fn of(cx: &Cx<R, H>) -> &Self::Cx;
}

impl<R, H> Context<R, H, CONTEXT> for Cx {
    type Cx = Cx<R, H>;
    type Fallback = FallbackCx<R>;

    #[inline]
    fn of(cx: &Cx<R, H>) -> &Self::Cx {
        cx
    }
}

/// A type that is not the context, which a handler in error borrows.
#[derive(Debug)]
pub struct NoContext<T, R>(T, PhantomData<R>);

impl<T, R> Deref for NoContext<T, R> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

macro_rules! no_context {
    ($($kind:ident)*) => {
        $(
            impl<T, R, H> Context<R, H, $kind> for T {
                type Cx = NoContext<T, R>;
                type Fallback = NoContext<T, R>;

                fn of(_: &Cx<R, H>) -> &NoContext<T, R> {
                    unexpected()
                }
            }
        )*
    };
}

no_context!(VALUE RESOURCE STATE FAILED KEY SNAPSHOT);
