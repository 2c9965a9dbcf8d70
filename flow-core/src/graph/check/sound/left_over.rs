//! The clauses that may leave events over, or pair events that do not belong together.

use crate::graph::check::sound::finding::{Finding, is_unknown};
use crate::graph::check::sound::kinds::{LEAVES_OVER, MIXED_UP, PROVED, UNPAIRED};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::Net;
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::shape::Alternative;

impl Net<'_> {
    /// Finds what may be left over, and which pairs may be mixed up.
    pub(super) const fn find_left_over(&mut self) {
        self.find_single();
        // What is left over is dropped with the rest, unless it comes from the `finally`.
        let drops = self.graph.output.is_some()
            && self.graph.finally.is_none()
            && ends_only_now(self.graph);
        let mut clause = 0;
        while clause < self.slots.len() {
            let of_clause = &self.graph.clauses[clause];
            let waits = !self.slots[clause].never_runs
                && matches!(
                    of_clause.trigger,
                    TriggerDesc::All(_) | TriggerDesc::Times { .. }
                );
            let has_else = clause + 1 < self.slots.len() && self.is_left_over(clause + 1);
            if waits && !has_else && !drops && !self.slots[clause].balanced {
                self.blame_left_over(clause);
            } else if waits
                && matches!(of_clause.trigger, TriggerDesc::All(_))
                && of_clause.by.is_none()
                && !self.pairs_one_at_a_time(clause)
            {
                self.slots[clause].finding = Finding::at(clause, MIXED_UP);
            }
            clause += 1;
        }
    }

    /// Blames the handler that does not always emit the partners, or the clause if there is none.
    const fn blame_left_over(&mut self, waiting: usize) {
        let mut clause = 0;
        while clause < self.slots.len() {
            let handlers = self.graph.clauses[clause].handlers;
            let mut h = 0;
            while h < handlers.len() {
                let found = varies(&handlers[h], &self.graph.clauses[waiting]);
                if found.kind != PROVED {
                    if self.slots[clause].finding.kind == PROVED {
                        self.slots[clause].finding = Finding {
                            clause,
                            handler: h,
                            ..found
                        };
                    }
                    return;
                }
                h += 1;
            }
            clause += 1;
        }
        self.slots[waiting].finding = Finding::at(waiting, UNPAIRED);
    }
}

/// Whether each end of the flow is an `end now`.
const fn ends_only_now(graph: &GraphDesc) -> bool {
    let (mut clauses, mut any) = (graph.clauses, false);
    while let Some((clause, rest)) = clauses.split_first() {
        if has_plain_end(clause.route) {
            return false;
        }
        any |= clause.ends_now;
        clauses = rest;
    }
    any
}

const fn has_plain_end(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let has = match stage {
            StageDesc::End => true,
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= has_plain_end(arm.route);
                    arms = others;
                }
                any
            }
            // Refused within the others.
            _ => false,
        };
        if has {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether the handler emits a number of an event that the clause waits for which varies.
#[allow(clippy::cast_possible_truncation, reason = "less than `u8::MAX`")]
const fn varies(handler: &HandlerDesc, waiting: &ClauseDesc) -> Finding {
    let events = waiting.trigger.events();
    let mut e = 0;
    while e < handler.emits.len() && e + 1 < u8::MAX as usize {
        let mut w = 0;
        while w < events.len() {
            if events[w].id == handler.emits[e].id {
                if is_unknown(handler) {
                    return Finding::unknown(NOWHERE, handler);
                }
                let least = least(handler.shape.success, e);
                if least < handler.shape.success.len() {
                    let line = handler.shape.success[least].line;
                    return Finding {
                        alternative: least,
                        event: e as u8 + 1,
                        line: if line > 0 {
                            line
                        } else {
                            handler.location.line
                        },
                        ..Finding::at(NOWHERE, LEAVES_OVER)
                    }
                    .of(&handler.shape.success[least], handler.shape.success);
                }
            }
            w += 1;
        }
        e += 1;
    }
    Finding::NONE
}

/// The alternative that emits the least of the event, if the number varies; the number of
/// alternatives if it does not.
const fn least(all: &[Alternative], event: usize) -> usize {
    let (mut least, mut varies, mut i) = (0, false, 0);
    while i < all.len() {
        let count = all[i].count(event);
        let before = all[least].count(event);
        varies |= match count.most {
            Some(most) => most != count.least,
            None => true,
        };
        varies |= count.least != before.least;
        if count.least < before.least {
            least = i;
        }
        i += 1;
    }
    if varies { least } else { all.len() }
}
