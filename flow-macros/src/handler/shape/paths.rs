//! What the ways through a piece of code emit.

use std::collections::{BTreeMap, BTreeSet};

/// How many alternatives are told apart. More are one, with ranges.
pub(super) const MOST: usize = 8;

/// How many are told apart that differ in what they assume.
const MOST_ASSUMED: usize = 4 * MOST;

/// How many conditions in a loop are told apart.
const MOST_CONDITIONS: usize = 4;

/// How many events of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) least: u32,
    /// `None` without a bound.
    pub(crate) most: Option<u32>,
}

/// What one way emits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alternative {
    /// One for each declared event; those at the end may be missing, and are none then.
    pub(crate) counts: Vec<Count>,
    /// It may suspend.
    pub(crate) waits: bool,
    /// It may stop the execution.
    pub(crate) stops: bool,
    /// The line of the last branch on the way; 0 if there is none.
    pub(crate) line: usize,
    /// The number of the macro that may leave the body here, counted from 1; 0 if there is none.
    pub(crate) left_by: usize,
    /// There are more ways than are told apart, and this is the range of all.
    pub(crate) is_wide: bool,
    /// The way exists only if these conditions of `#[cfg]` are met, or are not.
    pub(crate) assumes: BTreeMap<usize, bool>,
}

/// The ways from one place to another: at most [`MOST`]. Without any, no way leads there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alternatives(Vec<Alternative>);

/// The end of a piece of code, other than its last token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// The handler returns a value, or an `Ok`.
    Success,
    /// The handler returns an `Err`.
    Failure,
    /// `break` out of the block or the loop with this number.
    Break(usize),
    /// `continue` of the loop with this number.
    Continue(usize),
}

/// The ways through a piece of code.
#[derive(Clone, Debug)]
pub(super) struct Paths {
    /// Those that come to its last token.
    pub(super) through: Alternatives,
    exits: Vec<(Exit, Alternatives)>,
}

impl Count {
    pub(super) const NONE: Self = Self::between(0, 0);
    pub(super) const ONE: Self = Self::between(1, 1);
    pub(super) const ANY: Self = Self {
        least: 0,
        most: None,
    };

    pub(super) const fn between(least: u32, most: u32) -> Self {
        Self {
            least,
            most: Some(most),
        }
    }

    fn plus(self, other: Self) -> Self {
        let most = self.most.zip(other.most);
        Self {
            least: self.least.saturating_add(other.least),
            most: most.and_then(|(one, another)| one.checked_add(another)),
        }
    }

    fn or(self, other: Self) -> Self {
        let most = self.most.zip(other.most);
        Self {
            least: self.least.min(other.least),
            most: most.map(|(one, another)| one.max(another)),
        }
    }
}

impl Alternative {
    /// One of the event with this index.
    pub(super) fn one(event: usize) -> Self {
        let mut counts = vec![Count::NONE; event];
        counts.push(Count::ONE);
        Self {
            counts,
            ..Self::default()
        }
    }

    pub(crate) fn count(&self, event: usize) -> Count {
        self.counts.get(event).copied().unwrap_or(Count::NONE)
    }

    /// Both after one another, which assume this.
    fn combined(
        &self,
        other: &Self,
        combine: impl Fn(Count, Count) -> Count,
        assumes: BTreeMap<usize, bool>,
    ) -> Self {
        let events = self.counts.len().max(other.counts.len());
        let counts = (0..events).map(|event| combine(self.count(event), other.count(event)));
        Self {
            counts: counts.collect(),
            waits: self.waits || other.waits,
            stops: self.stops || other.stops,
            line: if other.line == 0 {
                self.line
            } else {
                other.line
            },
            left_by: if other.left_by == 0 {
                self.left_by
            } else {
                other.left_by
            },
            is_wide: self.is_wide || other.is_wide,
            assumes,
        }
    }

    /// First this, then the other, unless what they assume excludes it.
    fn then(&self, other: &Self) -> Option<Self> {
        let assumes = self.and(&other.assumes)?;
        Some(self.combined(other, Count::plus, assumes))
    }

    /// Either, as ranges.
    fn or(&self, other: &Self) -> Self {
        self.combined(other, Count::or, BTreeMap::new())
    }

    /// What it assumes together with this; `None` if that cannot be.
    fn and(&self, assumes: &BTreeMap<usize, bool>) -> Option<BTreeMap<usize, bool>> {
        let mut all = self.assumes.clone();
        for (condition, is_met) in assumes {
            if all.insert(*condition, *is_met) == Some(!is_met) {
                return None;
            }
        }
        Some(all)
    }

    fn is_like(&self, other: &Self) -> bool {
        let events = self.counts.len().max(other.counts.len());
        (0..events).all(|event| self.count(event) == other.count(event))
    }

    /// The condition that is all in which both differ.
    fn is_opposite(&self, other: &Self) -> Option<usize> {
        if self.assumes.len() != other.assumes.len() {
            return None;
        }
        let mut differing = self.assumes.iter().zip(&other.assumes);
        let mut differing = differing.by_ref().filter(|(one, another)| one != another);
        match (differing.next(), differing.next()) {
            (Some(((condition, _), (other, _))), None) if condition == other => Some(*condition),
            _ => None,
        }
    }

