//! The script of one case.

use std::time::Duration;

use proptest::prelude::*;

use crate::drive::{Driver, Runtime};

/// What the handler of an event does. Each event has a number of its own.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) id: usize,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Yield,
    /// Milliseconds, where the clock is paused.
    Sleep(u8),
    Put,
    Emit(Kind, Script),
    Fail,
    Panic,
    Stop,
    /// In a task of its own, without waiting for it.
    Spawn(Script),
}

/// Which event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// Has two listeners.
    Plain,
    /// Two that wait for each other.
    Left,
    Right,
    /// A chain, an error in the middle of which is rescued.
    Chain,
    /// Is cut into pieces, two of which run at a time.
    Many,
    /// Comes from outside as well.
    Poke,
    /// Ends the execution.
    Finish,
}

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) start: Script,
    /// Sent in from outside, if it is spawned.
    pub(crate) pokes: Vec<Script>,
    pub(crate) capacity: usize,
    /// How often the reader lets others run before each item, in turn.
    pub(crate) pauses: Vec<u8>,
    /// After how many items it goes, if it goes.
    pub(crate) leaves: usize,
    pub(crate) driver: Driver,
    pub(crate) runtime: Runtime,
    pub(crate) timeout: Option<Duration>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_events: Option<u64>,
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
    let events = prop_oneof![6 => Just(None), 1 => (0..60_u64).prop_map(Some)];
    let parts = (
        (script(), prop::collection::vec(script(), 0..4)),
        (
            1..10_usize,
            prop::collection::vec(0..3_u8, 1..20),
            0..30_usize,
        ),
        (prop::sample::select(&Driver::ALL[..]), runtime),
        (milliseconds(), milliseconds(), events),
        prop::bool::weighted(0.5),
    );
    parts.prop_map(|parts| {
        let ((start, pokes), (capacity, pauses, leaves), (driver, runtime), limits, calm) = parts;
        let (timeout, idle_timeout, max_events) = limits;
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
        };
        let mut numbers = 0..;
        let scripts = std::iter::once(&mut plan.start).chain(&mut plan.pokes);
        scripts.for_each(|script| number(script, &mut numbers, calm));
        plan
    })
}

/// Gives each script its number; in a calm case, nothing ends the execution.
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
    // What is rescued is allowed.
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
