//! The clauses that an event goes to, as a constant, and the comparisons of types that remain.
//!
//! rustc compiles only the arm of [`Graph::deliver`] that the constant selects. To compare each
//! event with each would be most of the build time of a large flow.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators, and rustc interprets it: an index is the least work"
)]

use std::any::{Any, TypeId};
use std::marker::PhantomData;

use crate::event::Event;
use crate::graph::{GraphDesc, TriggerDesc};
use crate::macro_support::bounds::{MadeInto, Payload};
use crate::macro_support::graph::Graph;

/// The ids of the events that the clauses of a flow wait for, in the order of the text: `W` in all.
#[must_use]
pub const fn wait_ids<const W: usize>(graph: &GraphDesc) -> [u64; W] {
    let mut ids = [0; W];
    let (mut wait, mut clause) = (0, 0);
    while clause < graph.clauses.len() {
        match &graph.clauses[clause].trigger {
            TriggerDesc::Event(event) | TriggerDesc::Times { event, .. } => {
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

/// Selects the clauses of the flow `G` for the event `E`.
#[derive(Debug)]
pub struct Dispatch<G, E>(PhantomData<fn() -> (G, E)>);

impl<G: Graph, E: Event> Dispatch<G, E> {
    /// The index of the first wait for the event, or the number of waits if there is none.
    pub const INDEX: usize = {
        let mut wait = 0;
        while wait < G::WAITS.len() && G::WAITS[wait] != E::DESC.id {
            wait += 1;
        }
        wait
    };
}

/// Drops the value at `ignore`. `drop` would be a lint in the user's code if it has no destructor.
#[inline]
pub fn ignore<T>(_value: T) {}

/// Calls a closure of a route. The value comes first, so that it gives the closure's parameter its
/// type.
#[inline]
pub fn apply<I, O>(value: I, function: impl FnOnce(I) -> O) -> O {
    function(value)
}

/// Takes the value if it is a `To`. The optimiser decides that at compile time.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "the comparison is optimised away only where the types are known"
)]
pub fn take<From: 'static, To: 'static>(value: &mut Option<From>) -> Option<To> {
    // The optimiser knows these ids, unlike the type in a `dyn Any`.
    if TypeId::of::<From>() != TypeId::of::<To>() {
        return None;
    }
    let value: &mut dyn Any = value;
    value.downcast_mut::<Option<To>>().and_then(Option::take)
}

/// The input of a handler: the value that has arrived, if it is a `P`.
#[inline]
pub fn input<P: 'static, I: 'static>(arrived: &mut Option<I>) -> Option<P> {
    take(arrived)
}

/// The input of a handler, made from the event `E` if that has arrived.
#[inline]
pub fn converted<P: Payload<E>, E: 'static, I: 'static>(arrived: &mut Option<I>) -> Option<P> {
    take(arrived).map(P::from_event)
}

/// [`converted`] for a parameter that looks like an answer.
#[inline]
pub fn converted_answer<P, E, I>(arrived: &mut Option<I>) -> Option<P>
where
    E: MadeInto<P> + 'static,
    I: 'static,
{
    take(arrived).map(E::made_into)
}

/// Panics because of an input that the checks should have refused.
#[allow(clippy::panic, reason = "the checks have ruled it out")]
pub fn unexpected() -> ! {
    panic!("this handler was called with a value that it does not take")
}

/// The value as the output of the flow. The checks ensure that it has that type.
#[must_use]
pub fn output<V: 'static, O: 'static>(value: V) -> Option<O> {
    take(&mut Some(value))
}
