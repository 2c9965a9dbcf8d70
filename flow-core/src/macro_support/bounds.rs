//! The questions that a flow asks of types, each a trait, with the message of the compiler for the
//! answer "no". They are in the order of the table of errors in the README.
//!
//! A trait with a single impl needs care: rustc takes the missing type for that of the impl, and
//! reports a mismatch of types instead of the message. So each has a second impl or a third, for
//! [`Unnamed`] where there is no other, and [`do_not_recommend`][d] on what is not to be suggested.
//!
//! [d]: https://doc.rust-lang.org/reference/attributes/diagnostics.html

use crate::event::Event;
use crate::handler::{Emits, Handler, NoItems};
use crate::macro_support::graph::Graph;
use crate::question::{Asked, Question};

/// A type for the extra impls of a trait: no user has it.
#[derive(Debug)]
pub enum Unnamed<const N: u8> {}

/// Is the handler declared `on` the event, or on none? Checks compare what it takes then by
/// [`EventOf`], and what a flow takes by [`InputOf`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared `on` `{E}`: add it to `#[handler(on = …)]`, or name another handler",
    label = "declared `on` other events"
)]
pub trait On<E> {
    const OK: () = ();
    type Parameter;
    type Input;
}

/// Is it a handler? What it takes where an `I` arrives is the type that a check compares by
/// [`InputOf`]: `I` itself if the handler takes no value. The two questions are apart, so that the
/// error of the second one has no path of impls that leads to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: name an `async fn` with `#[handler]`",
    label = "not a handler"
)]
pub trait Accepts<I> {
    const OK: () = ();
    type Parameter;
}

/// Is it a handler that takes the value `I`?
pub trait Takes<I> {}

impl<H: Accepts<I>, I: InputOf<H::Parameter, H>> Takes<I> for H {}

/// Is the value what the handler `H` takes, a `P`?
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{P}`, but `{Self}` arrives here",
    label = "takes `{P}`",
    note = "change the parameter of `{H}`, or add a stage that converts the value"
)]
pub trait InputOf<P, H> {
    const OK: () = ();
}

impl<P, H> InputOf<P, H> for P {}

/// [`InputOf`] for an event, which a handler that is declared `on` it converts.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{P}`, but `{Self}` arrives here: take `{Self}`, or list it in `#[handler(on = …)]`, which converts it by `From`",
    label = "takes `{P}`"
)]
pub trait EventOf<P, H> {
    const OK: () = ();
}

impl<P, H> EventOf<P, H> for P {}

/// The type itself, in several words: rustc underlines all of them.
pub type Itself<T> = T;

/// Asks [`Takes`] where the type of the value has no name in the flow.
pub fn arrives<H: Takes<I>, I>(_value: &I) {}

/// [`Takes`] for the value of a closure.
pub trait TakesOfClosure<I> {}

impl<H: Accepts<I>, I: OfClosure<H::Parameter, H>> TakesOfClosure<I> for H {}

/// [`InputOf`] for the value of a closure.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{P}`, but `{Self}` arrives here",
    label = "takes `{P}`",
    note = "change the parameter of `{H}`, or add a stage that converts the value",
    note = "a closure cannot fail, and its `Result` is passed on as it is: write a handler for what may fail"
)]
pub trait OfClosure<P, H> {}

impl<P, H> OfClosure<P, H> for P {}

/// Asks [`TakesOfClosure`], as [`arrives`].
pub fn closure_arrives<H: TakesOfClosure<I>, I>(_value: &I) {}

/// [`Takes`] for what an arm passes on whose pattern binds nothing.
pub trait TakesOfArm<I> {}

impl<H: Accepts<I>, I: OfArm<H::Parameter, H>> TakesOfArm<I> for H {}

/// [`InputOf`] for what such an arm passes on.
#[diagnostic::on_unimplemented(
    message = "`{H}` takes `{P}`, but this arm passes nothing on because its pattern binds nothing: write `name @ pattern => …`",
    label = "takes `{P}`"
)]
pub trait OfArm<P, H> {}

impl<P, H> OfArm<P, H> for P {}

