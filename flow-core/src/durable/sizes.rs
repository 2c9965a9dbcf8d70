//! How large a value may be that is kept: a store is no place for files.

use crate::durable::request_error::RequestError;
use crate::error::{FlowError, FlowErrorKind};
use crate::records::codec::from_bytes;
use crate::records::commit::{Change, Commit};
use crate::records::key;
use crate::records::rows::ActivationRow;

/// How many bytes a value may have unless it is told otherwise: a mebibyte.
pub const LARGEST_VALUE: usize = 1 << 20;

/// A row has names around its value.
const AROUND: usize = 256;

/// How long an id, and the key of an event from outside, may be.
const LONGEST_KEY: usize = 1024;

/// Checks what comes from outside.
///
/// # Errors
///
/// [`TooLarge`](RequestError::TooLarge).
pub fn check_given(what: &str, value: &[u8], most: usize) -> Result<(), RequestError> {
    check(what, value.len(), most)
}

/// Checks an id, or a key.
///
/// # Errors
///
/// [`TooLarge`](RequestError::TooLarge).
pub fn check_key(what: &str, key: &str) -> Result<(), RequestError> {
    check(what, key.len(), LONGEST_KEY)
}

fn check(what: &str, size: usize, at_most: usize) -> Result<(), RequestError> {
    if size <= at_most {
        return Ok(());
    }
    Err(RequestError::TooLarge {
        what: what.to_owned(),
        size,
        at_most,
    })
}

/// Checks what an execution has done.
///
/// # Errors
///
/// What is too large, as the reason why the execution cannot go on.
pub fn check_commit(commit: &Commit, most: usize) -> Result<(), FlowError> {
    for change in commit.told() {
        if let Change::Put(key, value) = change
            && value.len() > most.saturating_add(AROUND)
        {
            let size = value.len();
            let what = what(key, value);
            let why = format!(
                "{what} has {size} bytes, and a value of a durable flow may have {most}: keep it \
                 elsewhere and return where it is, or raise `max_value`"
            );
            return Err(FlowError::new(FlowErrorKind::NotRecorded, why));
        }
    }
    Ok(())
}

/// What a row contains.
fn what(key: &str, value: &[u8]) -> String {
    let last = || key.rsplit('/').next().unwrap_or(key);
    if key.starts_with(key::ITEMS) {
        return "an item".to_owned();
    }
    if key == key::OUTCOME || key == key::OUTPUT {
        return "the output".to_owned();
    }
    if key.starts_with(key::STATES) {
        return format!("the state `{}`", last());
    }
    // Those of a stage have its key before theirs.
    if key.contains(key::ACTIVATIONS)
        && let Ok(row) = from_bytes::<ActivationRow>(value)
    {
        return format!("what `{}` takes", row.name);
    }
    if key.contains(key::QUESTIONS) {
        return "a question".to_owned();
    }
    format!("the result of `{}`", last())
}
