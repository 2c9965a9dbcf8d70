//! Which clauses an event goes to, as a constant: so of what is done with all others, rustc compiles
//! nothing for it. Comparing each event with each would be most of what a large flow costs to build.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators, and rustc interprets it: an index is the least work"
)]

use std::marker::PhantomData;

use crate::desc::{GraphDesc, TriggerDesc};
use crate::event::Event;
use crate::graph::Graph;

/// The ids of the events that the clauses of a flow wait for, in the order of the text: `W` in all.
#[must_use]
pub const fn waits<const W: usize>(graph: &GraphDesc) -> [u64; W] {
    let mut ids = [0; W];
    let (mut wait, mut clause) = (0, 0);
    while clause < graph.clauses.len() {
        match &graph.clauses[clause].trigger {
            TriggerDesc::Event(event) => {
                ids[wait] = event.id;
                wait += 1;
            }
            TriggerDesc::All(events) => {
                let mut part = 0;
                while part < events.len() {
                    ids[wait] = events[part].id;
                    wait += 1;
                    part += 1;
                }
            }
            _ => {}
        }
        clause += 1;
    }
    ids
}

/// Where the event `E` arrives in the flow `G`.
#[derive(Debug)]
pub struct Arrival<G, E>(PhantomData<fn() -> (G, E)>);

impl<G: Graph, E: Event> Arrival<G, E> {
    /// The number of the first wait for it; as many as there are, if there is none.
    pub const WAIT: usize = {
        let mut wait = 0;
        while wait < G::WAITS.len() && G::WAITS[wait] != E::DESC.id {
            wait += 1;
        }
        wait
    };
}
