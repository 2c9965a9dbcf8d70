//! Drops the remains of an execution, even if a destructor panics.
//!
//! The execution has its ending already, so the panic changes nothing: the panic hook reports it,
//! and the rest is dropped.

use std::any::Any;
use std::mem::{forget, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};

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
