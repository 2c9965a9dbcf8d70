//! What stands for a handler whose attribute is in error: it agrees to everything, so that the one
//! error is all that is reported, and an IDE goes on working in its body and in its flows.

#![allow(clippy::unused_self, reason = "the methods are those of `Cx`")]

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;

use crate::cx::Cx;
use crate::router::Router;

/// Turns the context that the handler asks for into the one it gets.
pub trait InError {
    /// The latter.
    type Cx;
}

impl<R, H> InError for Cx<R, H> {
    type Cx = BrokenCx<R>;
}

/// The context of such a handler: what [`Cx`] has, without any condition.
pub struct BrokenCx<R>(PhantomData<R>);

impl<R: Router> BrokenCx<R> {
    /// See [`Cx::put`].
    pub fn put<T>(&self, _item: T) -> Ready<()> {
        ready(())
    }

    /// See [`Cx::emit`].
    pub fn emit<E>(&self, _event: E) {}

    /// See [`Cx::stop`].
    pub fn stop(&self) {}
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
