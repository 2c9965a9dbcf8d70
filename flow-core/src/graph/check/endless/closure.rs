//! Whether a closure certainly returns.

/// Whether the stage is a constructor, such as `Some`, or a closure that certainly returns: it only
/// names its parameters, their fields and constants, and makes tuples and values of constructors.
///
/// Anything else may panic or end the process, even an operator.
pub(super) const fn only_passes_on(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut is_closure, mut is_plain, mut i) = (false, true, 0);
    // Of the last word: whether it is a constructor, by its case. The last byte that is no space.
    let (mut is_capital, mut has_small, mut last) = (false, false, b'|');
    while i < bytes.len() {
        let byte = bytes[i];
        match byte {
            b'|' => is_closure = true,
            b'(' => {
                let calls = is_of_word(last) && !(is_capital && has_small);
                is_plain &= !calls && last != b')';
            }
            // A static may be made at its first use.
            b'.' => is_plain &= !is_capital,
            b')' | b',' | b':' | b' ' => {}
            _ if is_of_word(byte) => {
                if i == 0 || !is_of_word(bytes[i - 1]) {
                    (is_capital, has_small) = (byte.is_ascii_uppercase(), false);
                }
                has_small |= byte.is_ascii_lowercase();
            }
            _ => is_plain = false,
        }
        if byte != b' ' {
            last = byte;
        }
        i += 1;
    }
    is_plain || !is_closure
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::only_passes_on;

    #[test]
    fn a_closure_of_which_nothing_may_panic_only_passes_on() {
        for text in [
            "Some",
            "| n | n",
            "|_| ()",
            "|(a, b)| (b, a)",
            "|n: u64| Tick(n)",
            "|tick| shop::Tick::Next(tick.0, LIMIT)",
            "move |Tick(n)| n as u32",
        ] {
            assert!(only_passes_on(text), "{text}");
        }
        for text in [
            "|n| n + 1",
            "|n| next(n)",
            "|n| next (n)",
            "|n| n.next()",
            "|n| (next)(n)",
            "|n| Tick::next(n)",
            "|n| NEXT(n)",
            "|n| panic!()",
            "|n| all[n]",
            "|n| *n",
            "|n| { n }",
            "|_| LIMIT.0",
        ] {
            assert!(!only_passes_on(text), "{text}");
        }
    }
}
