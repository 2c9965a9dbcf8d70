//! The disk is full.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use flow_core::durable::{RequestError, Status};
use flow_journal::{Journal, OpenError};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::files::{directory, work};
use crate::load::{HANGS, Length, Told, check, load, register};

/// A small disk in memory.
struct Disk(TempDir);

impl Disk {
    /// `None` if this process may not mount one.
    fn new(kibibytes: u32) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o"])
            .arg(format!("size={kibibytes}k"))
            .arg("tmpfs")
            .arg(directory.path())
            .stderr(Stdio::null());
        if mount.status().is_ok_and(|status| status.success()) {
            Some(Self(directory))
        } else {
            println!("skipped: this process may not mount a small disk");
            None
        }
    }

    fn journal(&self) -> PathBuf {
        self.0.path().join("journal")
    }

    /// Fills what is free, but for so much.
    fn fill(&self, but: usize) {
        let mut file = File::create(self.0.path().join("ballast")).unwrap();
        while file.write_all(&[1; 4096]).is_ok() {}
        let length = file.metadata().unwrap().len();
        file.set_len(length.saturating_sub(but as u64)).unwrap();
    }

    fn free(&self) {
        fs::remove_file(self.0.path().join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // The files may be closed a moment later by the threads of a journal.
        let mut unmount = Command::new("umount");
        let unmounted = unmount.arg("--lazy").arg(self.0.path()).status();
        assert!(unmounted.unwrap().success());
    }
}

/// Works until the disk is full. Returns what was told before.
async fn work_until_full(path: &Path, length: Length) -> Vec<Told> {
    let told = Mutex::new(Vec::new());
    let tell = |new| told.lock().unwrap().push(new);
    let journal = Journal::open(path).await.unwrap();
    let orders = register(&journal);
    let full = timeout(HANGS, load(&orders, 0..u32::MAX, length, &tell)).await;
    let error = full.expect("it hangs").expect_err("it is full");
    assert!(matches!(error, RequestError::Unavailable(_)), "{error}");
    timeout(HANGS, journal.failed())
        .await
        .expect("the journal says that it has failed");
    let mut told = told.into_inner().unwrap();
    let error = orders.start("new", (0, String::new())).await;
    let error = error.expect_err("nothing new is durable any more");
    assert!(matches!(error, RequestError::Unavailable(_)), "{error}");
    // What it still answers, from its memory, is durable.
    let last = told.iter().map(|told| told.number()).max();
    for number in 0..=last.unwrap_or(0) + 8 {
        let id = number.to_string();
        match orders.start(&id, (number, length.text(number))).await {
            Ok(_) => told.push(Told::Started(number)),
            Err(error) => assert!(matches!(error, RequestError::Unavailable(_)), "{error}"),
        }
        match orders.get(&id).status().await {
            Ok(Status::Done(_)) => told.push(Told::Output(number)),
            Ok(status) => assert!(matches!(status, Status::Unfinished), "{status:?}"),
            Err(error) => assert!(matches!(error, RequestError::Unavailable(_)), "{error}"),
        }
    }
    let closed = timeout(HANGS, journal.close(Duration::from_secs(1))).await;
    closed.expect("it hangs").expect_err("it has failed");
    told
}

#[tokio::test]
async fn a_journal_whose_disk_runs_full_stops_and_goes_on_when_there_is_space() {
    // Full while the log is written, and while tables are.
    for (free, length) in [
        (10_000, 10),
        (300_000, 1000),
        (18_000_000, 400_000),
        (30_000_000, 400_000),
    ] {
        // What is freed is enough for all orders to go on.
        let Some(disk) = Disk::new(100_000) else {
            return;
        };
        work(&disk.journal(), 0..0).await;
        disk.fill(free);
        let length = Length(length);
        let told = work_until_full(&disk.journal(), length).await;
        assert!(free < 100_000 || !told.is_empty());
        disk.free();
        let checked = check(&disk.journal(), &told, length).await;
        checked.unwrap_or_else(|fault| panic!("{free} bytes were free: {fault:?}"));
    }
}

/// The tables of rows.
fn tables(journal: &Path) -> usize {
    let keyspaces = fs::read_dir(journal.join("rows/keyspaces")).unwrap();
    let tables = keyspaces.map(|keyspace| {
        let tables = fs::read_dir(keyspace.unwrap().path().join("tables"));
        tables.map_or(0, |tables| tables.filter(is_large).count())
    });
    tables.max().unwrap()
}

fn is_large(table: &io::Result<fs::DirEntry>) -> bool {
    let table = table.as_ref().unwrap();
    table.metadata().unwrap().len() > 8 << 20
}

