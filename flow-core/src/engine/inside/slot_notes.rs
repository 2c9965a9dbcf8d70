//! What a flow knows of its slots whose stages ask, or wait for the outside.

use crate::engine::inside::{Inside, SlotNotes};
use crate::macro_support::graph::Graph;

impl<G: Graph> Inside<G> {
    /// Notes which slot is polled.
    pub(crate) fn set_slot(&self, slot: u32) {
        let mut slots = self.slots.take();
        if slots.is_some() || slot > 0 {
            slots.get_or_insert_default().current = slot;
        }
        self.slots.set(slots);
    }

    /// The slot that is polled.
    pub(crate) fn slot(&self) -> u32 {
        let slots = self.slots.take();
        let slot = slots.as_ref().map_or(0, |slots| slots.current);
        self.slots.set(slots);
        slot
    }

    /// One more handler runs in a branch of the current slot, or one fewer.
    pub(crate) fn beside(&self, change: i32) {
        let mut slots = self.slots.take().unwrap_or_default();
        let slot = slots.current as usize;
        if slots.beside.len() <= slot {
            slots.beside.resize(slot + 1, 0);
        }
        if let Some(running) = slots.beside.get_mut(slot) {
            *running = running.saturating_add_signed(change);
        }
        self.slots.set(Some(slots));
    }

    /// How many handlers run in branches of the slot.
    pub(crate) fn running_beside(&self, slot: u32) -> usize {
        let slots = self.slots.take();
        let beside = slots.as_ref().map_or(&[][..], |slots| &slots.beside);
        let running = beside
            .get(slot as usize)
            .map_or(0, |running| *running as usize);
        self.slots.set(slots);
        running
    }

    /// No handler runs any more, in any branch.
    pub(crate) fn none_beside(&self) {
        let slots = self.slots.take();
        let rests = slots.map(|slots| slots.rests).unwrap_or_default();
        if !rests.is_empty() {
            self.slots.set(Some(Box::new(SlotNotes {
                rests,
                ..SlotNotes::default()
            })));
        }
    }
}
