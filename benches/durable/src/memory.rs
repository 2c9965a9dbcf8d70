//! What an execution that waits leaves in memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use flow_core::durable::{
    BoxFuture, Commit, Encoded, ExecutionName, ExecutionsById, Host, HostOptions, Keys, Listing,
    MemoryStore, Rows, Store, Unavailable,
};
use flow_core::{Answered, Event, flow, handler};
use flow_journal::Journal;
use futures::future::ready;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};

struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);

/// The most that was used since it was last set.
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// How much memory is in use.
pub fn used() -> usize {
    USED.load(Ordering::Relaxed)
}

/// The most that is in use from now on is found out.
pub fn begin_peak() {
    PEAK.store(used(), Ordering::Relaxed);
}

/// The most that was in use since [`begin_peak`].
pub fn peak() -> usize {
    PEAK.load(Ordering::Relaxed)
}

// SAFETY: it does what the system's allocator does, and counts.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let before = USED.fetch_add(layout.size(), Ordering::Relaxed);
        PEAK.fetch_max(before + layout.size(), Ordering::Relaxed);
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
    /// What the whole process has after a restart, and had at most until all were looked at.
    process: usize,
    peak: usize,
    start: Duration,
    recovery: Duration,
}

pub fn parked(directory: &Path, count: u32) -> Parked {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let outside = in_host(count, |host| Arc::clone(host.register(Waits::new()).by_id())).await;
        let timed = in_host(count, |host| Arc::clone(host.register(WaitsForATime::new()).by_id())).await;
        let ids = ids(count);
        let journal = open(directory).await;
        let waits = journal.register(WaitsForATime::new());
        let begun = Instant::now();
        stream::iter(&ids)
            .for_each_concurrent(200, async |id| drop(waits.start(id, 1).await.expect("it starts")))
            .await;
        let start = begun.elapsed() / count;
        journal.close(Duration::from_secs(60)).await.expect("it closes");
        drop((journal, waits, ids));

        let before = used();
        begin_peak();
        let journal = open(directory).await;
        let begun = Instant::now();
        let _waits = journal.register(WaitsForATime::new());
        let recovery = settled().await - begun;
        Parked {
            count,
            outside,
            timed,
            process: used() - before,
            peak: peak() - before,
            start,
            recovery,
        }
    })
}

/// What a host has in memory for each execution that waits, without what a store has.
async fn in_host(count: u32, register: impl Fn(&Host) -> Arc<dyn ExecutionsById>) -> f64 {
    let store = MemoryStore::new();
    let host = HostOptions::new().park_after(Duration::ZERO).open(store.clone());
    let flow = register(&host);
    let input = Encoded::of(&1_u32).expect("a number");
    flow.start("one", input).await.expect("it starts");
    settled().await;
    let one = ExecutionName::new(flow.graph().name.expect("a name"), "one");
    let rows = store.load(&one, &[]).await.expect("its rows");
    drop((flow, host, store));

    let before = used();
    let host = Host::new(Same { rows, count });
    let _flow = register(&host);
    settled().await;
    (used() as f64 - before as f64) / f64::from(count)
}

/// A store that takes no memory: so many executions that have the same rows.
struct Same {
    rows: Rows,
    count: u32,
}

fn id(number: u32) -> String {
    format!("order-{number:08}")
}

fn ids(count: u32) -> Vec<String> {
    (0..count).map(id).collect()
}

impl Store for Same {
    fn load<'a>(
        &'a self,
        _: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        Box::pin(ready(Ok(self.rows.without(logs))))
    }

    fn read<'a>(
        &'a self,
        _: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        let Keys { prefix, after, at_most, last } = keys;
        Box::pin(ready(Ok(self.rows.range(prefix, after, at_most, last))))
    }

    fn commit(&self, _: &ExecutionName, _: Commit) -> BoxFuture<'static, Result<(), Unavailable>> {
        Box::pin(ready(Ok(())))
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        let number = |id: &str| id.rsplit('-').next()?.parse::<u32>().ok();
        let first = listing.after.map_or(0, |id| number(id).expect("one of these ids") + 1);
        let ids = (first..self.count).take(listing.at_most).map(id);
        Box::pin(ready(Ok(ids.collect())))
    }
}

async fn open(directory: &Path) -> Journal {
    let open = Journal::open(directory).park_after(Duration::ZERO);
    open.await.expect("a journal")
}

/// Waits until what is in memory changes no more. Returns since when that is so.
async fn settled() -> Instant {
    let mut since = Instant::now();
    let mut last = 0;
    while since.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = used() >> 12;
        if now != last {
            since = Instant::now();
        }
        last = now;
    }
    since
}

impl fmt::Display for Parked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, outside, timed, process, peak, start, recovery } = self;
        let mebi = |bytes: &usize| bytes >> 20;
        writeln!(f, "| {count} executions that wait | |")?;
        writeln!(f, "| --- | ---: |")?;
        writeln!(f, "| memory of the host for one that waits for the outside | {outside:.1} B |")?;
        writeln!(f, "| memory of the host for one that waits for a time as well | {timed:.1} B |")?;
        writeln!(f, "| memory of the process after a restart, caches of the store included | {} MiB |", mebi(process))?;
        writeln!(f, "| the most of it until all were looked at | {} MiB |", mebi(peak))?;
        writeln!(f, "| to start one, 200 at once | {start:.1?} |")?;
        write!(f, "| until all were looked at after a restart | {recovery:.1?}, {:.1?} each |", *recovery / *count)
    }
}
