//! What travels: an event is a type, and its payload is its fields.

use crate::desc::Place;

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
    message = "`{Self}` is not an event: put `#[derive(Event)]` on it",
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

/// An event of a flow, in its [`GraphDesc`](crate::desc::GraphDesc). Two events are the same when
/// their `id` is.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EventDesc {
    /// The type's own name, as its definition spells it.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Where it is defined.
    pub place: Place,
    /// A hash of where the type is defined; `TypeId` cannot be compared in a `const` yet. It changes
    /// when the definition moves.
    #[cfg_attr(feature = "serde", serde(serialize_with = "hexadecimal"))]
    pub id: u64,
}

impl EventDesc {
    /// `path` is the type's module path and name; `place` tells types of one name in one module
    /// apart, such as those in two function bodies.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, docs: &'static str, path: &str, place: Place) -> Self {
        let id = fnv1a(FNV_OFFSET, path.as_bytes());
        let id = fnv1a(id, place.file.as_bytes());
        let id = fnv1a(id, &place.line.to_le_bytes());
        let id = fnv1a(id, &place.column.to_le_bytes());
        Self {
            name,
            docs,
            place,
            id,
        }
    }
}

/// As text: not all that read JSON have whole numbers of 64 bits.
#[cfg(feature = "serde")]
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn hexadecimal<S: serde::Serializer>(id: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{id:016x}"))
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits: short enough to run in a `const`.
#[allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators, and `i < bytes.len()`"
)]
const fn fnv1a(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::EventDesc;
    use crate::desc::Place;

    #[test]
    fn events_are_told_apart_by_module_name_and_place() {
        let at = |path, (line, column)| {
            EventDesc::new("Loop", "", path, Place::new("src/lib.rs", line, column)).id
        };
        assert_eq!(at("app::Loop", (1, 1)), at("app::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("other::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("app::Loop", (2, 1)));
        assert_ne!(at("app::Loop", (1, 2)), at("app::Loop", (2, 1)));
    }
}
