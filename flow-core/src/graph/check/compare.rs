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

/// The name of the clause's first handler that emits the event.
pub(super) const fn emitter_in(clause: &ClauseDesc, event: EventDesc) -> Option<&'static str> {
    let mut h = 0;
    while h < clause.handlers.len() {
        if contains(clause.handlers[h].emits, event) {
            return Some(clause.handlers[h].name);
        }
        h += 1;
    }
    None
}
