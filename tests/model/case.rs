//! How often handlers do what, and what happens to an execution from outside.

use fastrand::Rng;

/// How an execution is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    /// Nothing reads the items.
    Run,
    Stream,
    /// As a task, with a handle. The items are read.
    Spawn,
}

/// One execution. Its seed decides the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    /// Of 100 calls, so many fail.
    pub(crate) fail: u8,
    /// Of 1000 calls, so many panic.
    pub(crate) panic: u8,
    /// Of 1000 steps, so many stop the execution.
    pub(crate) stop: u8,
    /// The most steps of a call.
    pub(crate) steps: u8,
    pub(crate) fuel: u8,
    /// After so many calls, handlers emit nothing, so that it comes to its end.
    pub(crate) calls: usize,
    pub(crate) way: Way,
    pub(crate) max_events: u64,
    pub(crate) max_pending: u64,
    /// The execution is dropped after so many turns, unless it is a task.
    pub(crate) drop_after: usize,
    /// The handle may cancel it.
    pub(crate) cancels: bool,
    /// Time passes between the calls.
    pub(crate) passes: bool,
}

impl Case {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let rarely = |rng: &mut Rng, most| if rng.u8(..3) == 0 { rng.u8(..most) } else { 0 };
        let rarely_less = |rng: &mut Rng, most| {
            if rng.u8(..4) == 0 {
                rng.u64(1..most)
            } else {
                u32::MAX.into()
            }
        };
        Self {
            seed,
            fail: rng.u8(..3) * rng.u8(..20),
            panic: rarely(&mut rng, 40),
            stop: rarely(&mut rng, 40),
            steps: rng.u8(1..6),
            fuel: rng.u8(1..5),
            calls: rng.usize(1..200),
            way: [Way::Run, Way::Stream, Way::Spawn][rng.usize(..3)],
            max_events: rarely_less(&mut rng, 60),
            max_pending: rarely_less(&mut rng, 8),
            drop_after: usize::try_from(rarely_less(&mut rng, 60)).unwrap(),
            cancels: rng.u8(..4) == 0,
            passes: rng.bool(),
        }
    }
}

impl Case {
    /// Cases with less of one thing.
    pub(crate) fn smaller(self) -> Vec<Self> {
        let mut all = vec![
            Self {
                calls: self.calls / 2,
                ..self
            },
            Self {
                calls: self.calls.saturating_sub(1),
                ..self
            },
            Self {
                fuel: self.fuel.saturating_sub(1),
                ..self
            },
            Self {
                steps: self.steps.saturating_sub(1),
                ..self
            },
            Self { fail: 0, ..self },
            Self { panic: 0, ..self },
            Self { stop: 0, ..self },
            Self {
                cancels: false,
                ..self
            },
            Self {
                passes: false,
                ..self
            },
            Self {
                max_events: u32::MAX.into(),
                ..self
            },
            Self {
                max_pending: u32::MAX.into(),
                ..self
            },
            Self {
                drop_after: usize::MAX,
                ..self
            },
        ];
        all.retain(|smaller| *smaller != self);
        all
    }
}
