//! `with T = open`: a resource that each execution opens before `start`.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::HandlerError;
use crate::graph::check::{EMITS, IS_A_FLOW, OPENED_LATER, OPENS_ITSELF, PUTS, TAKES_A_VALUE};
use crate::handler::{Cx, Handler, NoItems};
use crate::macro_support::bounds::{Takes, Unnamed};
use crate::macro_support::call::call_in_turn;
use crate::macro_support::defects::questions;
use crate::macro_support::graph::{Graph, Worker};
use crate::macro_support::type_map::AnyResource;
use crate::resource::Res;

/// Runs the clause: calls the handler, and goes on with `next` if it succeeds. An error fails the
/// execution. `resource` is [`resource`].
// `Send` is promised here, where it does not depend on the lifetimes in the type of the handler.
pub fn run_opening<H, G, W, I>(
    worker: &W,
    input: I,
    resource: fn(H::Value) -> AnyResource,
    next: fn(I) -> G::Activation,
) -> impl Future<Output = ()> + Send
where
    H: Handler,
    G: Graph,
    W: Worker<G>,
    I: Send + 'static,
{
    let opening = call_in_turn((), Cx::<W, H>::of(worker));
    async move {
        match opening.await {
            Ok(value) => worker.opened(resource(value), next(input)),
            Err(error) => worker.fail(error.boxed()),
        }
    }
}

/// The resource `T` that a handler has returned.
pub fn resource<T, V>(value: V) -> AnyResource
where
    T: ?Sized + Send + Sync + 'static,
    V: Opens<T>,
{
    AnyResource::new(value.into_resource())
}

/// Is what a handler returns the resource `T`, which it opens?
#[diagnostic::on_unimplemented(
    message = "`with {T} = …` needs a handler that returns `{T}`, but this one returns `{Self}`",
    label = "returns `{Self}`",
    note = "it may return a `Result`; a trait object is returned in an `Arc`"
)]
pub trait Opens<T: ?Sized> {
    fn into_resource(self) -> Res<T>;
}

#[diagnostic::do_not_recommend]
impl<T> Opens<T> for T {
    fn into_resource(self) -> Res<T> {
        Res::new(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ?Sized> Opens<T> for Arc<T> {
    fn into_resource(self) -> Res<T> {
        Res::from_arc(self)
    }
}

#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl Opens<Unnamed<0>> for Unnamed<1> {
    fn into_resource(self) -> Res<Unnamed<0>> {
        match self {}
    }
}

/// Does the handler `H` take a value, and may it put items? `Opener::<H>::TAKES_A_VALUE` and
/// `PUTS` answer, in the way of [`Probe`](crate::macro_support::probe::Probe).
pub struct Opener<H>(PhantomData<H>);

impl<H: Takes<()>> Opener<H> {
    pub const TAKES_A_VALUE: bool = false;
}

impl<H: Handler<Item = NoItems>> Opener<H> {
    pub const PUTS: bool = false;
}

/// See [`Opener`].
pub trait UnfitOpener {
    const TAKES_A_VALUE: bool = true;
    const PUTS: bool = true;
}

impl<H> UnfitOpener for Opener<H> {}

impl<H> fmt::Debug for Opener<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").finish()
    }
}

questions! {
    /// Does the handler that opens a resource take no value?
    #[diagnostic::on_unimplemented(
        message = "`{H}` takes a value, but a handler that opens a resource runs before `start`, where nothing arrives: take only resources and states",
        label = "takes a value",
        note = "what it needs of the input can be a state: `state T = make` makes one from a reference to the input"
    )]
    OpensFromNothing<H>: TAKES_A_VALUE;

    /// Does it emit nothing?
    #[diagnostic::on_unimplemented(
        message = "`{H}` emits events, but a handler that opens a resource runs before `start`: emit them in a handler that `start` leads to",
        label = "emits events"
    )]
    OpensQuietly<H>: EMITS;

    /// Does it put nothing?
    #[diagnostic::on_unimplemented(
        message = "`{H}` may put items, but a handler that opens a resource runs before `start`: put them in a handler that `start` leads to",
        label = "may put items",
        note = "`#[handler(streams = !)]` declares that it puts none"
    )]
    OpensSilently<H>: PUTS;

    /// Is it no flow?
    #[diagnostic::on_unimplemented(
        message = "`{H}` is a flow, but a handler opens a resource: name an `async fn` with `#[handler]`",
        label = "a flow"
    )]
    IsNoFlow<H>: IS_A_FLOW;

    /// Is each resource that it takes opened before it?
    #[diagnostic::on_unimplemented(
        message = "`{H}` takes `{R}`, which is opened after it: move the `with` of that resource before this clause",
        label = "takes `{R}`",
        note = "resources are opened in the order of the text"
    )]
    OpenedBefore<R, H>: OPENED_LATER;

    /// Does it not take the resource that it opens?
    #[diagnostic::on_unimplemented(
        message = "`{H}` takes `{R}`, which it opens itself: remove the parameter",
        label = "takes `{R}`"
    )]
    OpensAnother<R, H>: OPENS_ITSELF;
}
