//! Events: the messages between handlers.

use crate::graph::event::EventDesc;

/// A type that handlers emit and clauses wait for.
///
/// Derive it with [`#[derive(Event)]`](macro@crate::Event). The payload of an event is its fields.
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
/// If several clauses of a flow wait for the same event, it must be [`Clone`]: each clause gets its
/// own copy.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event: add `#[derive(Event)]` to it",
    label = "not an event"
)]
pub trait Event: Sized + Send + 'static {
    /// The type of the answer, if the event is a [`Question`](crate::Question); otherwise a type
    /// without values.
    type Answer: Send + 'static;

    #[doc(hidden)]
    const DESC: EventDesc;
}

/// The [`Answer`](Event::Answer) of an event that is not a question.
#[derive(Debug)]
pub enum NoAnswer {}

/// The answer of a question that may be more public than its answer.
pub trait AnswerOf {
    /// The answer.
    type Type: Send + 'static;
}
