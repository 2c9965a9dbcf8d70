//! One random execution of a graph, in which every event remembers where it comes from.
//!
//! Events that are taken together belong together unless one of them has more in common with
//! another event of the kind than with those that it was taken with.

use std::collections::VecDeque;

use fastrand::Rng;
use flow_core::graph::{EventDesc, TriggerDesc};

use crate::net::{Net, times};
use crate::outcomes::How;
use crate::search::{Fault, Kind};

/// No more activations and events are followed: one bit for each.
const PLACES: usize = 128;
/// The outside sends so many events at most, and clocks tick so often.
const OUTSIDE: usize = 5;

/// An activation or an event, and all that it comes from.
struct Origin {
    before: u128,
    name: String,
}

/// An activation that has begun.
struct Running {
    place: usize,
    clause: usize,
    /// The events that it has yet to emit, the next one at the end.
    emits: Vec<usize>,
    /// Those that it emits when it has been given up.
    late: Option<Vec<usize>>,
    how: How,
}

struct Walk<'a> {
    net: &'a Net,
    rng: Rng,
    places: Vec<Origin>,
    /// The clause, and what it comes from.
    begins: Vec<(usize, u128)>,
    running: Vec<Running>,
    /// Of each event of each clause.
    waits: Vec<Vec<VecDeque<usize>>>,
    /// What was taken together, by which clause.
    groups: Vec<(usize, Vec<usize>)>,
    /// The events that have arrived at each clause with partners, by their kind.
    arrived: Vec<Vec<Vec<usize>>>,
    /// Questions that wait: the clause of the `ask`, and what they come from.
    open: Vec<(usize, u128)>,
    decided: bool,
    in_finally: bool,
    /// How many more times the outside and the clocks do something.
    outside: usize,
    /// The clauses that are slow.
    slow: Vec<bool>,
}

/// Goes one way through the graph.
pub(crate) fn walk(net: &Net, seed: u64) -> Option<Fault> {
    let mut rng = Rng::with_seed(seed);
    let clauses = net.graph.clauses;
    let kinds = |trigger: &TriggerDesc| match trigger {
        TriggerDesc::All(events) => events.len(),
        TriggerDesc::Times { .. } => 1,
        _ => 0,
    };
    let of_kinds = clauses.iter().map(|clause| kinds(&clause.trigger));
    let slow = clauses.iter().map(|_| rng.u8(..3) == 0).collect();
    let mut walk = Walk {
        net,
        rng,
        places: Vec::new(),
        begins: Vec::new(),
        running: Vec::new(),
        waits: of_kinds
            .clone()
            .map(|kinds| vec![VecDeque::new(); kinds])
            .collect(),
        groups: Vec::new(),
        arrived: of_kinds.map(|kinds| vec![Vec::new(); kinds]).collect(),
        open: Vec::new(),
        decided: false,
        in_finally: false,
        outside: OUTSIDE,
        slow,
    };
    for (index, clause) in clauses.iter().enumerate() {
        if matches!(clause.trigger, TriggerDesc::Start) {
            walk.begins.push((index, 0));
        }
    }
    while walk.step() || walk.finally() {}
    walk.mispaired()
}

