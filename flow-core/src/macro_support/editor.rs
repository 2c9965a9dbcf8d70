//! What an editor is told where a name is expected: `flow!` says it to rust-analyzer alone.

use crate::event::Event;
use crate::handler::Handler;

/// The type that is expected where a name `T` is written. rust-analyzer offers those types first that
/// it could be.
pub trait Expected<T> {
    /// `T`, if that is a name of this kind.
    type Type;
}

/// An event is expected.
#[derive(Debug)]
pub enum AnEvent {}

/// A handler is expected, or a flow with a name.
#[derive(Debug)]
pub enum AHandler {}

impl<E: Event> Expected<E> for AnEvent {
    type Type = E;
}

impl<H: Handler> Expected<H> for AHandler {
    type Type = H;
}
