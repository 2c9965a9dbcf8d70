//! The working memory of the proof, and what leads where.

use crate::graph::check::sound::kinds::{
    GIVES_AWAY, LOSES_UPDATE, MAY_RETURN, MAY_STOP_SHORT, PROVED, TOO_WIDE, UNBOUNDED, UNKNOWN,
};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, range};

/// Something that is missing for a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// [`PROVED`] if nothing is missing.
    pub kind: u8,
    pub clause: usize,
    /// The handler's index in the clause; [`Finding::CLAUSE`] for the clause itself.
    pub handler: usize,
    /// The index of the alternative, among those of a success.
    pub alternative: usize,
    /// The number of the handler's event that would lead on, counted from 1; 0 if there is none.
    pub event: u8,
    /// The number of the state that it writes back, counted from 1; 0 if there is none.
    pub state: u8,
    /// The line of the path that emits nothing which leads on, or of the macro.
    pub line: u32,
    /// The number of the macro that may return or is given the context, counted from 1; 0 if there
    /// is none.
    pub called: u8,
    /// How many of the event a call of the handler emits, if that is all that is known.
    pub least: u32,
    pub most: u32,
}

impl Finding {
    /// The finding is at no handler.
    pub const CLAUSE: usize = usize::MAX;

    pub const NONE: Self = Self::at(0, PROVED);

    pub(super) const fn at(clause: usize, kind: u8) -> Self {
        Self {
            kind,
            clause,
            handler: Self::CLAUSE,
            alternative: 0,
            event: 0,
            state: 0,
            line: 0,
            called: 0,
            least: 0,
            most: 0,
        }
    }

    /// The number of the macro or of the state that it is about; 0 if there is none.
    #[must_use]
    pub const fn part(&self) -> u8 {
        match self.kind {
            LOSES_UPDATE => self.state,
            _ => self.called,
        }
    }

    /// The line, or how many of the event a call emits at least.
    pub(super) const fn from(&self) -> u32 {
        match self.kind {
            TOO_WIDE | UNBOUNDED => self.least,
            _ => self.line,
        }
    }

    /// It is a handler's that does not emit on one path what it emits on another.
    pub(super) const fn is_of_a_path(&self) -> bool {
        matches!(
            self.kind,
            MAY_STOP_SHORT | MAY_RETURN | TOO_WIDE | UNBOUNDED
        )
    }

    /// The context leaves the handler.
    pub(super) const fn unknown(clause: usize, handler: &HandlerDesc) -> Self {
        let (line, called) = handler.shape.escapes;
        Self {
            called,
            line: if line > 0 {
                line
            } else {
                handler.location.line
            },
            ..Self::at(clause, if called > 0 { GIVES_AWAY } else { UNKNOWN })
        }
    }

    /// The same, with why this one of all alternatives is there, if that is known.
    pub(super) const fn of(mut self, alternative: &Alternative, all: &[Alternative]) -> Self {
        if alternative.wide && self.event > 0 {
            let count = range(all, self.event as usize - 1);
            self.least = count.least;
            (self.kind, self.most) = match count.most {
                Some(most) => (TOO_WIDE, most),
                None => (UNBOUNDED, 0),
            };
        } else if alternative.left_by > 0 {
            self.kind = MAY_RETURN;
            self.called = alternative.left_by;
        }
        self
    }
}

/// What is known of a clause.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a set of clauses")]
pub struct Slot {
    /// Some way from the clause leads to an `end`.
    pub(super) may_end: bool,
    /// Every way from the clause leads to an `end`, or to a failure that is told.
    pub(super) leads: bool,
    /// It never runs, which is an error of its own.
    pub(super) never_runs: bool,
    /// Of a clause that waits for several events: as many come of each.
    pub(super) balanced: bool,
    /// How often it runs, as a form.
    pub(super) count: u64,
    pub(super) is_counted: bool,
    /// How many causes of it are not counted yet.
    pub(super) causes: u32,
    /// A cause has been counted.
    pub(super) is_caused: bool,
    /// It has a place in the order.
    pub(super) ordered: bool,
    /// Its runs lead back to it, and the order begins the cycle with it.
    pub(super) on_cycle: bool,
    /// In the slot with this number: the clause with this place in the order.
    pub(super) order: usize,
    /// How often it may run at most.
    pub(super) most: u8,
    /// At most one comes of each of its events.
    pub(super) comes_once: bool,
    /// Of a rescue or an answer: how many errors or questions may lead to it at most.
    pub(super) comes: u8,
    /// How many of the events with a weight a run of it emits at most.
    pub(super) weight: u8,
    /// It runs once in an execution at most.
    pub(super) runs_once: bool,
    pub(super) first_edge: usize,
    pub(super) last_edge: usize,
    /// It is on the stack of clauses that are to be followed.
    pub(super) stacked: bool,
    /// In the slot with this number: the clause at this place of the stack.
    pub(super) stack: usize,
    /// The clause has been looked at for the reason why it does not lead on.
    pub(super) seen: bool,
    pub(super) finding: Finding,
}

