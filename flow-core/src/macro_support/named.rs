//! Which event a handler emits under a name that it does not declare: an alias, or a variant of an
//! event. Only the type tells, and a description can compare types by the ids of events alone.

use crate::event::Event;
use crate::graph::check::{DEFECT, NONE};
use crate::graph::shape::range;
use crate::graph::{Count, EventDesc, HandlerDesc};

/// The id of the event that the closure would make. It is never called.
#[must_use]
pub const fn event_of<E: Event>(_: fn() -> E) -> u64 {
    E::DESC.id
}

/// A field of such an event.
#[must_use]
pub fn never_made<T>() -> T {
    unreachable!("the type of an event needs no values")
}

/// How many of each declared event: those under the declared names, and those under other names.
#[must_use]
#[allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; an index out of bounds is a compile error"
)]
pub const fn counts<const N: usize, const K: usize>(
    emits: &[EventDesc],
    named: &[u64; K],
    mut declared: [Count; N],
    of_named: [Count; K],
) -> [Count; N] {
    let mut k = 0;
    while k < K {
        let (mut e, mut is_declared) = (0, false);
        while e < N {
            if emits[e].id == named[k] {
                declared[e] = declared[e].plus(of_named[k]);
                is_declared = true;
                break;
            }
            e += 1;
        }
        // It is not declared, which is an error of its own.
        let mut e = 0;
        while e < N && !is_declared {
            declared[e] = Count::ANY;
            e += 1;
        }
        k += 1;
    }
    declared
}

/// Whether no call emits the declared event with this index: a kind of a defect.
#[must_use]
pub const fn unemitted(desc: &HandlerDesc, event: usize) -> u8 {
    let success = range(desc.shape.success, event);
    let failure = range(desc.shape.failure, event);
    if success.may_be_any() || failure.may_be_any() {
        NONE
    } else {
        DEFECT
    }
}
