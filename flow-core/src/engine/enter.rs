//! Events from outside on their way to clauses and into stages that are flows.

use std::any::TypeId;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::limits::Place;
use crate::engine::outside::stages::{Stage, Waiting};
use crate::engine::outside::tree::Tree;
use crate::engine::send::UnderWay;
use crate::error::FlowError;
use crate::macro_support::copies::AnyEvent;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::{Entrance, Graph};

impl<G: Graph> Stage for Core<G> {
    fn takes(&self, event: TypeId) -> bool {
        Entrance::<G>::find(event).is_some()
    }

    fn enter(&self, event: AnyEvent) -> Result<(), AnyEvent> {
        let _under_way = UnderWay::new(self);
        let Some(entrance) = Entrance::<G>::find((*event).type_id()) else {
            return Err(event);
        };
        if self.refuses_sends() || self.is_over() || !self.admits_entering(entrance) {
            return Err(event);
        }
        if let Some(watch) = self.watch.get() {
            self.tell_emitted(watch, entrance.event.name);
        }
        self.enter_admitted(entrance, event);
        Ok(())
    }

    fn look_again(&self) {
        self.wake_state.notify();
    }
}

impl<G: Graph> Core<G> {
    /// Hands the event to the clauses and to the stages that take it.
    pub(super) fn enter_admitted(&self, entrance: &Entrance<G>, event: AnyEvent) {
        if !entrance.has_clause {
            return self.pass_on(entrance, event, false);
        }
        let copy = entrance.has_stage.then(|| (entrance.copy)(&*event));
        (entrance.deliver)(event, &mut |activation| self.push_sent(activation));
        if let Some(Some(copy)) = copy {
            self.pass_on(entrance, copy, true);
        }
    }

    /// Hands a clone of the event to each running stage that takes it. If there is none, the event
    /// waits for the first to begin. `is_taken` tells that a clause has it as well.
    #[cold]
    fn pass_on(&self, entrance: &Entrance<G>, event: AnyEvent, is_taken: bool) {
        let Some(tree) = &self.tree else { return };
        let (mut sent, mut since) = (Some(self.waiting(entrance, event, is_taken)), 0);
        loop {
            // No lock is held while the event is cloned.
            let stages = tree.stages.find(&mut sent, &mut since, || {
                !self.is_closed() && !self.is_finalizing()
            });
            let Some((last, others)) = stages.split_last() else {
                return;
            };
            let Some(Waiting { event, .. }) = sent else {
                return;
            };
            let mut has_entered = false;
            for stage in others {
                if let Some(copy) = (entrance.copy)(&*event) {
                    has_entered |= stage.enter(copy).is_ok();
                }
            }
            match last.enter(event) {
                Err(event) if !has_entered => sent = Some(self.waiting(entrance, event, is_taken)),
                Ok(()) | Err(_) => return,
            }
        }
    }

    fn waiting(&self, entrance: &Entrance<G>, event: AnyEvent, is_taken: bool) -> Waiting {
        Waiting {
            within: self.address(),
            name: entrance.event.name,
            id: entrance.event.id,
            event,
            is_taken,
            place: self.pending_limit().map(Place::new),
        }
    }

    /// Whether the end of the outer flow, or of all that can send, matters to this stage.
    pub(super) fn takes_from_outside(&self) -> bool {
        let takes = const { !G::DESC.external.is_empty() };
        takes && self.tree.is_some()
    }

    /// Whether a handle or a sender of the outermost execution can send an event to this one.
    #[inline]
    pub(crate) fn is_reachable(&self) -> bool {
        self.takes_from_outside() && self.outside_can_send()
    }

    #[cold]
    fn outside_can_send(&self) -> bool {
        let tree = self.tree.as_ref();
        tree.is_some_and(|tree| tree.stages.has_senders()) && !self.is_ending()
    }

    /// Nothing runs any more: the events that still wait for a stage are an error. Returns whether
    /// there were any.
    #[cold]
    pub(super) fn fail_of_untaken(&self, inside: &Inside<G>) -> bool {
        let Some(tree) = self.senders_into_stages() else {
            return false;
        };
        if !tree.stages.has_untaken(self.address()) {
            return false;
        }
        let waiting = tree.stages.take_waiting(self.address());
        let mut untaken = waiting.iter().filter(|sent| !sent.is_taken);
        if let Some(first) = untaken.next() {
            let (name, id) = (first.name, first.id);
            let count = 1 + untaken.filter(|sent| sent.id == id).count();
            let error = FlowError::untaken(name, count, G::DESC.stages_that_take(id));
            inside.end(Ending::Failed(error));
        }
        drop_each_catching(waiting);
        true
    }

    /// Drops the events that wait for a stage.
    pub(super) fn drop_untaken(&self) {
        if let Some(tree) = self.senders_into_stages() {
            drop_each_catching(tree.stages.take_waiting(self.address()));
        }
    }

    /// The tree, if events from outside find their way into stages.
    pub(super) fn senders_into_stages(&self) -> Option<&Tree> {
        let passes_on = const { G::DESC.stages_take };
        self.tree.as_deref().filter(|_| passes_on)
    }
}
