//! What `#[handler]` makes of a function, and what is asked of it.

mod desc;
mod probe;

pub use desc::{Course, HandlerDesc};
pub use probe::{Asked, Asks, Infallible, NotTaken, Probe};

use std::any::Any;
use std::fmt;
use std::future::Future;

use crate::cx::Cx;
use crate::error::BoxError;
use crate::graph::{Graph, Worker, take};
use crate::lone::only;
use crate::rescue::Wanted;
use crate::router::Router;

/// An `async fn` with [`#[handler]`](macro@crate::handler) on it.
///
/// The attribute implements this for a type of the function's name; there is no other way to. It is
/// named where a function serves several handlers; see [`Router`].
///
/// ```
/// use flow_core::{Handler, handler};
///
/// #[handler(streams = "u32")]
/// async fn count() {}
///
/// fn streams<H: Handler<Item = u32>>(_: std::marker::PhantomData<H>) {}
/// streams(std::marker::PhantomData::<count>);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: put `#[handler]` on the function",
    label = "not a handler"
)]
pub trait Handler: Sized + 'static {
    /// What it puts into the stream: `String`, unless it says `streams = "…"`.
    type Item: Send + 'static;

    /// What it returns, errors aside.
    type Value: Send + 'static;

    /// What it fails with; a [`BoxError`] if it cannot fail.
    type Error: HandlerError + Send + 'static;

    /// The handler itself. What a flow asks of it, it asks of this: of a type that is no handler, so
    /// that is the only error, instead of one for each question.
    #[doc(hidden)]
    type Itself;

    /// What it wants to know of an error's cause, if it takes a [`Failed`](crate::Failed).
    #[doc(hidden)]
    type Cause: Wanted;

    #[doc(hidden)]
    const DESC: HandlerDesc;

    /// Calls the function. It takes any input, so that what is generated for a flow always type
    /// checks and each defect is reported once, by the traits below; which type it is, the
    /// optimiser knows.
    #[doc(hidden)]
    fn call<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// Calls it as a flow does.
    #[doc(hidden)]
    #[cfg(not(feature = "testing"))]
    #[inline]
    fn called<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send {
        Self::call(input, cx)
    }

    /// Calls it as a flow does, or what a test has put in its place.
    #[doc(hidden)]
    #[cfg(feature = "testing")]
    #[inline]
    fn called<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send {
        crate::testing::called(input, cx)
    }

    /// What it takes, made of what arrives. (The macro says how, where the two are not the same; only a
    /// replacement asks.)
    #[doc(hidden)]
    fn taken<I: Send + 'static>(arrived: I) -> Taken {
        taken(Some(arrived))
    }

    /// Calls it as all that a clause does. (Here, and not in the code of each clause, since rustc is
    /// through with it once.)
    #[doc(hidden)]
    #[inline]
    fn only<G: Graph, W: Worker<G>, I: Send + 'static>(
        worker: &W,
        input: I,
    ) -> impl Future<Output = ()> + Send {
        // Not through `called` where that is the same: it is one more opaque type for rustc.
        #[cfg(not(feature = "testing"))]
        let call = Self::call(input, Cx::of(worker));
        #[cfg(feature = "testing")]
        let call = Self::called(input, Cx::of(worker));
        only::<G, _, _>(worker, call)
    }
}

/// A handler that declares to emit `E`, by `#[handler(emits = "E")]`.
///
/// ```
/// use flow_core::{Cx, Emits, Event, Handler, Router, handler};
///
/// #[derive(Event)]
/// struct Done;
///
/// fn finish<R: Router, H: Handler + Emits<Done>>(cx: &Cx<R, H>) {
///     cx.emit(Done);
/// }
///
/// #[handler(emits = "Done")]
/// async fn work(cx: &Cx) {
///     finish(cx);
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` emits `{E}` without declaring it: add it to `#[handler(emits = …)]`",
    label = "not in the `emits` of `{Self}`"
)]
pub trait Emits<E> {}

/// With a single impl to choose from, rustc would take the event for that one and report a bare
/// type mismatch instead of the message above. So every handler has two more.
#[derive(Debug)]
pub enum Unnamed<const N: u8> {}

#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<0>> for H {}
#[diagnostic::do_not_recommend]
impl<H: Handler> Emits<Unnamed<1>> for H {}

/// What can be put by a handler that streams `T`: whatever converts into it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `{T}`, which is what this handler streams",
    label = "not a `{T}`, nor does it convert into one",
    note = "convert it, or say what the handler streams: `#[handler(streams = \"…\")]`"
)]
pub trait IntoItem<T> {
    #[doc(hidden)]
    fn into_item(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<I: Into<T>, T> IntoItem<T> for I {
    #[inline]
    fn into_item(self) -> T {
        self.into()
    }
}

/// What a handler streams that never puts anything.
#[derive(Debug)]
pub enum NoItems {}

/// A handler as the target of `when E`: it is declared `on` that event, or on none and takes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not declared `on` `{E}`: add it to `#[handler(on = …)]`, or name another handler",
    label = "waits for other events than `{E}`"
)]
pub trait On<E> {
    /// Asks for the impl.
    const OK: () = ();
}

/// A handler that is reached by a value: it takes `I`. (What it takes, [`Brings`] says; a type
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
pub trait Brings<P, H> {}

impl<P, H> Brings<P, H> for P {}

/// The input of a handler, of the type `P`: what arrived, if that is one.
#[inline]
pub fn input<P: 'static, I: 'static>(arrived: &mut Option<I>) -> Option<P> {
    take(arrived)
}

