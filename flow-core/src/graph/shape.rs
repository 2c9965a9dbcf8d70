//! How many events a call of a handler emits.

use std::fmt;

/// How many events a call of a handler emits, for each way in which the call may go.
///
/// It is read from the body of the handler. Where the body passes its context on, such as to a
/// helper or into a task, any number of the declared events may be emitted. For a stage `emit`, it
/// is read from the type of the value.
///
/// A call that a `retry` repeats adds what its failed attempts emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Shape {
    /// The alternatives for a call that succeeds: at most eight. Of more, it is one with the range of
    /// each event. Without any, no call succeeds.
    pub success: &'static [Alternative],
    /// The alternatives for a call that fails: at most eight. Without any, no call fails by itself;
    /// a timeout or a panic may still end it.
    pub failure: &'static [Alternative],
    /// Where the context leaves the body: the line, and the number of the macro that it is passed
    /// to, counted from 1. 0 where it is unknown or none.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) escapes: (u32, u8),
    /// The body calls functions, which may panic or end the process.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) calls: bool,
    /// The purpose of a part of the body may be to end the process.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) leaves: bool,
}

/// One way in which a call may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Alternative {
    /// How many of each event in the handler's `emits`, or in the `events` of a stage `emit`, in
    /// that order. Empty if nothing is known: any number of each.
    pub emits: &'static [Count],
    /// Whether the call may suspend before it is over.
    pub waits: bool,
    /// Whether the call may stop the execution.
    pub stops: bool,
    /// The line of the branch that the call takes; 0 if there is only one way, or it is unknown.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) line: u32,
    /// The number of the macro that may leave the body here, counted from 1; 0 if there is none.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) left_by: u8,
    /// There are more than eight ways, and this is the range of all.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) wide: bool,
}

/// How many events of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Count {
    /// So many at least.
    pub least: u32,
    /// So many at most; `None` without a bound.
    pub most: Option<u32>,
}

impl Shape {
    /// Nothing is known: a call may emit any number of each event, fail, wait and stop.
    pub const UNKNOWN: Self = {
        const ANYTHING: &[Alternative] = &[Alternative::new(&[]).waits().stops()];
        Self {
            calls: true,
            leaves: true,
            ..Self::new(ANYTHING, ANYTHING)
        }
    };

    #[doc(hidden)]
    #[must_use]
    pub const fn new(success: &'static [Alternative], failure: &'static [Alternative]) -> Self {
        Self {
            success,
            failure,
            escapes: (0, 0),
            calls: false,
            leaves: false,
        }
    }

    /// Whether a call may suspend.
    pub(crate) const fn may_wait(&self) -> bool {
        waits(self.success) || waits(self.failure)
    }

    /// Whether a call may stop the execution.
    pub(crate) const fn may_stop(&self) -> bool {
        stops(self.success) || stops(self.failure)
    }

    /// How many of the event at this index of the handler's `emits` a call that succeeds emits, over
    /// all alternatives.
    #[must_use]
    pub const fn emitted(&self, event: usize) -> Count {
        range(self.success, event)
    }
}

/// How many of the event are emitted over all alternatives.
pub(crate) const fn range(mut alternatives: &[Alternative], event: usize) -> Count {
    let Some((first, _)) = alternatives.split_first() else {
        return Count::exactly(0);
    };
    let mut all = first.count(event);
    while let Some((alternative, rest)) = alternatives.split_first() {
        all = all.or(alternative.count(event));
        alternatives = rest;
    }
    all
}

/// Whether any alternative may emit the event.
pub(crate) const fn may_emit(mut alternatives: &[Alternative], event: usize) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if alternative.count(event).may_be_any() {
            return true;
        }
        alternatives = rest;
    }
    false
}

/// The only way of a call that emits nothing, by the number of events in the handler's `emits`.
#[allow(clippy::indexing_slicing, reason = "in a constant")]
pub(crate) const SILENT: &[[Alternative; 1]; 65] = &{
    const NONE: &[Count] = &[Count::exactly(0); 65];
    let mut all = [[Alternative::new(&[])]; 65];
    let mut events = 0;
    while events < all.len() {
        all[events] = [Alternative::new(NONE.split_at(events).0)];
        events += 1;
    }
    all
};

