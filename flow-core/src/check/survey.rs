//! What leads to what: found out once, and asked by each check.

use crate::check::endless::Endless;
use crate::check::{contains, emitter_in, same};
use crate::desc::GraphDesc;
use crate::event::EventDesc;
use crate::handler::HandlerDesc;

/// What is known of a flow, found out once. It has `N` clauses, which wait for `W` events in all: a
/// "wait" is one event of one clause.
#[derive(Clone, Copy, Debug)]
pub struct Survey<const N: usize, const W: usize> {
    /// The waits by the id of their event, so that those of an event are found by bisection:
    /// comparing each with each would take minutes for some hundred.
    pub(super) by_event: [usize; W],
    pub(super) waits: [Wait; W],
    /// Nothing leads to the clause, and it is the first of those that only lead to each other.
    pub(super) unreached: [bool; N],
    /// Something leads from `start` or from outside to the clause.
    pub(super) reached: [bool; N],
    /// The clauses that lead to each other for ever.
    pub(super) endless: Endless<N>,
    /// Some emitted event has no clause.
    pub(super) open: bool,
    /// The attribute of a handler is in error, so that what it emits is not known.
    pub(super) broken: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub(super) event: u64,
    pub(super) clause: usize,
    /// A handler of the flow emits it, or it comes from outside.
    pub(super) fed: bool,
    pub(super) external: bool,
}

impl<const N: usize, const W: usize> Survey<N, W> {
    /// Looks at the whole graph.
    #[must_use]
    pub const fn new(graph: &GraphDesc) -> Self {
        let waits = waits(graph);
        let mut survey = Self {
            by_event: sorted(&waits),
            waits,
            unreached: [false; N],
            reached: [false; N],
            endless: Endless::NONE,
            open: false,
            broken: false,
        };
        let mut i = 0;
        while i < N {
            let handlers = graph.clauses[i].handlers;
            let mut h = 0;
            while h < handlers.len() {
                survey.feed(graph, &handlers[h]);
                h += 1;
            }
            i += 1;
        }
        let mut i = 0;
        while i < graph.external.len() {
            let (mut at, end) = survey.waits_for(graph.external[i]);
            while at < end {
                survey.waits[survey.by_event[at]].fed = true;
                survey.waits[survey.by_event[at]].external = true;
                at += 1;
            }
            i += 1;
        }
        survey = survey.find_unreached(graph);
        survey.endless = Endless::find(graph, &survey);
        survey
    }

    /// Notes what the handler emits.
    const fn feed(&mut self, graph: &GraphDesc, handler: &HandlerDesc) {
        self.broken |= handler.broken;
        let mut u = 0;
        while u < handler.undeclared.len() {
            self.take_for_fed(graph, handler.undeclared[u]);
            u += 1;
        }
        let mut e = 0;
        while e < handler.emits.len() {
            let (mut at, end) = self.waits_for(handler.emits[e]);
            self.open |= at == end && !contains(graph.ignored, handler.emits[e]);
            while at < end {
                self.waits[self.by_event[at]].fed = true;
                at += 1;
            }
            e += 1;
        }
    }

    /// What is emitted without being declared is an error already: let it come from outside.
    const fn take_for_fed(&mut self, graph: &GraphDesc, name: &str) {
        let (mut w, mut clause) = (0, 0);
        while clause < N {
            let events = graph.clauses[clause].trigger.events();
            let mut e = 0;
            while e < events.len() {
                if same(events[e].name, name) {
                    self.waits[w].fed = true;
                    self.waits[w].external = true;
                }
                w += 1;
                e += 1;
            }
            clause += 1;
        }
    }

    /// The range of `by_event` with the waits for an event.
    pub(super) const fn waits_for(&self, event: EventDesc) -> (usize, usize) {
        let (mut low, mut high) = (0, W);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.waits[self.by_event[middle]].event < event.id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let start = low;
        while low < W && self.waits[self.by_event[low]].event == event.id {
            low += 1;
        }
        (start, low)
    }

