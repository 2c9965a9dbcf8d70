//! The process whose power fails: this program once more.

use std::ffi::OsStr;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use flow_core::durable::RequestError;
use flow_journal::Journal;

use crate::load::{Length, Told, load, register};
use crate::trace::{Call, record};

const ROOT: &str = "FLOW_JOURNAL_TEST_ROOT";
const WORK: &str = "FLOW_JOURNAL_TEST_WORK";

/// What the process does.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) numbers: Range<u32>,
    pub(crate) length: Length,
    /// How often it opens the journal.
    pub(crate) rounds: u32,
}

/// The directory of the journal. Its parent does not exist before the journal is opened.
pub(crate) fn journal(root: &Path) -> PathBuf {
    root.join("new/journal")
}

/// Has a process work with the journal in this directory, and returns the calls that it makes.
pub(crate) fn run(root: &Path, work: &Work, inject: Option<&str>) -> Vec<Call> {
    let Range { start, end } = work.numbers;
    let text = format!("{start} {end} {} {}", work.length.0, work.rounds);
    let environment: [(&str, &OsStr); 2] = [(ROOT, root.as_ref()), (WORK, text.as_ref())];
    record(
        &environment,
        &["--exact", "process::works", "--nocapture"],
        inject,
    )
}

/// The process: nothing but a test if it is not run as one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn works() {
    let (Ok(root), Ok(work)) = (std::env::var(ROOT), std::env::var(WORK)) else {
        return;
    };
    let work: Vec<u32> = work.split(' ').map(|word| word.parse().unwrap()).collect();
    let [from, to, length, rounds] = work[..] else {
        panic!("{work:?}");
    };
    let length = Length(length.try_into().unwrap());
    let tell = |told: Told| {
        std::io::stdout()
            .write_all(told.to_line().as_bytes())
            .unwrap();
    };
    for round in 0..rounds {
        let numbers =
            from + (to - from) * round / rounds..from + (to - from) * (round + 1) / rounds;
        let Ok(journal) = Journal::open(journal(Path::new(&root))).await else {
            return;
        };
        let orders = register(&journal);
        if let Err(error) = load(&orders, numbers, length, &tell).await {
            // So it ends if its disk fails.
            assert!(matches!(error, RequestError::Unavailable(_)), "{error}");
            let failed = tokio::time::timeout(Duration::from_secs(60), journal.failed());
            failed.await.expect("the journal says that it has failed");
            for again in 7000..7003 {
                let again = again.to_string();
                let again = orders.start(&again, (0, String::new()));
                let error = again.await.expect_err("nothing is durable any more");
                assert!(matches!(error, RequestError::Unavailable(_)), "{error}");
            }
            return;
        }
        // It is dropped in the middle of work, or closed.
        if round % 2 == 1 {
            journal.close(Duration::from_secs(60)).await.unwrap();
        }
    }
}
