//! The clauses `every "1s" -> …`.

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::macro_support::graph::{Graph, Worker};

/// A run of such a clause, in whichever way it ends: the clause does not overlap itself.
#[derive(Debug)]
pub struct Ticking<'a, G: Graph, W: Worker<G>> {
    worker: &'a W,
    every: usize,
    graph: PhantomData<fn() -> G>,
}

impl<'a, G: Graph, W: Worker<G>> Ticking<'a, G, W> {
    /// `every` is the number of the clause among those of its kind.
    #[must_use]
    pub fn new(worker: &'a W, every: usize) -> Self {
        Self {
            worker,
            every,
            graph: PhantomData,
        }
    }

    /// The rest of the clause goes on with the run.
    pub fn goes_on(self) {
        let _of_the_rest = ManuallyDrop::new(self);
    }
}

impl<G: Graph, W: Worker<G>> Drop for Ticking<'_, G, W> {
    fn drop(&mut self) {
        self.worker.ticked(self.every);
    }
}