    /// A clause that is reached has a handler that emits it.
    pub(super) const fn arrives(&self, graph: &GraphDesc, event: EventDesc) -> bool {
        let mut i = 0;
        while i < N {
            if self.reached[i] && emitter_in(&graph.clauses[i], event).is_some() {
                return true;
            }
            i += 1;
        }
        false
    }

    const fn find_unreached(mut self, graph: &GraphDesc) -> Self {
        let mut reach = Reach {
            reached: [false; N],
            arrived: [false; W],
            missing: [0; N],
        };
        let mut w = 0;
        while w < W {
            // A wait that is not fed is a defect of its own; what lies behind it is not.
            if self.waits[w].fed && !self.waits[w].external {
                reach.missing[self.waits[w].clause] += 1;
            } else {
                reach.arrived[w] = true;
            }
            w += 1;
        }
        let mut i = 0;
        while i < N {
            if reach.missing[i] == 0 {
                reach = self.follow(graph, i, reach);
            }
            i += 1;
        }
        self.reached = reach.reached;
        let mut i = 0;
        while i < N {
            if !reach.reached[i] {
                self.unreached[i] = true;
                reach = self.follow(graph, i, reach);
            }
            i += 1;
        }
        self
    }

    /// Adds the clause, and all that it leads to.
    const fn follow(&self, graph: &GraphDesc, from: usize, mut reach: Reach<N, W>) -> Reach<N, W> {
        if reach.reached[from] {
            return reach;
        }
        reach.reached[from] = true;
        let mut waiting = [0; N];
        waiting[0] = from;
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let handlers = graph.clauses[waiting[count]].handlers;
            let mut h = 0;
            while h < handlers.len() {
                let emits = handlers[h].emits;
                let mut e = 0;
                while e < emits.len() {
                    let (mut at, end) = self.waits_for(emits[e]);
                    while at < end {
                        let wait = self.by_event[at];
                        let clause = self.waits[wait].clause;
                        if !reach.arrived[wait] {
                            reach.arrived[wait] = true;
                            reach.missing[clause] -= 1;
                            if reach.missing[clause] == 0 && !reach.reached[clause] {
                                reach.reached[clause] = true;
                                waiting[count] = clause;
                                count += 1;
                            }
                        }
                        at += 1;
                    }
                    e += 1;
                }
                h += 1;
            }
        }
        reach
    }
}

/// What a search has reached so far.
#[derive(Clone, Copy)]
struct Reach<const N: usize, const W: usize> {
    reached: [bool; N],
    arrived: [bool; W],
    /// How many events of the clause have not arrived yet.
    missing: [usize; N],
}

/// The waits, in the order of the text.
const fn waits<const W: usize>(graph: &GraphDesc) -> [Wait; W] {
    let mut waits = [Wait {
        event: 0,
        clause: 0,
        fed: false,
        external: false,
    }; W];
    let (mut w, mut clause) = (0, 0);
    while clause < graph.clauses.len() {
        let events = graph.clauses[clause].trigger.events();
        let mut e = 0;
        while e < events.len() {
            waits[w].event = events[e].id;
            waits[w].clause = clause;
            w += 1;
            e += 1;
        }
        clause += 1;
    }
    waits
}

/// The indices of the waits, sorted by their events (shell sort: short, and fast enough).
const fn sorted<const W: usize>(waits: &[Wait; W]) -> [usize; W] {
    let mut order = [0; W];
    let mut i = 0;
    while i < W {
        order[i] = i;
        i += 1;
    }
    let mut gap = W / 2;
    while gap > 0 {
        let mut i = gap;
        while i < W {
            let moved = order[i];
            let mut j = i;
            while j >= gap && waits[order[j - gap]].event > waits[moved].event {
                order[j] = order[j - gap];
                j -= gap;
            }
            order[j] = moved;
            i += 1;
        }
        gap /= 2;
    }
    order
}
