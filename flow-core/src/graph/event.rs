//! The description of an event.

use crate::graph::location::Location;

/// An event of a flow, in its [`GraphDesc`](crate::graph::GraphDesc).
///
/// Two descriptions are equal if they describe the same type.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct EventDesc {
    /// The type's own name, as its definition spells it.
    pub name: &'static str,
    /// The module of the definition and the type's name: `shop::orders::Paid`. It is the same in
    /// each build, as long as the type is not moved or renamed. Two types in function bodies of one
    /// module may share it.
    pub path: &'static str,
    /// Its doc comment, if it has one.
    pub docs: Option<&'static str>,
    /// Where it is defined.
    pub location: Location,
    /// Identifies the event within one build. It is a hash of the path and the location, because a
    /// `TypeId` cannot be compared in a `const` yet. It changes when the definition moves, even by
    /// a line, so store the [`path`](Self::path) instead.
    #[cfg_attr(feature = "serde", serde(serialize_with = "hexadecimal"))]
    pub id: u64,
    /// Whether it is a question, which can be answered.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) is_question: bool,
}

impl EventDesc {
    /// `path` is the type's module path and name. `location` distinguishes types of one name in one
    /// module, such as those in two function bodies.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        docs: &'static str,
        path: &'static str,
        location: Location,
    ) -> Self {
        let id = fnv1a(FNV_OFFSET, path.as_bytes());
        let id = fnv1a(id, location.file.as_bytes());
        let id = fnv1a(id, &location.line.to_le_bytes());
        let id = fnv1a(id, &location.column.to_le_bytes());
        Self {
            name,
            path,
            docs: if docs.is_empty() { None } else { Some(docs) },
            location,
            id,
            is_question: false,
        }
    }

    /// The event has an answer.
    #[doc(hidden)]
    #[must_use]
    pub const fn question(mut self) -> Self {
        self.is_question = true;
        self
    }
}

impl PartialEq for EventDesc {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for EventDesc {}

impl std::hash::Hash for EventDesc {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// As text, because not every reader of JSON has integers of 64 bits.
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
    use crate::graph::Location;

    #[test]
    fn events_are_told_apart_by_module_name_and_place() {
        let at = |path, (line, column)| {
            EventDesc::new("Loop", "", path, Location::new("src/lib.rs", line, column)).id
        };
        assert_eq!(at("app::Loop", (1, 1)), at("app::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("other::Loop", (1, 1)));
        assert_ne!(at("app::Loop", (1, 1)), at("app::Loop", (2, 1)));
        assert_ne!(at("app::Loop", (1, 2)), at("app::Loop", (2, 1)));
    }
}
