//! Which directories are opened.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use flow_journal::{Journal, OpenError};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::flows::Count;

/// Makes this test binary a second process that has the journal open.
const DIRECTORY: &str = "FLOW_JOURNAL_TEST_DIRECTORY";

async fn refused(path: &Path) -> OpenError {
    Journal::open(path).await.expect_err("it is refused")
}

#[tokio::test]
async fn a_directory_that_does_not_exist_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a/b");
    let journal = Journal::open(&path).await.unwrap();
    assert_eq!(journal.path(), fs::canonicalize(path).unwrap());
}

#[tokio::test]
async fn a_directory_with_something_else_in_it_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("notes.txt"), "mine").unwrap();
    let error = refused(directory.path()).await;
    assert!(matches!(error, OpenError::NotAJournal(_)), "{error}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    drop(Journal::open(directory.path()).await.unwrap());
    fs::write(directory.path().join("flow-journal"), "7\n").unwrap();
    let mut error = refused(directory.path()).await;
    while matches!(error, OpenError::InUse { .. }) {
        error = refused(directory.path()).await;
    }
    let OpenError::NewerFormat {
        found: 7, known: 3, ..
    } = error
    else {
        panic!("{error}");
    };
    assert!(error.to_string().ends_with(
        "has the format 7, and this version knows 3: run the version that has written it, or a \
         newer one"
    ));
}

#[tokio::test]
async fn a_file_in_place_of_the_directory_is_an_error_with_its_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    fs::write(&path, "").unwrap();
    let error = refused(&path).await;
    assert!(error.to_string().contains(&path.display().to_string()));
    assert!(error.source().is_some());
}

#[tokio::test]
async fn one_process_opens_it_once() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(directory.path()).await.unwrap();
    let error = refused(directory.path()).await;
    assert!(
        error
            .to_string()
            .ends_with("is in use by this process: share the `Journal` that it has"),
        "{error}"
    );
    drop(journal);
    Journal::open(directory.path()).await.unwrap();
}

#[tokio::test]
async fn a_second_process_is_refused_with_the_id_of_the_first_or_waits() {
    let directory = tempfile::tempdir().unwrap();
    let mut other = second_process(directory.path()).await;
    let id = other.id().unwrap();
    let error = refused(directory.path()).await;
    let OpenError::InUse {
        process: Some(process),
        ..
    } = error
    else {
        panic!("{error}");
    };
    assert_eq!(process, id);

    let begun = Instant::now();
    let path = directory.path().to_owned();
    let waits =
        tokio::spawn(async move { Journal::open(path).wait(Duration::from_secs(60)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waits.is_finished());
    other.kill().await.unwrap();
    let journal = waits.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(60));
    let counts = journal.register(Count::new());
    assert_eq!(counts.get("there").output().await.unwrap(), 1);
}

async fn second_process(path: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "opening::second", "--nocapture"])
        .env(DIRECTORY, path)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.ends_with("has it open") {
            return child;
        }
    }
    panic!("the second process has ended");
}

/// The second process: nothing but a test if it is not run as one.
#[tokio::test]
async fn second() {
    let Ok(path) = std::env::var(DIRECTORY) else {
        return;
    };
    let journal = Journal::open(path).await.unwrap();
    let counts = journal.register(Count::new());
    counts
        .start("there", 1)
        .await
        .unwrap()
        .output()
        .await
        .unwrap();
    println!("has it open");
    std::future::pending::<()>().await;
}
