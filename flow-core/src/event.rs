//! What travels: an event is a type, and its payload is its fields.

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
    #[doc(hidden)]
    const DESC: EventDesc;
}

/// What the whole-graph checks know of an event. Two events are the same when their `id` is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct EventDesc {
    /// The type's own name, as its definition spells it.
    pub name: &'static str,
    /// A hash of where the type is defined; `TypeId` cannot be compared in a `const` yet.
    pub id: u64,
}

impl EventDesc {
    /// `path` is the type's module path and name; `place` tells types of one name in one module
    /// apart, such as those in two function bodies.
    #[must_use]
    pub const fn new(name: &'static str, path: &str, file: &str, place: (u32, u32)) -> Self {
        let id = fnv1a(FNV_OFFSET, path.as_bytes());
        let id = fnv1a(id, file.as_bytes());
        let id = fnv1a(id, &place.0.to_le_bytes());
        let id = fnv1a(id, &place.1.to_le_bytes());
        Self { name, id }
    }
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

    #[test]
    fn events_are_told_apart_by_module_name_and_place() {
        let at = |path, place| EventDesc::new("Loop", path, "src/lib.rs", place).id;
        assert_eq!(at("app::Loop", (1, 1)), at("app::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("other::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("app::Loop", (2, 1)));
        assert_ne!(at("app::Loop", (1, 2)), at("app::Loop", (2, 1)));
    }
}
