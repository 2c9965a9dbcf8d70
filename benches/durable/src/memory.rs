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

pub fn parked(directory: &Path, count: u32) -> Parked {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let open = async |name| {
        let open = Journal::open(directory.join(name)).park_after(Duration::ZERO);
        open.await.expect("a journal")
    };
    runtime.block_on(async {
        let per_one = |before: usize| {
            (USED.load(Ordering::Relaxed) as f64 - before as f64) / f64::from(count)
        };
        let ids: Vec<_> = (0..count).map(|id| format!("order-{id:08}")).collect();
        let journal = open("outside").await;
        let waits = journal.register(Waits::new());
        let begun = Instant::now();
        stream::iter(&ids)
            .for_each_concurrent(200, async |id| drop(waits.start(id, 1).await.expect("it starts")))
            .await;
        let start = begun.elapsed() / count;
        drop((journal, waits));

        // Their memory is what the next process has of them. The tables of the store are not of
        // theirs, and are there after one was read.
        let (outside, recovery) = {
            let journal = open("outside").await;
            let before = USED.load(Ordering::Relaxed);
            let begun = Instant::now();
            let waits = journal.register(Waits::new());
            waits.by_id().questions(ids.last().expect("there are some")).await.expect("it waits");
            settle().await;
            (per_one(before), begun.elapsed())
        };
        let journal = open("timed").await;
        let waits = journal.register(WaitsForATime::new());
        stream::iter(&ids)
            .for_each_concurrent(200, async |id| drop(waits.start(id, 1).await.expect("it starts")))
            .await;
        drop((journal, waits));
        let journal = open("timed").await;
        let before = USED.load(Ordering::Relaxed);
        let _waits = journal.register(WaitsForATime::new());
        settle().await;
        Parked {
            count,
            outside,
            timed: per_one(before),
            start,
            recovery,
        }
    })
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