    fn is_nothing(&self) -> bool {
        !self.waits && !self.stops && self.assumes.is_empty() && self.is_like(&Self::default())
    }
}

impl Alternatives {
    /// One way, which emits nothing.
    pub(super) fn nothing() -> Self {
        Self(vec![Alternative::default()])
    }

    pub(super) fn of(alternatives: impl IntoIterator<Item = Alternative>) -> Self {
        let mut all = Self::default();
        for alternative in alternatives {
            all.add(alternative);
        }
        all.bounded()
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Alternative> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, mut alternative: Alternative) {
        loop {
            // The one that assumes less stands for both.
            let mut known = self.0.iter_mut();
            let same = known.find(|known| {
                let assumed = known.assumes.iter();
                let mut assumed = assumed.map(|(condition, is_met)| (condition, Some(is_met)));
                assumed.all(|(condition, is_met)| alternative.assumes.get(condition) == is_met)
                    && known.is_like(&alternative)
            });
            if let Some(known) = same {
                known.waits |= alternative.waits;
                known.stops |= alternative.stops;
                return;
            }
            // Whether the condition is met does not matter.
            let mut known = self.0.iter().enumerate();
            let opposite = known.find_map(|(index, known)| {
                let is_like = known.is_like(&alternative);
                let condition = known.is_opposite(&alternative).filter(|_| is_like)?;
                Some((index, condition))
            });
            let Some((index, condition)) = opposite else {
                self.0.push(alternative);
                return;
            };
            let other = self.0.remove(index);
            alternative.assumes.remove(&condition);
            alternative.waits |= other.waits;
            alternative.stops |= other.stops;
        }
    }

    /// At most [`MOST`] of them, apart from what they assume.
    fn bounded(mut self) -> Self {
        if self.0.len() <= MOST {
            return self;
        }
        let mut all = Self::default();
        for alternative in &self.0 {
            all.add(Alternative {
                assumes: BTreeMap::new(),
                ..alternative.clone()
            });
        }
        if all.0.len() > MOST {
            let all = self.0.drain(..);
            let all = all.reduce(|one, other| one.or(&other));
            self.0 = all.into_iter().collect();
            for range in &mut self.0 {
                (range.line, range.left_by, range.is_wide) = (0, 0, true);
            }
        } else if self.0.len() > MOST_ASSUMED {
            self = all;
        }
        self
    }

    /// The ways that this leaves.
    fn assuming(&self, assumes: &BTreeMap<usize, bool>) -> Self {
        let ways = self.0.iter().filter_map(|way| {
            Some(Alternative {
                assumes: way.and(assumes)?,
                ..way.clone()
            })
        });
        Self::of(ways)
    }

    pub(crate) fn or(mut self, other: &Self) -> Self {
        for alternative in &other.0 {
            self.add(alternative.clone());
        }
        self.bounded()
    }

    /// First one of these ways, then one of the others.
    pub(super) fn then(&self, next: &Self) -> Self {
        let ways = self.0.iter().flat_map(|first| {
            let both = next.0.iter();
            both.filter_map(|second| first.then(second))
        });
        Self::of(ways)
    }

    /// These ways lead through a branch on this line.
    fn at(&mut self, line: usize) {
        for alternative in &mut self.0 {
            if alternative.line == 0 {
                alternative.line = line;
            }
        }
    }

    /// Branches that emit the same are no matter.
    fn without_needless_line(mut self) -> Self {
        if let [only] = self.0.as_mut_slice() {
            only.line = 0;
        }
        self
    }

    fn is_nothing(&self) -> bool {
        matches!(self.0.as_slice(), [only] if only.is_nothing())
    }

    /// Any number of rounds, each of which goes one of these ways. What one of them assumes holds for
    /// all.
    fn repeated(&self) -> Self {
        let conditions = self.0.iter().flat_map(|way| way.assumes.keys().copied());
        let conditions: BTreeSet<_> = conditions.collect();
        if conditions.is_empty() || conditions.len() > MOST_CONDITIONS {
            return self.repeated_under_all_conditions();
        }
        let mut all = Self::default();
        for number in 0..1_usize << conditions.len() {
            let met = conditions.iter().enumerate();
            let met = met.map(|(bit, condition)| (*condition, number >> bit & 1 == 1));
            let met = met.collect();
            let rounds = self.assuming(&met).repeated_under_all_conditions();
            all = all.or(&rounds.assuming(&met));
        }
        all
    }

    fn repeated_under_all_conditions(&self) -> Self {
        if self.is_empty() || self.is_nothing() {
            return Self::nothing();
        }
        let rounds = self.0.iter().cloned();
        let rounds = rounds.reduce(|one, other| one.or(&other));
        let rounds = rounds.map(|mut rounds| {
            rounds.assumes.clear();
            for count in &mut rounds.counts {
                count.most = count.most.filter(|most| *most == 0);
            }
            rounds
        });
        Self::of(rounds.into_iter().chain([Alternative::default()]))
    }
}

