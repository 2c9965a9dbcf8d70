//! The checks that need the whole graph. `flow!` calls each in a `const`, at the span of the words
//! to change, and what they say becomes a compile error there.
//!
//! One defect is one error: while an emitted event has no clause, the handler that would take it is
//! missing, and so is what that one emits; so clauses that wait in vain are only noted then. Where
//! a clause waits in vain, what lies behind it is not reported as well.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

mod defects;
mod survey;
#[cfg(test)]
mod tests;

pub use defects::{
    idle_external, idle_ignore, idle_type, overlong, spelled_twice, unemitted, unfailing,
    unfinished, unheard, unreachable, unretried,
};
pub use survey::Survey;

use crate::desc::ClauseDesc;
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
