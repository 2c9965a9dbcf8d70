//! An execution frees every allocation that it makes.
#![allow(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use crate::drive::drive;
use crate::plan::Plan;
use crate::world::World;

/// Counts the bytes that each thread has allocated and not freed.
struct Counting;

thread_local! {
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory after its counter is gone.
    let _gone = BYTES.try_with(|counter| counter.set(counter.get() + bytes));
}

// SAFETY: every call is forwarded to `System` unchanged. The counter neither accesses allocated
// memory nor allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller upholds the contract.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Runs the plan on this thread once more. The first run has filled the caches of the thread.
pub(crate) fn return_to_the_start(plan: &Plan) {
    let before = BYTES.get();
    {
        let world = World::default();
        drop(drive(plan, &world));
    }
    assert_eq!(BYTES.get() - before, 0, "bytes are left");
}
