//! Events: who takes them, who waits for a partner, and how many there may be.

use std::collections::VecDeque;

use crate::case::Case;
use crate::graph::{Clause, EVENTS, Graph, Trigger};
use crate::interpreter::data::Data;
use crate::interpreter::opening::Opening;
use crate::interpreter::{Execution, Over, lock};
use crate::script::Value;

/// An event, or the like, that a clause has yet to take.
pub(super) struct Activation {
    pub(super) clause: usize,
    pub(super) data: Data,
    /// It was left without a partner.
    pub(super) is_left: bool,
    /// A handler has emitted it, and the limits count it.
    pub(super) is_emitted: bool,
}

/// The events of a clause, and how many of each wait.
fn waiting_text(clause: &Clause, waiting: &[VecDeque<Value>]) -> (String, String) {
    let Trigger::All(events, _) = &clause.trigger else {
        unreachable!("partners")
    };
    let names = events.iter().map(|(event, _)| EVENTS[*event]);
    let counts = names.zip(waiting);
    let counts = counts.map(|(name, waiting)| match waiting.len() {
        0 => format!("no `{name}`"),
        count => format!("{count} `{name}`"),
    });
    let counts: Vec<_> = counts.collect();
    let counts = match &counts[..] {
        [only] => only.clone(),
        [several @ .., last] => format!("{} and {last}", several.join(", ")),
        [] => unreachable!("it waits for events"),
    };
    (clause.trigger.together(), counts)
}

pub(super) fn no_partners(graph: &Graph) -> Vec<Vec<VecDeque<Value>>> {
    let waiting = |clause: &Clause| match &clause.trigger {
        Trigger::All(events, _) => vec![VecDeque::new(); events.len()],
        _ => Vec::new(),
    };
    graph.clauses.iter().map(waiting).collect()
}

