//! Type hints where `flow!` expects a name. Only rust-analyzer sees them, for its completions.

use crate::event::Event;
use crate::handler::Handler;

/// The type that is expected in place of the name `T`. rust-analyzer offers the types that fit
/// first.
pub trait Expected<T> {
    type Type;
}

#[derive(Debug)]
pub enum AnEvent {}

/// A handler or a named flow.
#[derive(Debug)]
pub enum AHandler {}

impl<E: Event> Expected<E> for AnEvent {
    type Type = E;
}

impl<H: Handler> Expected<H> for AHandler {
    type Type = H;
}