/// Asks [`TakesOfArm`], as [`arrives`].
pub fn arm_arrives<H: TakesOfArm<I>, I>(_value: &I) {}

/// Does a closure that takes a `Self` get the value? The two are in this order so that rustc infers
/// the type of the value where only the closure tells it.
#[diagnostic::on_unimplemented(
    message = "this closure takes `{Self}`, but `{I}` arrives here",
    label = "takes `{Self}`"
)]
pub trait TakesFrom<I> {
    fn take_from(value: I) -> Self;
}

impl<I> TakesFrom<I> for I {
    #[inline]
    fn take_from(value: I) -> I {
        value
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl TakesFrom<Unnamed<0>> for Unnamed<1> {
    fn take_from(value: Unnamed<0>) -> Self {
        match value {}
    }
}

/// A value before a closure that has a type for its parameter.
#[derive(Debug)]
pub struct Passed<I>(pub I);

impl<I> Passed<I> {
    /// Asks [`TakesFrom`]. The result has the type of the parameter, so that the closure is no
    /// second error.
    #[inline]
    pub fn to<P: TakesFrom<I>>(self) -> P {
        P::take_from(self.0)
    }
}

/// Is a handler's parameter its event, or made from it?
#[diagnostic::on_unimplemented(
    message = "this handler is declared `on` `{E}`, but takes `{Self}`: remove `on`, take `{E}`, or implement `From<{E}>` for `{Self}`",
    label = "expected `{E}`"
)]
pub trait Payload<E> {
    fn from_event(event: E) -> Self;
}

#[diagnostic::do_not_recommend]
impl<P: From<E>, E> Payload<E> for P {
    #[inline]
    fn from_event(event: E) -> P {
        event.into()
    }
}

/// Is the event made into the parameter `P`, which looks like an answer? [`Payload`] with a message
/// for a handler that `ask` leads to.
#[diagnostic::on_unimplemented(
    message = "this handler takes `{P}`, which `ask` passes to it: remove `on`",
    label = "remove `on`"
)]
pub trait MadeInto<P> {
    fn made_into(self) -> P;
}

#[diagnostic::do_not_recommend]
impl<P: From<E>, E> MadeInto<P> for E {
    #[inline]
    fn made_into(self) -> P {
        self.into()
    }
}

// The question itself is `Emits`, which is public.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<0>> for H {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<1>> for H {
    const ONLY_THE_HANDLER_ATTRIBUTE_IMPLEMENTS_THIS: () = ();
}

/// Does the stream of the flow `G` take what the handler puts?
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: name an `async fn` with `#[handler]`",
    label = "not a handler"
)]
pub trait RunsIn<G: Graph>: Handler {
    /// Returns the stream's item, if `item` is of the type that this handler puts.
    fn item<T: 'static>(item: &mut Option<T>) -> Option<G::Item>;
}

/// Does the stream of the flow take the items `T` of the handler `H`?
#[diagnostic::on_unimplemented(
    message = "`{H}` puts `{T}`, which the stream of this flow does not take: declare `streams {T};`, or implement `From<{T}>` for its item type",
    label = "puts `{T}`"
)]
pub trait StreamsItem<T, H>: Graph {
    fn convert(item: T) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl<T, H, G: Graph<Item: From<T>>> StreamsItem<T, H> for G {
    #[inline]
    fn convert(item: T) -> G::Item {
        item.into()
    }
}

/// Does the flow `G` declare the resources and states that the handler takes? A flow asks for all
/// of its handlers in one body and at one place: rustc reports a question only once there.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: name an `async fn` with `#[handler]`",
    label = "not a handler"
)]
pub trait Needs<G> {
    const OK: () = ();
}

