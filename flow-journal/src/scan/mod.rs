//! Reads what the database believes without a look at its sums, before it is opened: its log, and
//! which tables there are.

mod log;
mod parts;
mod tables;

use std::path::Path;

use crate::open_error::OpenError;

pub(crate) use log::LEAST_SEQUENCE;

/// Checks a database, and cuts off what a crash has left at the end of its log.
pub(crate) fn check(database: &Path) -> Result<(), OpenError> {
    tables::check(database)?;
    log::check(database)
}