/// The input of a handler, made from the event `E`, if that is what arrived.
#[inline]
pub fn converted<P: Payload<E>, E: 'static, I: 'static>(arrived: &mut Option<I>) -> Option<P> {
    take(arrived).map(P::from_event)
}

/// The input of a handler, as [`Handler::taken`] gives it.
pub type Taken = Option<Box<dyn Any + Send>>;

/// Makes one.
#[must_use]
pub fn taken<P: Send + 'static>(input: Option<P>) -> Taken {
    input.map(|input| Box::new(input) as Box<dyn Any + Send>)
}

/// What a handler says to an input that the checks let through and should not have.
///
/// # Panics
///
/// Always.
#[allow(clippy::panic, reason = "the checks have ruled it out")]
pub fn unexpected() -> ! {
    panic!("this handler was called with something that it does not take")
}

/// A handler that fits into the flow `G`: it finds its resources there, and the stream takes what
/// it puts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler: put `#[handler]` on the function",
    label = "not a handler"
)]
pub trait Fits<G: Graph>: Handler {
    /// The stream's item, if `item` is what this handler puts.
    fn item<T: 'static>(item: &mut Option<T>) -> Option<G::Item>;
}

/// A flow whose stream takes the items `T` of the handler `H`.
#[diagnostic::on_unimplemented(
    message = "`{H}` puts `{T}`, which the stream of this flow does not take",
    label = "puts `{T}`",
    note = "say what the flow streams: `streams {T};`, or implement `From<{T}>` for its item type"
)]
pub trait Streams<T, H>: Graph {
    /// Converts an item.
    fn convert(item: T) -> Self::Item;
}

#[diagnostic::do_not_recommend]
impl<T, H, G: Graph<Item: From<T>>> Streams<T, H> for G {
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

/// What a handler's function returns: a value, or a `Result` of one.
pub trait Outcome<const FALLIBLE: bool> {
    /// The value, errors aside.
    type Value;
    /// What it fails with.
    type Error;

    /// The value, or the error.
    ///
    /// # Errors
    ///
    /// The handler's own.
    fn into_result(self) -> Result<Self::Value, Self::Error>;
}

impl<T> Outcome<false> for T {
    type Value = T;
    type Error = BoxError;

    fn into_result(self) -> Result<T, BoxError> {
        Ok(self)
    }
}

impl<T, E> Outcome<true> for Result<T, E> {
    type Value = T;
    type Error = E;

    fn into_result(self) -> Self {
        self
    }
}

/// An error that can leave a handler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a handler's error: implement `std::error::Error` for it, or return `flow_core::Result`",
    label = "is not `std::error::Error + Send + Sync`"
)]
pub trait HandlerError {
    /// Boxes it.
    fn boxed(self) -> BoxError;

    /// What it says.
    fn shown(&self) -> &dyn fmt::Display;
}

/// Asks whether the handler takes the value, where its type has no name in the flow.
pub fn arrives<H: Takes<I>, I>(_value: &I) {}

#[diagnostic::do_not_recommend]
impl<E: fmt::Display + Into<BoxError>> HandlerError for E {
    fn boxed(self) -> BoxError {
        self.into()
    }

    fn shown(&self) -> &dyn fmt::Display {
        self
    }
}

/// The value of the last stage of a clause, which nothing takes: it has to be nothing.
#[diagnostic::on_unimplemented(
    message = "`{H}` returns `{Self}`, and nothing takes it: add the stage that does, or `-> ignore`",
    label = "its value would be dropped here",
    note = "or let it return nothing, and emit an event or put an item instead"
)]
pub trait Unused<H> {
    /// Asks for the impl.
    const OK: () = ();
}

impl<H> Unused<H> for () {}
/// A second impl, for the same reason as [`Unnamed`].
impl<H> Unused<H> for NoItems {}

/// What comes out of an ignored arm of a `match` in a join or in `each`, where what follows waits for
/// it: nothing, like the other arms.
#[diagnostic::on_unimplemented(
    message = "the other arms go on with `{Self}`, and this one with nothing: what follows a join or `each` waits for all",
    label = "brings no `{Self}` to what follows",
    note = "let it lead to a handler that returns one, or let all arms return an `Option`"
)]
pub trait Nothing {
    /// It.
    fn nothing() -> Self;
}

#[diagnostic::do_not_recommend]
impl Nothing for () {
    fn nothing() -> Self {}
}
/// A second impl, for the same reason as [`Unnamed`].
#[diagnostic::do_not_recommend]
impl<const N: u8> Nothing for Option<Unnamed<N>> {
    fn nothing() -> Self {
        None
    }
}

/// What a condition sees of an event: `Copy` values as such, all else by reference. Which of the two
/// it is, the order in which rustc looks for methods decides: [`ByValue`] is nearer, if it applies.
#[derive(Debug)]
pub struct View<'a, T>(pub &'a T);

/// See [`View`].
pub trait ByValue<T> {
    /// The value.
    fn view(&self) -> T;
}

impl<T: Copy> ByValue<T> for View<'_, T> {
    fn view(&self) -> T {
        *self.0
    }
}

/// See [`View`].
pub trait ByReference<'a, T> {
    /// The value, by reference.
    fn view(&self) -> &'a T;
}

impl<'a, T> ByReference<'a, T> for &View<'a, T> {
    fn view(&self) -> &'a T {
        self.0
    }
}
