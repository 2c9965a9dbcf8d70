//! Proofs of the nastiest flows, as constants: rustc's lint `long_running_const_eval` is an error,
//! so they show that no proof takes many times what the text of its flow does.
//!
//! Clauses are in the order in which a pass over the text, in either direction, finds out about
//! one: each second one from the front, and the others from the back.

use super::{PROVED, Soundness, edges};
use crate::graph::check::analysis::Analysis;
use crate::graph::desc::{ArmDesc, ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count};

const HERE: Location = Location::new("", 0, 0);
const NONE: Count = Count::exactly(0);
const ONE: Count = Count::exactly(1);
/// One way, which emits all events.
const ALL: &[Alternative] = &[Alternative::new(&[ONE; 6])];
/// Two ways, each of which emits one of two events.
const EITHER: &[Alternative] = &[
    Alternative::new(&[ONE, NONE]),
    Alternative::new(&[NONE, ONE]),
];

/// The event with this number.
const fn event(number: usize) -> EventDesc {
    let mut event = EventDesc::new("Event", "", "Event", HERE);
    event.id = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    event
}

/// What a clause waits for and what its handler emits, as numbers of events.
#[derive(Clone, Copy)]
struct Step {
    waits: ([usize; 3], usize),
    emits: ([usize; 6], usize),
    ways: &'static [Alternative],
}

impl Step {
    const fn new<const W: usize, const E: usize>(waits: [usize; W], emits: [usize; E]) -> Self {
        let mut step = Self {
            waits: ([0; 3], W),
            emits: ([0; 6], E),
            ways: ALL,
        };
        let mut i = 0;
        while i < W {
            step.waits.0[i] = waits[i];
            i += 1;
        }
        let mut i = 0;
        while i < E {
            step.emits.0[i] = emits[i];
            i += 1;
        }
        step
    }
}

const fn events<const N: usize>(numbers: [usize; N]) -> [EventDesc; N] {
    let (mut events, mut i) = ([event(0); N], 0);
    while i < N {
        events[i] = event(numbers[i]);
        i += 1;
    }
    events
}

/// The place in the text of the step with this number, of so many: the first and the last keep
/// theirs.
const fn place(step: usize, steps: usize) -> usize {
    if step == 0 || step + 1 == steps {
        step
    } else if step % 2 == 1 {
        step.div_ceil(2)
    } else {
        steps - 1 - step / 2
    }
}

/// A module with the proof of a flow of so many steps. The first one is `start`, and after the last
/// one comes the `end`.
macro_rules! proof {
    ($flow:ident, $steps:literal steps, $waits:literal waits, $step:path) => {
        mod $flow {
            use super::*;

            static STEPS: [Step; $steps] = {
                let (mut steps, mut i) = ([Step::new([], []); $steps], 0);
                while i < $steps {
                    steps[place(i, $steps)] = $step(i);
                    i += 1;
                }
                steps
            };

            static WAITS: [[EventDesc; 3]; $steps] = {
                let (mut all, mut i) = ([[event(0); 3]; $steps], 0);
                while i < $steps {
                    all[i] = events(STEPS[i].waits.0);
                    i += 1;
                }
                all
            };

            static EMITS: [[EventDesc; 6]; $steps] = {
                let (mut all, mut i) = ([[event(0); 6]; $steps], 0);
                while i < $steps {
                    all[i] = events(STEPS[i].emits.0);
                    i += 1;
                }
                all
            };

            static HANDLERS: [HandlerDesc; $steps] = {
                let (mut all, mut i) = (
                    [HandlerDesc::new("h", "", HERE, &[], &[], false); $steps],
                    0,
                );
                while i < $steps {
                    let emits = EMITS[i].split_at(STEPS[i].emits.1).0;
                    all[i] =
                        HandlerDesc::new("h", "", HERE, &[], emits, false).success(STEPS[i].ways);
                    i += 1;
                }
                all
            };

            static ROUTES: [[StageDesc; 2]; $steps] = {
                let (mut all, mut i) = ([[StageDesc::End; 2]; $steps], 0);
                while i < $steps {
                    all[i][0] = StageDesc::Handler(HANDLERS[i]);
                    i += 1;
                }
                all
            };

            static CLAUSES: [ClauseDesc; $steps] = {
                let (mut all, mut i) = (
                    [ClauseDesc::new(TriggerDesc::Start, &[], &[], HERE); $steps],
                    0,
                );
                while i < $steps {
                    let trigger = match STEPS[i].waits.1 {
                        0 => TriggerDesc::Start,
                        1 => TriggerDesc::Event(WAITS[i][0]),
                        waits => TriggerDesc::All(WAITS[i].split_at(waits).0),
                    };
                    let stages = if i + 1 == $steps { 2 } else { 1 };
                    let handlers = std::slice::from_ref(&HANDLERS[i]);
                    all[i] = ClauseDesc::new(trigger, ROUTES[i].split_at(stages).0, handlers, HERE);
                    if i + 1 == $steps {
                        all[i] = all[i].ends();
                    }
                    i += 1;
                }
                all
            };

            const GRAPH: GraphDesc = GraphDesc::new("", "", HERE)
                .types("()", Some("u32"), "String")
                .wiring(&CLAUSES, &[], &[]);
            const ANALYSIS: Analysis<$steps, $waits> = Analysis::new(&GRAPH);
            const PROOF: Soundness<$steps> =
                Soundness::new::<$waits, { edges(&GRAPH) }>(&GRAPH, &ANALYSIS);

            #[test]
            fn is_proved() {
                assert!(ANALYSIS.all_heard());
                assert!(PROOF.findings.iter().all(|finding| finding.kind == PROVED));
            }
        }
    };
}

