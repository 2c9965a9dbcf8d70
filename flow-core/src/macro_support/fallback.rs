//! The context of a handler whose attribute is in error. It accepts everything, so that the
//! compiler reports only that error, and editors keep working in the body and in the flows of the
//! handler.

#![allow(clippy::unused_self, reason = "the methods are those of `Cx`")]

use std::fmt;
use std::future::{Ready, ready};
use std::marker::PhantomData;

use crate::handler::Cx;
use crate::handler::router::Router;
use crate::macro_support::dispatch::unexpected;

/// Maps the context that the handler names to a permissive one.
pub trait Fallback {
    type Cx;
}

impl<R, H> Fallback for Cx<R, H> {
    type Cx = FallbackCx<R>;
}

/// The methods of [`Cx`] without any bounds. They do nothing.
pub struct FallbackCx<R>(PhantomData<R>);

impl<R: Router> FallbackCx<R> {
    pub fn put<T>(&self, _item: T) -> Ready<()> {
        ready(())
    }

    pub fn emit<E>(&self, _event: E) {}

    pub fn stop(&self) {}

    pub fn ending(&self) -> Ready<()> {
        ready(())
    }

    pub fn attempt(&self) -> u32 {
        1
    }
}

/// The context of a handler whose task borrows it, which is reported: it lives long enough.
#[must_use]
pub fn forever<T>(_: &T) -> &'static T {
    unexpected()
}

impl<R> Clone for FallbackCx<R> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<R> fmt::Debug for FallbackCx<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FallbackCx").finish()
    }
}
