//! The power fails at any moment.

use std::ops::Range;
use std::path::Path;

use fastrand::Rng;
use tokio::runtime::Runtime;

use crate::disk::{Disk, Survives};
use crate::load::{Fault, Length, Told, check};
use crate::process::{Work, journal, run};
use crate::trace::{Argument, Call};

/// A directory in memory, if there is one with enough of it: nothing is lost from it in these
/// tests.
pub(crate) fn directory(length: Length) -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if length.0 < 10_000 && memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

pub(crate) fn any_survives(random: &mut Rng) -> Survives {
    match random.u8(..8) {
        0 | 1 => Survives::Nothing,
        2 => Survives::Everything,
        3 | 4 => Survives::First,
        5 | 6 => Survives::Blocks(512),
        _ => Survives::Blocks(4096),
    }
}

pub(crate) fn end(calls: &[Call]) -> usize {
    calls.iter().map(|call| call.begin).max().unwrap() + 1
}

/// From the moment when the process tells for the first time to that when it has told everything.
pub(crate) fn told(calls: &[Call]) -> Range<usize> {
    let tells = calls
        .iter()
        .filter(|call| call.tells())
        .map(|call| call.begin + 1);
    tells.clone().min().unwrap()..tells.max().unwrap()
}

/// A moment to fail: any, or the one behind a call that changes or syncs a directory or a length.
fn any_time(calls: &[Call], from: usize, random: &mut Rng) -> usize {
    let is_rare = |call: &&Call| {
        matches!(
            call.name.as_str(),
            "fsync" | "ftruncate" | "mkdir" | "unlink" | "unlinkat" | "rename" | "renameat2"
        )
    };
    let rare = calls.iter().filter(is_rare).map(|call| call.end);
    let rare: Vec<_> = rare.filter(|end| *end >= from).collect();
    if random.bool() {
        let end = random.choice(rare).unwrap();
        end.saturating_add(random.usize(..3))
    } else {
        random.usize(from..=end(calls))
    }
}

/// The power fails, and the journal is opened.
pub(crate) fn fail(
    disk: &Disk,
    before: &[Told],
    survives: Survives,
    length: Length,
    random: &mut Rng,
) -> Result<(), Fault> {
    let root = directory(length);
    disk.rebuild(root.path(), survives, random);
    let told = [before, &disk.told].concat();
    let runtime = Runtime::new().unwrap();
    let checked = runtime.block_on(check(&journal(root.path()), &told, length));
    checked.map(drop)
}

/// The power fails so often, behind the moment `from` of what a process does.
fn fails(calls: &[Call], root: &Path, from: usize, length: Length, times: u32, seed: u64) {
    let mut random = Rng::with_seed(seed);
    for number in 0..times {
        let time = any_time(calls, from, &mut random);
        let survives = any_survives(&mut random);
        let disk = Disk::new(root).at(calls, time);
        let failed = fail(&disk, &[], survives, length, &mut random);
        failed.unwrap_or_else(|fault| {
            panic!("seed {seed}, failure {number}, at {time}, {survives:?} survives: {fault:?}")
        });
    }
}

const SMALL: Work = Work {
    numbers: 0..40,
    length: Length(10),
    rounds: 4,
};

#[test]
fn what_was_told_is_there_and_the_rest_goes_on() {
    let root = directory(SMALL.length);
    let calls = run(root.path(), &SMALL, None);
    fails(&calls, root.path(), 0, SMALL.length, 300, 1);
}

#[test]
fn so_it_is_while_tables_are_written_and_logs_are_removed() {
    let root = directory(Length(500_000));
    let work = Work {
        numbers: 0..150,
        length: Length(500_000),
        rounds: 2,
    };
    let calls = run(root.path(), &work, None);
    let does = |name, path: &str| {
        let calls = calls.iter().filter(|call| call.name == name);
        let mut texts = calls
            .flat_map(|call| &call.arguments)
            .filter_map(Argument::text);
        texts.any(|text| text.ends_with(path))
    };
    assert!(does("openat", "rows/2.jnl") && does("unlink", "rows/1.jnl"));
    assert!(does("openat", "rows/keyspaces/1/tables/1"));
    let from = told(&calls).start;
    fails(&calls, root.path(), from, work.length, 12, 2);
}

