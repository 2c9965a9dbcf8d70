//! The position of an execution: the clause and the handler that run.

use std::cell::Cell;

use crate::error::At;
use crate::graph::desc::HandlerDesc;
use crate::graph::{GraphDesc, TriggerDesc};
use crate::macro_support::graph::NO_HANDLER;

/// The clause that runs, and the handler in it, for errors and observers.
///
/// There is no handler while a clause runs something else: a condition, a conversion, a question,
/// `end`.
///
/// The default is where most executions begin, the first handler of the first clause.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Position {
    clause: u16,
    /// Or [`NO_HANDLER`].
    handler: u32,
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "no flow has so many of them"
)]
impl Position {
    /// Outside of all clauses.
    pub(crate) const NOWHERE: Self = Self {
        clause: u16::MAX,
        handler: NO_HANDLER as u32,
    };

    /// Both are numbered as in [`GraphDesc`].
    #[inline]
    pub(crate) fn new((clause, handler): (usize, usize)) -> Self {
        Self {
            clause: clause as u16,
            handler: handler as u32,
        }
    }

    #[inline]
    pub(crate) fn parts(self) -> (u16, u32) {
        (self.clause, self.handler)
    }

    #[inline]
    pub(crate) fn from_parts(clause: u16, handler: u32) -> Self {
        Self { clause, handler }
    }

    pub(crate) fn handler(self, graph: &'static GraphDesc) -> Option<&'static HandlerDesc> {
        let clause = graph.clauses.get(self.clause as usize)?;
        let index = (self.handler as usize).checked_sub(clause.first_handler)?;
        clause.handlers.get(index)
    }

    /// The position in the form that errors contain.
    pub(crate) fn at(self, graph: &'static GraphDesc) -> At {
        let clause = graph.clauses.get(self.clause as usize);
        At {
            handler: self.handler(graph).map(|handler| handler.name),
            event: clause.and_then(|clause| clause.trigger.event_name()),
            opens: clause.and_then(|clause| match clause.trigger {
                TriggerDesc::Open(resource) => Some(resource),
                _ => None,
            }),
            every: clause.is_some_and(|clause| matches!(clause.trigger, TriggerDesc::Every { .. })),
            finally: clause.is_some_and(|clause| matches!(clause.trigger, TriggerDesc::Finally)),
            rescue: clause.is_some_and(|clause| matches!(clause.trigger, TriggerDesc::Rescue(_))),
        }
    }
}

/// The current position. Its parts are in cells of their own, so that each is read as wide as it
/// was written: a load that spans a narrower store right before it stalls.
#[derive(Default)]
pub(crate) struct PositionCell {
    clause: Cell<u16>,
    handler: Cell<u32>,
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "no flow has so many of them"
)]
impl PositionCell {
    #[inline]
    pub(crate) fn get(&self) -> Position {
        Position::from_parts(self.clause.get(), self.handler.get())
    }

    #[inline]
    pub(crate) fn set(&self, position: Position) {
        self.clause.set(position.clause);
        self.handler.set(position.handler);
    }

    /// Notes the handler that is called now, in the current clause.
    #[inline]
    pub(crate) fn set_handler(&self, handler: usize) {
        self.handler.set(handler as u32);
    }
}

/// The number of a run of a clause; `None` if nothing observed the execution when the run began.
pub(crate) type StepNumber = Option<u64>;

/// The run of a clause that a slot is in, as far as observers need it. Each slot has one, and a
/// driver is moved several times on its way into a task, so it is small.
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    /// The number of the step plus one, or 0; shifted over the bit [`OPEN`].
    word: u64,
    /// The step that caused it.
    #[cfg(feature = "tracing")]
    pub(crate) cause: StepNumber,
}

/// A handler has been called in the clause itself, not in a branch, and has not returned.
const OPEN: u64 = 1;
const FLAGS: u32 = 1;

impl Run {
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
    pub(crate) fn new(step: u64, cause: StepNumber) -> Self {
        Self {
            word: (step + 1) << FLAGS,
            #[cfg(feature = "tracing")]
            cause,
        }
    }

    pub(crate) fn step(self) -> StepNumber {
        (self.word >> FLAGS).checked_sub(1)
    }

    pub(crate) fn is_open(self) -> bool {
        self.word & OPEN != 0
    }

    pub(crate) fn with_open(mut self, open: bool) -> Self {
        self.word = (self.word & !OPEN) | u64::from(open);
        self
    }
}

/// Distinguishes two moments between which something has happened, for the idle timeout.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct Progress {
    /// How many activations were taken from the queue.
    pub(crate) taken: u64,
    /// Changes when items are put or read, and when a clause reaches another stage.
    pub(crate) activity: u32,
    /// Handlers wait for the reader, which is not idleness.
    pub(crate) blocked: bool,
}