/// Does the flow declare the resource `T`, which a handler takes? The question does not name the
/// handler, so that it is the same for all handlers.
#[diagnostic::on_unimplemented(
    message = "a handler takes `Res<{T}>`, which this flow does not declare: add `with {T};`",
    label = "needs `with {T};`",
    note = "give the flow its resource before it runs: `.with(…)`"
)]
pub trait HasResource<T: ?Sized> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasResource<Unnamed<0>> for G {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasResource<Unnamed<1>> for G {}

/// Does the flow declare the state `T`, which a handler takes?
#[diagnostic::on_unimplemented(
    message = "a handler takes `State<{T}>`, which this flow does not declare: add `state {T};`",
    label = "needs `state {T};`",
    note = "`state {T} = make;` makes it from the input, with a function `make`"
)]
pub trait HasState<T> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasState<Unnamed<0>> for G {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasState<Unnamed<1>> for G {}

/// Has the flow a snapshot of the state `T`, which a handler takes?
#[diagnostic::on_unimplemented(
    message = "a handler takes `Snapshot<{T}>`, which needs `durable;` and `state {T};` in this flow: add what is missing, or take `State<{T}>`",
    label = "no snapshot of `{T}`"
)]
pub trait HasSnapshot<T> {}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasSnapshot<Unnamed<0>> for G {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> HasSnapshot<Unnamed<1>> for G {}

/// Does the flow declare the state `T`, which its caller looks at?
#[diagnostic::on_unimplemented(
    message = "this flow has no state `{T}`: add `state {T};`",
    label = "no state `{T}`"
)]
pub trait ShowsState<T> {}

#[diagnostic::do_not_recommend]
impl<G: HasState<T>, T> ShowsState<T> for G {}

/// Does the state have a default to start with?
#[diagnostic::on_unimplemented(
    message = "`state {Self}` starts with the default, but `{Self}` does not implement `Default`: derive it, or write `state {Self} = make`",
    label = "does not implement `Default`",
    note = "`make` is a function from a reference to the input to `{Self}`"
)]
pub trait DefaultState {
    fn make() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> DefaultState for T {
    fn make() -> T {
        T::default()
    }
}

/// Does the function make the state `T` from the flow's input?
#[diagnostic::on_unimplemented(
    message = "`state {T} = …` needs a function from `&{I}`, a reference to the input, to `{T}`, such as `|_| value`",
    label = "not a function from `&{I}` to `{T}`"
)]
pub trait MakesState<T, I> {
    fn make(&self, input: &I) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, I, F: Fn(&I) -> T> MakesState<T, I> for F {
    fn make(&self, input: &I) -> T {
        self(input)
    }
}

/// Is the value of the last stage of a clause `()`, so that nothing is lost?
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{Self}`, which no stage takes: add a stage after it, or `-> ignore`",
    label = "this value would be dropped",
    note = "or return nothing: emit an event, or put an item into the stream"
)]
pub trait MayBeDropped<H> {
    const OK: () = ();
}

impl<H> MayBeDropped<H> for () {}
impl<H> MayBeDropped<H> for NoItems {}

/// Is the value of a reminder `()`, as no stage follows it?
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{Self}`, but no stage follows a reminder: return nothing, or emit an event whose clause goes on",
    label = "this value would be dropped"
)]
pub trait NothingToTake<H> {
    const OK: () = ();
}

impl<H> NothingToTake<H> for () {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<H> NothingToTake<H> for Unnamed<0> {}

/// Is the value of a closure at the end of a clause `()`, so that nothing is lost?
#[diagnostic::on_unimplemented(
    message = "this returns `{Self}`, which no stage takes: add a stage after it, or `-> ignore`",
    label = "this value would be dropped"
)]
pub trait MayBeLost {}

impl MayBeLost for () {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl MayBeLost for Unnamed<0> {}

/// Asks [`MayBeLost`] where the type of the value has no name in the flow.
pub fn may_be_dropped<V: MayBeLost>(_value: &V) {}

/// Does an arm `=> ignore` or `=> emit` have a value for the stage after the join or `each` that it
/// is in, as the other arms do?
#[diagnostic::on_unimplemented(
    message = "this arm has no value, but the stage after this join or `each` takes a `{Self}` from each branch: return one here, or an `Option` from each arm",
    label = "expected a handler that returns `{Self}`"
)]
pub trait SkippedValue {
    fn nothing() -> Self;
}

