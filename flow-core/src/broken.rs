//! What stands for a handler whose attribute is in error: it agrees to everything, so that the one
//! error is all that is reported, and an IDE goes on working in its body and in its flows.

use std::any::Any;
use std::fmt;
use std::future::{Future, ready};
use std::marker::PhantomData;

use crate::cx::Cx;
use crate::error::BoxError;
use crate::graph::Graph;
use crate::handler::{Fits, Handler, On, Stage};
use crate::resource::Res;
use crate::router::Router;

/// A handler whose attribute is in error.
pub trait Broken: Handler<Value = ()> {}

impl<H: Broken, G: Graph> Fits<G> for H {
    fn item(_: &mut dyn Any) -> Option<G::Item> {
        None
    }
}

impl<H: Broken, R: Router, I: Send + 'static> Stage<R, I> for H {
    fn call(_: I, _: &Cx<R, H>) -> impl Future<Output = Result<(), BoxError>> + Send {
        ready(Ok(()))
    }
}

impl<H: Broken, R: Router, E: Send + 'static> On<R, E> for H {}

/// The context of such a handler: what [`Cx`] has, without any condition.
pub struct BrokenCx<R>(PhantomData<R>);

impl<R: Router> BrokenCx<R> {
    /// See [`Cx::put`].
    pub fn put<T>(&self, _item: T) -> impl Future<Output = ()> + Send + use<R, T> {
        ready(())
    }

    /// See [`Cx::emit`].
    pub fn emit<E>(&self, _event: E) {}

    /// See [`Cx::stop`].
    pub fn stop(&self) {}

    /// See `Cx::resource`.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn resource<T>(&self) -> crate::Result<Res<T>> {
        Err("this handler is in error".into())
    }
}

impl<R> Clone for BrokenCx<R> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<R> fmt::Debug for BrokenCx<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrokenCx").finish()
    }
}