/// Each event leads to the next one.
const fn chain(step: usize) -> Step {
    match step {
        0 => Step::new([], [0]),
        799 => Step::new([798], []),
        _ => Step::new([step - 1], [step]),
    }
}

proof!(chain_of_800_events, 800 steps, 799 waits, chain);

/// Each third event leads to one of two, which both lead to the next third one. The last one waits
/// for a partner, which comes from the `start`.
const fn diamonds(step: usize) -> Step {
    match step {
        0 => Step::new([], [1, 0]),
        601 => Step::new([601, 0], []),
        _ => match step % 3 {
            1 => Step {
                ways: EITHER,
                ..Step::new([step], [step + 1, step + 2])
            },
            2 => Step::new([step], [step + 2]),
            _ => Step::new([step], [step + 1]),
        },
    }
}

proof!(ways_that_meet_200_times, 602 steps, 602 waits, diamonds);

/// Each step waits for three events, of steps that overlap.
const fn tangle(step: usize) -> Step {
    if step == 0 {
        // `A` of the next step, `B` of the next two, and `C` of the next three.
        return Step::new([], [0, 1, 4, 2, 5, 8]);
    }
    let first = 3 * (step - 1);
    let waits = [first, first + 1, first + 2];
    match 199 - step {
        0 => Step::new(waits, []),
        1 => Step::new(waits, [first + 3]),
        2 => Step::new(waits, [first + 3, first + 7]),
        _ => Step::new(waits, [first + 3, first + 7, first + 11]),
    }
}

proof!(tangle_of_200_joins, 200 steps, 597 waits, tangle);

const LEAF: HandlerDesc =
    HandlerDesc::new("leaf", "", HERE, &[], &[], false).success(&[Alternative::new(&[])]);

/// Alternatives in alternatives, with joins and stand-ins between them, as deep as there are words:
/// rustc calls no more than 128 functions in each other.
macro_rules! nest {
    () => { StageDesc::End };
    ($word:tt $($rest:tt)*) => {
        StageDesc::Choice(&[
            ArmDesc::new("", &[
                StageDesc::Join(&[&[StageDesc::Handler(LEAF)], &[StageDesc::Handler(LEAF)]]),
                StageDesc::Else {
                    route: &[StageDesc::Handler(LEAF)],
                    stand_in: &[StageDesc::Handler(LEAF)],
                },
                StageDesc::End,
            ]),
            ArmDesc::new("", &[nest!($($rest)*)]),
        ])
    };
}

mod alternatives_in_alternatives {
    use super::*;

    const ROUTE: &[StageDesc] = &[nest!(
        . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .
    )];
    const GRAPH: GraphDesc = GraphDesc::new("", "", HERE)
        .types("()", Some("u32"), "String")
        .wiring(
            &[ClauseDesc::new(TriggerDesc::Start, ROUTE, &[LEAF; 4 * 40], HERE).ends()],
            &[],
            &[],
        );
    const PROOF: Soundness<1> =
        Soundness::new::<0, { edges(&GRAPH) }>(&GRAPH, &Analysis::new(&GRAPH));

    #[test]
    fn are_proved() {
        assert_eq!(PROOF.findings[0].kind, PROVED);
    }
}
