//! The script of one case.

use std::time::Duration;

use proptest::prelude::*;

use crate::drive::{Driver, Runtime};

/// The steps of the handler of an event. Each event has its own number.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) id: usize,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Yield,
    /// Milliseconds if the clock is paused; otherwise a yield.
    Sleep(u8),
    Put,
    Emit(Kind, Script),
    Fail,
    Panic,
    Stop,
    /// Runs the script in a spawned task, without waiting for it.
    Spawn(Script),
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Has two listeners.
    Plain,
    /// Pairs with `Right`.
    Left,
    Right,
    /// Triggers a chain in whose middle an error is rescued.
    Chain,
    /// Is split into parts, two of which run at a time.
    Many,
    /// Also comes from outside.
    Poke,
    /// Ends the execution.
    Finish,
}

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) start: Script,
    /// The events sent from outside, if the execution is spawned.
    pub(crate) pokes: Vec<Script>,
    pub(crate) capacity: usize,
    /// How often the reader yields before each item, in a cycle.
    pub(crate) pauses: Vec<u8>,
    /// The number of items after which the reader leaves, if it does.
    pub(crate) leaves: usize,
    pub(crate) driver: Driver,
    pub(crate) runtime: Runtime,
    pub(crate) timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_events: Option<u64>,
    pub(crate) max_pending: Option<u64>,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        5 => Just(Kind::Plain),
        3 => Just(Kind::Left),
        3 => Just(Kind::Right),
        3 => Just(Kind::Chain),
        3 => Just(Kind::Many),
        2 => Just(Kind::Poke),
        1 => Just(Kind::Finish),
    ];
    let simple = prop_oneof![
        60 => Just(Step::Yield),
        20 => (0..20_u8).prop_map(Step::Sleep),
        120 => Just(Step::Put),
        6 => Just(Step::Fail),
        1 => Just(Step::Panic),
        1 => Just(Step::Stop),
    ];
    simple.prop_recursive(5, 120, 8, move |inner| {
        let kind = kind.clone();
        let script = prop::collection::vec(inner, 0..10).prop_map(|steps| Script { id: 0, steps });
        prop_oneof![
            5 => (kind, script.clone()).prop_map(|(kind, script)| Step::Emit(kind, script)),
            1 => script.prop_map(Step::Spawn),
        ]
    })
}

pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let script = || prop::collection::vec(step(), 0..12).prop_map(|steps| Script { id: 0, steps });
    let milliseconds = || {
        let some = (1..200_u64).prop_map(|after| Some(Duration::from_millis(after)));
        prop_oneof![6 => Just(None), 1 => some]
    };
    let runtime = prop_oneof![
        3 => Just(Runtime::Paused),
        1 => (1..4_usize).prop_map(Runtime::Threads),
    ];
    let events = prop_oneof![6 => Just(None), 1 => (1..60_u64).prop_map(Some)];
    let pending = prop_oneof![4 => Just(None), 1 => (1..12_u64).prop_map(Some)];
    let parts = (
        (script(), prop::collection::vec(script(), 0..4)),
        (
            1..10_usize,
            prop::collection::vec(0..3_u8, 1..20),
            0..30_usize,
        ),
        (prop::sample::select(&Driver::ALL[..]), runtime),
        (milliseconds(), milliseconds(), events, pending),
        prop::bool::weighted(0.5),
    );
    parts.prop_map(|parts| {
        let ((start, pokes), (capacity, pauses, leaves), (driver, runtime), limits, calm) = parts;
        let (timeout, idle_timeout, max_events, max_pending) = limits;
        let mut plan = Plan {
            start,
            pokes,
            capacity,
            pauses,
            leaves,
            driver,
            runtime,
            timeout,
            idle_timeout,
            max_events,
            max_pending,
        };
        let mut numbers = 0..;
        let scripts = std::iter::once(&mut plan.start).chain(&mut plan.pokes);
        scripts.for_each(|script| number(script, &mut numbers, calm));
        plan
    })
}

/// Numbers the scripts. In a calm case, it also replaces the steps that end the execution.
fn number(script: &mut Script, numbers: &mut std::ops::RangeFrom<usize>, calm: bool) {
    script.id = numbers.next().unwrap();
    for step in &mut script.steps {
        match step {
            Step::Emit(kind, script) => {
                if calm && *kind == Kind::Finish {
                    *kind = Kind::Chain;
                }
                number(script, numbers, calm);
            }
            Step::Spawn(script) => number(script, numbers, calm),
            Step::Panic | Step::Stop if calm => *step = Step::Yield,
            _ => {}
        }
    }
    // A rescued error is allowed.
    if calm {
        calm_down(script, None);
    }
}

fn calm_down(script: &mut Script, kind: Option<Kind>) {
    for step in &mut script.steps {
        match step {
            Step::Emit(kind, script) => calm_down(script, Some(*kind)),
            Step::Spawn(script) => calm_down(script, None),
            Step::Fail if kind != Some(Kind::Chain) => *step = Step::Yield,
            _ => {}
        }
    }
}
