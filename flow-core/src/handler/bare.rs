//! `&Cx` in a function that is not a handler.
//!
//! Without default type parameters, rustc would only say that generics are missing. With them, the
//! context has methods that never compile, so that their errors say what to write. The context of a
//! handler dereferences to it, or a call of that function would be one more error.

#![allow(clippy::unused_self, reason = "the methods are those of `Cx`")]

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

use crate::handler::router::{Bare, Router};
use crate::handler::{Cx, Handler};

#[diagnostic::on_unimplemented(
    message = "`&Cx` is the context of a function with `#[handler]`: add the attribute, or write `&Cx<impl Router, impl Streams<…>>` in a helper",
    label = "this context belongs to no handler",
    note = "in a helper, `Streams<T>` is what its handlers put, and `Emits<E>` is what they emit"
)]
#[doc(hidden)]
pub trait Put {}

#[diagnostic::on_unimplemented(
    message = "`&Cx` is the context of a function with `#[handler]`: add the attribute, or write `&Cx<impl Router, impl Emits<{Self}>>` in a helper",
    label = "this context belongs to no handler",
    note = "in a helper, `Streams<T>` is what its handlers put, and `Emits<E>` is what they emit"
)]
#[doc(hidden)]
pub trait Emit {}

#[diagnostic::on_unimplemented(
    message = "`&Cx` is the context of a function with `#[handler]`: add the attribute, or write `&Cx<impl Router, impl Handler>` in a helper",
    label = "this context belongs to no handler"
)]
#[doc(hidden)]
pub trait Stop {}

impl Cx<Bare, Bare> {
    const BARE: &'static Self = &Self {
        router: Bare,
        handler: PhantomData,
    };
}

/// The methods are on a type of their own: on `Cx`, they would make `Cx::put(cx, item)` ambiguous.
#[doc(hidden)]
#[derive(Debug)]
pub struct NoContext;

impl NoContext {
    #[doc(hidden)]
    pub fn put<T: Put>(&self, _item: T) -> Ready<()> {
        ready(())
    }

    #[doc(hidden)]
    pub fn emit<E: Emit>(&self, _event: E) {}

    #[doc(hidden)]
    pub fn stop<'a>(&'a self)
    where
        &'a Self: Stop,
    {
    }
}

impl Clone for Cx<Bare, Bare> {
    fn clone(&self) -> Self {
        Self {
            router: Bare,
            handler: PhantomData,
        }
    }
}

#[doc(hidden)]
impl Deref for Cx<Bare, Bare> {
    type Target = NoContext;

    fn deref(&self) -> &NoContext {
        &NoContext
    }
}

#[doc(hidden)]
impl<R: Router, H: Handler> Deref for Cx<R, H> {
    type Target = Cx<Bare, Bare>;

    fn deref(&self) -> &Cx<Bare, Bare> {
        Cx::BARE
    }
}
