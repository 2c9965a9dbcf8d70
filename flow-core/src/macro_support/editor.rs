//! Type hints where `flow!` expects a name. Only rust-analyzer sees them, for its completions.
#![allow(
    unexpected_cfgs,
    reason = "rust-analyzer sets `rust_analyzer`, and cargo does not know it"
)]

use crate::event::Event;
use crate::handler::Handler;

/// The type that is expected in place of the name `T`. rust-analyzer offers the types that fit
/// first.
pub trait Expected<T> {
    type Type;
}

/// Items that only rust-analyzer sees. The condition is here because the crate with the flow may
/// not know its name.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __for_editors {
    ($($items:tt)*) => { const _: () = { $($items)* }; };
}

/// Items that only rust-analyzer sees.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __for_editors {
    ($($items:tt)*) => {};
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
