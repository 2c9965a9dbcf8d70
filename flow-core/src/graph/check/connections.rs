//! Which events lead to which clauses: computed once, and read by each check.

use crate::graph::check::compare::{contains, emits};
use crate::graph::desc::GraphDesc;
use crate::graph::desc::{HandlerDesc, StageDesc};
use crate::graph::event::EventDesc;
use crate::graph::text::same_text;

/// The connections of a flow with `N` clauses, which wait for `W` events in all. A *wait* is one
/// event of one clause.
///
/// rustc interprets all of this, so each step costs, and a call is many steps: hence a hash table
/// instead of a sorted list, and references instead of copies.
#[derive(Clone, Copy, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts about the flow"
)]
pub(super) struct Connections<const N: usize, const W: usize> {
    pub(super) waits: [Wait; W],
    /// A hash table by `id % W`: the first wait of the first event in the bucket.
    buckets: [usize; W],
    /// Nothing leads to the clause, which waits for events. Of clauses that lead only to each other,
    /// this marks the first, and none that another one leads to.
    pub(super) unreached: [bool; N],
    /// `start`, `every`, `finally` or an event from outside leads to the clause.
    pub(super) reached: [bool; N],
    /// Some emitted event has no clause.
    pub(super) open: bool,
    /// The attribute of a handler is in error, so the events that it emits are unknown.
    pub(super) broken: bool,
    /// A handler is marked `once`.
    pub(super) once: bool,
    /// A `when` waits for a question.
    pub(super) questions: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub(super) event: u64,
    pub(super) clause: usize,
    /// A handler in the flow emits the event, or it is external.
    pub(super) has_source: bool,
    pub(super) external: bool,
    /// The next wait for the same event; `W` after the last.
    pub(super) next: usize,
    /// In the first wait of an event: the last wait of that event.
    last: usize,
    /// In the first wait of an event: the first wait of the next event in the bucket.
    other: usize,
}

impl<const N: usize, const W: usize> Connections<N, W> {
    #[must_use]
    pub(super) const fn new(graph: &GraphDesc) -> Self {
        let mut connections = Self {
            waits: [Wait {
                event: 0,
                clause: 0,
                has_source: false,
                external: false,
                next: W,
                last: W,
                other: W,
            }; W],
            buckets: [W; W],
            unreached: [false; N],
            reached: [false; N],
            open: false,
            broken: false,
            once: false,
            questions: false,
        };
        connections.note_waits(graph);
        let mut i = 0;
        while i < N {
            let handlers = graph.clauses[i].handlers;
            let mut h = 0;
            while h < handlers.len() {
                connections.note_handler(graph, &handlers[h]);
                h += 1;
            }
            let emits = graph.clauses[i].emits;
            let mut s = 0;
            while s < emits.len() {
                connections.note_emits(graph, emits[s]);
                s += 1;
            }
            i += 1;
        }
        let mut i = 0;
        while i < graph.external.len() {
            let mut wait = connections.first(graph.external[i].id);
            while wait < W {
                connections.waits[wait].has_source = true;
                connections.waits[wait].external = true;
                wait = connections.waits[wait].next;
            }
            i += 1;
        }
        connections
    }

    /// Records the waits, in the order of the text.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the remainder is less than `W`"
    )]
    const fn note_waits(&mut self, graph: &GraphDesc) {
        let (mut w, mut clause) = (0, 0);
        while clause < N {
            let events = graph.clauses[clause].trigger.events();
            let asks = matches!(graph.clauses[clause].route, [StageDesc::Ask { .. }]);
            let mut e = 0;
            while e < events.len() {
                let id = events[e].id;
                self.questions |= events[e].is_question && !asks;
                let first = self.first(id);
                let wait = &mut self.waits[w];
                (wait.event, wait.clause) = (id, clause);
                if first < W {
                    self.waits[self.waits[first].last].next = w;
                    self.waits[first].last = w;
                } else {
                    let head = &mut self.buckets[(id % W as u64) as usize];
                    (wait.last, wait.other) = (w, *head);
                    *head = w;
                }
                w += 1;
                e += 1;
            }
            clause += 1;
        }
    }

    /// The first wait for the event with that id; `W` if there is none.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the remainder is less than `W`"
    )]
    pub(super) const fn first(&self, id: u64) -> usize {
        if W == 0 {
            return W;
        }
        let mut wait = self.buckets[(id % W as u64) as usize];
        while wait < W && self.waits[wait].event != id {
            wait = self.waits[wait].other;
        }
        wait
    }

    /// Records that the handler emits its events.
    const fn note_handler(&mut self, graph: &GraphDesc, handler: &HandlerDesc) {
        self.broken |= handler.broken;
        self.once |= handler.once;
        let mut u = 0;
        while u < handler.undeclared.len() {
            self.assume_source(graph, handler.undeclared[u]);
            u += 1;
        }
        self.note_emits(graph, handler.emits);
    }

    const fn note_emits(&mut self, graph: &GraphDesc, emits: &[EventDesc]) {
        let mut e = 0;
        while e < emits.len() {
            let mut wait = self.first(emits[e].id);
            if wait == W && !contains(graph.ignored, emits[e]) {
                self.open = true;
            }
            while wait < W {
                self.waits[wait].has_source = true;
                wait = self.waits[wait].next;
            }
            e += 1;
        }
    }

    /// Treats an event that is emitted without being declared as external: rustc reports it
    /// already.
    const fn assume_source(&mut self, graph: &GraphDesc, name: &str) {
        let (mut w, mut clause) = (0, 0);
        while clause < N {
            let events = graph.clauses[clause].trigger.events();
            let mut e = 0;
            while e < events.len() {
                if same_text(events[e].name, name) {
                    self.waits[w].has_source = true;
                    self.waits[w].external = true;
                }
                w += 1;
                e += 1;
            }
            clause += 1;
        }
    }

    /// Whether a clause that is reached has a handler that emits the event.
    pub(super) const fn arrives(&self, graph: &GraphDesc, event: EventDesc) -> bool {
        let mut i = 0;
        while i < N {
            if self.reached[i] && emits(&graph.clauses[i], event) {
                return true;
            }
            i += 1;
        }
        false
    }
}
