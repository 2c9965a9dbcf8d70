//! Which clauses an execution may come to.
//!
//! An event leads to the clauses that wait for it. A question leads to its answer and its `else`, an
//! event to the `else` for one that is left without a partner, and a handler that fails to its
//! rescue.

use crate::graph::check::connections::Connections;
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;

/// The progress of a search from `start`.
#[derive(Clone, Copy)]
pub(super) struct Reach<const N: usize, const W: usize> {
    pub(super) reached: [bool; N],
    /// The event has come to the clause, by the number of the wait.
    arrived: [bool; W],
    /// How much of what the clause waits for is missing: events, or the clause before it.
    missing: [usize; N],
    /// A stack of the clauses whose handlers are not followed yet.
    waiting: [usize; N],
    count: usize,
    /// The flow has a rescue.
    rescues: bool,
}

impl<const N: usize, const W: usize> Reach<N, W> {
    pub(super) const fn new(graph: &GraphDesc, connections: &Connections<N, W>) -> Self {
        Self::search(graph, connections, true)
    }

    /// The same without the `finally` and what it leads to.
    pub(super) const fn before_finally(graph: &GraphDesc, connections: &Connections<N, W>) -> Self {
        Self::search(graph, connections, false)
    }

    const fn search(
        graph: &GraphDesc,
        connections: &Connections<N, W>,
        with_finally: bool,
    ) -> Self {
        let mut reach = Self {
            reached: [false; N],
            arrived: [false; W],
            missing: [0; N],
            waiting: [0; N],
            count: 0,
            rescues: false,
        };
        let mut w = 0;
        while w < W {
            // A wait without a source is a defect of its own, so it counts as arrived here.
            if connections.waits[w].has_source && !connections.waits[w].external {
                reach.missing[connections.waits[w].clause] += 1;
            } else {
                reach.arrived[w] = true;
            }
            w += 1;
        }
        let mut i = 0;
        while i < N {
            match &graph.clauses[i].trigger {
                TriggerDesc::Rescue(handler) => {
                    reach.rescues = true;
                    // One that takes nothing is a defect of its own.
                    if takes_any(graph, handler.as_ref()) {
                        reach.missing[i] = 1;
                    }
                }
                TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) => reach.missing[i] = 1,
                TriggerDesc::Finally if !with_finally => reach.missing[i] = 1,
                TriggerDesc::LeftOver(event) => {
                    let wait = wait_before(graph, connections, i, *event);
                    if wait < W && !reach.arrived[wait] {
                        reach.missing[i] = 1;
                    }
                }
                _ => {}
            }
            i += 1;
        }
        let mut i = 0;
        while i < N {
            if reach.missing[i] == 0 {
                reach.follow(graph, connections, i);
            }
            i += 1;
        }
        reach
    }

    /// Of the clauses that are not reached and wait for events: the first one of each group that
    /// leads to the others.
    pub(super) const fn first_unreached(
        &self,
        graph: &GraphDesc,
        connections: &Connections<N, W>,
    ) -> [bool; N] {
        let mut unreached = [false; N];
        let mut reach = *self;
        let mut i = 0;
        while i < N {
            if !reach.reached[i] && !graph.clauses[i].trigger.events().is_empty() {
                unreached[i] = true;
                reach.follow(graph, connections, i);
            }
            i += 1;
        }
        // A later one may lead to an earlier one, but not the other way round.
        reach = *self;
        while i > 0 {
            i -= 1;
            if unreached[i] {
                unreached[i] = !reach.reached[i];
                reach.follow(graph, connections, i);
            }
        }
        unreached
    }

    /// Marks the clause as reached, and all clauses that it leads to.
    const fn follow(&mut self, graph: &GraphDesc, connections: &Connections<N, W>, from: usize) {
        self.reach(from);
        while self.count > 0 {
            self.count -= 1;
            let from = self.waiting[self.count];
            let clause = &graph.clauses[from];
            let mut handlers = clause.handlers;
            while let Some((handler, rest)) = handlers.split_first() {
                self.arrive(graph, connections, handler.emits);
                handlers = rest;
            }
            if self.rescues && clause.trigger.is_rescued() {
                self.fail(graph, clause.route);
            }
            let mut emits = clause.emits;
            while let Some((events, rest)) = emits.split_first() {
                self.arrive(graph, connections, events);
                emits = rest;
            }
            if let [StageDesc::Ask { .. }] = clause.route {
                let mut next = from + 1;
                while next < N && follows_question(&graph.clauses[next]) {
                    self.reach(next);
                    next += 1;
                }
            }
        }
    }

    const fn reach(&mut self, clause: usize) {
        if !self.reached[clause] {
            self.reached[clause] = true;
            self.waiting[self.count] = clause;
            self.count += 1;
        }
    }

    /// The events may come to the clauses that wait for them.
    const fn arrive(
        &mut self,
        graph: &GraphDesc,
        connections: &Connections<N, W>,
        mut events: &[EventDesc],
    ) {
        while let Some((event, rest)) = events.split_first() {
            let mut wait = connections.first(event.id);
            while wait < W {
                if !self.arrived[wait] {
                    self.arrived[wait] = true;
                    let clause = connections.waits[wait].clause;
                    self.missing[clause] -= 1;
                    if self.missing[clause] == 0 {
                        self.reach(clause);
                    }
                    self.leave_over(graph, clause, *event);
                }
                wait = connections.waits[wait].next;
            }
            events = rest;
        }
    }

    /// The event may stay without a partner in the clause, whose `else`s come right after it.
    const fn leave_over(&mut self, graph: &GraphDesc, clause: usize, event: EventDesc) {
        let mut next = clause + 1;
        while next < N
            && let TriggerDesc::LeftOver(left) = &graph.clauses[next].trigger
        {
            if left.id == event.id {
                self.reach(next);
            }
            next += 1;
        }
    }

    /// The handlers of the route may fail, which leads to their rescues.
    const fn fail(&mut self, graph: &GraphDesc, route: &[StageDesc]) {
        let mut i = 0;
        while i < N {
            if let TriggerDesc::Rescue(rescued) = &graph.clauses[i].trigger
                && !self.reached[i]
                && takes_of(graph, rescued.as_ref(), route)
            {
                self.reach(i);
            }
            i += 1;
        }
    }
}

