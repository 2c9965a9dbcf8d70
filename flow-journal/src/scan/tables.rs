//! The database compares the sums of the blocks of a table when it reads them. It does not do so
//! with the list of the tables: a flipped byte would let it take a table for one that is not
//! needed any more, and remove it. And it reserves memory for as many parts as a file is said to
//! have, before it compares the sum of that.
//!
//! The format is that of fjall 3: in the directory of each keyspace, `current` contains the number
//! of the list and its sum. The list and each table end with a table of contents (magic, number of
//! parts, place and name of each) and a trailer (magic, version, kind and value of the sum of the
//! table of contents, its place, an unused length).

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::open_error::OpenError;
use crate::scan::parts::{entries, take};

const TRAILER: usize = 38;

/// Before the place of the table of contents: the magic, the version and the kind of the sum.
const TRAILER_BEGIN: [u8; 6] = *b"SFA!\x01\x00";

const CONTENTS_BEGIN: [u8; 4] = *b"TOC!";

/// Checks which tables there are, and which parts they have.
pub(super) fn check(database: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::io(database, source);
    for keyspace in entries(&database.join("keyspaces")).map_err(failed)? {
        let current = keyspace.join("current");
        let text = match fs::read(&current) {
            Ok(text) => text,
            // A keyspace that was not made as a whole.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(OpenError::io(&current, error)),
        };
        let (number, sum) = read_current(&text)
            .ok_or_else(|| OpenError::damaged(&current, "it is to contain a number and a sum"))?;
        let list = keyspace.join(format!("v{number}"));
        let text = fs::read(&list).map_err(|source| OpenError::io(&list, source))?;
        if xxh3_128(&text) != sum {
            let why = format!("its sum is not the one in `{}`", current.display());
            return Err(OpenError::damaged(&list, why));
        }
        let tables = read_list(&text)
            .ok_or_else(|| OpenError::damaged(&list, "it is to be a list of tables"))?;
        for table in tables {
            let table = keyspace.join("tables").join(table.to_string());
            let is_whole = File::open(&table).and_then(|mut table| has_contents(&mut table));
            if !is_whole.map_err(|source| OpenError::io(&table, source))? {
                return Err(OpenError::damaged(
                    &table,
                    "its table of contents is another one",
                ));
            }
        }
    }
    Ok(())
}

/// The number and the sum of the list.
fn read_current(mut text: &[u8]) -> Option<(u64, u128)> {
    let number = u64::from_le_bytes(take(&mut text)?);
    let sum = u128::from_le_bytes(take(&mut text)?);
    // The kind of the sum.
    (text == [0]).then_some((number, sum))
}

/// The tables in a list.
fn read_list(list: &[u8]) -> Option<Vec<u64>> {
    let (place, sum) = read_trailer(list.last_chunk()?)?;
    let mut contents = list.get(usize::try_from(place).ok()?..list.len() - TRAILER)?;
    if xxh3_128(contents) != sum || take(&mut contents)? != CONTENTS_BEGIN {
        return None;
    }
    let count = u32::from_le_bytes(take(&mut contents)?);
    for _ in 0..count {
        let begin = u64::from_le_bytes(take(&mut contents)?);
        let length = u64::from_le_bytes(take(&mut contents)?);
        let name = u16::from_le_bytes(take(&mut contents)?);
        let (name, after) = contents.split_at_checked(name.into())?;
        contents = after;
        if name == b"tables" {
            let begin = usize::try_from(begin).ok()?;
            let end = begin.checked_add(usize::try_from(length).ok()?)?;
            return read_tables(list.get(begin..end)?);
        }
    }
    None
}

fn read_tables(mut text: &[u8]) -> Option<Vec<u64>> {
    let mut tables = Vec::new();
    let [levels] = take(&mut text)?;
    for _ in 0..levels {
        let [runs] = take(&mut text)?;
        for _ in 0..runs {
            for _ in 0..u32::from_le_bytes(take(&mut text)?) {
                tables.push(u64::from_le_bytes(take(&mut text)?));
                // The sum of the whole table, with its kind, and the number of a commit.
                let _rest: [u8; 25] = take(&mut text)?;
            }
        }
    }
    text.is_empty().then_some(tables)
}

/// The place and the sum of the table of contents.
fn read_trailer(trailer: &[u8; TRAILER]) -> Option<(u64, u128)> {
    let mut rest = trailer.strip_prefix(&TRAILER_BEGIN)?;
    let sum = u128::from_le_bytes(take(&mut rest)?);
    Some((u64::from_le_bytes(take(&mut rest)?), sum))
}

/// Whether the table of contents of a table has its sum.
fn has_contents(table: &mut File) -> io::Result<bool> {
    let length = table.metadata()?.len();
    let Some(end) = length.checked_sub(TRAILER as u64) else {
        return Ok(false);
    };
    table.seek(SeekFrom::Start(end))?;
    let mut trailer = [0; TRAILER];
    table.read_exact(&mut trailer)?;
    let Some((place, sum)) = read_trailer(&trailer) else {
        return Ok(false);
    };
    let Some(size) = end
        .checked_sub(place)
        .filter(|size| *size <= LONGEST_CONTENTS)
    else {
        return Ok(false);
    };
    table.seek(SeekFrom::Start(place))?;
    let mut contents = Vec::new();
    table.take(size).read_to_end(&mut contents)?;
    Ok(xxh3_128(&contents) == sum)
}

/// A table has some ten parts.
const LONGEST_CONTENTS: u64 = 4096;
