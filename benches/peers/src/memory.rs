//! The memory that a value holds, counted at the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The result of `work`, and the number of bytes that it allocated and did not free.
pub(crate) fn held<T>(work: impl FnOnce() -> T) -> (T, f64) {
    BYTES.store(0, Ordering::Relaxed);
    COUNTS.store(true, Ordering::Relaxed);
    let made = work();
    COUNTS.store(false, Ordering::Relaxed);
    // It would be negative if `work` freed older memory, which does not occur.
    #[allow(
        clippy::cast_precision_loss,
        reason = "far fewer bytes than an f64 counts exactly"
    )]
    let bytes = BYTES.load(Ordering::Relaxed) as f64;
    (made, bytes)
}

struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

/// It counts only if enabled, because counting costs time for each allocation.
static COUNTS: AtomicBool = AtomicBool::new(false);

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(allocated: usize, freed: usize) {
    if COUNTS.load(Ordering::Relaxed) {
        BYTES.fetch_add(allocated.wrapping_sub(freed), Ordering::Relaxed);
    }
}

// SAFETY: every call is forwarded to `System` unchanged. The counters access no allocated memory.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller upholds the contract.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller upholds the contract.
        unsafe { System.dealloc(at, layout) }
    }
}
