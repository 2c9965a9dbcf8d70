//! The handlers of a flow in one piece, and the clauses as parts of that: rustc pays for each constant
//! that is evaluated, and this is one.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators, and rustc interprets it: an index is the least work"
)]

use crate::desc::{ClauseDesc, Place, StageDesc, TriggerDesc};
use crate::event::EventDesc;
use crate::handler::HandlerDesc;

/// The handlers as the clauses of a flow name them, in the order of the text.
#[derive(Debug)]
pub struct Mentions<const N: usize> {
    file: &'static str,
    handlers: [HandlerDesc; N],
    /// Each as the only stage of a route.
    stages: [StageDesc; N],
}

impl<const N: usize> Mentions<N> {
    /// Those of a flow in `file`.
    #[must_use]
    pub const fn new(file: &'static str, handlers: [HandlerDesc; N]) -> Self {
        let mut stages = [StageDesc::End; N];
        let mut i = 0;
        while i < N {
            stages[i] = StageDesc::Handler(handlers[i]);
            i += 1;
        }
        Self {
            file,
            handlers,
            stages,
        }
    }

    /// `when E -> handler`, which is the one at `first`.
    #[must_use]
    pub const fn when(
        &'static self,
        event: EventDesc,
        first: usize,
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        self.lone(TriggerDesc::Event(event), first, line, column)
    }

    /// A clause of the handler at `first` alone.
    #[must_use]
    pub const fn lone(
        &'static self,
        trigger: TriggerDesc,
        first: usize,
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        let route = std::slice::from_ref(&self.stages[first]);
        let handlers = std::slice::from_ref(&self.handlers[first]);
        let place = Place::new(self.file, line, column);
        ClauseDesc::new(trigger, route, handlers, false, place)
    }

    /// A clause with so many handlers from `first` on. What it leads through goes with whether that
    /// leads to `end`.
    #[must_use]
    pub const fn clause(
        &'static self,
        trigger: TriggerDesc,
        (first, count): (usize, usize),
        (route, ends): (&'static [StageDesc], bool),
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        let (_, handlers) = self.handlers.split_at(first);
        let (handlers, _) = handlers.split_at(count);
        let place = Place::new(self.file, line, column);
        ClauseDesc::new(trigger, route, handlers, ends, place)
    }
}
