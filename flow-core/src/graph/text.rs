//! Text that is built in a `const`, where there is no `String` and no `format!`.

/// The longest message, in bytes; the rest is cut.
const CAPACITY: usize = 1024;

/// A message under construction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Text {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; CAPACITY],
            len: 0,
        }
    }

    /// Appends a part. If there is no room, the whole part is left out, so that the text stays
    /// UTF-8.
    pub(crate) const fn with(mut self, part: &str) -> Self {
        let part = part.as_bytes();
        let (_, rest) = self.bytes.split_at_mut(self.len);
        if let Some((room, _)) = rest.split_at_mut_checked(part.len()) {
            room.copy_from_slice(part);
            self.len += part.len();
        }
        self
    }

    /// The text so far.
    pub(crate) const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}

/// Whether two texts are equal, in a `const`.
#[allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]
pub(crate) const fn same_text(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut i = 0;
    while i < left.len() {
        if left[i] != right[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{CAPACITY, Text};

    #[test]
    fn parts_are_appended() {
        assert_eq!(Text::new().with("`Loop`").with(" é").as_str(), "`Loop` é");
    }

    #[test]
    fn a_part_that_has_no_room_is_left_out() {
        let full = Text::new().with(&"a".repeat(CAPACITY - 1));
        assert_eq!(full.with("é").as_str().len(), CAPACITY - 1);
        assert_eq!(full.with("b").as_str().len(), CAPACITY);
    }
}
