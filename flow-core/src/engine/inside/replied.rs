//! The rests of clauses that were split, and have the replies to their questions. A slot that is free
//! takes them before all events; see [`split`](crate::macro_support::split).

use std::collections::VecDeque;

use crate::engine::inside::Inside;
use crate::macro_support::graph::Graph;
use crate::macro_support::split::Pause;

impl<G: Graph> Inside<G> {
    /// A clause can go on in its rest.
    #[cold]
    pub(crate) fn add_rest(&self, rest: G::Activation) {
        let mut slots = self.slots.take().unwrap_or_default();
        slots.rests.push_back(rest);
        self.slots.set(Some(slots));
    }

    /// Calls `access` with the clauses that can go on, if there are any.
    pub(super) fn with_rests<R>(
        &self,
        access: impl FnOnce(&mut VecDeque<G::Activation>) -> R,
    ) -> Option<R> {
        let mut slots = self.slots.take()?;
        let rests = &mut slots.rests;
        let result = (!rests.is_empty()).then(|| access(rests));
        self.slots.set(Some(slots));
        result
    }

    /// Whether a clause can go on in its rest.
    #[inline]
    pub(crate) fn has_rest(&self) -> bool {
        let splits = const { G::DESC.splits };
        splits && self.with_rests(|rests| rests.iter_mut().any(begins::<G>)) == Some(true)
    }

    /// The clause that goes on next.
    pub(crate) fn next_rest(&self) -> Option<G::Activation> {
        self.with_rests(|rests| {
            let next = rests.iter_mut().position(begins::<G>)?;
            rests.remove(next)
        })?
    }

    /// Calls `access` with the pause at this address, if its clause has a reply.
    pub(crate) fn with_pause(&self, address: usize, access: &mut dyn FnMut(&mut Pause)) {
        self.with_rests(|rests| {
            let mut pauses = rests.iter_mut().filter_map(G::pause);
            if let Some(pause) = pauses.find(|pause| pause.address() == address) {
                access(pause);
            }
        });
    }
}

/// Whether the rest of a clause may begin.
fn begins<G: Graph>(rest: &mut G::Activation) -> bool {
    G::pause(rest).is_none_or(|pause| !pause.waits_for_room)
}
