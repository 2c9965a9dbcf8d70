//! Partners that exclude each other: a clause waits for two events, and an execution emits one of
//! them at most, because it has to choose between them.

use crate::graph::check::analysis::Analysis;
use crate::graph::check::choices::{ANSWER, BODY, Choices, OUTCOME, ROUTE};
use crate::graph::check::defects::NONE;
use crate::graph::desc::GraphDesc;

/// A body emits one of them.
pub(crate) const IN_ONE_BODY: u8 = 1;
/// They are in different arms of a `match` or an `if`.
pub(crate) const IN_TWO_ARMS: u8 = 2;
/// One follows the answer to a question, and the other its absence.
pub(crate) const ANSWERED_OR_NOT: u8 = 3;
/// One follows the success of a handler, and the other its failure.
pub(crate) const FAILED_OR_NOT: u8 = 4;

/// A clause waits for two events that exclude each other: those with these numbers.
#[must_use]
pub const fn excluded_partners<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    one: usize,
    other: usize,
) -> u8 {
    let connections = &analysis.connections;
    if connections.open || connections.broken || !connections.reached[clause] {
        return NONE;
    }
    let events = graph.clauses[clause].trigger.events();
    let (one, other) = (
        connections.first(events[one].id),
        connections.first(events[other].id),
    );
    let kinds = [
        (BODY, IN_ONE_BODY),
        (ROUTE, IN_TWO_ARMS),
        (ANSWER, ANSWERED_OR_NOT),
        (OUTCOME, FAILED_OR_NOT),
    ];
    let mut i = 0;
    while i < kinds.len() {
        if exclude_each_other(&analysis.choices, kinds[i].0, one, other) {
            return kinds[i].1;
        }
        i += 1;
    }
    NONE
}

/// Whether both events are behind one choice of the kind, and in different ways.
const fn exclude_each_other<const W: usize>(
    choices: &Choices<W>,
    kind: usize,
    one: usize,
    other: usize,
) -> bool {
    let (one, other) = (&choices.events[one], &choices.events[other]);
    if !one.known || !other.known {
        return false;
    }
    let passed = one.passed & other.passed;
    let mut first_ways = choices.first_ways[kind] & passed;
    while first_ways != 0 {
        let first = first_ways & first_ways.wrapping_neg();
        let choice = choices.all_ways(first);
        if one.ways & other.ways & choice == 0 {
            return true;
        }
        first_ways &= !first;
    }
    false
}
