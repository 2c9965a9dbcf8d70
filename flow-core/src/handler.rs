//! What `#[handler]` makes of a function, and what is asked of it.

use std::any::TypeId;
use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use crate::cx::Cx;
use crate::desc::{GraphDesc, Place};
use crate::error::BoxError;
use crate::event::EventDesc;
use crate::graph::{Graph, take};
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
}

/// A handler, or a named flow as one, in a [`GraphDesc`].
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct HandlerDesc {
    /// The function's name.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Where it is defined.
    pub place: Place,
    /// The events it declares to be on; none if it does not say.
    pub on: &'static [EventDesc],
    /// The events it declares to emit.
    pub emits: &'static [EventDesc],
    /// It returns a `Result`, or has a timeout.
    pub can_fail: bool,
    /// How long one attempt may take; for a named flow, the whole of it. As JSON, in milliseconds.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::desc::milliseconds"))]
    pub timeout: Option<Duration>,
    /// How often the function is called at most, if it fails: 1 without a `retry`.
    pub attempts: u32,
    /// How many calls of it run at the same time at most, within one execution.
    pub concurrency: Option<usize>,
    /// Its own graph, if it is a named flow.
    pub graph: Option<&'static GraphDesc>,
    /// Its attribute is in error, so that nothing can be said of what it emits.
    #[doc(hidden)]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub broken: bool,
    /// Nobody sees that it goes on before it has ended. (Asked of those with a timeout alone.)
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) silent: bool,
    /// What tells it from all others, if its calls are counted.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) counted: Option<fn() -> TypeId>,
}

impl HandlerDesc {
    /// What stands for a handler whose attribute is in error.
    #[doc(hidden)]
    pub const BROKEN: Self = Self {
        broken: true,
        can_fail: true,
        ..Self::new("", "", Place::new("", 0, 0), &[], &[], true)
    };

    /// A handler's declaration.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        docs: &'static str,
        place: Place,
        on: &'static [EventDesc],
        emits: &'static [EventDesc],
        can_fail: bool,
    ) -> Self {
        Self {
            name,
            docs,
            place,
            on,
            emits,
            can_fail,
            timeout: None,
            attempts: 1,
            concurrency: None,
            graph: None,
            broken: false,
            silent: false,
            counted: None,
        }
    }

    /// One attempt may take so long, and fails otherwise.
    #[doc(hidden)]
    #[must_use]
    pub const fn timeout(mut self, after: Duration) -> Self {
        self.timeout = Some(after);
        self.can_fail = true;
        self
    }

    /// It neither puts nor emits anything.
    #[doc(hidden)]
    #[must_use]
    pub const fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// The function is called so often at most.
    #[doc(hidden)]
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// So many calls of the handler `id` run at the same time.
    #[doc(hidden)]
    #[must_use]
    pub const fn concurrency(mut self, calls: usize, id: fn() -> TypeId) -> Self {
        self.concurrency = Some(calls);
        self.counted = Some(id);
        self
    }

    /// That of a named flow.
    #[doc(hidden)]
    #[must_use]
    pub const fn flow(graph: &'static GraphDesc) -> Self {
        Self {
            graph: Some(graph),
            timeout: graph.timeout,
            ..Self::new(graph.name, graph.docs, graph.place, &[], &[], true)
        }
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
}

/// Asks whether the handler takes the value, where its type has no name in the flow.
pub fn arrives<H: Takes<I>, I>(_value: &I) {}

#[diagnostic::do_not_recommend]
impl<E: Into<BoxError>> HandlerError for E {
    fn boxed(self) -> BoxError {
        self.into()
    }
}

/// Tells whether a return type is a `Result`, under whatever name: `Probe::<T>::FALLIBLE` is the
/// inherent constant where there is one, and that of [`Infallible`] otherwise.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<T>);

impl<T, E> Probe<Result<T, E>> {
    /// It is.
    pub const FALLIBLE: bool = true;
}

/// See [`Probe`].
pub trait Infallible {
    /// It is not.
    const FALLIBLE: bool = false;
}

impl<T> Infallible for Probe<T> {}

/// A handler that has the parameter `P`, a `Res<T>` or a `State<T>`.
pub trait Asks<P> {}

/// Tells whether the handler `H` does, as [`Probe`] tells what it is asked: `Asked::<H, P>::TAKEN`.
#[derive(Debug)]
pub struct Asked<H, P>(PhantomData<(H, P)>);

impl<H: Asks<P>, P> Asked<H, P> {
    /// It does.
    pub const TAKEN: bool = true;
}

/// See [`Asked`].
pub trait NotTaken {
    /// It does not.
    const TAKEN: bool = false;
}

impl<H, P> NotTaken for Asked<H, P> {}

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

#[cfg(test)]
mod tests {
    use super::{Infallible, Probe};

    type Alias<T> = Result<T, std::io::Error>;

    #[test]
    fn a_result_is_known_under_every_name() {
        const {
            assert!(Probe::<Result<(), String>>::FALLIBLE);
            assert!(Probe::<Alias<u8>>::FALLIBLE);
            assert!(!Probe::<()>::FALLIBLE);
            assert!(!Probe::<Option<Alias<u8>>>::FALLIBLE);
        }
    }
}
