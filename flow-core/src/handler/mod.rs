//! A handler: what `#[handler]` makes of an `async fn`, and what its context can do.

pub(crate) mod actions;
pub(crate) mod context;
pub(crate) mod router;

use std::any::Any;
use std::future::Future;

use crate::error::HandlerError;
use crate::failed::CauseSpec;
use crate::graph::desc::HandlerDesc;
use crate::handler::context::Cx;
use crate::handler::router::Router;

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

    /// The handler itself. A flow asks its questions of this type: a type that is not a handler has
    /// none, so the compiler reports that once instead of one error for each question.
    #[doc(hidden)]
    type Itself;

    /// Which cause of an error it takes, if it takes a [`Failed`](crate::Failed).
    #[doc(hidden)]
    type Cause: CauseSpec;

    #[doc(hidden)]
    const DESC: HandlerDesc;

    /// Calls the function. It accepts any input, so that the code generated for a flow always
    /// type-checks and each defect is reported once, by the bounds in `macro_support`. The optimiser
    /// removes the comparison of types.
    #[doc(hidden)]
    fn call<R: Router, I: Send + 'static>(
        input: I,
        cx: &Cx<R, Self>,
    ) -> impl Future<Output = Result<Self::Value, Self::Error>> + Send;

    /// Its input, made from the value that arrives. The macro overrides it where the two differ; only
    /// a replacement in a test calls it.
    #[doc(hidden)]
    fn boxed_input<I: Send + 'static>(arrived: I) -> BoxedInput {
        boxed_input(Some(arrived))
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

/// The input of a handler, as [`Handler::boxed_input`] returns it.
#[doc(hidden)]
pub type BoxedInput = Option<Box<dyn Any + Send>>;

#[doc(hidden)]
#[must_use]
pub fn boxed_input<P: Send + 'static>(input: Option<P>) -> BoxedInput {
    input.map(|input| Box::new(input) as Box<dyn Any + Send>)
}

