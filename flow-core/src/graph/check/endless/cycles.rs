//! The cycles in a set of clauses, each of which leads to another one: where each begins.

use crate::graph::check::endless::Search;
use crate::graph::check::rescued::{may_fail, rescue_of};
use crate::graph::desc::StageDesc;

impl<const N: usize, const W: usize> Search<'_, N, W> {
    /// Marks the first clause of each cycle that is reached, of those that share no clause.
    pub(super) const fn first_of_cycles(&self, first: &mut [bool; N]) {
        // The number of the walk that came to a clause, counted from 1.
        let mut walked = [0; N];
        let mut i = 0;
        while i < N {
            let mut clause = i;
            while clause < N && self.is_in_cycle(clause) && walked[clause] == 0 {
                walked[clause] = i + 1;
                clause = self.next(clause);
            }
            if clause < N && walked[clause] == i + 1 {
                let mut least = clause;
                let mut other = self.next(clause);
                while other != clause {
                    if other < least {
                        least = other;
                    }
                    other = self.next(other);
                }
                first[least] = true;
            }
            i += 1;
        }
    }

    /// Whether the clause is of the set, and waits for events, where a cycle is reported.
    const fn is_in_cycle(&self, clause: usize) -> bool {
        self.set[clause]
            && self.connections.reached[clause]
            && !self.graph.clauses[clause].trigger.events().is_empty()
    }

    /// A clause that this one leads to, by an event or by an error that is rescued; `N` if there is
    /// none.
    const fn next(&self, clause: usize) -> usize {
        let mut clause = clause;
        let mut rescues = 0;
        while clause < N && rescues <= N {
            let next = self.emitted_by(clause);
            if next < N {
                return next;
            }
            clause = self.rescue_of(clause);
            rescues += 1;
        }
        N
    }

    const fn rescue_of(&self, clause: usize) -> usize {
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            if may_fail(handler) && self.is_rescued(handler) {
                return rescue_of(self.graph, handler);
            }
            handlers = rest;
        }
        N
    }

    const fn emitted_by(&self, clause: usize) -> usize {
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            let mut alternatives = handler.shape.success;
            while let Some((alternative, others)) = alternatives.split_first() {
                let next = self.successor(handler.emits, alternative);
                if next < N {
                    return next;
                }
                alternatives = others;
            }
            handlers = rest;
        }
        self.returned_by(self.graph.clauses[clause].route)
    }

    /// A clause that what an `emit` of the route emits leads to; `N` if there is none.
    const fn returned_by(&self, mut route: &[StageDesc]) -> usize {
        while let Some((stage, rest)) = route.split_first() {
            let next = match stage {
                StageDesc::Emit { events, shape } => {
                    let mut alternatives = shape.success;
                    let mut next = N;
                    while let Some((alternative, others)) = alternatives.split_first() {
                        next = self.successor(events, alternative);
                        if next < N {
                            break;
                        }
                        alternatives = others;
                    }
                    next
                }
                StageDesc::Join(branches) => {
                    let mut branches = *branches;
                    let mut next = N;
                    while let Some((branch, others)) = branches.split_first() {
                        next = self.returned_by(branch);
                        if next < N {
                            break;
                        }
                        branches = others;
                    }
                    next
                }
                StageDesc::Choice(arms) => {
                    let mut arms = *arms;
                    let mut next = N;
                    while let Some((arm, others)) = arms.split_first() {
                        next = self.returned_by(arm.route);
                        if next < N {
                            break;
                        }
                        arms = others;
                    }
                    next
                }
                StageDesc::Else { route, stand_in } => {
                    let next = self.returned_by(route);
                    if next < N {
                        next
                    } else {
                        self.returned_by(stand_in)
                    }
                }
                _ => N,
            };
            if next < N {
                return next;
            }
            route = rest;
        }
        N
    }
}
