//! The checks that need the whole graph. `flow!` calls each in a `const`, at the span of the words
//! to change, and what they say becomes a compile error there.
//!
//! One defect is one error: while an emitted event has no clause, the handler that would take it is
//! missing, and so is what that one emits; so clauses that wait in vain are only noted then. Where
//! a clause waits in vain, what lies behind it is not reported as well; nor is a clause whose event is
//! emitted without being declared, which rustc reports where it is emitted.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

mod defects;
mod endless;
mod survey;
#[cfg(test)]
mod tests;

pub use defects::{
    idle_external, idle_ignore, idle_type, overlong, unfailing, unfinished, unheard, unretried,
};
pub use survey::Survey;

use crate::check::defects::{spelled_twice, unemitted, unreachable_or_endless};
use crate::desc::{ClauseDesc, GraphDesc};
use crate::event::EventDesc;
use crate::text::Text;

/// Makes a defect a compile error, at the place of the call.
///
/// # Panics
///
/// If there is one.
#[track_caller]
#[allow(
    clippy::panic,
    reason = "a panic in a `const` is how an error is reported"
)]
pub const fn check(defect: Option<Text>) {
    if let Some(text) = defect {
        panic!("{}", text.as_str());
    }
}

/// What may be wrong with a wait, the event `part` of its clause: one question, since each costs rustc
/// as much as a small function.
#[must_use]
pub const fn in_vain<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    groups: &[usize],
    wait: usize,
    part: usize,
) -> Option<Text> {
    let clause = survey.waits[wait].clause;
    let event = graph.clauses[clause].trigger.events()[part];
    if let Some(text) = unemitted(graph, survey, wait, event) {
        return Some(text);
    }
    if part == 0
        && let Some(text) = unreachable_or_endless(graph, survey, clause)
    {
        return Some(text);
    }
    spelled_twice(survey, groups, wait, event)
}

const fn contains(events: &[EventDesc], event: EventDesc) -> bool {
    let mut i = 0;
    while i < events.len() {
        if events[i].id == event.id {
            return true;
        }
        i += 1;
    }
    false
}

/// The same within one clause.
const fn emitter_in(clause: &ClauseDesc, event: EventDesc) -> Option<&'static str> {
    let mut h = 0;
    while h < clause.handlers.len() {
        if contains(clause.handlers[h].emits, event) {
            return Some(clause.handlers[h].name);
        }
        h += 1;
    }
    None
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut i = 0;
    while i < left.len() {
        if left[i] != right[i] {
            return false;
        }
        i += 1;
    }
    true
}
