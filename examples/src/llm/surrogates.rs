//! Joins text whose characters may be split between two JSON strings.
//!
//! Servers that write non-ASCII as `\u` escapes may end one delta with the
//! first half of a UTF-16 surrogate pair and begin the next with the second.
//! `serde_json` hands such strings out as WTF-8 bytes, where a lone half is
//! the three bytes `ED A0..BF 80..BF`.

/// Turns a sequence of WTF-8 strings into text.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    /// A first half that waits for its second.
    lead: Option<u16>,
}

impl Joiner {
    /// The text of the next string, as far as it is known. Empty strings
    /// between two halves do not part them.
    pub(super) fn push(&mut self, wtf8: &[u8]) -> String {
        let mut text = String::with_capacity(wtf8.len());
        let mut rest = wtf8;
        while !rest.is_empty() {
            let valid = match std::str::from_utf8(rest) {
                Ok(valid) => valid,
                Err(error) => rest
                    .get(..error.valid_up_to())
                    .and_then(|bytes| std::str::from_utf8(bytes).ok())
                    .unwrap_or_default(),
            };
            if !valid.is_empty() {
                self.flush_into(&mut text);
                text.push_str(valid);
            }
            rest = rest.get(valid.len()..).unwrap_or_default();
            rest = match rest {
                [] => rest,
                [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, after @ ..] => {
                    let unit = 0xD000 | u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F);
                    self.push_surrogate(unit, &mut text);
                    after
                }
                [_, after @ ..] => {
                    self.flush_into(&mut text);
                    text.push(char::REPLACEMENT_CHARACTER);
                    after
                }
            };
        }
        text
    }

    /// What is left once no more strings follow.
    pub(super) fn finish(&mut self) -> String {
        let mut text = String::new();
        self.flush_into(&mut text);
        text
    }

    fn push_surrogate(&mut self, unit: u16, text: &mut String) {
        if let Some(lead) = self.lead
            && let Some(Ok(character)) = char::decode_utf16([lead, unit]).next()
        {
            self.lead = None;
            text.push(character);
            return;
        }
        self.flush_into(text);
        if (0xD800..0xDC00).contains(&unit) {
            self.lead = Some(unit);
        } else {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn flush_into(&mut self, text: &mut String) {
        if self.lead.take().is_some() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: &[u8] = b"\xED\xA0\xBC"; // U+D83C
    const TRAIL: &[u8] = b"\xED\xBC\x8A"; // U+DF0A

    fn join(strings: &[&[u8]]) -> Vec<String> {
        let mut joiner = Joiner::default();
        let mut texts: Vec<_> = strings.iter().map(|string| joiner.push(string)).collect();
        texts.push(joiner.finish());
        texts
    }

    #[test]
    fn text_without_surrogates_is_unchanged() {
        assert_eq!(join(&["naïve 🌊".as_bytes()]), ["naïve 🌊", ""]);
    }

    #[test]
    fn halves_in_two_strings_make_one_character() {
        assert_eq!(join(&[LEAD, TRAIL]), ["", "🌊", ""]);
        let (before, after) = ([b"a", LEAD].concat(), [TRAIL, b"b"].concat());
        assert_eq!(join(&[&before, &after]), ["a", "🌊b", ""]);
    }

    #[test]
    fn an_empty_string_between_the_halves_does_not_part_them() {
        assert_eq!(join(&[LEAD, b"", TRAIL]), ["", "", "🌊", ""]);
    }

    #[test]
    fn a_half_without_its_other_half_is_replaced() {
        assert_eq!(join(&[LEAD, b"x"]), ["", "\u{FFFD}x", ""]);
        assert_eq!(join(&[TRAIL, b"x"]), ["\u{FFFD}", "x", ""]);
        assert_eq!(join(&[LEAD, LEAD, TRAIL]), ["", "\u{FFFD}", "🌊", ""]);
        assert_eq!(join(&[b"x", LEAD]), ["x", "", "\u{FFFD}"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced() {
        assert_eq!(join(&[b"a\xFFb"]), ["a\u{FFFD}b", ""]);
    }
}
