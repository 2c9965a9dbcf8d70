//! The checks of `with T = open`, each of which returns the kind of the defect.

use crate::graph::check::defects::NONE;
use crate::graph::desc::HandlerDesc;

/// At the handler that opens a resource: it takes a value.
pub(crate) const TAKES_A_VALUE: u8 = 1;
/// It emits events.
pub(crate) const EMITS: u8 = 2;
/// It puts items.
pub(crate) const PUTS: u8 = 3;
/// It is a flow.
pub(crate) const IS_A_FLOW: u8 = 4;

/// At the handler, about a resource that it takes: the resource is opened later.
pub(crate) const OPENED_LATER: u8 = 1;
/// It opens the resource itself.
pub(crate) const OPENS_ITSELF: u8 = 2;

/// A handler cannot open a resource.
#[must_use]
pub const fn unfit_opener(handler: &HandlerDesc, takes_a_value: bool, puts: bool) -> u8 {
    if handler.broken {
        NONE
    } else if handler.graph.is_some() {
        IS_A_FLOW
    } else if takes_a_value {
        TAKES_A_VALUE
    } else if !handler.emits.is_empty() {
        EMITS
    } else if puts {
        PUTS
    } else {
        NONE
    }
}

/// A handler that opens a resource takes one that is not there yet: its own if it `is_its`.
#[must_use]
pub const fn opened_late(taken: bool, is_its: bool) -> u8 {
    match (taken, is_its) {
        (false, _) => NONE,
        (true, false) => OPENED_LATER,
        (true, true) => OPENS_ITSELF,
    }
}
