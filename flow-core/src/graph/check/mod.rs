//! The checks that need the whole graph. `flow!` calls each in a `const`, with the span of the
//! words to change, and the message becomes a compile error there.
//!
//! One defect is one error, so its consequences are not reported:
//!
//! - While an emitted event has no clause, a handler is missing, and with it the events that it
//!   emits. Clauses whose events no handler emits are then only a note.
//! - If a clause never runs, the clauses that it leads to are not reported.
//! - A handler that emits an event without declaring it is reported by rustc. The clause for that
//!   event is not.
#![allow(
    missing_docs,
    clippy::missing_panics_doc,
    reason = "the functions are for the macros, and not part of the documentation"
)]
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

mod analysis;
mod compare;
mod connections;
mod defects;
mod endless;
#[cfg(test)]
mod tests;

pub use analysis::Analysis;
pub use defects::{
    exceeds_timeout, infallible_rescue, infallible_retry, output_without_end, unhandled_event,
    unused_external, unused_ignore, unused_type,
};

use crate::graph::check::defects::{spelled_twice, unemitted, unreachable_or_endless};
use crate::graph::desc::GraphDesc;
use crate::graph::text::Text;

/// Makes a defect a compile error, at the span of the call.
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

/// The defects of a clause that may never run, at its event number `part`, which is the wait number
/// `wait` of the flow. They are one function because each call in a `const` costs rustc as much as
/// a small function.
#[must_use]
pub const fn dead_wait<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    groups: &[usize],
    wait: usize,
    part: usize,
) -> Option<Text> {
    let clause = analysis.connections.waits[wait].clause;
    let event = graph.clauses[clause].trigger.events()[part];
    if let Some(text) = unemitted(graph, analysis, wait, event) {
        return Some(text);
    }
    if part == 0
        && let Some(text) = unreachable_or_endless(graph, analysis, clause)
    {
        return Some(text);
    }
    spelled_twice(analysis, groups, wait, event)
}
