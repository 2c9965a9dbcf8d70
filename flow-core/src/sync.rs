//! What threads synchronise with: the standard library, or a model checker that runs all schedules.
//!
//! The package `models/flow-core` in the repository compiles this crate with `cfg(flow_model)`, for
//! loom or shuttle. Counted references stay those of the standard library, as wakers are made of
//! them.

#[cfg(not(flow_model))]
mod real {
    pub(crate) use std::sync::{Mutex, MutexGuard, atomic};

    pub(crate) use futures_util::task::AtomicWaker;
    pub(crate) use tokio::spawn;
    pub(crate) use tokio::task::JoinHandle;

    /// Loads in the one order of all `SeqCst` operations.
    #[inline]
    pub(crate) fn load_seq_cst(word: &atomic::AtomicUsize) -> usize {
        word.load(atomic::Ordering::SeqCst)
    }

    /// Whether the flag is set, in that order.
    #[inline]
    pub(crate) fn is_set_seq_cst(flag: &atomic::AtomicBool) -> bool {
        flag.load(atomic::Ordering::SeqCst)
    }

    /// Sets the flag, in that order.
    #[inline]
    pub(crate) fn set_seq_cst(flag: &atomic::AtomicBool) {
        flag.store(true, atomic::Ordering::SeqCst);
    }

    /// Nothing; the model finds accesses to it that are not ordered.
    pub(crate) struct Watched;

    impl Watched {
        #[inline]
        pub(crate) fn new() -> Self {
            Self
        }

        #[inline]
        #[allow(clippy::unused_self, reason = "the model uses it")]
        pub(crate) fn access(&self) {}
    }

    macro_rules! per_thread {
        ($(#[$attribute:meta])* static $name:ident: $type:ty = $init:expr;) => {
            ::std::thread_local! { $(#[$attribute])* static $name: $type = const { $init }; }
        };
        ($(#[$attribute:meta])* lazy static $name:ident: $type:ty = $init:expr;) => {
            ::std::thread_local! { $(#[$attribute])* static $name: $type = $init; }
        };
    }
    pub(crate) use per_thread;
}

#[cfg(flow_model)]
#[path = "sync/model.rs"]
mod real;

pub(crate) use real::*;
