//! The checks of a durable flow, each of which returns the kind of the defect.

use crate::graph::check::defects::NONE;
use crate::graph::desc::{GraphDesc, HandlerDesc};

/// It is a flow that is not durable.
pub(crate) const NOT_DURABLE: u8 = 1;
/// It emits in a loop that never ends.
pub(crate) const NEVER_RETURNS: u8 = 2;
/// It is a flow with a `finally`.
pub(crate) const FINISHES: u8 = 3;
/// It is a flow that takes events from outside.
pub(crate) const TAKES_EXTERNAL: u8 = 4;

/// It takes a state in an `each` that runs several items at the same time.
pub(crate) const TAKES_TURNS: u8 = 1;

/// A durable flow cannot record the calls of the handler.
#[must_use]
pub const fn unrecorded(handler: &HandlerDesc) -> u8 {
    if handler.broken {
        NONE
    } else if let Some(stage) = handler.graph {
        unrecorded_stage(stage)
    } else if handler.endless > 0 {
        NEVER_RETURNS
    } else {
        NONE
    }
}

const fn unrecorded_stage(stage: &GraphDesc) -> u8 {
    if !stage.durable {
        NOT_DURABLE
    } else if stage.finishes() {
        FINISHES
    } else if stage.external.is_empty() && !stage.stages_take {
        NONE
    } else {
        TAKES_EXTERNAL
    }
}

/// The line of the loop in its body that emits and never ends.
#[must_use]
pub const fn endless_line(handler: &HandlerDesc) -> u32 {
    handler.endless
}

/// The handler is the whole body of an `each`, which runs so many items at the same time, or as many
/// as there are. If it `takes` a state, its calls take turns all the same.
#[must_use]
pub const fn serialised(handler: &HandlerDesc, takes: bool, at_once: Option<usize>) -> u8 {
    match at_once {
        // That 0 is too few is reported.
        Some(0 | 1) => NONE,
        _ if takes && !handler.broken => TAKES_TURNS,
        _ => NONE,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        FINISHES, NEVER_RETURNS, NOT_DURABLE, TAKES_TURNS, endless_line, serialised, unrecorded,
    };
    use std::time::Duration;

    use crate::graph::check::defects::NONE;
    use crate::graph::{GraphDesc, HandlerDesc, Location};

    const PLACE: Location = Location::new("", 0, 0);

    #[test]
    fn a_stage_that_is_a_flow_and_a_loop_without_an_end_are_found() {
        static DURABLE: GraphDesc = GraphDesc::new("Stage", "", PLACE).durable();
        static FINALLY: GraphDesc = GraphDesc::new("Stage", "", PLACE)
            .durable()
            .finally(Duration::from_secs(1));
        static STAGE: GraphDesc = GraphDesc::new("Stage", "", PLACE);
        let handler = HandlerDesc::new("work", "", PLACE, &[], &[], false);
        assert_eq!(unrecorded(&handler), NONE);
        assert_eq!(unrecorded(&HandlerDesc::flow(&STAGE)), NOT_DURABLE);
        assert_eq!(unrecorded(&HandlerDesc::flow(&DURABLE)), NONE);
        assert_eq!(unrecorded(&HandlerDesc::flow(&FINALLY)), FINISHES);
        assert_eq!(unrecorded(&handler.endless(7)), NEVER_RETURNS);
        assert_eq!(endless_line(&handler.endless(7)), 7);
        let broken = HandlerDesc {
            broken: true,
            ..handler.endless(7)
        };
        assert_eq!(unrecorded(&broken), NONE);
    }

    #[test]
    fn a_state_is_taken_by_one_item_at_a_time() {
        let handler = HandlerDesc::new("add", "", PLACE, &[], &[], false);
        for at_once in [None, Some(2), Some(usize::MAX)] {
            assert_eq!(serialised(&handler, true, at_once), TAKES_TURNS);
            assert_eq!(serialised(&handler, false, at_once), NONE);
        }
        assert_eq!(serialised(&handler, true, Some(1)), NONE);
        assert_eq!(serialised(&handler, true, Some(0)), NONE);
        let broken = HandlerDesc {
            broken: true,
            ..handler
        };
        assert_eq!(serialised(&broken, true, None), NONE);
    }
}