#[diagnostic::do_not_recommend]
impl SkippedValue for () {
    fn nothing() -> Self {}
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: u8> SkippedValue for Option<Unnamed<N>> {
    fn nothing() -> Self {
        None
    }
}

/// Can the question be asked? What stands in for an answer takes it, and so does the answer's clause.
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because it is asked, and kept for its answer: add `#[derive(Clone)]`",
    label = "the question is kept while it waits"
)]
pub trait CloneToAsk {
    #[must_use]
    fn another(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<Q: Question + Clone> CloneToAsk for Q {
    #[inline]
    fn another(&self) -> Self {
        self.clone()
    }
}

/// Can the value go to several clauses, or to the branches of a join?
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because it goes to several clauses or branches of this flow: add `#[derive(Clone)]`",
    label = "each clause or branch takes its own"
)]
pub trait CloneForEach {
    #[must_use]
    fn another(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: Clone> CloneForEach for E {
    fn another(&self) -> E {
        self.clone()
    }
}

/// Is the value of what stands in for a stage that of the stage, `V`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in for the `{V}` that the stage before this `else` returns",
    label = "returns `{Self}`",
    note = "return `{V}`, or convert it: `else (handler -> convert)`"
)]
pub trait StandsIn<V> {
    fn stand_in(self) -> V;
}

impl<V> StandsIn<V> for V {
    #[inline]
    fn stand_in(self) -> V {
        self
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl StandsIn<Unnamed<0>> for Unnamed<1> {
    fn stand_in(self) -> Unnamed<0> {
        match self {}
    }
}

/// Is the value of a branch of a `first` that of the branch before it, `V`?
#[diagnostic::on_unimplemented(
    message = "the branches of `first` bring one type, but this one brings `{Self}` and another one `{V}`",
    label = "brings `{Self}`",
    note = "add a stage that converts the value: `first (a, b -> convert)`"
)]
pub trait BringsAlike<V> {
    fn bring(self) -> V;
}

impl<V> BringsAlike<V> for V {
    #[inline]
    fn bring(self) -> V {
        self
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl BringsAlike<Unnamed<0>> for Unnamed<1> {
    fn bring(self) -> Unnamed<0> {
        match self {}
    }
}

/// Does the branch of a `first` that ends with `ignore` bring what another one brings, `()`?
#[diagnostic::on_unimplemented(
    message = "this branch of `first` brings nothing, but another one brings `{V}`: end it with a stage that returns `{V}` instead of `ignore`",
    label = "brings nothing"
)]
pub trait BringsNothing<V> {
    fn bring(self) -> V;
}

#[diagnostic::do_not_recommend]
impl BringsNothing<()> for () {
    #[inline]
    fn bring(self) {}
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl BringsNothing<Unnamed<0>> for Unnamed<1> {
    fn bring(self) -> Unnamed<0> {
        match self {}
    }
}

/// Is the value at an `end` the declared output `O`?
#[diagnostic::on_unimplemented(
    message = "this flow ends with `{O}`, but `{Self}` arrives at this `end`",
    label = "expected `{O}`",
    note = "change the output of the flow, or add a stage that converts the value"
)]
pub trait Ends<O> {
    const OK: () = ();

    fn end(self) -> O;
}

impl<O> Ends<O> for O {
    fn end(self) -> O {
        self
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl Ends<Unnamed<0>> for Unnamed<1> {
    fn end(self) -> Unnamed<0> {
        match self {}
    }
}

/// Is the value at an `end` that of the first `end`, where the flow declares no output?
#[diagnostic::on_unimplemented(
    message = "another `end` of this flow takes `{O}`, but `{Self}` arrives at this one",
    label = "expected `{O}`",
    note = "end with the same type everywhere: change one of them, or add a stage that converts the value"
)]
pub trait EndsAlike<O> {
    const OK: () = ();

    fn end(self) -> O;
}

impl<O> EndsAlike<O> for O {
    fn end(self) -> O {
        self
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl EndsAlike<Unnamed<0>> for Unnamed<1> {
    fn end(self) -> Unnamed<0> {
        match self {}
    }
}

/// Is the rescued handler the one that a clause names by another path, `H`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not in any clause of this flow: remove this `rescue`, or add a clause that runs it",
    label = "not in any clause"
)]
pub trait RunsHere<H> {
    const OK: () = ();
}

