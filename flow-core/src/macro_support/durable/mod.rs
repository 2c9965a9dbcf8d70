//! What the expansion of a durable flow names: how its values are written, and the calls of its
//! handlers.

pub(crate) mod arriving;
pub(crate) mod bounds;
pub(crate) mod call;
pub(crate) mod codec;
pub(crate) mod elements;
pub(crate) mod outside;
pub(crate) mod path;
pub(crate) mod payload;
pub(crate) mod question;
pub(crate) mod returned;
pub(crate) mod stage;
#[cfg(all(test, feature = "macros"))]
mod tests;
pub(crate) mod turns;