const fn waits(mut alternatives: &[Alternative]) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if alternative.waits {
            return true;
        }
        alternatives = rest;
    }
    false
}

const fn stops(mut alternatives: &[Alternative]) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if alternative.stops {
            return true;
        }
        alternatives = rest;
    }
    false
}

impl Alternative {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(emits: &'static [Count]) -> Self {
        Self {
            emits,
            waits: false,
            stops: false,
            line: 0,
            left_by: 0,
            wide: false,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn left_by(mut self, number: u8) -> Self {
        self.left_by = number;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn on_line(mut self, line: u32) -> Self {
        self.line = line;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn waits(mut self) -> Self {
        self.waits = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn stops(mut self) -> Self {
        self.stops = true;
        self
    }

    /// How many of the event at this index of the handler's `emits`.
    #[must_use]
    #[allow(
        clippy::indexing_slicing,
        reason = "the index is below the length, and rustc interprets this often"
    )]
    pub const fn count(&self, event: usize) -> Count {
        if event < self.emits.len() {
            return self.emits[event];
        }
        Count::ANY
    }
}

impl Count {
    /// Any number.
    pub const ANY: Self = Self::at_least(0);

    /// This number.
    #[must_use]
    pub const fn exactly(number: u32) -> Self {
        Self::between(number, number)
    }

    /// This number or more.
    #[must_use]
    pub const fn at_least(least: u32) -> Self {
        Self { least, most: None }
    }

    /// A number from `least` to `most`.
    #[must_use]
    pub const fn between(least: u32, most: u32) -> Self {
        Self {
            least,
            most: Some(most),
        }
    }

    /// Whether it may be more than none.
    #[must_use]
    pub const fn may_be_any(self) -> bool {
        !matches!(self.most, Some(0))
    }

    /// Both together.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self {
            least: self.least.saturating_add(other.least),
            most: match (self.most, other.most) {
                (Some(one), Some(another)) => one.checked_add(another),
                _ => None,
            },
        }
    }

    /// The smallest count that includes both.
    const fn or(self, other: Self) -> Self {
        Self {
            least: if self.least < other.least {
                self.least
            } else {
                other.least
            },
            most: match (self.most, other.most) {
                (Some(one), Some(another)) if one > another => Some(one),
                (Some(_), Some(another)) => Some(another),
                _ => None,
            },
        }
    }
}

/// As in pictures: `1`, `?` for none or one, `*` for any number, `+` for at least one, `2..=3`.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (0, Some(1)) => f.write_str("?"),
            (0, None) => f.write_str("*"),
            (1, None) => f.write_str("+"),
            (least, None) => write!(f, "{least}.."),
            (least, Some(most)) if least == most => write!(f, "{least}"),
            (least, Some(most)) => write!(f, "{least}..={most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Alternative, Count, Shape};

    #[test]
    fn a_count_is_written_as_in_a_regular_expression() {
        let counts = [
            (Count::exactly(0), "0"),
            (Count::exactly(1), "1"),
            (Count::between(0, 1), "?"),
            (Count::ANY, "*"),
            (Count::at_least(1), "+"),
            (Count::at_least(2), "2.."),
            (Count::between(2, 3), "2..=3"),
        ];
        for (count, written) in counts {
            assert_eq!(count.to_string(), written);
        }
    }

    #[test]
    fn alternatives_together_are_the_range_from_the_fewest_to_the_most() {
        const EITHER: Shape = Shape::new(
            &[
                Alternative::new(&[Count::exactly(1), Count::exactly(0)]),
                Alternative::new(&[Count::exactly(0), Count::at_least(2)]),
            ],
            &[],
        );
        assert_eq!(EITHER.emitted(0), Count::between(0, 1));
        assert_eq!(EITHER.emitted(1), Count::ANY);
        assert_eq!(Shape::UNKNOWN.emitted(7), Count::ANY);
        assert_eq!(Shape::new(&[], &[]).emitted(0), Count::exactly(0));
    }
}
