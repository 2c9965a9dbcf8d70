//! The net of a flow: which events lead to which clauses.

use crate::graph::check::sound::memory::{Edge, NOWHERE, Slot, Wait};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// How many clauses are visited to compute weights.
const VISITS: usize = 4_000;
const FEWEST_PASSES: usize = 8;

/// The graph with what is known of it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about the flow"
)]
pub(super) struct Net<'a> {
    pub(super) graph: &'a GraphDesc,
    pub(super) slots: &'a mut [Slot],
    pub(super) waits: &'a mut [Wait],
    pub(super) edges: &'a mut [Edge],
    /// Some clause is a rescue.
    pub(super) has_rescues: bool,
    /// Some clause waits for several events.
    pub(super) has_joins: bool,
    /// Some clause waits for several of one event.
    pub(super) has_groups: bool,
    /// Some clause leads back to itself.
    pub(super) has_cycles: bool,
    /// A question may be given up, although the execution goes on: after the `end`, or that of an
    /// outer flow, or in the `finally`.
    pub(super) gives_up: bool,
    /// A clause is asked whether it goes round after the `end`, instead of whether it leads on.
    pub(super) after_end: bool,
    /// The state of the generator of variables.
    pub(super) variables: u64,
    /// How often weights may still be computed: fewer times in a large graph, so that the time is
    /// bounded.
    pub(super) passes: usize,
    /// The same, where they are computed in the order of the causes.
    pub(super) passes_in_order: usize,
}

/// What a set of clauses is asked for.
#[derive(Clone, Copy)]
pub(super) enum Set {
    MayEnd,
    Leads,
}

