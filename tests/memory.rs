//! What an execution keeps: allocations and bytes are exact, so they are ordinary tests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use flow_core::{Cx, Event, flow, handler};
use futures::StreamExt;

/// Counts what is allocated and not freed.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to `System` as it came; the counters touch no allocated memory.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise, passed on.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[derive(Event)]
struct Turn(u64);

#[handler(on = "Turn", emits = "Turn")]
async fn turn(Turn(n): Turn, cx: &Cx) {
    if n.is_multiple_of(1_000) {
        cx.put(n.to_string()).await;
    }
    cx.emit(Turn(n + 1));
}

/// One test, since the counters are the process's.
#[test]
fn a_loop_of_a_million_turns_holds_the_memory_of_one_and_allocates_nothing_an_event() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let flow = flow! { start(Turn) -> turn; when Turn -> turn };
        let mut items = flow.stream(Turn(0));
        let mut turns = async |thousands: u64| {
            for _ in 0..thousands {
                drop(items.next().await.unwrap().unwrap());
            }
        };
        // The first turns fill the buffers.
        turns(100).await;
        let (bytes, allocations) = counters();
        turns(1_000).await;
        let (bytes_after, allocations_after) = counters();
        assert_eq!(bytes_after, bytes);
        // One for each item's text.
        assert!(allocations_after - allocations <= 1_000);
    });
}

fn counters() -> (usize, usize) {
    (
        BYTES.load(Ordering::Relaxed),
        ALLOCATIONS.load(Ordering::Relaxed),
    )
}
