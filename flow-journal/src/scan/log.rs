//! The database takes whatever it cannot decode for a write that a crash has cut short, and drops
//! it together with everything behind it, in silence. So a flipped byte would take acknowledged
//! commits with it. The writer syncs each batch before it writes the next one: what a crash has cut
//! short is the last one, and if a batch that is whole follows, it was something else. A batch that
//! ends the log whole, with a wrong sum, may be either; after a moment of rest a
//! [mark](crate::disk) follows, so that this is so for the time of such a moment at most.
//!
//! The format is that of fjall 3: a batch is a start (tag, number of items, sequence number),
//! items, and an end (tag, the XXH3 of the items, trailer). Behind the last one are zeros. The start is
//! in no sum, and the database skips what has a lower sequence number than the tables: so the
//! writer says in a row of each batch which number that has at least.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use crate::open_error::OpenError;
use crate::scan::parts::{entries, take};

/// The key of the row that says which sequence number its commit has at least. No other key is like
/// it: those contain zeros.
pub(crate) const LEAST_SEQUENCE: &[u8] = b"least sequence";

const START: u8 = 1;
const ITEM: u8 = 2;
const END: u8 = 3;
const CLEAR: u8 = 4;
const TRAILER: [u8; 4] = *b"FJL\x03";

/// Checks the log, cuts off what a crash has left behind its last batch, and makes that durable.
pub(super) fn check(database: &Path) -> Result<(), OpenError> {
    let mut last_sequence = None;
    let files = log_files(database).map_err(|source| OpenError::io(database, source))?;
    let count = files.len();
    for (number, file) in files.into_iter().enumerate() {
        let text = fs::read(&file).map_err(|source| OpenError::io(&file, source))?;
        let is_last = number + 1 == count;
        let (whole, last) = whole(&text, &mut last_sequence);
        match whole {
            Whole::All | Whole::Until(_) if is_last => {
                let mended = mend(&file, &text, &whole, last);
                mended.map_err(|source| OpenError::io(&file, source))?;
            }
            Whole::All => {}
            Whole::Until(end) | Whole::DamagedAt(end) => {
                let why = format!(
                    "what is at byte {end} is not what was written, and commits that were reported as \
                     durable follow"
                );
                return Err(OpenError::damaged(&file, why));
            }
        }
    }
    Ok(())
}

/// Cuts a log behind its last batch, and writes that once more: if its sync has failed, it is read
/// as if it were on the disk, and a further sync would not write it.
fn mend(file: &Path, log: &[u8], whole: &Whole, last: Range<usize>) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).open(file)?;
    if let Whole::Until(end) = *whole {
        file.set_len(end as u64)?;
    }
    file.seek(SeekFrom::Start(last.start as u64))?;
    file.write_all(log.get(last).unwrap_or_default())?;
    file.sync_all()
}

/// The files of the log, in their order.
fn log_files(database: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<(u64, PathBuf)> = Vec::new();
    for path in entries(database)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| name.strip_suffix(".jnl")?.parse::<u64>().ok());
        files.extend(number.map(|number| (number, path)));
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// How much of a file is whole.
#[derive(Debug, PartialEq, Eq)]
enum Whole {
    /// There are only zeros behind the last batch.
    All,
    /// Something else is behind it, and no batch.
    Until(usize),
    /// Batches follow that are whole.
    DamagedAt(usize),
}

/// Looks for the first batch that is not whole. Returns the place of the last one before it as well.
fn whole(log: &[u8], last_sequence: &mut Option<u64>) -> (Whole, Range<usize>) {
    let mut at = 0;
    let mut last = 0..0;
    let whole = loop {
        let rest = log.get(at..).unwrap_or_default();
        match batch(rest) {
            Some(batch)
                if batch.sequence >= batch.least
                    && last_sequence.is_none_or(|last| batch.sequence > last) =>
            {
                *last_sequence = Some(batch.sequence);
                last = at..at + batch.size;
                at = last.end;
            }
            Some(_) => break Whole::DamagedAt(at),
            None if is_zero(rest) => break Whole::All,
            None => {
                break if has_batch_behind(rest) {
                    Whole::DamagedAt(at)
                } else {
                    Whole::Until(at)
                };
            }
        }
    };
    (whole, last)
}

/// Whether a batch begins somewhere behind the begin of this. Most of it may be zeros.
fn has_batch_behind(rest: &[u8]) -> bool {
    let parts = rest.chunks(ZEROS.len()).enumerate();
    let mut places = parts
        .filter(|(_, part)| !is_zero(part))
        .flat_map(|(number, part)| (number * ZEROS.len()..).take(part.len()));
    places.any(|at| at > 0 && rest.get(at..).and_then(batch).is_some())
}

