//! What is certain at a place of a flow, of the choices that an execution has gone through.

/// What is certain at a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past {
    /// An execution may come there.
    pub(super) known: bool,
    /// All ways of the choices that it has gone through.
    pub(super) passed: u128,
    /// The ways in which these may have gone.
    pub(super) ways: u128,
}

impl Past {
    /// Nothing leads there yet.
    pub(super) const NONE: Self = Self {
        known: false,
        passed: !0,
        ways: 0,
    };

    pub(super) const BEGIN: Self = Self {
        known: true,
        passed: 0,
        ways: 0,
    };

    /// The choice has gone one of these ways.
    pub(super) const fn with(mut self, choice: u128, ways: u128) -> Self {
        self.passed |= choice;
        self.ways |= ways;
        self
    }

    /// One of the two holds.
    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            known: self.known || other.known,
            passed: self.passed & other.passed,
            ways: self.ways | other.ways,
        }
    }

    /// Both hold.
    pub(super) const fn and(self, other: Self) -> Self {
        Self {
            known: self.known && other.known,
            passed: self.passed | other.passed,
            ways: self.ways | other.ways,
        }
    }

    pub(super) const fn is(&self, other: &Self) -> bool {
        self.known == other.known && self.passed == other.passed && self.ways == other.ways
    }
}
