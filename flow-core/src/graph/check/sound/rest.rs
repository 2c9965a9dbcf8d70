//! Whether the flow comes to rest after its `end`, which lets what is under way finish.
//!
//! A clause *goes round* if each way that an activation of it can go leads to a clause that goes
//! round. Once there is such an activation, nothing but a failure ends the execution.

use crate::graph::check::compare::emits;
use crate::graph::check::sound::finding::Finding;
use crate::graph::check::sound::kinds::{GOES_ON, PROVED};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::Net;
use crate::graph::desc::{StageDesc, TriggerDesc};

impl Net<'_> {
    /// Finds a clause that goes round. What is known of the clauses that lead on is lost.
    pub(super) const fn find_unrest(&mut self) {
        if !self.drains() {
            return;
        }
        self.after_end = true;
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].leads = true;
            i += 1;
        }
        self.narrow();
        self.keep_cycles();
        let found = self.first_that_goes_round();
        if found != NOWHERE && self.slots[found].finding.kind == PROVED {
            self.slots[found].finding = Finding::at(found, GOES_ON);
        }
    }

    /// The first clause that goes round, and waits for an event, if one does: the message names it.
    const fn first_that_goes_round(&self) -> usize {
        let (mut any, mut i) = (NOWHERE, 0);
        while i < self.slots.len() {
            if self.slots[i].leads {
                if !self.graph.clauses[i].trigger.events().is_empty() {
                    return i;
                }
                if any == NOWHERE {
                    any = i;
                }
            }
            i += 1;
        }
        any
    }

    /// Whether the flow comes to an `end`, without a limit to what goes on after it.
    const fn drains(&self) -> bool {
        if self.graph.timeout.is_some()
            || self.graph.drain.is_some()
            || self.graph.max_events.is_some()
        {
            return false;
        }
        let mut i = 0;
        while i < self.graph.clauses.len() {
            if ends(self.graph.clauses[i].route) {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Of the clauses that go round, leaves out those that no other one leads to.
    const fn keep_cycles(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let mut clause = 0;
            while clause < self.slots.len() {
                if self.slots[clause].leads && !self.is_led_to(clause) {
                    self.slots[clause].leads = false;
                    changed = true;
                }
                clause += 1;
            }
        }
    }

    const fn is_led_to(&self, clause: usize) -> bool {
        let trigger = &self.graph.clauses[clause].trigger;
        let events = match trigger {
            TriggerDesc::LeftOver(event) => std::slice::from_ref(event),
            // The clause that asks stands before it.
            TriggerDesc::Unanswered(_) => return self.asks_and_leads(clause),
            trigger => trigger.events(),
        };
        let mut e = 0;
        while e < events.len() {
            let mut other = 0;
            while other < self.slots.len() {
                if self.slots[other].leads && emits(&self.graph.clauses[other], events[e]) {
                    return true;
                }
                other += 1;
            }
            e += 1;
        }
        false
    }

    const fn asks_and_leads(&self, unanswered: usize) -> bool {
        let mut asking = unanswered;
        while asking > 0 && !matches!(self.graph.clauses[asking].trigger, TriggerDesc::Event(_)) {
            asking -= 1;
        }
        self.slots[asking].leads
    }
}

/// Whether the route leads to an `end` that lets what is under way finish.
const fn ends(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let found = match stage {
            StageDesc::End => true,
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, rest)) = arms.split_first() {
                    any |= ends(arm.route);
                    arms = rest;
                }
                any
            }
            StageDesc::Else { route, stand_in } => ends(route) || ends(stand_in),
            _ => false,
        };
        if found {
            return true;
        }
        route = rest;
    }
    false
}
