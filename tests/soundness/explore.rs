//! All that an execution of a graph may come to: every marking, and every shape of a call.
//!
//! An activation is over at once, and others go on before it or after it in any order. Only its
//! `end` may come later than the events that it emits.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

use flow_core::graph::{ClauseDesc, TriggerDesc};

use crate::net::{Net, times};
use crate::outcomes::{How, Outcome};
use crate::search::{Explored, Fault, Kind, Marking, Search};

/// The outside sends no more of an event.
const SENDS: u8 = 2;

impl Net {
    fn begin(&self) -> Marking {
        let clauses = &self.graph.clauses;
        let mut marking = Marking {
            begins: vec![0; clauses.len()],
            waits: vec![0; self.places[clauses.len()]],
            open: vec![0; clauses.len()],
            parked: Vec::new(),
            sent: vec![0; self.graph.external.len()],
            ends: 0,
            decided: false,
            in_finally: false,
        };
        for (index, clause) in clauses.iter().enumerate() {
            if matches!(clause.trigger, TriggerDesc::Start) {
                marking.begins[index] = 1;
            }
        }
        marking
    }

    /// The execution is over, and its `finally` begins, if it has one.
    fn finally(&self) -> Option<Marking> {
        let clauses = self.graph.clauses.iter();
        let mut clauses = clauses.map(|clause| clause.trigger);
        let index = clauses.position(|trigger| matches!(trigger, TriggerDesc::Finally))?;
        let mut marking = self.begin();
        marking.begins.fill(0);
        marking.begins[index] = 1;
        (marking.decided, marking.in_finally) = (true, true);
        Some(marking)
    }

    fn ticks(&self) -> bool {
        let mut clauses = self.graph.clauses.iter();
        clauses.any(|clause| matches!(clause.trigger, TriggerDesc::Every { .. }))
    }

    fn deliver(&self, marking: &mut Marking, emits: &[u8]) {
        for (event, count) in self.events.iter().zip(emits) {
            if *count == 0 {
                continue;
            }
            for (index, clause) in self.graph.clauses.iter().enumerate() {
                let waits = &mut marking.waits[self.places[index]..self.places[index + 1]];
                match &clause.trigger {
                    TriggerDesc::Event(taken) if taken == event => marking.begins[index] += count,
                    TriggerDesc::All(partners) => {
                        for (partner, waiting) in partners.iter().zip(waits.iter_mut()) {
                            *waiting += if partner == event { *count } else { 0 };
                        }
                        let groups = waits.iter().copied().min().unwrap_or(0);
                        for waiting in waits.iter_mut() {
                            *waiting -= groups;
                        }
                        marking.begins[index] += groups;
                    }
                    TriggerDesc::Times { event: taken, .. } if taken == event => {
                        let size = times(&clause.trigger);
                        waits[0] += count;
                        marking.begins[index] += waits[0] / size;
                        waits[0] %= size;
                    }
                    _ => {}
                }
            }
        }
    }

    /// Explores the graph.
    pub(crate) fn explore(&self) -> Explored {
        let mut explored = self.search(false);
        let endless = |fault: &Fault| fault.kind == Kind::NeverEnds;
        // With one order only, a loop may keep the others from their end.
        if explored.faults.iter().any(endless) {
            explored.faults.retain(|fault| !endless(fault));
            explored
                .faults
                .extend(self.search(true).faults.into_iter().filter(endless));
        }
        explored
    }

    /// `all_orders`: else, activations that do not depend on each other begin in one order.
    fn search(&self, all_orders: bool) -> Explored {
        let mut search = Search {
            seen: HashMap::default(),
            nodes: Vec::new(),
            todo: VecDeque::new(),
            faults: Vec::new(),
            may_fail: false,
            is_complete: self.is_complete,
        };
        search.reach(self.begin(), 0, String::new);
        // Whatever ends it, it is over then.
        if let Some(finally) = self.finally() {
            search.reach(finally, 0, || "it is cancelled".to_owned());
        }
        while let Some(node) = search.todo.pop_front() {
            self.step(&mut search, node, all_orders);
        }
        if search.is_complete {
            search.find_endless(self.graph.drain.is_some());
        }
        Explored {
            faults: search.faults,
            may_fail: search.may_fail,
            is_complete: search.is_complete,
        }
    }