impl Execution<'_> {
    pub(super) fn push(&self, clause: usize, data: Data, is_left: bool) {
        lock(&self.queue).push_back(Activation {
            clause,
            data,
            is_left,
            is_emitted: false,
        });
    }

    /// Whether a clause can begin, or its rest.
    pub(super) fn has_next(&self) -> bool {
        let next = !lock(&self.queue).is_empty() || !lock(&self.rests).is_empty();
        next && *lock(&self.opening) != Opening::Running
    }

    pub(super) fn clear_queue(&self) {
        lock(&self.queue).clear();
        lock(&self.rests).clear();
    }

    /// The limits of the outermost, which do not count in its `finally`. A stage has none.
    fn limits(&self) -> Option<&Case> {
        let counts = self.outer.is_none() && !*lock(&self.finalizing);
        counts.then_some(self.outside.around.case)
    }

    /// Whether an event from outside need not wait. There is always room when nothing else goes on,
    /// except while a resource is opened, or while events wait for a stage.
    pub(super) fn has_room(&self) -> bool {
        let waiting = (lock(&self.queue).len() + self.untaken()) as u64;
        self.limits().is_none_or(|case| waiting < case.max_pending)
    }

    /// Delivery: to every clause that names the event, in the order of the text.
    pub(super) fn emit(&self, event: usize, value: Value) {
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            if clause.takes(event) && self.admits(event) {
                lock(&self.queue).push_back(Activation {
                    clause: index,
                    data: Data::Event(event, value),
                    is_left: false,
                    is_emitted: true,
                });
            }
        }
    }

    pub(super) fn counts_event(&self, event: usize) -> bool {
        self.counts(&format!("; the last event was `{}`", EVENTS[event]))
    }

    /// The events in a value, in its order.
    pub(super) fn emit_returned(&self, data: &Data) {
        match data {
            Data::Returned(events) => {
                for (event, value) in events {
                    self.emit(*event, *value);
                }
            }
            Data::Several(parts) => parts.iter().for_each(|part| self.emit_returned(part)),
            other => unreachable!("{other:?}"),
        }
    }

    /// Counts it for `max_events`.
    pub(super) fn counts(&self, last: &str) -> bool {
        let Some(case) = self.limits() else {
            return true;
        };
        *lock(&self.emitted) += 1;
        if *lock(&self.emitted) > case.max_events {
            self.exceeded(&format!("`max_events` of {}{last}", case.max_events));
            return false;
        }
        true
    }

    /// The limits on events that handlers emit.
    fn admits(&self, event: usize) -> bool {
        if !self.counts_event(event) {
            return false;
        }
        let Some(case) = self.limits() else {
            return true;
        };
        let event = EVENTS[event];
        let queue = lock(&self.queue);
        let pending = queue.iter().filter(|waiting| waiting.is_emitted).count();
        drop(queue);
        if pending as u64 >= case.max_pending {
            let limit = format!("`max_pending` of {} with `{event}`", case.max_pending);
            self.exceeded(&format!(
                "{limit}: raise the limit, or emit fewer events at once"
            ));
            return false;
        }
        true
    }

    /// Those that wait for a partner have `max_pending` to themselves.
    pub(super) fn limit_partners(&self) {
        let Some(case) = self.limits() else {
            return;
        };
        let partners = lock(&self.partners);
        let count = |clause: &[VecDeque<Value>]| clause.iter().map(VecDeque::len).sum::<usize>();
        let all: usize = partners.iter().map(|clause| count(clause)).sum();
        if all as u64 > case.max_pending {
            let most = partners.iter().map(|clause| count(clause)).max();
            let most = partners
                .iter()
                .position(|clause| Some(count(clause)) == most);
            let waiting =
                waiting_text(&self.graph.clauses[most.unwrap()], &partners[most.unwrap()]);
            let (clause, waiting) = waiting;
            self.exceeded(&format!(
                "`max_pending` of {}, because `when {clause}` waits with {waiting}: raise the \
                 limit, or emit the partners sooner",
                case.max_pending
            ));
        }
    }

    fn exceeded(&self, what: &str) {
        let message = format!("the execution exceeded its {what}");
        self.end(Over::Failed(vec![message].into(), false));
    }

    /// The first of one kind meets the first of the other; with a field, of those where it is equal.
    pub(super) fn pair(&self, activation: Activation) -> Option<Activation> {
        let Activation {
            clause, ref data, ..
        } = activation;
        let of = self.graph.clauses.get(clause).map(|clause| &clause.trigger);
        let (Some(Trigger::All(events, by)), Data::Event(event, value), false) =
            (of, data, activation.is_left)
        else {
            return Some(activation);
        };
        let waiting = &mut lock(&self.partners)[clause];
        let which = events.iter().position(|(other, _)| other == event).unwrap();
        waiting[which].push_back(*value);
        let fits = |other: &Value| by.is_none() || other.fuel == value.fuel;
        let enough = |(waiting, (_, number)): (&VecDeque<Value>, &(usize, usize))| {
            waiting.iter().filter(|value| fits(value)).count() >= *number
        };
        if !waiting.iter().zip(events).all(enough) {
            return None;
        }
        let mut met = Vec::new();
        for (waiting, (_, number)) in waiting.iter_mut().zip(events) {
            for _ in 0..*number {
                let first = waiting.iter().position(fits);
                let first = first.and_then(|first| waiting.remove(first));
                met.push(Data::One(first.unwrap()));
            }
        }
        let data = Data::Several(met);
        Some(Activation { data, ..activation })
    }

    /// Nothing runs: events without a partner go to the `else` of their clause, or are an error.
    pub(super) fn take_left_over(&self) -> bool {
        let mut partners = lock(&self.partners);
        let mut any = false;
        let clauses = || self.graph.clauses.iter().enumerate();
        for (index, clause) in clauses() {
            let Trigger::All(events, _) = &clause.trigger else {
                continue;
            };
            if clause.otherwise.is_some() {
                for ((event, _), waiting) in events.iter().zip(&mut partners[index]) {
                    for value in waiting.drain(..) {
                        self.push(index, Data::Event(*event, value), true);
                        any = true;
                    }
                }
            }
        }
        // What was taken may yet bring the others their partners.
        for (index, clause) in clauses() {
            if !any && partners[index].iter().any(|waiting| !waiting.is_empty()) {
                let (names, left) = waiting_text(clause, &partners[index]);
                let message =
                    format!("the execution finished, but `when {names}` was left with {left}");
                self.end(Over::Failed(vec![message].into(), false));
                any = true;
            }
        }
        any
    }
}