impl<H> RunsHere<H> for H {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<const N: u8> RunsHere<Unnamed<N>> for Option<Unnamed<N>> {}

/// Does the flow declare `external E;`?
#[diagnostic::on_unimplemented(
    message = "this flow does not take `{E}` from outside: declare `external {E};` in it",
    label = "not declared `external` in this flow"
)]
pub trait External<E> {
    /// The name of the event in a durable flow.
    #[doc(hidden)]
    const NAME: &'static str = "";
}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> External<Unnamed<0>> for G {}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<G: Graph> External<Unnamed<1>> for G {}

/// Does the flow take the event from outside that the stage `S` takes?
#[diagnostic::on_unimplemented(
    message = "`{S}` takes `{E}` from outside, which this flow does not pass on: add `external {E};`",
    label = "takes `{E}` from outside"
)]
pub trait PassesOn<E, S> {}

#[diagnostic::do_not_recommend]
impl<G: External<E>, E, S> PassesOn<E, S> for G {}

/// Can each running execution of the stage `S` have its own, in the flow `G`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` must be `Clone` because each running `{S}` takes it from outside: add `#[derive(Clone)]`",
    label = "each running `{S}` takes its own `{Self}`"
)]
pub trait CloneForStage<S, G> {}

#[diagnostic::do_not_recommend]
impl<E: Clone, S, G> CloneForStage<S, G> for E {}

/// Does the flow ask the question, by `ask Q -> …`, or may a flow within it?
pub trait AsksQuestion<Q> {}

/// Has the flow a clause `ask Q -> …` of its own?
pub trait AsksItself<Q> {}

/// Answers [`AsksQuestion`]. With `STAGES_ASK`, any question may be one of a stage: the types do
/// not tell, so `assert_asks` looks when the code is generated.
#[derive(Debug)]
pub enum Asks<const STAGES_ASK: bool> {}

// What a flow lacks is reported here, because it implements `AsksQuestion` for each `Q`.
#[diagnostic::on_unimplemented(
    message = "this flow does not ask `{Q}`: add `ask {Q} -> …` to it",
    label = "not asked by this flow"
)]
pub trait Allow<Q, G> {}

#[diagnostic::do_not_recommend]
impl<Q, G: AsksItself<Q>> Allow<Q, G> for Asks<false> {}

#[diagnostic::do_not_recommend]
impl<Q, G> Allow<Q, G> for Asks<true> {}

/// Fails to compile if neither the flow nor a flow within it asks the question.
pub(crate) const fn assert_asks<G: Graph, Q: Event>() {
    assert!(
        G::DESC.asks_anywhere(Q::DESC.id),
        "neither this flow nor a flow within it asks this question: add `ask` with its event"
    );
}

/// Is the value that arrives at `ask Q` the question?
#[diagnostic::on_unimplemented(
    message = "`ask` takes the question `{Q}`, but `{Self}` arrives here: return `{Q}` from the stage before it",
    label = "takes `{Q}`"
)]
pub trait ArrivesAtAsk<Q> {}

impl<Q> ArrivesAtAsk<Q> for Q {}

/// Is the value of what stands in for the answer to `Q` the answer, an `A`?
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in for the answer to `{Q}`: return `{A}`",
    label = "returns `{Self}`"
)]
pub trait AnswerTo<Q, A> {
    fn answer(self) -> A;
}

impl<Q, A> AnswerTo<Q, A> for A {
    #[inline]
    fn answer(self) -> A {
        self
    }
}
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<Q> AnswerTo<Q, Unnamed<0>> for Unnamed<1> {
    fn answer(self) -> Unnamed<0> {
        match self {}
    }
}

/// Does the stream of the flow take the question?
#[diagnostic::on_unimplemented(
    message = "the stream of this flow does not take the question `{Q}`: declare `streams Asked<{Q}>;`, or implement `From<flow_core::Asked<{Q}>>` for its item type",
    label = "does not convert into the item type"
)]
pub trait StreamsQuestion<Q: Event>: Graph {
    fn asked(asked: Asked<Q>) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl<Q: Event, G: Graph<Item: From<Asked<Q>>>> StreamsQuestion<Q> for G {
    fn asked(asked: Asked<Q>) -> G::Item {
        asked.into()
    }
}
