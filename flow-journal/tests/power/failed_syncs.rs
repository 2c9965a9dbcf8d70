//! A sync fails: nothing is told any more, and the journal is right when it is opened again.

use fastrand::Rng;

use crate::disk::{Disk, Survives};
use crate::failures::{any_survives, directory, end, fail, told};
use crate::load::{Length, check};
use crate::process::{Work, journal, run};
use crate::trace::Call;

const WORK: Work = Work {
    numbers: 0..30,
    length: Length(3000),
    rounds: 1,
};

fn fail_sync(root: &std::path::Path, name: &str, number: usize) -> Vec<Call> {
    let inject = format!("{name}:error=EIO:when={number}");
    run(root, &WORK, Some(&inject))
}

/// When a sync of this kind has failed.
fn failed(calls: &[Call], name: &str) -> Option<usize> {
    let mut failed = calls
        .iter()
        .filter(|call| call.name == name && call.result.is_none());
    failed.next().map(|call| call.end)
}

#[test]
fn nothing_is_told_after_a_sync_has_failed() {
    let mut random = Rng::with_seed(20);
    for number in [1, 2, 3, 5, 8, 13] {
        let root = directory(WORK.length);
        let calls = fail_sync(root.path(), "fdatasync", number);
        let failed = failed(&calls, "fdatasync").unwrap();
        // One that was about to tell may do so.
        let told = Disk::new(root.path()).at(&calls, failed).told;
        let disk = Disk::new(root.path()).at(&calls, usize::MAX);
        assert!(disk.told.len() <= told.len() + 8);
        // The process is started again on the same machine.
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let checked = runtime.block_on(check(&journal(root.path()), &disk.told, WORK.length));
        checked.unwrap_or_else(|fault| panic!("sync {number}: {fault:?}"));
        // Or the power fails.
        for _ in 0..3 {
            let survives = any_survives(&mut random);
            fail(&disk, &[], survives, WORK.length, &mut random)
                .unwrap_or_else(|fault| panic!("sync {number}, {survives:?}: {fault:?}"));
        }
    }
}

/// After a sync that has failed, Linux takes for written what is not: it is read as if it were
/// there, and no later sync writes it.
#[test]
fn what_a_failed_sync_has_not_written_is_written_when_the_journal_is_opened() {
    let mut random = Rng::with_seed(21);
    for number in [2, 5, 13] {
        let root = directory(WORK.length);
        let first = fail_sync(root.path(), "fdatasync", number);
        assert!(failed(&first, "fdatasync").is_some());
        let next = Work {
            numbers: 30..60,
            ..WORK
        };
        let calls = run(root.path(), &next, None);
        for _ in 0..5 {
            let time = random.usize(end(&calls) / 4..=end(&calls));
            let disk = Disk::new(root.path()).at(&first, usize::MAX).restarted();
            let disk = disk.at(&calls, time);
            fail(&disk, &[], Survives::Nothing, WORK.length, &mut random)
                .unwrap_or_else(|fault| panic!("sync {number}, at {time}: {fault:?}"));
        }
    }
}

/// All syncs but those of the log.
#[test]
fn a_journal_whose_making_has_failed_is_made_the_next_time() {
    let mut random = Rng::with_seed(22);
    for number in 1.. {
        let root = directory(WORK.length);
        let calls = fail_sync(root.path(), "fsync", number);
        if failed(&calls, "fsync").is_none() {
            assert!(number > 50);
            return;
        }
        let disk = Disk::new(root.path()).at(&calls, usize::MAX);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let checked = runtime.block_on(check(&journal(root.path()), &disk.told, WORK.length));
        checked.unwrap_or_else(|fault| panic!("sync {number}: {fault:?}"));
        let survives = any_survives(&mut random);
        fail(&disk, &[], survives, WORK.length, &mut random)
            .unwrap_or_else(|fault| panic!("sync {number}, {survives:?}: {fault:?}"));
    }
}

/// The tables are written in the background, from what the log has as well.
#[test]
fn a_table_that_could_not_be_synced_loses_nothing() {
    let work = Work {
        numbers: 1..100,
        length: Length(500_000),
        rounds: 1,
    };
    let made = Work {
        numbers: 0..1,
        ..work
    };
    // Those of one thread are counted. The one that opens the journal makes less of them than those
    // that write the tables, but for the first time.
    let run = |inject: Option<usize>| {
        let root = directory(work.length);
        run(root.path(), &made, None);
        let inject = inject.map(|number| format!("fsync:error=EIO:when={number}"));
        let calls = run(root.path(), &work, inject.as_deref());
        (root, calls)
    };
    let (_root, calls) = run(None);
    let told = told(&calls).start;
    let syncs = calls.iter().filter(|call| call.name == "fsync");
    let (opening, tables): (Vec<_>, Vec<_>) = syncs.partition(|call| call.begin < told);
    let first = opening.len() + 1;
    assert!(tables.len() > first + 10, "{first} of {}", tables.len());
    for number in [first, first + 1, first + 2, first + 5, first + 9] {
        let (root, calls) = run(Some(number));
        assert!(failed(&calls, "fsync").is_some(), "{number}");
        let disk = Disk::new(root.path()).at(&calls, usize::MAX);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let checked = runtime.block_on(check(&journal(root.path()), &disk.told, work.length));
        checked.unwrap_or_else(|fault| panic!("sync {number}: {fault:?}"));
    }
}