    /// What the outside and the clocks do.
    fn step_outside(&self, search: &mut Search, node: usize, marking: &Marking) {
        if marking.decided {
            return;
        }
        // The end of the flow around a stage closes the stage as well.
        if self.graph.name.is_some() {
            let mut next = marking.clone();
            next.decided = true;
            search.reach(next, node, || "the outer end".to_owned());
        }
        for (index, event) in self.graph.external.iter().enumerate() {
            if marking.sent[index] < SENDS {
                let mut next = marking.clone();
                next.sent[index] += 1;
                let mut emits = vec![0; self.events.len()];
                emits[self.index(*event)] = 1;
                self.deliver(&mut next, &emits);
                search.reach(next, node, || format!("{} is sent", event.name));
            }
        }
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            let is_due = match clause.trigger {
                TriggerDesc::Every { .. } => true,
                TriggerDesc::Reminder { question, .. } => {
                    let asks = |(index, clause): (usize, &ClauseDesc)| {
                        marking.open[index] > 0
                            && matches!(clause.trigger, TriggerDesc::Event(asked) if asked == question)
                    };
                    self.graph.clauses.iter().enumerate().any(asks)
                }
                _ => false,
            };
            if is_due && marking.begins[index] == 0 {
                let mut next = marking.clone();
                next.begins[index] = 1;
                search.reach(next, node, || format!("clause {index} is due"));
            }
        }
    }

    /// The end is decided, and what waits for the outside is given up.
    fn step_parked(&self, search: &mut Search, node: usize, marking: &Marking) {
        for (nth, (index, number)) in marking.parked.iter().enumerate() {
            if nth > 0 && marking.parked[nth - 1] == marking.parked[nth] {
                continue;
            }
            let mut next = marking.clone();
            next.parked.remove(nth);
            let outcome = &self.outcomes[*index][*number];
            let late = outcome.late.as_ref().unwrap();
            let label = || format!("clause {index} is given up");
            self.come_out(search, node, next, *index, late, outcome.how, label);
        }
    }

    fn step(&self, search: &mut Search, node: usize, all_orders: bool) {
        let marking = search.nodes[node].marking.clone();
        let mut is_still = marking.ends == 0;
        self.step_outside(search, node, &marking);
        if marking.decided {
            is_still &= marking.parked.is_empty();
            self.step_parked(search, node, &marking);
        }
        if marking.ends > 0 {
            let mut next = marking.clone();
            next.ends -= 1;
            next.decided = true;
            search.reach(next, node, || "the end".to_owned());
        }
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            if marking.begins[index] > 0 {
                is_still = false;
                self.activate(search, node, index);
                if !all_orders && (!self.depends || marking.decided) {
                    return;
                }
            }
            if marking.open[index] > 0 {
                is_still = false;
                let TriggerDesc::Event(question) = clause.trigger else {
                    unreachable!("an `ask`")
                };
                for is_answered in [true, false] {
                    let taken = self.after_question(question, is_answered);
                    if is_answered && marking.decided {
                        continue;
                    }
                    let mut next = marking.clone();
                    next.open[index] -= 1;
                    let word = if is_answered {
                        "answered"
                    } else {
                        "unanswered"
                    };
                    match taken {
                        Some(taken) => next.begins[taken] += 1,
                        None if marking.decided => {}
                        // Without a limit, it is answered at some time.
                        None => continue,
                    }
                    search.reach(next, node, || format!("{} is {word}", question.name));
                }
            }
        }
        if !marking.decided && !marking.parked.is_empty() {
            // What is asked is answered at some time, whatever goes on meanwhile, which is another
            // outcome.
            return search.finish(node);
        }
        if !is_still {
            return;
        }
        if marking.decided || !self.ticks() {
            self.come_to_rest(search, node, &marking);
        }
    }

    fn activate(&self, search: &mut Search, node: usize, index: usize) {
        let mut marking = search.nodes[node].marking.clone();
        marking.begins[index] -= 1;
        for (number, outcome) in self.outcomes[index].iter().enumerate() {
            let mut next = marking.clone();
            let label = || self.label(index, outcome);
            if outcome.late.is_some() {
                next.parked.push((index, number));
                next.parked.sort_unstable();
                self.deliver(&mut next, &outcome.emits);
                search.reach(next, node, label);
            } else {
                self.come_out(
                    search,
                    node,
                    next,
                    index,
                    &outcome.emits,
                    outcome.how,
                    label,
                );
            }
        }
    }

    /// An activation of the clause at `index` emits these and comes to its end.
    #[allow(
        clippy::too_many_arguments,
        reason = "what an outcome is, and where it comes from"
    )]
    fn come_out(
        &self,
        search: &mut Search,
        node: usize,
        mut next: Marking,
        index: usize,
        emits: &[u8],
        how: How,
        label: impl FnOnce() -> String,
    ) {
        match how {
            How::Next | How::Over | How::Skip | How::GivenUp => {}
            How::End if next.decided => {}
            How::End if self.depends && emits.iter().any(|count| *count > 0) => {
                next.ends = 1;
            }
            How::End => next.decided = true,
            How::Rescued(rescue) => next.begins[rescue] += 1,
            How::EndNow | How::Failed => {
                search.may_fail |= how == How::Failed;
                return self.finish(search, node, &next);
            }
            How::Stop => {
                if self.graph.output.is_some() && !next.decided {
                    search.fault(Kind::Stops, node, Some(label()));
                }
                return self.finish(search, node, &next);
            }
            How::Short => {
                search.fault(Kind::StageStops, node, Some(label()));
                return self.finish(search, node, &next);
            }
            How::Asks => {
                let TriggerDesc::Event(question) = self.graph.clauses[index].trigger else {
                    unreachable!("an `ask`")
                };
                if !next.decided {
                    next.open[index] += 1;
                } else if let Some(taken) = self.after_question(question, false) {
                    next.begins[taken] += 1;
                }
            }
        }
        self.deliver(&mut next, emits);
        search.reach(next, node, label);
    }

    /// The execution is over, but for its `finally`.
    fn finish(&self, search: &mut Search, node: usize, marking: &Marking) {
        search.finish(node);
        if !marking.in_finally
            && let Some(finally) = self.finally()
        {
            search.reach(finally, node, || "it is over".to_owned());
        }
    }

    fn come_to_rest(&self, search: &mut Search, node: usize, marking: &Marking) {
        let mut next = marking.clone();
        let mut any = false;
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            for (place, event) in clause.trigger.events().iter().enumerate() {
                let place = self.places[index] + place;
                if place >= self.places[index + 1] {
                    continue;
                }
                let waiting = next.waits[place];
                if let Some(taken) = self.left_over(index, *event)
                    && waiting > 0
                {
                    next.waits[place] = 0;
                    next.begins[taken] += waiting;
                    any = true;
                }
            }
        }
        if any {
            return search.reach(next, node, || "what is left is taken".to_owned());
        }
        self.finish(search, node, marking);
        // The outside sends what it may send, at some time.
        let all_sent = marking.sent.iter().all(|count| *count > 0);
        let is_left = marking.waits.iter().any(|waiting| *waiting > 0);
        // An `end now` that it is still to lead to drops what is left.
        if is_left && (all_sent || !self.drops) {
            let left = format!("waiting: {:?}", marking.waits);
            search.fault(Kind::LeavesOver, node, Some(left));
        }
        if self.graph.output.is_some() && !marking.decided && all_sent {
            search.fault(Kind::Stalls, node, None);
        }
    }

    /// What an activation of the clause comes to, for a report.
    fn label(&self, index: usize, outcome: &Outcome) -> String {
        let mut text = format!("clause {index}");
        for (event, count) in self.events.iter().zip(&outcome.emits) {
            if *count > 0 {
                write!(text, " {count}*{}", event.name).unwrap();
            }
        }
        if !matches!(outcome.how, How::Next | How::Over) {
            write!(text, " {:?}", outcome.how).unwrap();
        }
        text
    }
}
