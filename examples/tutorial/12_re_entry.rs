//! Re-entry: events from outside, until there are enough.
//!
//! `external E;` declares that `E` comes from outside. The flow runs as a task, and waits for more
//! events as long as its handle or a sender exists.
//!
//! `cargo run --example 12_re_entry` prints
//!
//! ```text
//! the box is open
//! 40 so far
//! 70 so far
//! 95 so far
//! 105 is enough
//! 4 passers-by gave
//! ```

use std::time::Duration;

use flow_core::{Cx, Event, Result, State, flow, handler};
use futures::TryStreamExt;
use tokio::time::sleep;

#[derive(Event)]
struct Donation(u32);

#[handler]
async fn open(cx: &Cx) {
    cx.put("the box is open").await;
}

#[handler(on = Donation)]
async fn add(Donation(euros): Donation, total: State<u32>) -> u32 {
    total.with(|total| {
        *total += euros;
        *total
    })
}

#[handler]
async fn report(total: u32, cx: &Cx) {
    cx.put(format!("{total} so far")).await;
}

// The clock of this program jumps ahead whenever all tasks sleep.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let collection = flow! {
        flow -> u32;
        state u32;
        external Donation;
        start -> open;
        when Donation -> add -> match {
            total if total >= 100 => end,
            total => report
        }
    };

    let mut execution = collection.spawn(());
    let street = execution.sender();
    let passers_by = tokio::spawn(async move {
        let mut count = 0;
        for euros in [40, 30, 25, 10].into_iter().cycle() {
            if street.emit(Donation(euros)).await.is_err() {
                break; // the collection is over
            }
            count += 1;
            sleep(Duration::from_secs(60)).await;
        }
        count
    });

    while let Some(line) = execution.items().try_next().await? {
        println!("{line}");
    }
    println!("{} is enough", execution.output().await?);
    println!("{} passers-by gave", passers_by.await?);
    Ok(())
}
