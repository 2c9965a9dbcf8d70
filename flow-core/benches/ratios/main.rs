//! The costs of flows relative to the same programs written by hand, measured in the same run:
//! `cargo bench --bench ratios`. Each row is a ratio of medians. If one misses its target, the
//! program exits with 1.
//!
//! Absolute times depend on the machine and its load; the ratios hardly do.
#![allow(
    clippy::expect_used,
    reason = "a benchmark that went wrong should say so"
)]

mod ask;
mod chain;
mod concurrent;
mod emit;
mod executions;
mod fan_out;
mod hop;
mod item;
mod keyed;
mod measure;
mod room;
mod streams;

use std::process::ExitCode;

use measure::Row;

fn main() -> ExitCode {
    let rows: Vec<Row> = [
        hop::rows(),
        emit::rows(),
        item::rows(),
        room::rows(),
        chain::rows(),
        fan_out::rows(),
        concurrent::rows(),
        executions::rows(),
        keyed::rows(),
        ask::rows(),
        streams::rows(),
    ]
    .into_iter()
    .flatten()
    .collect();
    println!("| case | flow | floor | ratio | target | ok |");
    println!("| --- | ---: | ---: | ---: | ---: | --- |");
    for row in &rows {
        println!("{row}");
    }
    if rows.iter().all(Row::is_met) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
