//! The working memory of the proof, for the clauses, the events and what leads where.

use crate::graph::check::sound::finding::Finding;
use crate::graph::desc::GraphDesc;

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
    pub(super) last: usize,
    /// The first wait of the next event in the bucket.
    pub(super) other: usize,
    /// The first wait of the first event in the bucket with this number.
    pub(super) bucket: usize,
}

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
