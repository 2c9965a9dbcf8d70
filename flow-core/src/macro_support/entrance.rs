//! The events that a flow takes from outside, erased to what their way into stages needs.

use std::any::{Any, TypeId};
use std::fmt;
use std::marker::PhantomData;

use crate::event::Event;
use crate::graph::EventDesc;
use crate::macro_support::graph::Graph;

/// An event from outside.
pub(crate) type AnyEvent = Box<dyn Any + Send>;

/// Returns a clone of the event; `None` if it is not `Clone`.
pub(crate) type CopyEvent = fn(&(dyn Any + Send)) -> Option<AnyEvent>;

/// One of the events that the flow `G` declares `external`.
pub struct Entrance<G: Graph> {
    pub(crate) event: EventDesc,
    pub(crate) type_id: fn() -> TypeId,
    /// A clause of the flow takes it.
    pub(crate) has_clause: bool,
    /// A stage of the flow takes it.
    pub(crate) has_stage: bool,
    pub(crate) copy: CopyEvent,
    pub(crate) deliver: fn(AnyEvent, &mut dyn FnMut(G::Activation)),
}

impl<G: Graph> Entrance<G> {
    #[must_use]
    pub const fn new<E: Event>(copy: CopyEvent) -> Self {
        Self {
            event: E::DESC,
            type_id: TypeId::of::<E>,
            has_clause: contains(G::WAITS, E::DESC.id),
            has_stage: G::DESC.passes_on(E::DESC.id),
            copy,
            deliver: |event, clause| {
                if let Ok(event) = event.downcast::<E>() {
                    G::deliver(*event, clause);
                }
            },
        }
    }

    /// The entrance of the events of this type, if the flow takes them.
    pub(crate) fn find(event: TypeId) -> Option<&'static Self> {
        let mut entrances = G::EXTERNAL.iter();
        entrances.find(|entrance| (entrance.type_id)() == event)
    }
}

const fn contains(mut ids: &[u64], id: u64) -> bool {
    while let Some((first, rest)) = ids.split_first() {
        if *first == id {
            return true;
        }
        ids = rest;
    }
    false
}

impl<G: Graph> fmt::Debug for Entrance<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entrance")
            .field("event", &self.event.name)
            .finish_non_exhaustive()
    }
}

/// How is an event of type `E` cloned? `Copies::<E>::COPY` answers, in the way of
/// [`Probe`](crate::macro_support::probe::Probe). A stage asks for `Clone` where it is named.
#[derive(Debug)]
pub struct Copies<E>(PhantomData<E>);

impl<E: Clone + Send + 'static> Copies<E> {
    pub const COPY: CopyEvent = |event| {
        let event = event.downcast_ref::<E>()?;
        Some(Box::new(event.clone()))
    };
}

/// See [`Copies`].
pub trait NotClone {
    const COPY: CopyEvent = |_| None;
}

impl<E> NotClone for Copies<E> {}
