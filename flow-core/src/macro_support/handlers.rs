//! The handlers of a flow as one table, of which its clauses are slices: rustc evaluates one
//! constant instead of one for each clause.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators, and rustc interprets it: an index is the least work"
)]

use std::convert::Infallible;
use std::marker::PhantomData;

use crate::graph::{ClauseDesc, EventDesc, HandlerDesc, Location, StageDesc, TriggerDesc};

/// A type without values that mentions `T`.
#[derive(Debug)]
pub struct Never<T>(PhantomData<fn() -> T>, Infallible);

/// The handlers of a flow, in the order in which its clauses name them.
#[derive(Debug)]
pub struct HandlerTable<const N: usize> {
    file: &'static str,
    handlers: [HandlerDesc; N],
    /// Each handler as the only stage of a route.
    stages: [StageDesc; N],
}

impl<const N: usize> HandlerTable<N> {
    /// Makes the table of a flow in `file`.
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

    /// `when E -> handler`, with the handler at index `first`.
    #[must_use]
    pub const fn when(
        &'static self,
        event: EventDesc,
        first: usize,
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        self.single(TriggerDesc::Event(event), first, line, column)
    }

    /// A clause of the handler at index `first` alone.
    #[must_use]
    pub const fn single(
        &'static self,
        trigger: TriggerDesc,
        first: usize,
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        let route = std::slice::from_ref(&self.stages[first]);
        let handlers = std::slice::from_ref(&self.handlers[first]);
        let location = Location::new(self.file, line, column);
        ClauseDesc::new(trigger, route, handlers, location).first_handler(first)
    }

    /// A clause with `count` handlers from index `first` on.
    #[must_use]
    pub const fn clause(
        &'static self,
        trigger: TriggerDesc,
        (first, count): (usize, usize),
        route: &'static [StageDesc],
        line: u32,
        column: u32,
    ) -> ClauseDesc {
        let (_, handlers) = self.handlers.split_at(first);
        let (handlers, _) = handlers.split_at(count);
        let location = Location::new(self.file, line, column);
        ClauseDesc::new(trigger, route, handlers, location).first_handler(first)
    }
}
