//! A batch of 100 000 records, with a bar that shows how far it is: `cargo run --example batch`.
//!
//! `each parse[16] -> each store` passes records on in order, as they come, so that the batch takes
//! the memory of a few. Records that cannot be read are left out. In a pipe, each step of the bar is
//! a line.

use std::io::{IsTerminal, Write, stdout};

use flow_core::{Cx, ItemOrOutput, ItemsOf, Result, State, flow, handler};
use futures::stream::{self, BoxStream, StreamExt};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const RECORDS: u64 = 100_000;
/// After how many stored records the bar moves.
const STEP: u64 = 20_000;

struct Record {
    number: u64,
    amount: u64,
}

/// How far it is: the number of the last record.
struct Reached(u64);

#[derive(Default)]
struct Totals {
    stored: u64,
    amount: u64,
}

/// The lines of a file would be a stream as well. One in five thousand is broken.
#[handler]
async fn read(records: u64) -> ItemsOf<BoxStream<'static, String>> {
    let lines = (1..=records).map(|number| match number % 5_000 {
        7 => format!("{number};?"),
        _ => format!("{number};{}", number % 10),
    });
    ItemsOf(stream::iter(lines).boxed())
}

#[handler]
async fn parse(line: String) -> Result<Record> {
    let (number, amount) = line.split_once(';').ok_or("a record has two fields")?;
    // Stands for a request to somewhere.
    tokio::task::yield_now().await;
    Ok(Record {
        number: number.parse()?,
        amount: amount.parse()?,
    })
}

#[handler(streams = Reached)]
async fn store(record: Record, totals: State<Totals>, cx: &Cx) {
    totals.with(|totals| {
        totals.stored += 1;
        totals.amount += record.amount;
    });
    if record.number.is_multiple_of(STEP) {
        cx.put(Reached(record.number)).await;
    }
}

#[handler]
async fn sum_up(_stored: Vec<()>, totals: State<Totals>) -> Totals {
    totals.with(std::mem::take)
}

flow! {
    /// Reads, parses and stores records.
    flow Batch(u64) -> Totals streams Reached;
    state Totals;
    sound;
    start -> read -> each (parse else skip)[16] -> each store -> sum_up -> end
}

async fn batch() -> Result<()> {
    let bar = bar();
    let mut execution = Batch::new().stream(RECORDS).with_output();
    while let Some(next) = execution.next().await {
        match next {
            ItemOrOutput::Item(Reached(number)) => match &bar {
                Some(bar) => bar.set_position(number),
                None => writeln!(stdout(), "{number} of {RECORDS}")?,
            },
            ItemOrOutput::Output(totals) => {
                let Totals { stored, amount } = totals?;
                if let Some(bar) = &bar {
                    bar.finish();
                }
                let left_out = RECORDS - stored;
                writeln!(
                    stdout(),
                    "stored {stored}, left out {left_out}, amount {amount}"
                )?;
            }
        }
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    examples::exit(batch().await);
}

/// A progress bar, if the output is a terminal.
fn bar() -> Option<ProgressBar> {
    if !stdout().is_terminal() {
        return None;
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}").ok()?;
    let bar = ProgressBar::with_draw_target(Some(RECORDS), ProgressDrawTarget::stdout());
    Some(bar.with_style(style))
}
