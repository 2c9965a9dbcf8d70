//! Proof that the work was done: in every system, receivers count here, and the count must be exact
//! in the end.
//!
//! Everything runs on one thread, so a plain cell is enough, which costs almost nothing.

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// One event, item or execution has arrived.
#[inline]
pub(crate) fn one() {
    COUNT.with(|count| count.set(count.get() + 1));
}

/// So many have.
fn many(arrivals: u32) {
    COUNT.with(|count| count.set(count.get() + arrivals));
}

/// The results of branches that all return what they got have come together; those that are as the
/// first one count. Returns what they got.
pub(crate) fn joined(results: &[u32]) -> u32 {
    let first = results.first().copied().unwrap_or_default();
    let right = results.iter().map(|result| u32::from(*result == first));
    many(right.sum());
    first
}

/// The results of a handler that returned each of the numbers from some first one on have come
/// together; those in their place count. Returns the first one.
pub(crate) fn in_order(results: &[u32]) -> u32 {
    let first = results.first().copied().unwrap_or_default();
    let right = (first..)
        .zip(results)
        .map(|(place, result)| u32::from(*result == place));
    many(right.sum());
    first
}

/// A value has been given to the handler with the number `own`, of ten; it counts if that is the
/// one.
#[inline]
pub(crate) fn chosen(value: u32, own: u32) {
    many(u32::from(value % 10 == own));
}

/// The number of arrivals since the last call.
pub(crate) fn take() -> u32 {
    COUNT.replace(0)
}

/// Lets the other tasks run until this many have arrived.
pub(crate) async fn wait_for(arrivals: u32) {
    while COUNT.get() < arrivals {
        tokio::task::yield_now().await;
    }
}
