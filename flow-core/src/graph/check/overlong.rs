//! The limits that are longer than that of the flow, with the durations that the message names.

use std::time::Duration;

use crate::graph::check::analysis::Analysis;
use crate::graph::check::defects::{DEFECT, NONE};
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};

/// At a handler: its attempts together take longer than the flow may.
pub(crate) const REPEATED_TOO_LONG: u8 = 1;
/// Its only attempt does.
pub(crate) const TOO_LONG: u8 = 2;
/// An attempt takes longer than the flow may be idle.
pub(crate) const IDLE_TOO_LONG: u8 = 3;

/// The time between two attempts is longer than the flow may run.
pub(crate) const PAUSES_TOO_LONG: u8 = 4;
/// At a stage that is a flow: a question in it may wait longer than this flow may run.
pub(crate) const ASKS_TOO_LONG: u8 = 5;

/// The durations are numbers of one unit, so that the message can take each from a const parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlong {
    /// The kind of the defect.
    pub kind: u8,
    /// How often what takes `each` may happen.
    pub times: u32,
    pub each: u64,
    /// What the flow allows.
    pub allowed: u64,
    /// What it would have to allow.
    pub needed: u64,
    /// The place of the unit in `UNITS`.
    pub unit: u8,
}

/// The nanoseconds of each unit, the longest first.
const UNITS: [u128; 7] = [
    86_400_000_000_000,
    3_600_000_000_000,
    60_000_000_000,
    1_000_000_000,
    1_000_000,
    1_000,
    1,
];

impl Overlong {
    /// There is no defect.
    const NO: Self = Self {
        kind: NONE,
        times: 0,
        each: 0,
        allowed: 0,
        needed: 0,
        unit: 0,
    };

    const fn new(
        kind: u8,
        times: u32,
        each: Duration,
        allowed: Duration,
        needed: Duration,
    ) -> Self {
        let (each, allowed, needed) = (each.as_nanos(), allowed.as_nanos(), needed.as_nanos());
        let mut unit = 0;
        while each % UNITS[unit] != 0 || allowed % UNITS[unit] != 0 {
            unit += 1;
        }
        #[allow(clippy::cast_possible_truncation, reason = "there are seven units")]
        let place = unit as u8;
        Self {
            kind,
            times,
            each: number(each, unit),
            allowed: number(allowed, unit),
            needed: number(needed, unit),
            unit: place,
        }
    }
}

const fn number(nanos: u128, unit: usize) -> u64 {
    let number = nanos / UNITS[unit];
    if number > u64::MAX as u128 {
        return u64::MAX;
    }
    #[allow(clippy::cast_possible_truncation, reason = "compared with `u64::MAX`")]
    let number = number as u64;
    number
}

/// A handler may take longer than the `timeout` of its flow, or do nothing for longer than its
/// `idle_timeout`. (A handler that puts or emits does something.) Of a named flow as a stage, only
/// the questions are compared: its own limit and those of its handlers may be caps, wherever it is
/// used. What runs in the `finally` alone has no limit but that of the `finally`.
#[must_use]
pub const fn exceeds_timeout<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    handler: usize,
) -> Overlong {
    let handler = &graph.clauses[clause].handlers[handler];
    if settles(graph, analysis, handler) {
        return Overlong::NO;
    }
    if let Some(stage) = handler.graph {
        return waits_too_long(ASKS_TOO_LONG, Some(longest_within(stage)), graph);
    }
    if handler.asks.is_some() {
        return waits_too_long(DEFECT, handler.timeout, graph);
    }
    let Some(attempt) = handler.timeout else {
        return waits_too_long(PAUSES_TOO_LONG, handler.longest_pause, graph);
    };
    let all = attempt.saturating_mul(handler.attempts);
    if let Some(flow) = graph.timeout
        && all.as_nanos() > flow.as_nanos()
    {
        let kind = if handler.attempts > 1 {
            REPEATED_TOO_LONG
        } else {
            TOO_LONG
        };
        return Overlong::new(kind, handler.attempts, attempt, flow, all);
    }
    if let Some(idle) = graph.idle_timeout
        && handler.silent
        && attempt.as_nanos() > idle.as_nanos()
        && !is_kept_busy(graph, idle)
    {
        return Overlong::new(IDLE_TOO_LONG, 1, attempt, idle, attempt);
    }
    waits_too_long(PAUSES_TOO_LONG, handler.longest_pause, graph)
}

