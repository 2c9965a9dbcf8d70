//! Comparisons that a `const fn` can make.

use crate::graph::desc::ClauseDesc;
use crate::graph::event::EventDesc;

pub(super) const fn contains(events: &[EventDesc], event: EventDesc) -> bool {
    let mut i = 0;
    while i < events.len() {
        if events[i].id == event.id {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether a handler or an `emit` of the clause emits the event.
pub(super) const fn emits(clause: &ClauseDesc, event: EventDesc) -> bool {
    let mut h = 0;
    while h < clause.handlers.len() {
        if contains(clause.handlers[h].emits, event) {
            return true;
        }
        h += 1;
    }
    let mut s = 0;
    while s < clause.emits.len() {
        if contains(clause.emits[s], event) {
            return true;
        }
        s += 1;
    }
    false
}
