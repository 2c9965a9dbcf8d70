//! Many executions at the same time: `cargo run --release --example soak -- --seconds 60`.
//!
//! Loops, joins, retries, rescues, slow readers, cancels and drops. It prints its counts once a
//! second. At the end it checks that every execution has ended, that no handler is left, and that
//! memory has not grown; if one of them fails, it prints which, and exits with 1.

mod load;
mod memory;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flow_core::{BoxError, Result};
use memory::Memory;

/// The number of executions at a time.
const WORKERS: usize = 64;

/// An execution that takes this long hangs.
const HANGS: Duration = Duration::from_secs(30);

/// Counts since the start.
#[derive(Clone, Default)]
struct Tally(Arc<Counts>);

#[derive(Default)]
struct Counts {
    begun: AtomicU64,
    ended: AtomicU64,
    cancelled: AtomicU64,
    events: AtomicU64,
    items: AtomicU64,
    running: AtomicU64,
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// Counts a handler as running until it is dropped.
struct Running(Tally);

impl Tally {
    fn running(&self) -> Running {
        count(&self.0.events);
        count(&self.0.running);
        Running(self.clone())
    }

    fn line(&self) -> String {
        let Counts {
            begun,
            ended,
            cancelled,
            events,
            items,
            ..
        } = &*self.0;
        format!(
            "{} executions begun, {} ended, {} cancelled; {} events, {} items",
            read(begun),
            read(ended),
            read(cancelled),
            read(events),
            read(items)
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::main]
async fn main() {
    examples::exit(soak().await)
}

async fn soak() -> Result<()> {
    let time = Duration::from_secs(seconds()?);
    let (tally, memory) = (Tally::default(), Arc::new(Mutex::new(Memory::new(time))));
    let deadline = Instant::now() + time;
    let workers: Vec<_> = (0..WORKERS)
        .map(|number| tokio::spawn(load::work(number, deadline, tally.clone())))
        .collect();
    let report = tokio::spawn(report(deadline, tally.clone(), Arc::clone(&memory)));
    for worker in workers {
        worker.await??;
    }
    report.await?;
    let memory = memory.lock().map_err(|_| "the report has panicked")?;
    held(&tally, &memory)
}

/// Prints the counts once a second.
async fn report(deadline: Instant, tally: Tally, memory: Arc<Mutex<Memory>>) {
    let begun = Instant::now();
    let mut said = 0;
    while Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if let Ok(mut memory) = memory.lock() {
            memory.sample();
        }
        let seconds = begun.elapsed().as_secs();
        if seconds > said {
            said = seconds;
            println!("{seconds} s: {}", tally.line());
        }
    }
}

/// Checks the counts and the memory; the error names the first check that fails.
fn held(tally: &Tally, memory: &Memory) -> Result<()> {
    println!("in all: {}", tally.line());
    println!("{memory}");
    let Counts {
        begun,
        ended,
        cancelled,
        running,
        ..
    } = &*tally.0;
    let lost = read(begun) - read(ended) - read(cancelled);
    if lost > 0 {
        return Err(format!("{lost} executions have not ended").into());
    }
    if read(running) > 0 {
        return Err(format!("{} handlers are left", read(running)).into());
    }
    if memory.has_grown() {
        return Err("memory has grown".into());
    }
    println!("held");
    Ok(())
}

/// `--seconds N`, or `SOAK_SECONDS`, or 10.
fn seconds() -> Result<u64> {
    let mut arguments = std::env::args().skip(1);
    let seconds = match (arguments.next().as_deref(), arguments.next()) {
        (Some("--seconds"), Some(seconds)) => seconds,
        (None, _) => std::env::var("SOAK_SECONDS").unwrap_or_else(|_| "10".to_owned()),
        _ => return Err("it takes `--seconds N`, and nothing else".into()),
    };
    let number = seconds.parse::<u64>();
    number.map_err(|_| BoxError::from(format!("`{seconds}` is no number of seconds")))
}
