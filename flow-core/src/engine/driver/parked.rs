//! An execution of which nothing runs.

/// Whether anything runs in an execution.
pub(crate) enum Parked<T> {
    Runs,
    /// It waits for the outside, or until this time.
    Until(Option<T>),
}
