//! Executions whose calls run when the process dies, and are made again by the next one.

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flow_core::{flow, handler};
use flow_journal::Journal;
use futures::{StreamExt, stream};

use crate::memory::{begin_peak, peak, used};

/// The calls end.
static ENDS: AtomicBool = AtomicBool::new(false);

#[handler]
async fn charge(order: u32) -> u32 {
    if !ENDS.load(Ordering::Relaxed) {
        // Until the process dies.
        std::future::pending::<()>().await;
    }
    order
}

flow! {
    flow Charges(u32) -> u32;
    durable;
    start -> charge -> end;
}

pub struct Unfinished {
    count: u32,
    peak: usize,
    time: Duration,
}

pub fn unfinished(directory: &Path, count: u32) -> Unfinished {
    let ids: Vec<_> = (0..count).map(|id| format!("order-{id:08}")).collect();
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let first = runtime();
    first.block_on(async {
        let journal = Journal::open(directory).await.expect("a journal");
        let charges = journal.register(Charges::new());
        stream::iter(&ids)
            .for_each_concurrent(200, async |id| {
                drop(charges.start(id, 1).await.expect("it starts"));
            })
            .await;
    });
    // As in a crash.
    drop(first);
    ENDS.store(true, Ordering::Relaxed);
    runtime().block_on(async {
        let before = used();
        begin_peak();
        let journal = Journal::open(directory).await.expect("a journal");
        let begun = Instant::now();
        let charges = journal.register(Charges::new());
        stream::iter(&ids)
            .for_each_concurrent(200, async |id| {
                assert_eq!(charges.get(id).output().await.expect("it ends"), 1);
            })
            .await;
        let time = begun.elapsed();
        journal.close(Duration::from_secs(60)).await.expect("it closes");
        Unfinished { count, peak: peak() - before, time }
    })
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, peak, time } = self;
        writeln!(f, "| {count} executions whose calls run when the process dies | |")?;
        writeln!(f, "| --- | ---: |")?;
        writeln!(f, "| until all are over after a restart | {time:.1?}, {:.1?} each |", *time / *count)?;
        write!(f, "| the most memory meanwhile | {} MiB |", peak >> 20)
    }
}