/// Whether only clauses that run in the `finally` call the handler.
const fn settles<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    handler: &HandlerDesc,
) -> bool {
    let mut i = 0;
    while i < N {
        let mut handlers = graph.clauses[i].handlers;
        while let Some((other, rest)) = handlers.split_first() {
            if other.is(handler) && !analysis.settles[i] {
                return false;
            }
            handlers = rest;
        }
        i += 1;
    }
    true
}

/// Whether a clause with a clock does something before the flow has been idle for so long.
const fn is_kept_busy(graph: &GraphDesc, idle: Duration) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if let TriggerDesc::Every { period, .. } | TriggerDesc::Reminder { period, .. } =
            &clause.trigger
            && period.as_nanos() < idle.as_nanos()
        {
            let mut busy = clause.handlers.len() > 1 || !clause.emits.is_empty();
            let mut handlers = clause.handlers;
            while let Some((handler, others)) = handlers.split_first() {
                busy |= !handler.silent;
                handlers = others;
            }
            if busy {
                return true;
            }
        }
        clauses = rest;
    }
    false
}

/// The longest time that a question in the flow, or in a stage of it, can be answered.
const fn longest_within(graph: &GraphDesc) -> Duration {
    let mut longest = Duration::ZERO;
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if let [
            StageDesc::Ask {
                within: Some(within),
            },
        ] = clause.route
        {
            longest = longer(longest, *within);
        }
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if let (Some(_), Some(within)) = (handler.asks, handler.timeout) {
                longest = longer(longest, within);
            }
            if let Some(stage) = handler.graph {
                longest = longer(longest, longest_within(stage));
            }
            handlers = others;
        }
        clauses = rest;
    }
    longest
}

const fn longer(one: Duration, other: Duration) -> Duration {
    if one.as_nanos() > other.as_nanos() {
        one
    } else {
        other
    }
}

/// A question may wait for its answer longer than the `timeout` of its flow. (An execution that
/// waits for an answer is not idle, and a question in the `finally` does not wait.)
#[must_use]
pub const fn waits_beyond_timeout<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
) -> Overlong {
    if analysis.settles[clause] {
        return Overlong::NO;
    }
    let clause = &graph.clauses[clause];
    let ([StageDesc::Ask { within }], TriggerDesc::Event(_)) = (clause.route, &clause.trigger)
    else {
        return Overlong::NO;
    };
    waits_too_long(DEFECT, *within, graph)
}

const fn waits_too_long(kind: u8, within: Option<Duration>, graph: &GraphDesc) -> Overlong {
    let (Some(within), Some(flow)) = (within, graph.timeout) else {
        return Overlong::NO;
    };
    if within.as_nanos() <= flow.as_nanos() {
        return Overlong::NO;
    }
    Overlong::new(kind, 1, within, flow, within)
}

/// The flow ends before an `every` clause or a reminder of it runs for the first time.
#[must_use]
pub const fn ticks_beyond_timeout(graph: &GraphDesc, clause: usize) -> Overlong {
    let (TriggerDesc::Every { period, .. } | TriggerDesc::Reminder { period, .. }, Some(flow)) =
        (&graph.clauses[clause].trigger, graph.timeout)
    else {
        return Overlong::NO;
    };
    if period.as_nanos() < flow.as_nanos() {
        return Overlong::NO;
    }
    Overlong::new(DEFECT, 1, *period, flow, *period)
}

/// The time of a question is over before it is reminded of for the first time.
#[must_use]
pub const fn reminds_beyond_within(period: Duration, within: Duration) -> Overlong {
    if period.as_nanos() < within.as_nanos() {
        return Overlong::NO;
    }
    Overlong::new(DEFECT, 1, period, within, period)
}
