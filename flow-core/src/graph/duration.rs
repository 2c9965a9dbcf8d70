//! A duration as text, in the units of an attribute: `1m 30s`.

use std::fmt;
use std::time::Duration;

/// Splits a duration into numbers with units. Most of the numbers are 0.
fn parts(duration: Duration) -> [(u64, &'static str); 7] {
    let (seconds, nanos) = (duration.as_secs(), u64::from(duration.subsec_nanos()));
    [
        (seconds / 86_400, "d"),
        (seconds / 3_600 % 24, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (nanos / 1_000_000, "ms"),
        (nanos / 1_000 % 1_000, "us"),
        (nanos % 1_000, "ns"),
    ]
}

/// Displays a duration as an attribute spells it.
pub(crate) struct Readable(pub(crate) Duration);

impl fmt::Display for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() {
            return f.write_str("0s");
        }
        let mut gap = "";
        for (number, unit) in parts(self.0) {
            if number > 0 {
                write!(f, "{gap}{number}{unit}")?;
                gap = " ";
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Readable;

    #[test]
    fn a_duration_is_displayed_as_an_attribute_spells_it() {
        let displayed = |duration| Readable(duration).to_string();
        assert_eq!(displayed(Duration::ZERO), "0s");
        assert_eq!(displayed(Duration::from_millis(250)), "250ms");
        assert_eq!(displayed(Duration::from_secs(90)), "1m 30s");
        assert_eq!(displayed(Duration::new(10, 1_002_003)), "10s 1ms 2us 3ns");
    }
}
