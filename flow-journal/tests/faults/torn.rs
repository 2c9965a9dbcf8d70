//! The log ends in the middle of a write.

use crate::files::{Files, directory, work};
use crate::load::{Fault, Length, Told, check};

/// Ends each batch of the log.
const TRAILER: &[u8] = b"FJL\x03";

#[tokio::test]
async fn a_log_that_is_cut_anywhere_in_its_end_has_everything_before() {
    let root = directory();
    let mut told = work(root.path(), 0..6).await;
    let before = written(&mut Files::of(root.path()));
    let new = Told::Started(10);
    assert_eq!(work(root.path(), 10..11).await, [new]);
    let mut files = Files::of(root.path());
    let after = written(&mut files);
    let log = files.log().clone();
    // The end of the first batch that names the order.
    let named = before + find(&log[before..], b"10\0\x01").unwrap();
    let started = named + find(&log[named..], TRAILER).unwrap() + TRAILER.len();
    assert!(before < started && started < after);
    for cut in before..=after {
        if cut == started {
            told.push(new);
        }
        // A log is made longer before it is written, or is as long as what was written.
        let zeros = [0, 10, 5000][cut % 3];
        *files.log() = [&log[..cut], &vec![0; zeros]].concat();
        let checked = check(files.make().path(), &told, Length(10)).await;
        let there = checked.unwrap_or_else(|fault: Fault| panic!("{cut}: {fault:?}"));
        assert_eq!(there.contains(&10), cut >= started, "{cut}");
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|at| at == part)
}

/// The length of what is written in the log.
fn written(files: &mut Files) -> usize {
    let end = files
        .log()
        .windows(TRAILER.len())
        .rposition(|end| end == TRAILER);
    end.unwrap() + TRAILER.len()
}
