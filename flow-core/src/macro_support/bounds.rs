//! Every question that a flow asks of a type, with what the compiler says when the answer is no.

use crate::event::Event;
use crate::handler::{Emits, Handler, NoItems};
use crate::macro_support::graph::Graph;
use crate::question::Asked;

/// With a single impl to choose from, rustc would take the event for that one and report a bare
/// type mismatch instead of the message above. So every handler has two more.
#[derive(Debug)]
pub enum Unnamed<const N: u8> {}

#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<0>> for H {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}
#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<1>> for H {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}

/// A handler as the target of `when E`: it is declared `on` that event, or on none and takes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared `on` `{E}`: add it to `#[handler(on = …)]`, or name another handler",
    label = "waits for other events than `{E}`"
)]
pub trait On<E> {
    /// Asks for the impl.
    const OK: () = ();
}

/// A handler that is reached by a value: it takes `I`. (What it takes, [`InputOf`] says; a type
/// without any such impl is no handler.)
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: put `#[handler]` on the function",
    label = "not a handler"
)]
pub trait Takes<I> {
    /// Asks for the impl.
    const OK: () = ();
}

/// What arrives at the handler `H`, which takes `P`.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{P}`, and what arrives here is `{Self}`",
    label = "takes `{P}`"
)]
pub trait InputOf<P, H> {}

impl<P, H> InputOf<P, H> for P {}

/// Asks whether the handler takes the value, where its type has no name in the flow.
pub fn arrives<H: Takes<I>, I>(_value: &I) {}

/// A handler that fits into the flow `G`: it finds its resources there, and the stream takes what
/// it puts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: put `#[handler]` on the function",
    label = "not a handler"
)]
pub trait RunsIn<G: Graph>: Handler {
    /// The stream's item, if `item` is what this handler puts.
    fn item<T: 'static>(item: &mut Option<T>) -> Option<G::Item>;
}

/// A flow whose stream takes the items `T` of the handler `H`.
#[diagnostic::on_unimplemented(
    message = "`{H}` puts `{T}`, which the stream of this flow does not take",
    label = "puts `{T}`",
    note = "say what the flow streams: `streams {T};`, or implement `From<{T}>` for its item type"
)]
pub trait StreamsItem<T, H>: Graph {
    /// Converts an item.
    fn convert(item: T) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl<T, H, G: Graph<Item: From<T>>> StreamsItem<T, H> for G {
    #[inline]
    fn convert(item: T) -> G::Item {
        item.into()
    }
}

/// A handler's event parameter, made from the event it is declared `on`.
#[diagnostic::on_unimplemented(
    message = "this handler is `on` `{E}`, but takes `{Self}`",
    label = "must be `{E}`, or implement `From<{E}>`"
)]
pub trait Payload<E> {
    /// Converts the event.
    fn from_event(event: E) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: From<E>, E> Payload<E> for P {
    #[inline]
    fn from_event(event: E) -> P {
        event.into()
    }
}

/// The value of the last stage of a clause, which nothing takes: it has to be nothing.
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{Self}`, and nothing takes it: add the stage that does, or `-> ignore`",
    label = "its value would be dropped here",
    note = "or let it return nothing, and emit an event or put an item instead"
)]
pub trait MayBeDropped<H> {
    /// Asks for the impl.
    const OK: () = ();
}

impl<H> MayBeDropped<H> for () {}
/// A second impl, for the same reason as [`Unnamed`].
impl<H> MayBeDropped<H> for NoItems {}

/// What comes out of an ignored arm of a `match` in a join or in `each`, where what follows waits for
/// it: nothing, like the other arms.
#[diagnostic::on_unimplemented(
    message = "the other arms go on with `{Self}`, and this one with nothing: what follows a join or `each` waits for all",
    label = "brings no `{Self}` to what follows",
    note = "let it lead to a handler that returns one, or let all arms return an `Option`"
)]
pub trait SkippedValue {
    /// It.
    fn nothing() -> Self;
}

#[diagnostic::do_not_recommend]
impl SkippedValue for () {
    fn nothing() -> Self {}
}
/// A second impl, for the same reason as [`Unnamed`].
#[diagnostic::do_not_recommend]
impl<const N: u8> SkippedValue for Option<Unnamed<N>> {
    fn nothing() -> Self {
        None
    }
}

/// A flow that takes the event `E` from outside, by `external E;`.
#[diagnostic::on_unimplemented(
    message = "this flow does not take `{E}` from outside: add `external {E};` to it",
    label = "not declared `external` in the flow"
)]
pub trait External<E> {}

#[diagnostic::do_not_recommend]
impl<G: Graph> External<Unnamed<0>> for G {}
#[diagnostic::do_not_recommend]
impl<G: Graph> External<Unnamed<1>> for G {}

/// A value that goes more than one way: to several clauses, to the branches of a join.
#[diagnostic::on_unimplemented(
    message = "`{Self}` goes several ways in this flow, so it has to be `Clone`",
    label = "each way gets its own: add `#[derive(Clone)]`"
)]
pub trait CloneForEach {
    /// One more for the next way.
    #[must_use]
    fn another(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: Clone> CloneForEach for E {
    fn another(&self) -> E {
        self.clone()
    }
}

/// What arrives at `end`.
#[diagnostic::on_unimplemented(
    message = "this flow ends with `{O}`, and what arrives at `end` here is `{Self}`",
    label = "brings `{Self}` to `end`"
)]
pub trait Ends<O> {
    /// Asks for the impl.
    const OK: () = ();

