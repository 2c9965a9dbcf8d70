//! What a flow does, as its clauses and handlers tell together: whether it asks, what its stages wait
//! for, and whether it may end early.

use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, TriggerDesc};
use crate::graph::text::same_text;

impl GraphDesc {
    /// Whether both describe the same flow.
    #[cfg(feature = "testing")]
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.location == other.location && self.name == other.name
    }

    /// Whether any clause or stage asks a question.
    pub(crate) const fn asks(&self) -> bool {
        if self.asks_in_place || self.splits {
            return true;
        }
        let mut clauses = self.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            if let TriggerDesc::Answered(_) = clause.trigger {
                return true;
            }
            clauses = rest;
        }
        false
    }

    /// Whether any stage is a flow that asks a question, or has such a stage in turn.
    #[doc(hidden)]
    #[must_use]
    pub const fn stages_ask(&self) -> bool {
        self.stages_ask
    }

    /// Whether a stage may wait for something from outside: an answer or an event.
    pub(crate) const fn stages_wait(&self) -> bool {
        self.stages_ask || self.stages_take || self.asks_in_place
    }

    /// Whether an execution that is given up still has something to do: its `finally`, or that of a
    /// stage.
    pub(crate) const fn finishes(&self) -> bool {
        self.finally.is_some() || self.stages_finish
    }

    /// Whether the execution may end where a route goes on, or others of it do: by a handler that
    /// stops it, or emits more than a limit allows, or by an `end now`. In a test, a stand-in may
    /// stop it.
    pub(crate) const fn may_end_amid_a_route(&self) -> bool {
        let mut clauses = self.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            let mut handlers = clause.handlers;
            while let Some((handler, others)) = handlers.split_first() {
                if handler.shape.may_stop() || !handler.emits.is_empty() {
                    return true;
                }
                handlers = others;
            }
            if clause.ends_now {
                return true;
            }
            clauses = rest;
        }
        cfg!(feature = "testing")
    }

    /// Whether an execution may limit the attempts of handlers: by a clause of the flow, or of one
    /// that it is a stage of.
    pub(crate) const fn may_take_turns(&self) -> bool {
        self.concurrency.is_some() || self.name.is_some()
    }

    /// Whether the flow declares the event with this id `external`.
    pub(crate) const fn takes_from_outside(&self, event: u64) -> bool {
        let mut external = self.external;
        while let Some((declared, rest)) = external.split_first() {
            if declared.id == event {
                return true;
            }
            external = rest;
        }
        false
    }

    /// The names of the stages that declare the event with this id `external`.
    pub(crate) fn stages_that_take(&self, event: u64) -> Vec<&'static str> {
        let handlers = self.clauses.iter().flat_map(|clause| clause.handlers);
        let stages = handlers.filter(|handler| {
            let stage = handler.graph;
            stage.is_some_and(|stage| stage.takes_from_outside(event))
        });
        let mut names: Vec<_> = stages.map(|stage| stage.name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Whether any stage is a flow that declares the event with this id `external`.
    pub(crate) const fn passes_on(&self, event: u64) -> bool {
        let mut clauses = self.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            let mut handlers = clause.handlers;
            while let Some((handler, others)) = handlers.split_first() {
                if let Some(stage) = handler.graph
                    && stage.takes_from_outside(event)
                {
                    return true;
                }
                handlers = others;
            }
            clauses = rest;
        }
        false
    }

    /// Whether the flow asks the question with this id, or one of the flows within it does.
    pub(crate) const fn asks_anywhere(&self, question: u64) -> bool {
        let mut clauses = self.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            if let TriggerDesc::Answered(asked) = clause.trigger
                && asked.id == question
            {
                return true;
            }
            let mut handlers = clause.handlers;
            while let Some((handler, others)) = handlers.split_first() {
                if let Some(asked) = handler.asks
                    && asked.id == question
                {
                    return true;
                }
                if let Some(stage) = handler.graph
                    && stage.asks_anywhere(question)
                {
                    return true;
                }
                handlers = others;
            }
            clauses = rest;
        }
        false
    }
}

impl HandlerDesc {
    /// Whether both describe the same handler.
    pub(crate) const fn is(&self, other: &Self) -> bool {
        self.location.line == other.location.line
            && self.location.column == other.location.column
            && same_text(self.name, other.name)
            && same_text(self.location.file, other.location.file)
    }

    /// Whether what it has emitted is out, although a timeout cuts the call short.
    pub(crate) const fn may_be_cut_short(&self) -> bool {
        self.timeout.is_some() && !self.undone
    }

    /// Whether what attempts have emitted that fail is out as well.
    pub(crate) const fn emits_again(&self) -> bool {
        self.attempts > 1 && !self.undone
    }
}

/// Whether an execution counts the calls of any handler, here or in a stage that is a flow. It is a
/// field of the graph, so that it is computed only once, at compile time.
#[allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]
pub(super) const fn counts_calls(clauses: &[ClauseDesc]) -> bool {
    let mut clause = 0;
    while clause < clauses.len() {
        let handlers = clauses[clause].handlers;
        let mut handler = 0;
        while handler < handlers.len() {
            let HandlerDesc { counted, graph, .. } = handlers[handler];
            if counted.is_some() {
                return true;
            }
            if let Some(stage) = graph
                && stage.counts_calls
            {
                return true;
            }
            handler += 1;
        }
        clause += 1;
    }
    false
}

/// Whether any stage is a flow that asks a question; a field of the graph for the same reason.
pub(super) const fn stages_ask(mut clauses: &[ClauseDesc]) -> bool {
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if let Some(stage) = handler.graph
                && (stage.asks() || stage.stages_ask)
            {
                return true;
            }
            handlers = others;
        }
        clauses = rest;
    }
    false
}

/// How many stages are an `ask E`.
pub(super) const fn asks(mut clauses: &[ClauseDesc]) -> usize {
    let mut asks = 0;
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if handler.asks.is_some() {
                asks += 1;
            }
            handlers = others;
        }
        clauses = rest;
    }
    asks
}

/// Whether any stage is a flow that takes events from outside; a field for the same reason.
pub(super) const fn stages_take(mut clauses: &[ClauseDesc]) -> bool {
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if let Some(stage) = handler.graph
                && !stage.external.is_empty()
            {
                return true;
            }
            handlers = others;
        }
        clauses = rest;
    }
    false
}

/// Whether any stage is a flow that finishes when it is given up; a field for the same reason.
pub(super) const fn stages_finish(mut clauses: &[ClauseDesc]) -> bool {
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if let Some(stage) = handler.graph
                && stage.finishes()
            {
                return true;
            }
            handlers = others;
        }
        clauses = rest;
    }
    false
}

/// Whether any clause opens a resource; a field for the same reason.
pub(super) const fn opens(mut clauses: &[ClauseDesc]) -> bool {
    while let Some((clause, rest)) = clauses.split_first() {
        if let TriggerDesc::Open(_) = clause.trigger {
            return true;
        }
        clauses = rest;
    }
    false
}

/// Whether any handler is marked `once`.
pub(super) const fn calls_once(mut clauses: &[ClauseDesc]) -> bool {
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if handler.once {
                return true;
            }
            handlers = others;
        }
        clauses = rest;
    }
    false
}