const ZEROS: [u8; 4096] = [0; 4096];

fn is_zero(bytes: &[u8]) -> bool {
    let mut parts = bytes.chunks(ZEROS.len());
    parts.all(|part| ZEROS.starts_with(part))
}

struct Batch {
    sequence: u64,
    /// What that is at least.
    least: u64,
    size: usize,
}

/// The batch at the begin of this, if it is whole.
fn batch(log: &[u8]) -> Option<Batch> {
    let mut rest = log;
    let [START] = take(&mut rest)? else {
        return None;
    };
    let count = u32::from_le_bytes(take(&mut rest)?);
    let sequence = u64::from_le_bytes(take(&mut rest)?);
    let mut least = 0;
    let items = rest;
    for _ in 0..count {
        match take(&mut rest)? {
            [ITEM] => {
                // The kind of the value, and that it is not compressed.
                let [_, 0] = take(&mut rest)? else {
                    return None;
                };
                let _table: [u8; 8] = take(&mut rest)?;
                let key = u16::from_le_bytes(take(&mut rest)?);
                let _decompressed: [u8; 4] = take(&mut rest)?;
                let value = u32::from_le_bytes(take(&mut rest)?);
                let (key, after) = rest.split_at_checked(key.into())?;
                let (value, after) = after.split_at_checked(usize::try_from(value).ok()?)?;
                if key == LEAST_SEQUENCE {
                    least = u64::from_be_bytes(value.try_into().ok()?);
                }
                rest = after;
            }
            [CLEAR] => {
                let _table: [u8; 8] = take(&mut rest)?;
            }
            _ => return None,
        }
    }
    let items = items.get(..items.len() - rest.len())?;
    let [END] = take(&mut rest)? else {
        return None;
    };
    let sum = u64::from_le_bytes(take(&mut rest)?);
    (take(&mut rest)? == TRAILER && sum == xxh3_64(items)).then(|| Batch {
        sequence,
        least,
        size: log.len() - rest.len(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test fails by panicking"
    )]

    use fjall::{Database, KeyspaceCreateOptions, PersistMode};

    use super::{LEAST_SEQUENCE, Whole, batch, log_files, whole};

    /// The log that the database writes with these batches of items, and where each of them ends.
    fn written(batches: &[&[(&str, &str)]]) -> (Vec<u8>, Vec<usize>) {
        let directory = tempfile::tempdir().unwrap();
        let database = Database::builder(directory.path()).open().unwrap();
        let table = database
            .keyspace("table", KeyspaceCreateOptions::default)
            .unwrap();
        for items in batches {
            let mut batch = database.batch().durability(Some(PersistMode::SyncData));
            for (key, value) in *items {
                batch.insert(&table, *key, *value);
            }
            batch.insert(&table, LEAST_SEQUENCE, database.seqno().to_be_bytes());
            batch.commit().unwrap();
        }
        let log = std::fs::read(&log_files(directory.path()).unwrap()[0]).unwrap();
        let mut ends = Vec::new();
        let mut end = 0;
        while let Some(batch) = batch(&log[end..]) {
            end += batch.size;
            ends.push(end);
        }
        (log[..end + 100].to_vec(), ends)
    }

    fn three() -> (Vec<u8>, Vec<usize>) {
        let (log, ends) = written(&[&[("a", "1")], &[("b", "2"), ("c", "")], &[("a", "3")]]);
        assert_eq!(ends.len(), 3);
        (log, ends)
    }

    #[test]
    fn what_the_database_writes_is_whole() {
        assert_eq!(whole(&three().0, &mut None).0, Whole::All);
        assert_eq!(whole(&[], &mut None).0, Whole::All);
    }

    #[test]
    fn a_write_that_was_cut_short_is_the_last_one() {
        let (log, ends) = three();
        for cut in ends[1] + 1..ends[2] {
            assert_eq!(whole(&log[..cut], &mut None).0, Whole::Until(ends[1]));
            let zeros = [&log[..cut], &[0; 50][..]].concat();
            assert_eq!(whole(&zeros, &mut None).0, Whole::Until(ends[1]));
        }
    }

    #[test]
    fn a_byte_that_was_changed_before_the_last_batch_is_found() {
        let (log, ends) = three();
        for at in 0..ends[1] {
            for bit in 0..8 {
                let mut log = log.clone();
                log[at] ^= 1 << bit;
                let found = whole(&log, &mut None).0;
                assert!(
                    matches!(found, Whole::DamagedAt(_)),
                    "{at}.{bit}: {found:?}"
                );
            }
        }
    }
}
