//! What a durable step costs, in one run beside what the disk takes for a sync:
//! `RUST_LOG=off cargo run --release --manifest-path benches/durable/Cargo.toml [DIRECTORY [PARKED]]`.
//! Without `RUST_LOG`, duroxide says each time that its connections wait for one another.
//!
//! Each system does the same: an execution makes steps, one after another, and a step is durable
//! before the next one begins. The directory decides which disk is measured.

mod disk;
mod flow;
mod memory;
mod peer;
mod sqlite;
mod unfinished;

use std::path::PathBuf;
use std::time::Duration;

/// How many steps one execution makes.
const STEPS: u32 = 500;

/// How many executions there are at once.
const MANY: u32 = 200;

/// How many steps each of them makes.
const STEPS_OF_MANY: u32 = 100;

/// How many steps duroxide makes in each case, in one round: a step takes it so much longer.
const STEPS_OF_PEER: (u32, u32) = (100, 5);

/// How often each case is measured; the medians are shown.
const ROUNDS: usize = 5;

/// How many executions are parked to measure their memory, if the second argument does not say it;
/// a tenth of them is unfinished at a restart.
const PARKED: u32 = 200_000;

fn main() {
    let place = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let new = || tempfile::tempdir_in(&place).expect("the directory can be written");
    // Round by round, so that all see the same disk.
    let mut times: [Vec<Duration>; 5] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(disk::sync(new().path(), STEPS) / STEPS);
        times[1].push(flow::steps(new().path(), 1, STEPS) / STEPS);
        times[2].push(sqlite::steps(new().path(), 1, STEPS) / STEPS);
        let all = MANY * STEPS_OF_MANY;
        times[3].push(flow::steps(new().path(), MANY, STEPS_OF_MANY) / all);
        times[4].push(sqlite::steps(new().path(), MANY, STEPS_OF_MANY) / all);
    }
    let (one, many) = STEPS_OF_PEER;
    let (peer_one, _) = peer::step(new().path(), 1, one);
    let (peer_many, failed) = peer::step(new().path(), MANY, many);
    let [floor, one, sqlite_one, many, sqlite_many] = times.map(|mut times| {
        times.sort();
        times[ROUNDS / 2]
    });
    let ratio = |time: Duration, floor: Duration| time.as_secs_f64() / floor.as_secs_f64();
    println!("| a durable step | one execution | of {MANY} executions at once |");
    println!("| --- | ---: | ---: |");
    println!("| `fdatasync` of a preallocated file | {floor:.1?} | |");
    println!(
        "| **flow-journal** | **{one:.1?}** ({:.2} × the sync) | **{many:.1?}** ({:.0} × the throughput of one) |",
        ratio(one, floor),
        ratio(one, many)
    );
    println!(
        "| SQLite by hand | {sqlite_one:.1?} ({:.2} ×) | {sqlite_many:.1?} ({:.0} ×) |",
        ratio(sqlite_one, floor),
        ratio(sqlite_one, sqlite_many)
    );
    println!(
        "| duroxide 0.1 on SQLite | {peer_one:.1?} ({:.0} ×) | {peer_many:.1?} ({:.1} ×), {failed} failed |",
        ratio(peer_one, floor),
        ratio(peer_one, peer_many)
    );
    let parked = std::env::args().nth(2);
    let parked = parked.map_or(PARKED, |parked| parked.parse().expect("how many are parked"));
    println!("\n{}", memory::parked(new().path(), parked));
    println!("\n{}", unfinished::unfinished(new().path(), parked / 10));
}
