//! What travels: an event is a type, and its payload is its fields.

use crate::graph::event::EventDesc;

/// A type that handlers emit and wait for.
///
/// Derive it; the event's payload is whatever the type holds.
///
/// ```
/// use flow_core::Event;
///
/// #[derive(Event)]
/// struct UserInput(String);
///
/// #[derive(Event)]
/// struct Loop;
/// # let _ = (UserInput(String::new()).0, Loop);
/// ```
///
/// An event that several clauses of a flow take must be [`Clone`]: each of them gets its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event: add `#[derive(Event)]` to it",
    label = "not an event"
)]
pub trait Event: Sized + Send + 'static {
    /// What it is answered with, if it is a [`Question`](crate::Question).
    type Answer: Send + 'static;

    #[doc(hidden)]
    const DESC: EventDesc;
}

/// What an event is answered with that is no question.
#[derive(Debug)]
pub enum NoAnswer {}
