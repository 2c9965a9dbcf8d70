//! The names of handlers and events in what was recorded. In a running flow, they are those of its
//! graph, which live as long as the program.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer};

/// Each name once: there are as many as the versions of a program have had.
static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);

/// The name as one that lives as long as the program.
pub(crate) fn name(name: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(known) = names.get(name) {
        return known;
    }
    let name: &'static str = Box::leak(Box::from(name));
    names.insert(name);
    name
}

/// serde takes a field with a reference in its type for one that borrows from what is read.
pub(crate) type Name = &'static str;

/// Reads a name.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    String::deserialize(from).map(|read| name(&read))
}

/// Reads a name that may be missing.
pub(crate) fn read_option<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<&'static str>, D::Error> {
    let read = Option::<String>::deserialize(from)?;
    Ok(read.map(|read| name(&read)))
}
