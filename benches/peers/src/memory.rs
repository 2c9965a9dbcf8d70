//! How much memory something holds, counted at the allocator.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What `work` made, and how many bytes were allocated by it and are not freed.
pub(crate) fn held<T>(work: impl FnOnce() -> T) -> (T, f64) {
    BYTES.store(0, Ordering::Relaxed);
    COUNTS.store(true, Ordering::Relaxed);
    let made = work();
    COUNTS.store(false, Ordering::Relaxed);
    // Memory from before that is freed meanwhile would make this negative; it does not occur.
    #[allow(
        clippy::cast_precision_loss,
        reason = "far fewer bytes than an f64 counts exactly"
    )]
    let bytes = BYTES.load(Ordering::Relaxed) as f64;
    (made, bytes)
}

struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

/// It counts only when asked to: counting costs time, and more to those who allocate more.
static COUNTS: AtomicBool = AtomicBool::new(false);

#[global_allocator]
static COUNTING: Counting = Counting;

fn count(allocated: usize, freed: usize) {
    if COUNTS.load(Ordering::Relaxed) {
        BYTES.fetch_add(allocated.wrapping_sub(freed), Ordering::Relaxed);
    }
}

// SAFETY: every call goes to `System` as it came; the counters touch no allocated memory.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise, passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's promise, passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: the caller's promise, passed on.
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's promise, passed on.
        unsafe { System.dealloc(at, layout) }
    }
}
