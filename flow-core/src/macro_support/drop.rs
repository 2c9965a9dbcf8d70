//! Drops the remains of an execution, even if a destructor panics.
//!
//! The execution has its ending already, so the panic changes nothing: the panic hook reports it,
//! and the rest is dropped.

use std::any::Any;
use std::mem::{forget, needs_drop};
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A value in a box, if there is one, which is rare. Without it, dropping this is a single test: the
/// destructor of the value is never part of the function that drops it.
pub(crate) struct Rare<T>(Option<Box<T>>);

impl<T> Default for Rare<T> {
    #[inline]
    fn default() -> Self {
        Self(None)
    }
}

impl<T> From<Option<Box<T>>> for Rare<T> {
    #[inline]
    fn from(value: Option<Box<T>>) -> Self {
        Self(value)
    }
}

impl<T> Deref for Rare<T> {
    type Target = Option<Box<T>>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T> DerefMut for Rare<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<T> Drop for Rare<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(value) = self.0.take() {
            drop_out_of_line(value);
        }
    }
}

#[cold]
#[inline(never)]
fn drop_out_of_line<T>(value: Box<T>) {
    drop(value);
}

/// Drops the value, and catches a panic of its destructor.
pub(crate) fn drop_catching<T>(left: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(left))) {
        drop_payload(payload);
    }
}

/// Drops the payload of a panic. Its destructor may panic as well.
pub(crate) fn drop_payload(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // Its destructor may panic in turn, without end.
        forget(second);
    }
}

/// Drops the values one by one. The destructor of a collection would abort the process at the
/// second panic.
pub(crate) fn drop_each_catching<T>(left: impl IntoIterator<Item = T>) {
    if needs_drop::<T>() {
        left.into_iter().for_each(drop_catching);
    }
}
