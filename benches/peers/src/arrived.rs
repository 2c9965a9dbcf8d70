//! Proof that the work was done: whatever receives something says so here, in every system, and the
//! count has to be exact in the end.
//!
//! Everything runs on one thread, so a plain cell will do, which costs next to nothing.

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// One event, item or execution has arrived.
#[inline]
pub(crate) fn one() {
    COUNT.with(|count| count.set(count.get() + 1));
}

/// How many have arrived since the last call.
pub(crate) fn take() -> u32 {
    COUNT.replace(0)
}

/// Lets the other tasks run until so many have arrived.
pub(crate) async fn wait_for(arrivals: u32) {
    while COUNT.get() < arrivals {
        tokio::task::yield_now().await;
    }
}