impl Slot {
    pub const NEW: Self = Self {
        may_end: false,
        leads: false,
        never_runs: false,
        balanced: false,
        count: 0,
        is_counted: false,
        causes: 0,
        is_caused: false,
        ordered: false,
        on_cycle: false,
        order: NOWHERE,
        most: 0,
        comes_once: false,
        comes: 0,
        weight: 0,
        runs_once: false,
        first_edge: 0,
        last_edge: 0,
        stacked: false,
        stack: NOWHERE,
        seen: false,
        finding: Finding::NONE,
    };
}

/// One event of one clause.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    pub(super) event: u64,
    pub(super) clause: usize,
    /// The next wait for the same event.
    pub(super) next: usize,
    /// In the first wait of an event, as all that follow: how often it comes, as a form.
    pub(super) total: u64,
    /// The same, as a variable, if a cycle begins with it; 0 else.
    pub(super) assumed: u64,
    /// All calls emit a multiple of this.
    pub(super) divisor: u64,
    /// How often it may come at most.
    pub(super) most: u8,
    /// The event leads to one of those that are asked for.
    pub(super) weighs: bool,
    /// The event is one of those that are asked for.
    pub(super) is_target: bool,
    /// The last clause that has an edge to it.
    pub(super) noted_for: usize,
    /// The last wait of that event.
    last: usize,
    /// The first wait of the next event in the bucket.
    other: usize,
    /// The first wait of the first event in the bucket with this number.
    bucket: usize,
}

/// How many clauses are visited to compute weights.
const VISITS: usize = 4_000;
const FEWEST_PASSES: usize = 8;

/// There is no such wait or clause.
pub(super) const NOWHERE: usize = usize::MAX;

impl Wait {
    pub const NEW: Self = Self {
        event: 0,
        clause: 0,
        next: NOWHERE,
        total: 0,
        assumed: 0,
        divisor: 0,
        most: 0,
        weighs: false,
        is_target: false,
        noted_for: NOWHERE,
        last: NOWHERE,
        other: NOWHERE,
        bucket: NOWHERE,
    };
}

/// How often a run of a clause leads to others at most.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The first wait for an event that it emits; [`NOWHERE`] for a clause.
    pub(super) wait: usize,
    /// The rescue of its errors, or the answer to its question.
    pub(super) clause: usize,
    /// Of a rescue: the handler's index in the clause whose errors it takes.
    pub(super) handler: usize,
    /// Computed only where it is asked for.
    pub(super) times: u8,
}

impl Edge {
    pub const NEW: Self = Self {
        wait: NOWHERE,
        clause: NOWHERE,
        handler: NOWHERE,
        times: 0,
    };
}

/// How many edges a graph has at most.
#[must_use]
pub const fn edges(graph: &GraphDesc) -> usize {
    let (mut clause, mut all) = (0, 0);
    while clause < graph.clauses.len() {
        let of_clause = &graph.clauses[clause];
        let mut h = 0;
        while h < of_clause.handlers.len() {
            all += of_clause.handlers[h].emits.len() + 1;
            h += 1;
        }
        let mut s = 0;
        while s < of_clause.emits.len() {
            all += of_clause.emits[s].len();
            s += 1;
        }
        // The answer, and its absence.
        all += 2;
        clause += 1;
    }
    all
}

/// The graph with what is known of it.
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

    /// Whether the clause certainly runs, or its `else` does, for one of its events that is emitted.
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

/// Whether a call may go any way, because the context leaves the handler.
pub(super) const fn is_unknown(handler: &HandlerDesc) -> bool {
    let shape = &handler.shape;
    match shape.success.split_first() {
        Some((only, others)) => {
            others.is_empty()
                && only.emits.is_empty()
                && only.stops
                && only.waits
                && shape.calls
                && shape.leaves
        }
        None => false,
    }
}