/// Four tables are made one, which takes as much as they have.
#[tokio::test]
async fn a_journal_whose_disk_runs_full_while_it_compacts_goes_on_when_there_is_space() {
    let length = Length(400_000);
    let mut compacted = false;
    for free in [110_000_000, 140_000_000] {
        let Some(disk) = Disk::new(400_000) else {
            return;
        };
        work(&disk.journal(), 0..0).await;
        disk.fill(free);
        let told = work_until_full(&disk.journal(), length).await;
        compacted |= tables(&disk.journal()) >= 4;
        disk.free();
        let checked = check(&disk.journal(), &told, length).await;
        checked.unwrap_or_else(|fault| panic!("{free} bytes were free: {fault:?}"));
    }
    assert!(
        compacted,
        "it was full before there was something to compact"
    );
}

#[tokio::test]
async fn a_journal_is_not_made_on_a_full_disk_and_then_it_is() {
    for free in [0, 4096, 8192, 20_000, 50_000, 100_000, 200_000] {
        let Some(disk) = Disk::new(4000) else { return };
        disk.fill(free);
        let opened = timeout(HANGS, Journal::open(disk.journal())).await;
        match opened.expect("it hangs") {
            Ok(journal) => drop(journal),
            Err(OpenError::Io { .. }) => {}
            Err(error) => panic!("{error}"),
        }
        disk.free();
        check(&disk.journal(), &[], Length(10)).await.unwrap();
    }
}

#[tokio::test]
async fn a_journal_on_a_full_disk_is_opened_or_not_and_nothing_is_lost() {
    let Some(disk) = Disk::new(4000) else { return };
    let mut told = work(&disk.journal(), 0..10).await;
    disk.fill(0);
    let opened = timeout(HANGS, Journal::open(disk.journal())).await;
    match opened.expect("it hangs") {
        Ok(journal) => {
            let orders = register(&journal);
            // What is free of the last page of the log may be enough for some.
            for number in 10.. {
                let id = number.to_string();
                let started = orders.start(&id, (number, Length(10).text(number)));
                match timeout(HANGS, started).await.expect("it hangs") {
                    Ok(_) => told.push(Told::Started(number)),
                    Err(RequestError::Unavailable(_)) => break,
                    Err(error) => panic!("{error}"),
                }
            }
        }
        Err(OpenError::Io { .. }) => {}
        Err(error) => panic!("{error}"),
    }
    disk.free();
    check(&disk.journal(), &told, Length(10)).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_purged_on_a_full_disk_is_purged_when_there_is_space() {
    let Some(disk) = Disk::new(4000) else { return };
    // So many that what is free of the last page of the log is not enough.
    let told = work(&disk.journal(), 0..100).await;
    let open = || Journal::open(disk.journal()).keep_finished(Duration::ZERO);
    disk.fill(0);
    if let Ok(journal) = open().await {
        register(&journal);
        let failed = timeout(HANGS, journal.failed()).await;
        failed.expect("it is full");
    }
    disk.free();
    check(&disk.journal(), &told, Length(10)).await.unwrap();
    let journal = open().await.unwrap();
    let orders = register(&journal);
    for told in told {
        let order = orders.get(&told.number().to_string());
        let purged = async {
            while !matches!(order.status().await.unwrap(), Status::Purged) {
                tokio::task::yield_now().await;
            }
        };
        timeout(HANGS, purged).await.expect("it is purged");
    }
}

const DIRECTORY: &str = "FLOW_JOURNAL_TEST_DIRECTORY";

/// The same for a limit of the length of files, which needs no rights.
#[tokio::test]
async fn a_journal_whose_log_may_not_grow_stops_and_goes_on_when_it_may() {
    for blocks in [40, 41, 80, 200] {
        let root = directory();
        let mut told = work(root.path(), 0..5).await;
        // It is as long as what is written in it when it was opened once more.
        work(root.path(), 0..0).await;
        let mut limited = Command::new("sh");
        limited
            .args(["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\""])
            .arg(blocks.to_string())
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "full::is_limited", "--nocapture"])
            .env(DIRECTORY, root.path());
        let output = limited.output().unwrap();
        let lines = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{lines}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let before = told.len();
        told.extend(lines.lines().filter_map(Told::from_line));
        assert!(told.len() > before);
        check(root.path(), &told, Length(10)).await.unwrap();
    }
}

/// The process whose files may not grow: nothing but a test if it is not run as one.
#[tokio::test]
async fn is_limited() {
    let Ok(path) = std::env::var(DIRECTORY) else {
        return;
    };
    for told in work_until_full(Path::new(&path), Length(10)).await {
        print!("{}", told.to_line());
    }
}
