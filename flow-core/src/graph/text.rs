//! Text that is built in a `const`, where there is no `String` and no `format!`.

use std::time::Duration;

use crate::graph::duration::parts;

/// The longest message, in bytes; the rest is cut.
const CAPACITY: usize = 1024;

/// A message under construction.
#[derive(Clone, Copy, Debug)]
pub struct Text {
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

    /// Appends a number.
    pub(crate) const fn with_number(self, number: u64) -> Self {
        let text = if number >= 10 {
            self.with_number(number / 10)
        } else {
            self
        };
        let (_, digit) = b"0123456789".split_at((number % 10) as usize);
        let (digit, _) = digit.split_at(1);
        match core::str::from_utf8(digit) {
            Ok(digit) => text.with(digit),
            Err(_) => text,
        }
    }

    /// Appends a duration as it is written in an attribute: `1m 30s`.
    pub(crate) const fn with_duration(self, duration: Duration) -> Self {
        let parts = parts(duration);
        let mut text = self;
        let mut first = true;
        let mut rest = parts.as_slice();
        while let [(number, unit), after @ ..] = rest {
            if *number > 0 {
                let gap = if first { "" } else { " " };
                text = text.with(gap).with_number(*number).with(unit);
                first = false;
            }
            rest = after;
        }
        if first { text.with("0s") } else { text }
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
    use std::time::Duration;

    use super::{CAPACITY, Text};

    #[test]
    fn a_duration_is_written_as_in_an_attribute() {
        let written = |duration| Text::new().with_duration(duration).as_str().to_owned();
        assert_eq!(written(Duration::ZERO), "0s");
        assert_eq!(written(Duration::from_millis(250)), "250ms");
        assert_eq!(written(Duration::from_secs(60)), "1m");
        assert_eq!(written(Duration::from_secs(90)), "1m 30s");
        assert_eq!(written(Duration::from_secs(3 * 86_400 + 7_200)), "3d 2h");
        assert_eq!(written(Duration::new(10, 1_002_003)), "10s 1ms 2us 3ns");
    }

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
