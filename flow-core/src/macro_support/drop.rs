//! Dropping what is left of an execution even if a destructor panics.
//!
//! The panic hook reports the panic. The execution has its ending already, and the rest is dropped all
//! the same.

use std::mem::needs_drop;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Drops the value, and swallows a panic of its destructor.
pub(crate) fn drop_catching<T>(left: T) {
    drop(catch_unwind(AssertUnwindSafe(|| drop(left))));
}

/// Drops the values one by one. A collection also goes on after a panic in its own destructor, but a
/// second panic would abort the process.
pub(crate) fn drop_each_catching<T>(left: impl IntoIterator<Item = T>) {
    if needs_drop::<T>() {
        left.into_iter().for_each(drop_catching);
    }
}