impl Paths {
    /// Code that emits nothing, and is always passed.
    pub(super) fn nothing() -> Self {
        Self::through(Alternatives::nothing())
    }

    pub(super) fn through(through: Alternatives) -> Self {
        Self {
            through,
            exits: Vec::new(),
        }
    }

    /// Code that is never passed, and ends nothing either: a panic.
    pub(super) fn nowhere() -> Self {
        Self::through(Alternatives::default())
    }

    /// Code that only leads to this exit.
    pub(super) fn to(exit: Exit) -> Self {
        Self {
            through: Alternatives::default(),
            exits: vec![(exit, Alternatives::nothing())],
        }
    }

    /// What leads to an exit. It is no exit any more.
    pub(super) fn take(&mut self, exit: Exit) -> Alternatives {
        let at = self.exits.iter().position(|(known, _)| *known == exit);
        at.map(|at| self.exits.swap_remove(at).1)
            .unwrap_or_default()
    }

    fn leave(&mut self, exit: Exit, ways: &Alternatives) {
        if ways.is_empty() {
            return;
        }
        match self.exits.iter_mut().find(|(known, _)| *known == exit) {
            Some((_, known)) => *known = std::mem::take(known).or(ways),
            None => self.exits.push((exit, ways.clone())),
        }
    }

    pub(super) fn then(mut self, next: &Self) -> Self {
        if next.exits.is_empty() && next.through.is_nothing() {
            return self;
        }
        for (exit, ways) in &next.exits {
            self.leave(*exit, &self.through.then(ways));
        }
        self.through = self.through.then(&next.through);
        self
    }

    pub(super) fn or(mut self, other: &Self) -> Self {
        for (exit, ways) in &other.exits {
            self.leave(*exit, ways);
        }
        self.through = self.through.or(&other.through);
        self
    }

    /// Code in a branch on this line.
    pub(super) fn at(mut self, line: usize) -> Self {
        self.through.at(line);
        for (_, ways) in &mut self.exits {
            ways.at(line);
        }
        self
    }

    /// The ways through all branches.
    pub(super) fn branched(mut self) -> Self {
        if self.exits.is_empty() {
            self.through = self.through.without_needless_line();
        }
        self
    }

    pub(super) fn or_not(self) -> Self {
        self.or(&Self::nothing())
    }

    /// The ways that exist if the condition is met, or is not.
    pub(super) fn assuming(mut self, condition: usize, is_met: bool) -> Self {
        let assumes = BTreeMap::from([(condition, is_met)]);
        self.through = self.through.assuming(&assumes);
        for (_, ways) in &mut self.exits {
            *ways = ways.assuming(&assumes);
        }
        self
    }

    /// Leads what comes to the end to an exit instead.
    pub(super) fn exiting(mut self, exits: &[Exit]) -> Self {
        let through = std::mem::take(&mut self.through);
        for exit in exits {
            self.leave(*exit, &through);
        }
        self
    }

    /// Leads an exit to the end.
    pub(super) fn caught(mut self, exit: Exit) -> Self {
        let ways = self.take(exit);
        self.through = self.through.or(&ways);
        self
    }

    /// What leads out of the loop with this number, in one round.
    pub(super) fn out(mut self, number: usize) -> Self {
        self.through = Alternatives::default();
        self.take(Exit::Continue(number));
        self
    }

    /// Whether a round of the loop with this number that another one follows may emit something.
    pub(super) fn emits_again(&self, number: usize) -> bool {
        let again = self
            .exits
            .iter()
            .filter(|(exit, _)| *exit == Exit::Continue(number));
        let again = again.flat_map(|(_, ways)| ways.iter());
        let mut counts = self.through.iter().chain(again).flat_map(|way| &way.counts);
        counts.any(|count| *count != Count::NONE)
    }

    /// Whether nothing comes after it.
    pub(super) fn lead_nowhere(&self) -> bool {
        self.through.is_empty() && self.exits.is_empty()
    }

    /// The rounds of the loop with this number before its last one.
    pub(super) fn rounds(mut self, number: usize) -> Self {
        let again = self.take(Exit::Continue(number));
        Self::through(self.through.or(&again).repeated())
    }
}

#[cfg(test)]
mod tests {
    use super::{Alternative, Alternatives, Count, MOST};

    #[test]
    fn more_alternatives_than_are_told_apart_become_one_with_ranges() {
        let some = |number: usize| Alternatives::of((0..number).map(Alternative::one));
        assert_eq!(some(MOST).iter().count(), MOST);
        let more = some(MOST + 1);
        let more: Vec<_> = more.iter().collect();
        assert_eq!(more.len(), 1);
        assert_eq!(more[0].counts, [Count::between(0, 1); MOST + 1]);
    }

    #[test]
    fn a_count_that_is_too_large_has_no_bound() {
        let most = Count::between(u32::MAX, u32::MAX);
        let sum = most.plus(Count::ONE);
        assert_eq!((sum.least, sum.most), (u32::MAX, None));
    }
}
