//! What an execution that waits leaves in memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flow_core::{Answered, Event, flow, handler};
use flow_journal::Journal;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: it does what the system's allocator does, and counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[derive(Clone, Event, Serialize, Deserialize)]
#[event(answer = bool)]
struct Approve(u32);

#[handler]
async fn ask(order: u32) -> Approve {
    Approve(order)
}

#[handler]
async fn late(_approve: Approve) -> bool {
    false
}

#[handler]
async fn ship(answered: Answered<Approve>) -> bool {
    answered.answer
}

flow! {
    flow Waits(u32) -> bool streams flow_core::Asked<Approve>;
    durable;
    start -> ask -> ask Approve -> ship -> end;
}

flow! {
    flow WaitsForATime(u32) -> bool streams flow_core::Asked<Approve>;
    durable;
    start -> ask -> ask Approve within "72h" else late -> ship -> end;
}

pub struct Parked {
    count: u32,
    /// In memory, for each one that waits for the outside, and for each that has a time.
    outside: f64,
    timed: f64,
    start: Duration,
    recovery: Duration,
}

/// What each further execution takes: the caches of the store are full with half of them.
pub fn parked(directory: &Path, count: u32) -> Parked {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let half = outside(&directory.join("half"), count / 2).await;
        let all = outside(&directory.join("all"), count).await;
        let timed_half = timed(&directory.join("timed half"), count / 2).await;
        let timed_all = timed(&directory.join("timed"), count).await;
        let each = |half: usize, all: usize| {
            (all as f64 - half as f64) / f64::from(count - count / 2)
        };
        Parked {
            count,
            outside: each(half.used, all.used),
            timed: each(timed_half, timed_all),
            start: all.start,
            recovery: all.recovery,
        }
    })
}

struct Outside {
    used: usize,
    start: Duration,
    recovery: Duration,
}

async fn open(directory: &Path) -> Journal {
    let open = Journal::open(directory).park_after(Duration::ZERO);
    open.await.expect("a journal")
}

fn ids(count: u32) -> Vec<String> {
    (0..count).map(|id| format!("order-{id:08}")).collect()
}

async fn outside(directory: &Path, count: u32) -> Outside {
    let ids = ids(count);
    let journal = open(directory).await;
    let waits = journal.register(Waits::new());
    let begun = Instant::now();
    stream::iter(&ids)
        .for_each_concurrent(200, async |id| drop(waits.start(id, 1).await.expect("it starts")))
        .await;
    let start = begun.elapsed() / count;
    journal.close(Duration::from_secs(60)).await.expect("it closes");
    drop((journal, waits));

    // Their memory is what the next process has of them.
    let before = USED.load(Ordering::Relaxed);
    let journal = open(directory).await;
    let begun = Instant::now();
    let _waits = journal.register(Waits::new());
    settle().await;
    Outside {
        used: USED.load(Ordering::Relaxed) - before,
        start,
        recovery: begun.elapsed(),
    }
}

async fn timed(directory: &Path, count: u32) -> usize {
    let ids = ids(count);
    let journal = open(directory).await;
    let waits = journal.register(WaitsForATime::new());
    stream::iter(&ids)
        .for_each_concurrent(200, async |id| drop(waits.start(id, 1).await.expect("it starts")))
        .await;
    journal.close(Duration::from_secs(60)).await.expect("it closes");
    drop((journal, waits));
    let before = USED.load(Ordering::Relaxed);
    let journal = open(directory).await;
    let _waits = journal.register(WaitsForATime::new());
    settle().await;
    USED.load(Ordering::Relaxed) - before
}

/// Waits until what is in memory changes no more.
async fn settle() {
    let mut last = 0;
    let mut same = 0;
    while same < 10 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let now = USED.load(Ordering::Relaxed) / (1 << 16);
        same = if now == last { same + 1 } else { 0 };
        last = now;
    }
}

impl fmt::Display for Parked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, outside, timed, start, recovery } = self;
        writeln!(f, "| {count} executions that wait | |")?;
        writeln!(f, "| --- | ---: |")?;
        writeln!(f, "| memory of one that waits for the outside | {outside:.0} B |")?;
        writeln!(f, "| memory of one that waits for a time as well | {timed:.0} B |")?;
        writeln!(f, "| to start one | {start:.1?} |")?;
        write!(f, "| until all were looked at after a restart | {recovery:.1?} |")
    }
}