    /// The value, which is one.
    fn end(self) -> O;
}

impl<O> Ends<O> for O {
    fn end(self) -> O {
        self
    }
}
/// A second impl, for the same reason as [`Unnamed`].
#[diagnostic::do_not_recommend]
impl Ends<Unnamed<0>> for Unnamed<1> {
    fn end(self) -> Unnamed<0> {
        match self {}
    }
}

/// What arrives at an `end` where the flow does not say what it ends with: the same as at the first.
#[diagnostic::on_unimplemented(
    message = "another `end` of this flow gets `{O}`, and what arrives at this one is `{Self}`",
    label = "brings `{Self}` to `end`"
)]
pub trait EndsAlike<O> {
    /// Asks for the impl.
    const OK: () = ();

    /// The value, which is one.
    fn end(self) -> O;
}

impl<O> EndsAlike<O> for O {
    fn end(self) -> O {
        self
    }
}
/// A second impl, for the same reason as [`Unnamed`].
#[diagnostic::do_not_recommend]
impl EndsAlike<Unnamed<0>> for Unnamed<1> {
    fn end(self) -> Unnamed<0> {
        match self {}
    }
}

/// A flow that asks `Q`, by `ask Q -> …`.
#[diagnostic::on_unimplemented(
    message = "this flow does not ask `{Q}`: add `ask {Q} -> …` to it",
    label = "not asked by the flow"
)]
pub trait AsksQuestion<Q> {}

/// A flow whose stream takes the question `Q`.
#[diagnostic::on_unimplemented(
    message = "`{Q}` is asked through the stream, which does not take it: implement `From<flow_core::Asked<{Q}>>` for the item type of this flow",
    label = "the stream takes no `Asked<{Q}>`"
)]
pub trait StreamsQuestion<Q: Event>: Graph {
    /// Converts it.
    fn asked(asked: Asked<Q>) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl<Q: Event, G: Graph<Item: From<Asked<Q>>>> StreamsQuestion<Q> for G {
    fn asked(asked: Asked<Q>) -> G::Item {
        asked.into()
    }
}
/// A flow that has the state `T`, which the handler `H` takes.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `State<{T}>`, and this flow has no such state",
    label = "needs a state that the flow does not declare",
    note = "add `state {T};` to the flow, or `state {T} = make;` with a function that makes it from the input"
)]
pub trait HasState<T, H> {}

/// A state that begins by itself.
#[diagnostic::on_unimplemented(
    message = "`state {Self}` begins as its default, and `{Self}` has none: derive `Default` for it, or write `state {Self} = make`",
    label = "does not implement `Default`",
    note = "`make` is a function that makes it from a reference to the input"
)]
pub trait DefaultState {
    /// Its default.
    fn make() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> DefaultState for T {
    fn make() -> T {
        T::default()
    }
}

/// A function that makes the state `T` from the flow's input.
#[diagnostic::on_unimplemented(
    message = "a state is made from a reference to the input, by a function from `&{I}` to `{T}`, and this is not one",
    label = "not a function from `&{I}` to `{T}`"
)]
pub trait MakesState<T, I> {
    /// Makes it.
    fn make(&self, input: &I) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, I, F: Fn(&I) -> T> MakesState<T, I> for F {
    fn make(&self, input: &I) -> T {
        self(input)
    }
}
/// A flow that has the resource `T`, which the handler `H` takes.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `Res<{T}>`, and this flow has no `{T}`",
    label = "needs a resource that the flow does not declare",
    note = "add `with {T};` to the flow, and give it once: `.with(…)`"
)]
pub trait HasResource<T, H> {}