#[test]
fn so_it_is_when_the_power_fails_again_and_again() {
    for seed in 10..16 {
        let mut random = Rng::with_seed(seed);
        let mut root = directory(SMALL.length);
        let mut told = Vec::new();
        for time in 0..4 {
            let work = Work {
                numbers: time * 20..(time + 1) * 20,
                length: Length(10),
                rounds: 1,
            };
            let before = Disk::of(root.path());
            let calls = run(root.path(), &work, None);
            let disk = before.at(&calls, any_time(&calls, 0, &mut random));
            let survives = any_survives(&mut random);
            let failed = fail(&disk, &told, survives, work.length, &mut random);
            failed.unwrap_or_else(|fault| panic!("seed {seed}, time {time}: {fault:?}"));
            root = directory(SMALL.length);
            disk.rebuild(root.path(), survives, &mut random);
            told.extend(&disk.told);
        }
    }
}

/// The next process cannot tell what of that was synced.
#[test]
fn so_it_is_when_a_process_was_killed_before() {
    let mut random = Rng::with_seed(4);
    let root = directory(SMALL.length);
    let calls = run(root.path(), &SMALL, None);
    // Before it has synced that it has put a file or a directory in its place, or at any moment.
    let renames = calls.iter().filter(|call| call.name.starts_with("rename"));
    let mut times: Vec<_> = renames.map(|call| call.end + 1).collect();
    assert!(times.len() > 5);
    times.extend((0..20).map(|_| any_time(&calls, 0, &mut random)));
    for killed in times {
        let next = directory(SMALL.length);
        let disk = Disk::new(root.path()).at(&calls, killed).restarted();
        disk.rebuild(next.path(), Survives::Everything, &mut random);
        let work = Work {
            numbers: 100..110,
            rounds: 1,
            ..SMALL
        };
        let next_calls = run(next.path(), &work, None);
        let time = random.usize(told(&next_calls));
        let disk = disk.moved(next.path()).at(&next_calls, time);
        for survives in [Survives::Nothing, any_survives(&mut random)] {
            let failed = fail(&disk, &[], survives, work.length, &mut random);
            failed.unwrap_or_else(|fault| {
                panic!("killed at {killed}, at {time}, {survives:?}: {fault:?}")
            });
        }
    }
}

/// This shows that these tests would notice it.
#[test]
fn without_the_sync_of_the_log_what_was_told_is_lost() {
    let root = directory(SMALL.length);
    // To open it again would sync the log.
    let work = Work { rounds: 1, ..SMALL };
    let calls = run(root.path(), &work, None);
    // Until it is closed, which syncs the log as well.
    let told = told(&calls);
    let mut random = Rng::with_seed(3);
    let times: Vec<_> = (0..20).map(|_| random.usize(told.clone())).collect();
    let mut fail = |calls: &[Call], time| {
        let disk = Disk::new(root.path()).at(calls, time);
        assert!(!disk.told.is_empty());
        fail(&disk, &[], Survives::Nothing, work.length, &mut random)
    };
    for time in &times {
        fail(&calls, *time).unwrap();
    }
    let (log_syncs, without): (Vec<_>, Vec<_>) =
        calls.into_iter().partition(|call| call.name == "fdatasync");
    assert!(log_syncs.len() > 20);
    for time in &times {
        let Err(Fault::Wrong(why)) = fail(&without, *time) else {
            panic!("it is not noticed");
        };
        assert!(why.ends_with("is lost"), "{why}");
    }
}