impl Walk<'_> {
    fn place(&mut self, before: u128, name: String) -> Option<usize> {
        if self.places.len() == PLACES {
            return None;
        }
        self.places.push(Origin { before, name });
        Some(self.places.len() - 1)
    }

    /// What comes from this.
    fn from(&self, place: usize) -> u128 {
        self.places[place].before | 1 << place
    }

    /// Returns `false` when it is over.
    fn step(&mut self) -> bool {
        if self.outside > 0 && !self.decided && self.rng.u8(..4) == 0 {
            self.outside -= 1;
            return self.something_outside();
        }
        let total = self.begins.len() + self.running.len() + self.open.len();
        if total == 0 {
            return self.take_left_over();
        }
        let mut at = self.rng.usize(..total);
        // A slow clause goes on when others cannot, mostly.
        if at >= self.begins.len() && self.rng.u8(..8) > 0 {
            let running = at - self.begins.len();
            if let Some(running) = self.running.get(running)
                && self.slow[running.clause]
            {
                at = self.rng.usize(..total);
            }
        }
        if at < self.begins.len() {
            // Activations begin in their order.
            let (clause, before) = self.begins.remove(0);
            self.begin(clause, before)
        } else if let Some(running) = at
            .checked_sub(self.begins.len())
            .filter(|at| *at < self.running.len())
        {
            self.go_on(running)
        } else {
            let open = at - self.begins.len() - self.running.len();
            if self.outside > 0 && self.rng.u8(..4) > 0 {
                // It waits so long that the outside and the clocks do something meanwhile.
                return true;
            }
            let (clause, before) = self.open.swap_remove(open);
            let is_answered = !self.decided && self.rng.bool();
            self.close(clause, before, is_answered);
            true
        }
    }

    fn begin(&mut self, clause: usize, before: u128) -> bool {
        let outcomes = &self.net.outcomes[clause];
        if outcomes.is_empty() {
            return true;
        }
        let outcome = &outcomes[self.rng.usize(..outcomes.len())];
        let emits = outcome.emits.iter().enumerate();
        let emits = emits.flat_map(|(event, count)| vec![event; usize::from(*count)]);
        let mut emits: Vec<_> = emits.collect();
        let how = outcome.how;
        let late = outcome.late.as_ref().map(|late| {
            let late = late.iter().enumerate();
            let late = late.flat_map(|(event, count)| vec![event; usize::from(*count)]);
            late.collect()
        });
        self.rng.shuffle(&mut emits);
        let Some(place) = self.place(before, format!("clause {clause}")) else {
            return false;
        };
        self.running.push(Running {
            place,
            clause,
            emits,
            late,
            how,
        });
        true
    }

    /// An event is sent, or a clock ticks.
    fn something_outside(&mut self) -> bool {
        let (net, mut all) = (self.net, Vec::new());
        // What an open question comes from.
        let open = |question: EventDesc| {
            let mut open = self.open.iter().filter(|(asking, _)| {
                let trigger = &net.graph.clauses[*asking].trigger;
                matches!(trigger, TriggerDesc::Event(asked) if *asked == question)
            });
            open.next().map(|(_, before)| *before)
        };
        for (index, clause) in net.graph.clauses.iter().enumerate() {
            let ticks = match clause.trigger {
                TriggerDesc::Every { .. } => Some(0),
                TriggerDesc::Reminder { question, .. } => open(question),
                _ => None,
            };
            // They do not overlap.
            let begun = self.begins.iter().map(|(clause, _)| *clause);
            let mut under_way = begun.chain(self.running.iter().map(|running| running.clause));
            if let Some(before) = ticks
                && !under_way.any(|clause| clause == index)
            {
                all.push(Err((index, before)));
            }
        }
        all.extend(net.graph.external.iter().map(|event| Ok(*event)));
        match self.rng.choice(all) {
            Some(Ok(event)) => {
                let Some(place) = self.place(0, event.name.to_owned()) else {
                    return false;
                };
                self.deliver(net.index(event), place);
            }
            Some(Err(due)) => self.begins.push(due),
            None => {}
        }
        true
    }

    /// Begins the `finally`, if there is one.
    fn finally(&mut self) -> bool {
        let clauses = self.net.graph.clauses.iter();
        let mut clauses = clauses.map(|clause| clause.trigger);
        let finally = clauses.position(|trigger| matches!(trigger, TriggerDesc::Finally));
        let Some(finally) = finally.filter(|_| !self.in_finally) else {
            return false;
        };
        self.begins.clear();
        self.running.clear();
        self.open.clear();
        self.waits.iter_mut().flatten().for_each(VecDeque::clear);
        (self.decided, self.in_finally) = (true, true);
        self.begins.push((finally, 0));
        true
    }

    fn go_on(&mut self, at: usize) -> bool {
        let place = self.running[at].place;
        let before = self.from(place);
        if let Some(event) = self.running[at].emits.pop() {
            let name = self.net.events[event].name.to_owned();
            let Some(place) = self.place(before, name) else {
                return false;
            };
            self.deliver(event, place);
            return true;
        }
        if self.running[at].late.is_some() && !self.decided {
            // It waits.
            let others = self.begins.len() + self.open.len();
            let mut running = self.running.iter();
            return others > 0
                || running.any(|running| !running.emits.is_empty() || running.late.is_none());
        }
        if let Some(late) = self.running[at].late.take() {
            self.running[at].emits = late;
            return true;
        }
        let Running { clause, how, .. } = self.running.swap_remove(at);
        match how {
            How::Next | How::Over | How::Skip | How::GivenUp => {}
            How::End => self.decided = true,
            How::EndNow | How::Stop | How::Failed | How::Short => {
                self.begins.clear();
                self.running.clear();
                self.open.clear();
                self.waits.iter_mut().flatten().for_each(VecDeque::clear);
                return false;
            }
            How::Rescued(rescue) => self.begins.push((rescue, before)),
            How::Asks if self.decided => self.close(clause, before, false),
            How::Asks => self.open.push((clause, before)),
        }
        true
    }

    fn close(&mut self, clause: usize, before: u128, is_answered: bool) {
        let TriggerDesc::Event(question) = self.net.graph.clauses[clause].trigger else {
            unreachable!("an `ask`")
        };
        let unanswered = self.net.after_question(question, false);
        let answered = self.net.after_question(question, true);
        let taken = if is_answered || (!self.decided && unanswered.is_none()) {
            answered
        } else {
            unanswered
        };
        self.begins.extend(taken.map(|taken| (taken, before)));
    }

    fn deliver(&mut self, event: usize, place: usize) {
        let from = self.from(place);
        let event = self.net.events[event];
        for (index, clause) in self.net.graph.clauses.iter().enumerate() {
            match &clause.trigger {
                TriggerDesc::Event(taken) if *taken == event => self.begins.push((index, from)),
                TriggerDesc::All(_) | TriggerDesc::Times { .. } => {
                    let events = clause.trigger.events();
                    let Some(kind) = events.iter().position(|taken| *taken == event) else {
                        continue;
                    };
                    self.waits[index][kind].push_back(place);
                    self.arrived[index][kind].push(place);
                    let of_each = match &clause.trigger {
                        TriggerDesc::All(_) => 1,
                        trigger => usize::from(times(trigger)),
                    };
                    let waits = &mut self.waits[index];
                    if waits.iter().all(|waiting| waiting.len() >= of_each) {
                        let group = waits
                            .iter_mut()
                            .flat_map(|waiting| waiting.drain(..of_each));
                        let group: Vec<_> = group.collect();
                        let from = group.iter().map(|place| self.from(*place));
                        let from = from.fold(0, |all, one| all | one);
                        self.begins.push((index, from));
                        self.groups.push((index, group));
                    }
                }
                _ => {}
            }
        }
    }

    fn take_left_over(&mut self) -> bool {
        let mut any = false;
        for (index, clause) in self.net.graph.clauses.iter().enumerate() {
            for (kind, event) in clause.trigger.events().iter().enumerate() {
                if let Some(taken) = self.net.left_over(index, *event)
                    && let Some(waiting) = self.waits[index].get_mut(kind)
                {
                    let waiting = std::mem::take(waiting);
                    any |= !waiting.is_empty();
                    for place in waiting {
                        self.begins.push((taken, self.from(place)));
                    }
                }
            }
        }
        any
    }

    fn mispaired(&self) -> Option<Fault> {
        let common = |one: usize, other: usize| self.places[one].before & self.places[other].before;
        for (clause, group) in &self.groups {
            let of_clause = &self.net.graph.clauses[*clause];
            // What `when E[3]` takes are any three, in the order of their arrival.
            if of_clause.by.is_some() || matches!(of_clause.trigger, TriggerDesc::Times { .. }) {
                continue;
            }
            let kind = |place: usize| {
                let kinds = &self.arrived[*clause];
                kinds.iter().position(|kind| kind.contains(&place)).unwrap()
            };
            let of_group = group.iter().fold(0, |all, place| all | 1 << place);
            for (nth, one) in group.iter().enumerate() {
                for other in group.iter().skip(nth + 1) {
                    for (one, other) in [(*one, *other), (*other, *one)] {
                        let had = common(one, other);
                        let others = self.arrived[*clause][kind(other)].iter();
                        // What the group has led to came too late for it.
                        let mut others = others.filter(|other| self.from(**other) & of_group == 0);
                        let better = others.find(|other| {
                            let has = common(one, **other);
                            has != had && has & had == had
                        });
                        if let Some(better) = better {
                            return Some(self.fault(*clause, one, other, *better));
                        }
                    }
                }
            }
        }
        None
    }

    fn fault(&self, clause: usize, one: usize, other: usize, better: usize) -> Fault {
        let origin = |place: usize| {
            let before = (0..self.places.len())
                .filter(|origin| self.places[place].before & (1 << origin) != 0)
                .map(|origin| format!("{}#{origin}", self.places[origin].name));
            let before: Vec<_> = before.collect();
            format!(
                "{}#{place} of {}",
                self.places[place].name,
                before.join(" ")
            )
        };
        let steps = vec![
            format!("clause {clause} took"),
            origin(one),
            origin(other),
            format!("instead of {}", origin(better)),
        ];
        Fault {
            kind: Kind::Mispairs,
            steps,
        }
    }
}