const fn follows_question(clause: &ClauseDesc) -> bool {
    matches!(
        clause.trigger,
        TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_)
    )
}

/// The wait for the event in the clause that an `else` belongs to; `W` if there is none.
const fn wait_before<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
    clause: usize,
    event: EventDesc,
) -> usize {
    let mut before = clause;
    while before > 0 && matches!(graph.clauses[before].trigger, TriggerDesc::LeftOver(_)) {
        before -= 1;
    }
    let mut wait = connections.first(event.id);
    while wait < W && connections.waits[wait].clause != before {
        wait = connections.waits[wait].next;
    }
    wait
}

/// Whether a rescue may take an error of any clause: of the handler, or, without one, of each that
/// has no rescue of its own.
pub(super) const fn takes_any(graph: &GraphDesc, rescued: Option<&HandlerDesc>) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if clause.trigger.is_rescued() && takes_of(graph, rescued, clause.route) {
            return true;
        }
        clauses = rest;
    }
    false
}

/// Whether a rescue may take an error of the route.
const fn takes_of(
    graph: &GraphDesc,
    rescued: Option<&HandlerDesc>,
    mut route: &[StageDesc],
) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let takes = match stage {
            StageDesc::Handler(handler) => match rescued {
                Some(rescued) => rescued.is(handler),
                None => handler.can_fail && !is_rescued(graph, handler),
            },
            // The stand-in takes what fails before it.
            StageDesc::Else {
                stand_in: route, ..
            }
            | StageDesc::Each { route, .. } => takes_of(graph, rescued, route),
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= takes_of(graph, rescued, branch);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= takes_of(graph, rescued, arm.route);
                    arms = others;
                }
                any
            }
            StageDesc::Closure(_)
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Emit { .. }
            | StageDesc::Skip
            | StageDesc::Ask { .. } => false,
        };
        if takes {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether the handler has a rescue of its own.
const fn is_rescued(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if let TriggerDesc::Rescue(Some(rescued)) = &graph.clauses[i].trigger
            && rescued.is(handler)
        {
            return true;
        }
        i += 1;
    }
    false
}
