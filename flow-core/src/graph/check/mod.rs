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