impl<'a> Net<'a> {
    pub(super) const fn new(
        graph: &'a GraphDesc,
        slots: &'a mut [Slot],
        waits: &'a mut [Wait],
        edges: &'a mut [Edge],
    ) -> Self {
        let mut net = Self {
            graph,
            slots,
            waits,
            edges,
            has_rescues: false,
            has_joins: false,
            has_groups: false,
            has_cycles: false,
            // A flow with a name may be a stage.
            gives_up: graph.name.is_some(),
            after_end: false,
            variables: 0,
            passes: FEWEST_PASSES + VISITS / (graph.clauses.len() + 1),
            passes_in_order: FEWEST_PASSES + VISITS / (graph.clauses.len() + 1),
        };
        let (mut w, mut clause) = (0, 0);
        while clause < graph.clauses.len() {
            let of_clause = &graph.clauses[clause];
            net.gives_up |= of_clause.ends || goes_on_in_finally(of_clause);
            match of_clause.trigger {
                TriggerDesc::Rescue(_) => net.has_rescues = true,
                TriggerDesc::All(_) => net.has_joins = true,
                TriggerDesc::Times { .. } => (net.has_joins, net.has_groups) = (true, true),
                _ => {}
            }
            let events = graph.clauses[clause].trigger.events();
            let mut e = 0;
            while e < events.len() {
                net.note(w, clause, events[e].id);
                w += 1;
                e += 1;
            }
            clause += 1;
        }
        net
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "the remainder is less than the number of waits"
    )]
    const fn note(&mut self, w: usize, clause: usize, event: u64) {
        let first = self.first(event);
        self.waits[w].event = event;
        self.waits[w].clause = clause;
        if first == NOWHERE {
            let bucket = (event % self.waits.len() as u64) as usize;
            self.waits[w].last = w;
            self.waits[w].other = self.waits[bucket].bucket;
            self.waits[bucket].bucket = w;
        } else {
            let last = self.waits[first].last;
            self.waits[last].next = w;
            self.waits[first].last = w;
        }
    }

    /// The first wait for the event.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the remainder is less than the number of waits"
    )]
    pub(super) const fn first(&self, event: u64) -> usize {
        if self.waits.is_empty() {
            return NOWHERE;
        }
        let bucket = (event % self.waits.len() as u64) as usize;
        let mut wait = self.waits[bucket].bucket;
        while wait != NOWHERE && self.waits[wait].event != event {
            wait = self.waits[wait].other;
        }
        wait
    }

    pub(super) const fn is_in(&self, clause: usize, set: Set) -> bool {
        match set {
            Set::MayEnd => self.slots[clause].may_end,
            Set::Leads => self.slots[clause].leads,
        }
    }

    /// Whether the event may lead to a clause of the set.
    pub(super) const fn may_lead(&self, event: u64, set: Set) -> bool {
        let mut wait = self.first(event);
        while wait != NOWHERE {
            let clause = self.waits[wait].clause;
            if self.is_in(clause, set) {
                return true;
            }
            let mut other = clause + 1;
            while other < self.graph.clauses.len() && self.is_left_over(other) {
                if self.is_in(other, set) {
                    return true;
                }
                other += 1;
            }
            wait = self.waits[wait].next;
        }
        false
    }

    pub(super) const fn is_left_over(&self, clause: usize) -> bool {
        matches!(self.graph.clauses[clause].trigger, TriggerDesc::LeftOver(_))
    }

    /// The clause that what the call emits certainly leads to, if it leads on; [`NOWHERE`] else.
    pub(super) const fn led_to(&self, events: &[EventDesc], alternative: &Alternative) -> usize {
        // Nothing is known.
        if alternative.emits.is_empty() {
            return NOWHERE;
        }
        let mut e = 0;
        while e < events.len() {
            if alternative.count(e).least > 0 {
                let mut wait = self.first(events[e].id);
                while wait != NOWHERE {
                    let clause = self.waits[wait].clause;
                    if self.slots[clause].leads && self.runs(clause, events, alternative) {
                        return clause;
                    }
                    if self.after_end && self.is_left_for_ever(clause, events[e].id) {
                        return clause;
                    }
                    wait = self.waits[wait].next;
                }
            }
            e += 1;
        }
        NOWHERE
    }

    /// Whether the clause takes the event in an `else` that goes round: without a partner, it comes
    /// there at each rest.
    const fn is_left_for_ever(&self, clause: usize, event: u64) -> bool {
        let mut other = clause + 1;
        while other < self.graph.clauses.len() {
            let TriggerDesc::LeftOver(left) = self.graph.clauses[other].trigger else {
                return false;
            };
            if left.id == event && self.slots[other].leads {
                return true;
            }
            other += 1;
        }
        false
    }

    /// Whether all alternatives lead on.
    pub(super) const fn all_lead(&self, events: &[EventDesc], mut all: &[Alternative]) -> bool {
        while let Some((alternative, rest)) = all.split_first() {
            if self.led_to(events, alternative) == NOWHERE {
                return false;
            }
            all = rest;
        }
        true
    }

    /// Whether the clause certainly runs, or its `else` does, for one of its events that is
    /// emitted.
    const fn runs(&self, clause: usize, events: &[EventDesc], alternative: &Alternative) -> bool {
        let of_clause = &self.graph.clauses[clause];
        let partners = match of_clause.trigger {
            TriggerDesc::All(partners) => partners,
            TriggerDesc::Times { .. } => &[],
            _ => return true,
        };
        if self.slots[clause].balanced {
            return true;
        }
        let mut other = clause + 1;
        let mut left_over = false;
        while other < self.graph.clauses.len() && self.is_left_over(other) {
            if !self.slots[other].leads {
                return false;
            }
            left_over = true;
            other += 1;
        }
        left_over
            || (of_clause.by.is_none()
                && !partners.is_empty()
                && emits_all(partners, events, alternative))
    }

    /// The clause that takes the errors of the handler; [`NOWHERE`] if the execution fails.
    pub(super) const fn rescue_of(&self, handler: &HandlerDesc, in_rescue: bool) -> usize {
        if in_rescue || !self.has_rescues {
            return NOWHERE;
        }
        let mut of_all = NOWHERE;
        let mut i = 0;
        while i < self.graph.clauses.len() {
            match &self.graph.clauses[i].trigger {
                TriggerDesc::Rescue(Some(rescued)) if rescued.is(handler) => return i,
                TriggerDesc::Rescue(None) => of_all = i,
                _ => {}
            }
            i += 1;
        }
        of_all
    }
}

/// Whether the call emits one of each.
const fn emits_all(
    mut partners: &[EventDesc],
    events: &[EventDesc],
    alternative: &Alternative,
) -> bool {
    while let Some((partner, rest)) = partners.split_first() {
        let mut e = 0;
        while e < events.len() && events[e].id != partner.id {
            e += 1;
        }
        if e == events.len() || alternative.count(e).least == 0 {
            return false;
        }
        partners = rest;
    }
    true
}

/// Whether a question may be asked in this `finally`, or after it.
const fn goes_on_in_finally(clause: &ClauseDesc) -> bool {
    if !matches!(clause.trigger, TriggerDesc::Finally) {
        return false;
    }
    let mut handlers = clause.handlers;
    while let Some((handler, rest)) = handlers.split_first() {
        if !handler.emits.is_empty() || handler.asks.is_some() || handler.graph.is_some() {
            return true;
        }
        handlers = rest;
    }
    !clause.emits.is_empty()
}
