//! The store of a journal does what the one in memory does: random commits go to both, and all that
//! can be read is compared, also after the journal was opened again.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use flow_core::durable::{Change, Commit, ExecutionName, Keys, Listing, MemoryStore, Store};

use crate::directory::{Directory, Refused};
use crate::disk::{Disk, Settings};

const FLOWS: [&str; 3] = ["A", "A\0", "AB"];
const IDS: [&str; 5] = ["", "\0", "1", "1\0", "10"];
const PREFIXES: [&str; 6] = ["", "a", "a/", "a/1", "b/", "z"];
/// None of them is within another one.
const LOGS: [&str; 3] = ["a/", "b/", "z"];
const KEYS: [&str; 9] = [
    "a",
    "a/",
    "a/1",
    "a/10",
    "a/2",
    "b/1",
    "execution",
    "outcome",
    "purged",
];

fn open(path: &Path) -> Arc<Disk> {
    let directory = loop {
        match Directory::take(path) {
            Ok(directory) => break directory,
            Err(Refused::Locked(_)) => std::thread::yield_now(),
            Err(Refused::Error(error)) => panic!("{error}"),
        }
    };
    let settings = Settings {
        keep_finished: Duration::MAX,
        remember_purged: Duration::MAX,
    };
    Arc::new(Disk::open(directory, settings).unwrap())
}

fn name(random: &mut Rng) -> ExecutionName {
    let (flow, id) = (random.choice(FLOWS).unwrap(), random.choice(IDS).unwrap());
    ExecutionName::new(flow, id)
}

fn commit(random: &mut Rng) -> Commit {
    let changes = (0..random.usize(1..6)).map(|_| {
        let key = (*random.choice(&KEYS).unwrap()).to_owned();
        match random.u8(0..6) {
            0..=3 => Change::Put(key, vec![random.u8(..); random.usize(0..20)]),
            4 => Change::Delete(key),
            _ => Change::DeleteAll((*random.choice(&PREFIXES).unwrap()).to_owned()),
        }
    });
    // An execution that is there has rows, as each one does that a host keeps.
    let head = Change::Put("execution".to_owned(), Vec::new());
    Commit::from(changes.chain([head]).collect::<Vec<_>>())
}

async fn compare(random: &mut Rng, memory: &MemoryStore, disk: &Disk) {
    let name = name(random);
    let count = random.usize(0..3);
    let logs = random.choose_multiple(LOGS, count);
    assert_eq!(
        disk.load(&name, &logs).await.unwrap(),
        memory.load(&name, &logs).await.unwrap(),
        "{logs:?}"
    );
    let keys = Keys {
        prefix: random.choice(&PREFIXES).unwrap(),
        after: random.bool().then(|| *random.choice(&KEYS).unwrap()),
        at_most: random.usize(0..4),
        last: random.bool(),
    };
    assert_eq!(
        disk.read(&name, keys).await.unwrap(),
        memory.read(&name, keys).await.unwrap(),
        "{keys:?}"
    );
    let listing = Listing {
        flow: random.choice(&FLOWS).unwrap(),
        unfinished: false,
        after: random.bool().then(|| *random.choice(&IDS).unwrap()),
        at_most: random.usize(0..4),
    };
    assert_eq!(
        disk.list(listing).await.unwrap(),
        memory.list(listing).await.unwrap(),
        "{listing:?}"
    );
}

#[tokio::test]
async fn it_reads_what_the_store_in_memory_reads() {
    for seed in 0..20 {
        let mut random = Rng::with_seed(seed);
        let directory = tempfile::tempdir().unwrap();
        let memory = MemoryStore::new();
        let mut disk = open(directory.path());
        for _ in 0..100 {
            // Several at once, so that the writer has a group.
            let mut made = Vec::new();
            for _ in 0..random.usize(1..8) {
                let (name, commit) = (name(&mut random), commit(&mut random));
                made.push(disk.commit(&name, commit.clone()));
                memory.commit(&name, commit).await.unwrap();
            }
            if random.bool() {
                futures::future::try_join_all(made).await.unwrap();
                compare(&mut random, &memory, &disk).await;
            } else {
                // What is loaded waits for them.
                drop(made);
                let name = name(&mut random);
                assert_eq!(
                    disk.load(&name, &["none"]).await.unwrap(),
                    memory.load(&name, &["none"]).await.unwrap()
                );
            }
            if random.u8(0..20) == 0 {
                drop(disk);
                disk = open(directory.path());
            }
        }
    }
}

#[tokio::test]
async fn those_that_are_not_over_are_listed() {
    let directory = tempfile::tempdir().unwrap();
    let disk = open(directory.path());
    let put = |key: &str| Commit::from(vec![Change::Put(key.to_owned(), Vec::new())]);
    for id in ["a", "b", "c", "d"] {
        let name = ExecutionName::new("A", id);
        disk.commit(&name, put("execution")).await.unwrap();
    }
    let end = async |id: &str, end| {
        let name = ExecutionName::new("A", id);
        disk.commit(&name, end).await.unwrap();
    };
    end("a", put("outcome")).await;
    end("c", put("outcome")).await;
    end("c", Commit::purge()).await;
    let unfinished = Listing {
        flow: "A",
        unfinished: true,
        after: None,
        at_most: 9,
    };
    assert_eq!(disk.list(unfinished).await.unwrap(), ["b", "d"]);
}

#[tokio::test]
async fn a_key_that_is_too_long_fails_until_the_execution_is_loaded_again() {
    let directory = tempfile::tempdir().unwrap();
    let disk = open(directory.path());
    let name = ExecutionName::new("A", "1");
    let put = |key: String| Commit::from(vec![Change::Put(key, Vec::new())]);
    let long = disk.commit(&name, put("k".repeat(1 << 16)));
    let after = disk.commit(&name, put("after".to_owned()));
    assert!(long.await.is_err());
    assert!(after.await.is_err());
    assert!(disk.load(&name, &["none"]).await.unwrap().is_empty());
    disk.commit(&name, put("again".to_owned())).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_read_as_a_whole_while_the_next_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let disk = open(directory.path());
    let name = ExecutionName::new("A", "1");
    let commit = |value: u8| {
        let rows = (0..100).map(|row| Change::Put(format!("a/{row}"), vec![value]));
        Commit::from(rows.collect::<Vec<_>>())
    };
    disk.commit(&name, commit(0)).await.unwrap();
    let writing = tokio::spawn({
        let (disk, name) = (Arc::clone(&disk), name.clone());
        async move {
            for value in 1..=200 {
                disk.commit(&name, commit(value)).await.unwrap();
            }
        }
    });
    while !writing.is_finished() {
        let keys = Keys {
            prefix: "a/",
            after: None,
            at_most: usize::MAX,
            last: false,
        };
        let rows = disk.read(&name, keys).await.unwrap();
        let first = rows.get("a/0").unwrap();
        assert!(rows.iter().all(|(_, row)| row == first), "{rows:?}");
    }
    writing.await.unwrap();
}
