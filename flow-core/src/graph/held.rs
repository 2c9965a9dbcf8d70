//! The events in a value, as its type shows: what an `emit` may emit.
#![allow(
    missing_docs,
    reason = "what is not for users is not part of the documentation"
)]
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; an index out of bounds is a compile error"
)]

use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count};

/// The events in a value of a type.
#[derive(Clone, Copy, Debug)]
pub enum Held {
    /// An event.
    One(EventDesc),
    /// `Option<T>`
    Optional(&'static Held),
    /// `Vec<T>`
    Any(&'static Held),
    /// `[T; n]`
    Times(usize, &'static Held),
    /// A tuple.
    All(&'static [Held]),
    /// An enum with `#[derive(Events)]`.
    OneOf(&'static [Held]),
}

/// The greatest number of alternatives. Of more, only their range is kept.
const MOST: usize = 8;

/// How deep tuples and enums within one another are searched for the place of an event.
pub(crate) const DEPTH: usize = 4;

impl Held {
    /// The number of places at which there is an event.
    #[must_use]
    pub const fn places(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Optional(of) | Self::Any(of) | Self::Times(_, of) => of.places(),
            Self::All(each) | Self::OneOf(each) => {
                let (mut places, mut i) = (0, 0);
                while i < each.len() {
                    places += each[i].places();
                    i += 1;
                }
                places
            }
        }
    }

    /// The first place of the event: for each tuple and each enum around it the number of the
    /// element or the variant, counted from 1. See `HeldAt`.
    #[must_use]
    pub const fn place(&self, event: u64) -> [u8; DEPTH] {
        match self.find(event, 0) {
            Some(place) => place,
            None => [0; DEPTH],
        }
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "no tuple or enum has so many elements that the place of one would matter"
    )]
    const fn find(&self, event: u64, depth: usize) -> Option<[u8; DEPTH]> {
        match self {
            Self::One(one) if one.id == event => Some([0; DEPTH]),
            Self::One(_) => None,
            Self::Optional(of) | Self::Any(of) | Self::Times(_, of) => of.find(event, depth),
            Self::All(each) | Self::OneOf(each) => {
                let mut i = 0;
                while i < each.len() && depth < DEPTH {
                    if let Some(mut place) = each[i].find(event, depth + 1) {
                        place[depth] = i as u8 + 1;
                        return Some(place);
                    }
                    i += 1;
                }
                None
            }
        }
    }
}

/// The events of a value, each once. `N` is the number of its [places](Held::places).
#[derive(Debug)]
pub struct HeldEvents<const N: usize> {
    events: [EventDesc; N],
    count: usize,
}

impl<const N: usize> HeldEvents<N> {
    #[must_use]
    pub const fn new(held: &Held) -> Self {
        const NONE: EventDesc = EventDesc::new("", "", "", Location::new("", 0, 0));
        let mut events = Self {
            events: [NONE; N],
            count: 0,
        };
        events.add(held);
        events
    }

    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The events, of which there are `M`.
    #[must_use]
    pub const fn list<const M: usize>(&self) -> [EventDesc; M] {
        let mut list = [const { EventDesc::new("", "", "", Location::new("", 0, 0)) }; M];
        let mut i = 0;
        while i < M {
            list[i] = self.events[i];
            i += 1;
        }
        list
    }

    const fn add(&mut self, held: &Held) {
        match held {
            Held::One(event) => {
                if index(&self.events, event.id) >= self.count {
                    self.events[self.count] = *event;
                    self.count += 1;
                }
            }
            Held::Optional(of) | Held::Any(of) | Held::Times(_, of) => self.add(of),
            Held::All(each) | Held::OneOf(each) => {
                let mut i = 0;
                while i < each.len() {
                    self.add(&each[i]);
                    i += 1;
                }
            }
        }
    }
}

const fn index(events: &[EventDesc], event: u64) -> usize {
    let mut i = 0;
    while i < events.len() && events[i].id != event {
        i += 1;
    }
    i
}

/// The alternatives of a value: how many of each of `M` events.
#[derive(Clone, Copy, Debug)]
pub struct Alternatives<const M: usize> {
    each: [[Count; M]; MOST],
    count: usize,
}

impl<const M: usize> Alternatives<M> {
    /// Those of a value with these events.
    #[must_use]
    pub const fn new(held: &Held, events: &[EventDesc]) -> Self {
        match held {
            Held::One(event) => {
                let mut one = Self::NOTHING;
                one.each[0][index(events, event.id)] = Count::exactly(1);
                one
            }
            Held::Optional(of) => Self::NOTHING.or(&Self::new(of, events)),
            Held::Any(of) => {
                let mut any = Self::NOTHING;
                let range = Self::new(of, events).range();
                let mut e = 0;
                while e < M {
                    if range[e].may_be_any() {
                        any.each[0][e] = Count::ANY;
                    }
                    e += 1;
                }
                any
            }
            Held::Times(times, of) => {
                // Each element may be another alternative.
                let range = Self::new(of, events).range();
                let mut all = Self::NOTHING;
                let mut e = 0;
                while e < M {
                    all.each[0][e] = times_of(range[e], *times);
                    e += 1;
                }
                all
            }
            Held::All(each) => {
                let (mut all, mut i) = (Self::NOTHING, 0);
                while i < each.len() {
                    all = all.and(&Self::new(&each[i], events));
                    i += 1;
                }
                all
            }
            Held::OneOf(variants) => {
                let (mut any, mut i) = (Self::NONE, 0);
                while i < variants.len() {
                    any = any.or(&Self::new(&variants[i], events));
                    i += 1;
                }
                any
            }
        }
    }

    /// The number of the alternatives.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// The alternatives, of which there are `L`.
    #[must_use]
    pub const fn list<const L: usize>(&'static self) -> [Alternative; L] {
        let mut list = [Alternative::new(&[]); L];
        let mut i = 0;
        while i < L {
            list[i] = Alternative::new(&self.each[i]);
            i += 1;
        }
        list
    }

    /// None: there is no such value.
    const NONE: Self = Self {
        each: [[Count::exactly(0); M]; MOST],
        count: 0,
    };

    /// A single one without events.
    const NOTHING: Self = Self {
        count: 1,
        ..Self::NONE
    };

    /// One of these or of the others.
    const fn or(mut self, other: &Self) -> Self {
        let mut i = 0;
        while i < other.count {
            self = self.with(other.each[i]);
            i += 1;
        }
        self
    }

    /// One of these together with one of the others.
    const fn and(&self, other: &Self) -> Self {
        let mut both = Self::NONE;
        let mut a = 0;
        while a < self.count {
            let mut b = 0;
            while b < other.count {
                let mut sum = [Count::exactly(0); M];
                let mut e = 0;
                while e < M {
                    sum[e] = sum_of(self.each[a][e], other.each[b][e]);
                    e += 1;
                }
                both = both.with(sum);
                b += 1;
            }
            a += 1;
        }
        both
    }

    const fn with(mut self, one: [Count; M]) -> Self {
        let mut i = 0;
        while i < self.count {
            if same(&self.each[i], &one) {
                return self;
            }
            i += 1;
        }
        if self.count < MOST {
            self.each[self.count] = one;
            self.count += 1;
            return self;
        }
        let mut range = Self::NOTHING;
        range.each[0] = merged(self.range(), one);
        range
    }

    /// From the fewest to the most of each event.
    const fn range(&self) -> [Count; M] {
        let (mut range, mut i) = (self.each[0], 1);
        while i < self.count {
            range = merged(range, self.each[i]);
            i += 1;
        }
        range
    }
}

const fn same<const M: usize>(a: &[Count; M], b: &[Count; M]) -> bool {
    let mut e = 0;
    while e < M {
        let same = match (a[e].most, b[e].most) {
            (Some(a), Some(b)) => a == b,
            (None, None) => true,
            _ => false,
        };
        if !same || a[e].least != b[e].least {
            return false;
        }
        e += 1;
    }
    true
}

const fn merged<const M: usize>(mut a: [Count; M], b: [Count; M]) -> [Count; M] {
    let mut e = 0;
    while e < M {
        let least = if a[e].least < b[e].least {
            a[e].least
        } else {
            b[e].least
        };
        a[e] = match (a[e].most, b[e].most) {
            (Some(a), Some(b)) => Count::between(least, if a > b { a } else { b }),
            _ => Count::at_least(least),
        };
        e += 1;
    }
    a
}

const fn sum_of(a: Count, b: Count) -> Count {
    let least = a.least.saturating_add(b.least);
    match (a.most, b.most) {
        (Some(a), Some(b)) => Count::between(least, a.saturating_add(b)),
        _ => Count::at_least(least),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "no array has so many elements that the difference would matter"
)]
const fn times_of(count: Count, times: usize) -> Count {
    let times = if times > u32::MAX as usize {
        u32::MAX
    } else {
        times as u32
    };
    let least = count.least.saturating_mul(times);
    match count.most {
        Some(most) => Count::between(least, most.saturating_mul(times)),
        None if times == 0 => Count::exactly(0),
        None => Count::at_least(least),
    }
}

#[cfg(test)]
mod tests {
    use super::{Alternatives, Held, HeldEvents};
    use crate::graph::{EventDesc, Location};

    const fn event(name: &'static str) -> EventDesc {
        EventDesc::new(name, "", name, Location::new("", 0, 0))
    }

    const A: EventDesc = event("A");
    const B: EventDesc = event("B");
    const ONE: Held = Held::One(A);
    const OTHER: Held = Held::One(B);

    /// The alternatives of `A` and `B`, as in `1 ?`.
    fn alternatives(held: &Held) -> Vec<String> {
        let found = Alternatives::new(held, &[A, B]);
        let found = found.each.iter().take(found.count);
        found.map(|[a, b]| format!("{a} {b}")).collect()
    }

    #[test]
    fn a_type_tells_how_many_events_its_values_hold() {
        assert_eq!(alternatives(&ONE), ["1 0"]);
        assert_eq!(alternatives(&Held::Optional(&ONE)), ["0 0", "1 0"]);
        assert_eq!(alternatives(&Held::Any(&OTHER)), ["0 *"]);
        assert_eq!(alternatives(&Held::Times(3, &ONE)), ["3 0"]);
        let none = Held::Times(0, const { &Held::Any(&ONE) });
        assert_eq!(alternatives(&none), ["0 0"]);
        assert_eq!(
            alternatives(&Held::Times(2, const { &Held::OneOf(&[ONE, OTHER]) })),
            ["0..=2 0..=2"]
        );
        assert_eq!(
            alternatives(&Held::All(&[ONE, OTHER, Held::Optional(&ONE)])),
            ["1 1", "2 1"]
        );
        assert_eq!(
            alternatives(&Held::OneOf(&[ONE, OTHER, Held::All(&[ONE, OTHER]), ONE])),
            ["1 0", "0 1", "1 1"]
        );
        assert_eq!(alternatives(&Held::OneOf(&[])), [""; 0]);
    }

    #[test]
    fn of_more_than_eight_alternatives_the_range_is_kept() {
        const PERHAPS: Held = Held::Optional(&ONE);
        assert_eq!(alternatives(&Held::All(&[PERHAPS; 7])).len(), 8);
        assert_eq!(alternatives(&Held::All(&[PERHAPS; 8])), ["0..=8 0"]);
    }

    #[test]
    fn each_event_is_listed_once_with_its_first_place() {
        const HELD: Held = Held::All(&[
            Held::Optional(&ONE),
            Held::OneOf(&[ONE, Held::Any(&Held::All(&[ONE, OTHER]))]),
        ]);
        const EVENTS: HeldEvents<{ HELD.places() }> = HeldEvents::new(&HELD);
        assert_eq!((HELD.places(), EVENTS.count()), (4, 2));
        assert_eq!(EVENTS.list::<2>(), [A, B]);
        assert_eq!(HELD.place(A.id), [1, 0, 0, 0]);
        assert_eq!(HELD.place(B.id), [2, 2, 2, 0]);
        assert_eq!(ONE.place(A.id), [0; 4]);
    }
}
