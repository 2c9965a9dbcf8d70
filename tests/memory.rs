//! The allocations and bytes of an execution. Counts do not vary, so these are ordinary tests.
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
use tokio::sync::watch;

/// Counts the bytes that are allocated and not freed.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is forwarded to `System` unchanged. The counters access no allocated memory.
#[allow(unsafe_code, reason = "an allocator cannot be written without")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller upholds the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the contract.
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

/// One test, because the counters are those of the whole process.
#[test]
fn an_execution_keeps_little_and_a_loop_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(a_loop_of_ten_million_turns_holds_the_memory_of_one());
    runtime.block_on(an_event_allocates_nothing());
    runtime.block_on(a_chain_allocates_nothing());
    runtime.block_on(an_idle_execution_weighs_less_than_a_kibibyte());
}

async fn a_loop_of_ten_million_turns_holds_the_memory_of_one() {
    let flow = flow! { start(Turn) -> turn; when Turn -> turn };
    let mut items = flow.stream(Turn(0));
    let mut turns = async |thousands: u64| {
        for _ in 0..thousands {
            drop(items.next().await.unwrap().unwrap());
        }
    };
    // The first turns fill the buffers.
    turns(100).await;
    let (bytes, _) = counters();
    turns(10_000).await;
    assert_eq!(counters().0, bytes);
}

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler(on = "Ping", emits = "Pong")]
async fn ping(Ping(n): Ping, cx: &Cx) {
    match n {
        10 => MARKS[0].store(counters().1, Ordering::Relaxed),
        100_010 => MARKS[1].store(counters().1, Ordering::Relaxed),
        _ => {}
    }
    if n < 100_010 {
        cx.emit(Pong(n));
    }
}

#[handler(on = "Pong", emits = "Ping")]
async fn pong(Pong(n): Pong, cx: &Cx) {
    cx.emit(Ping(n + 1));
}

/// The number of allocations at the tenth event, and a hundred thousand events later.
static MARKS: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

async fn an_event_allocates_nothing() {
    let flow = flow! { start(Ping) -> ping; when Pong -> pong; when Ping -> ping };
    flow.run(Ping(0)).await.unwrap();
    let [tenth, last] = &MARKS;
    assert_ne!(tenth.load(Ordering::Relaxed), 0);
    assert_eq!(tenth.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
}

#[handler]
async fn step(n: u64) -> u64 {
    n + 1
}

#[handler(emits = "Turn")]
async fn mark(n: u64, cx: &Cx) {
    match n {
        100 => MARKS[0].store(counters().1, Ordering::Relaxed),
        100_000 => MARKS[1].store(counters().1, Ordering::Relaxed),
        _ => {}
    }
    if n < 100_000 {
        cx.emit(Turn(n));
    }
}

#[handler]
async fn open(Turn(n): Turn) -> u64 {
    n
}

async fn a_chain_allocates_nothing() {
    let flow = flow! {
        start(Turn) -> open -> step -> step -> step -> step -> mark;
        when Turn -> open -> step -> (step, step) -> fewer -> step -> step -> mark
    };
    MARKS[1].store(0, Ordering::Relaxed);
    flow.run(Turn(96)).await.unwrap();
    let [early, last] = &MARKS;
    assert_ne!(last.load(Ordering::Relaxed), 0);
    assert_eq!(early.load(Ordering::Relaxed), last.load(Ordering::Relaxed));
}

/// One of the two handlers.
#[handler]
async fn fewer((n, _): (u64, u64)) -> u64 {
    n
}

async fn an_idle_execution_weighs_less_than_a_kibibyte() {
    const EXECUTIONS: usize = 1_000;
    static WAITING: AtomicUsize = AtomicUsize::new(0);

    #[handler]
    async fn wait(released: watch::Receiver<bool>) -> flow_core::Result<()> {
        WAITING.fetch_add(1, Ordering::Relaxed);
        let mut released = released;
        released.wait_for(|released| *released).await?;
        Ok(())
    }

    let (release, released) = watch::channel(false);
    let flow = flow! { start(watch::Receiver<bool>) -> wait };
    let mut executions = Vec::with_capacity(EXECUTIONS);
    let (before, _) = counters();
    for _ in 0..EXECUTIONS {
        executions.push(flow.spawn(released.clone()));
    }
    while WAITING.load(Ordering::Relaxed) < EXECUTIONS {
        tokio::task::yield_now().await;
    }
    let bytes = (counters().0 - before) / EXECUTIONS;
    eprintln!("{bytes} bytes an idle execution");
    assert!(bytes <= 1_024, "{bytes} bytes an idle execution");
    release.send(true).unwrap();
    for execution in executions {
        execution.output().await.unwrap();
    }
}

fn counters() -> (usize, usize) {
    (
        BYTES.load(Ordering::Relaxed),
        ALLOCATIONS.load(Ordering::Relaxed),
    )
}
