//! All that an execution of a graph may come to: every marking, and every shape of a call.
//!
//! An activation is over at once, and others go on before it or after it in any order. Only its
//! `end` may come later than the events that it emits.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::fmt::Write as _;
use std::hash::{BuildHasherDefault, Hasher};

use flow_core::graph::{
    Alternative, ClauseDesc, Count, EventDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc,
};

/// So many more than the least of an open range are tried.
const MORE: u32 = 2;
/// The most items of an `each` that are tried.
const ITEMS: usize = 2;
/// No more tokens of a kind are followed.
const TOKENS: u8 = 4;
/// No more activations are followed that wait for the end.
const PARKED: usize = 3;
/// The outside sends no more of an event.
const SENDS: u8 = 2;
/// No more markings are followed.
const MARKINGS: usize = 2_000;
/// No more ways are tried that a clause may go.
const WAYS: usize = 60;

/// What a part of a route may come to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outcome {
    /// How many of each event of the graph.
    pub(crate) emits: Vec<u8>,
    /// The activation waits for what the end gives up, and goes on then: so many more.
    pub(crate) late: Option<Vec<u8>>,
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum How {
    /// The next stage runs.
    Next,
    /// The clause is over.
    Over,
    /// The item is left out.
    Skip,
    End,
    EndNow,
    Stop,
    /// The rescue in this clause takes the error.
    Rescued(usize),
    /// The execution fails.
    Failed,
    /// The question goes out.
    Asks,
    /// A stage is given up, and the clause with it.
    GivenUp,
    /// A stage that is a flow comes to nothing.
    Short,
}

/// What is wrong, and the steps that lead there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) steps: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Nothing is left to do, and the output is not there.
    Stalls,
    /// A handler stops the execution before the output is there.
    Stops,
    /// Events wait for partners when nothing is left to do.
    LeavesOver,
    /// Whatever happens, it goes on for ever.
    NeverEnds,
    /// Events of different origin are paired.
    Mispairs,
    /// A stage that is a flow comes to nothing.
    StageStops,
}

#[derive(Debug)]
pub(crate) struct Explored {
    /// Of each kind, the one with the fewest steps.
    pub(crate) faults: Vec<Fault>,
    /// A failure that is told may end it.
    pub(crate) may_fail: bool,
    /// All markings were followed.
    pub(crate) is_complete: bool,
}

/// A graph, with what each of its clauses may come to.
pub(crate) struct Net {
    pub(crate) graph: &'static GraphDesc,
    pub(crate) events: Vec<EventDesc>,
    pub(crate) outcomes: Vec<Vec<Outcome>>,
    /// Where the waits of each clause begin in a marking, and where the last ones end.
    places: Vec<usize>,
    /// Activations depend on whether the end is decided.
    depends: bool,
    /// Each end is an `end now`, which drops what is left.
    drops: bool,
    /// All ways are tried that the clauses may go.
    is_complete: bool,
}

/// A marking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Marking {
    /// The activations of each clause that have yet to begin.
    begins: Vec<u8>,
    /// What waits for partners, of each event of each clause.
    waits: Vec<u8>,
    /// The questions of each clause that are open.
    open: Vec<u8>,
    /// The activations that wait until the end is decided: the clause and its outcome.
    parked: Vec<(usize, usize)>,
    /// How many of each external event have been sent.
    sent: Vec<u8>,
    /// The activations that have yet to reach their `end`.
    ends: u8,
    decided: bool,
    in_finally: bool,
}

impl Net {
    pub(crate) fn new(graph: &'static GraphDesc) -> Self {
        let mut events: Vec<EventDesc> = Vec::new();
        let emitted = graph.clauses.iter().flat_map(emitted);
        let taken = graph
            .clauses
            .iter()
            .flat_map(|clause| clause.trigger.events().to_vec());
        for event in emitted.chain(taken) {
            if !events.contains(&event) {
                events.push(event);
            }
        }
        let mut net = Self {
            graph,
            events,
            outcomes: Vec::new(),
            places: places(graph),
            depends: !graph.external.is_empty()
                || graph.name.is_some()
                || graph.clauses.iter().any(|clause| {
                    matches!(clause.trigger, TriggerDesc::Every { .. })
                        || matches!(clause.route, [StageDesc::Ask { .. }])
                        || clause.handlers.iter().any(waits_for_the_outside)
                }),
            drops: false,
            is_complete: true,
        };
        for clause in graph.clauses {
            let in_rescue = matches!(
                clause.trigger,
                TriggerDesc::Rescue(_) | TriggerDesc::Finally
            );
            let outcomes = net.route(clause.route, in_rescue);
            let every = outcomes.len().div_ceil(WAYS).max(1);
            net.is_complete &= every == 1;
            let outcomes = outcomes.into_iter().step_by(every).collect();
            net.outcomes.push(outcomes);
        }
        let ends = |how| {
            net.outcomes
                .iter()
                .flatten()
                .any(|outcome| outcome.how == how)
        };
        net.drops = graph.finally.is_none() && ends(How::EndNow) && !ends(How::End);
        net
    }

    fn nothing(&self, how: How) -> Outcome {
        Outcome {
            emits: vec![0; self.events.len()],
            late: None,
            how,
        }
    }

    fn route(&self, stages: &[StageDesc], in_rescue: bool) -> BTreeSet<Outcome> {
        let mut all = BTreeSet::from([self.nothing(How::Next)]);
        for stage in stages {
            let of_stage = self.stage(stage, in_rescue);
            let mut next = BTreeSet::new();
            for before in all {
                if before.how == How::Next {
                    next.extend(of_stage.iter().map(|after| before.then(after)));
                } else {
                    next.insert(before);
                }
            }
            all = next;
        }
        all
    }

    fn stage(&self, stage: &StageDesc, in_rescue: bool) -> BTreeSet<Outcome> {
        let only = |how| BTreeSet::from([self.nothing(how)]);
        match stage {
            StageDesc::Handler(handler) => self.handler(handler, in_rescue),
            StageDesc::Join(branches) => {
                let branches = branches.iter().map(|branch| self.route(branch, in_rescue));
                self.side_by_side(&branches.collect::<Vec<_>>())
            }
            StageDesc::First(branches) => {
                let branches = branches.iter().map(|branch| self.route(branch, in_rescue));
                self.first(&branches.collect::<Vec<_>>())
            }
            StageDesc::Each { route, .. } => {
                let item = self.route(route, in_rescue);
                let counts = (0..=ITEMS).map(|items| vec![item.clone(); items]);
                counts.flat_map(|items| self.side_by_side(&items)).collect()
            }
            StageDesc::Choice(arms) => {
                let arms = arms.iter().map(|arm| self.route(arm.route, in_rescue));
                arms.flatten().collect()
            }
            StageDesc::Else { route, stand_in } => {
                let stand_in = self.route(stand_in, in_rescue);
                let mut all = BTreeSet::new();
                for tried in self.route(route, in_rescue) {
                    if tried.how.is_failure() {
                        all.extend(stand_in.iter().map(|after| tried.then(after)));
                    } else {
                        all.insert(tried);
                    }
                }
                all
            }
            StageDesc::Closure(_) => only(How::Next),
            StageDesc::End => only(How::End),
            StageDesc::EndNow => only(How::EndNow),
            StageDesc::Ignore => only(How::Over),
            StageDesc::Emit { events, shape } => {
                let alternatives = shape.success.iter();
                let counts = alternatives.flat_map(|alternative| self.counts(events, alternative));
                let of = |emits| Outcome {
                    emits,
                    late: None,
                    how: How::Over,
                };
                counts.map(of).collect()
            }
            StageDesc::Skip => only(How::Skip),
            StageDesc::Ask { .. } => only(How::Asks),
            other => unreachable!("{other:?}"),
        }
    }

    fn handler(&self, handler: &HandlerDesc, in_rescue: bool) -> BTreeSet<Outcome> {
        let fails = self.failure(handler, in_rescue);
        let mut success = BTreeSet::new();
        let mut failure = BTreeSet::new();
        for (alternatives, how, all) in [
            (handler.shape.success, How::Next, &mut success),
            (handler.shape.failure, fails, &mut failure),
        ] {
            for alternative in alternatives {
                for emits in self.counts(handler.emits, alternative) {
                    if alternative.stops {
                        let how = How::Stop;
                        all.insert(Outcome {
                            emits: emits.clone(),
                            late: None,
                            how,
                        });
                    }
                    all.insert(Outcome {
                        emits,
                        late: None,
                        how,
                    });
                }
            }
        }
        // A question that is not answered has emitted nothing, and no flow emits into another. What
        // a call of a durable flow has emitted is undone.
        let is_cut_short = handler.timeout.is_some() && !self.graph.durable;
        if is_cut_short && handler.asks.is_none() && handler.graph.is_none() {
            // It is dropped where it waits.
            let waits = |alternative: &&Alternative| alternative.waits;
            let emits = handler.shape.success.iter().filter(waits);
            let emits = emits.flat_map(|alternative| self.counts(handler.emits, alternative));
            for part in emits.flat_map(|emits| parts(&emits)) {
                failure.insert(Outcome {
                    emits: part,
                    late: None,
                    how: fails,
                });
            }
        }
        let mut all: BTreeSet<_> = success.union(&failure).cloned().collect();
        if waits_for_the_outside(handler) {
            all.insert(Outcome {
                late: Some(vec![0; self.events.len()]),
                ..self.nothing(How::GivenUp)
            });
        }
        if let Some(stage) = handler.graph
            && Self::new(stage).explore().comes_to_nothing(stage)
        {
            all.insert(self.nothing(How::Short));
        }
        for _ in 1..handler.attempts {
            let again = failure.iter().filter(|outcome| outcome.how == fails);
            let more = again.flat_map(|before| all.iter().map(|after| before.then(after)));
            let more: Vec<_> = more.collect();
            all.extend(more);
        }
        all
    }

    /// Where an error of the handler goes.
    fn failure(&self, handler: &HandlerDesc, in_rescue: bool) -> How {
        if in_rescue {
            return How::Failed;
        }
        let rescue = |of: &dyn Fn(Option<HandlerDesc>) -> bool| {
            self.graph.clauses.iter().position(
                |clause| matches!(clause.trigger, TriggerDesc::Rescue(rescued) if of(rescued)),
            )
        };
        let own = rescue(&|rescued| {
            rescued.is_some_and(|rescued| {
                (rescued.name, rescued.location) == (handler.name, handler.location)
            })
        });
        let any = || rescue(&|rescued| rescued.is_none());
        own.or_else(any).map_or(How::Failed, How::Rescued)
    }

    /// All that one alternative may emit.
    fn counts(&self, events: &[EventDesc], alternative: &Alternative) -> Vec<Vec<u8>> {
        let mut all = vec![vec![0; self.events.len()]];
        for (index, event) in events.iter().enumerate() {
            let Count { least, most, .. } = alternative.count(index);
            let most = most.map_or(least + MORE, |most| most.min(least + MORE));
            let at = self.index(*event);
            let more = all.iter().flat_map(|emits| {
                (least..=most).map(move |count| {
                    let mut emits = emits.clone();
                    emits[at] += u8::try_from(count).unwrap();
                    emits
                })
            });
            all = more.collect();
        }
        all
    }

    pub(crate) fn index(&self, event: EventDesc) -> usize {
        self.events
            .iter()
            .position(|other| *other == event)
            .unwrap()
    }

    /// All branches run; the first failure drops the others, which may have emitted a part.
    fn side_by_side(&self, branches: &[BTreeSet<Outcome>]) -> BTreeSet<Outcome> {
        let mut all = BTreeSet::from([self.nothing(How::Next)]);
        let mut broken: BTreeSet<Outcome> = BTreeSet::new();
        for branch in branches {
            let mut next = BTreeSet::new();
            let mut next_broken = BTreeSet::new();
            for outcome in branch {
                for before in &all {
                    if outcome.how.leaves() {
                        for part in before.parts() {
                            next_broken.insert(self.nothing(How::Next).plus(&part).then(outcome));
                        }
                        if before.late.is_some() {
                            next_broken.insert(before.then(outcome));
                        }
                    } else {
                        let together = before.then(outcome);
                        let how = How::Next;
                        next.insert(Outcome { how, ..together });
                    }
                }
                for before in &broken {
                    for part in outcome.parts() {
                        next_broken.insert(before.plus(&part));
                    }
                }
            }
            (all, broken) = (next, next_broken);
        }
        all.union(&broken).cloned().collect()
    }

    /// All branches run until one has succeeded; the others may have emitted a part.
    fn first(&self, branches: &[BTreeSet<Outcome>]) -> BTreeSet<Outcome> {
        let mut all = BTreeSet::new();
        for (index, branch) in branches.iter().enumerate() {
            for winner in branch.iter().filter(|outcome| !outcome.how.is_failure()) {
                let mut with_others = BTreeSet::from([winner.clone()]);
                for (other, branch) in branches.iter().enumerate() {
                    if other != index {
                        let rest = branch.iter().flat_map(Outcome::parts);
                        let rest: BTreeSet<_> = rest.collect();
                        with_others = with_others
                            .iter()
                            .flat_map(|before| rest.iter().map(|part| before.plus(part)))
                            .collect();
                    }
                }
                all.extend(with_others);
            }
        }
        let mut failed = BTreeSet::from([self.nothing(How::Next)]);
        for branch in branches {
            let failures = branch.iter().filter(|outcome| outcome.how.is_failure());
            let failures: Vec<_> = failures.collect();
            failed = failed
                .iter()
                .flat_map(|before| failures.iter().map(|after| before.then(after)))
                .collect();
        }
        all.extend(failed);
        all
    }

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

    /// The clause that takes the question when it is answered, or when it is not.
    pub(crate) fn after_question(&self, question: EventDesc, is_answered: bool) -> Option<usize> {
        let clauses = &self.graph.clauses;
        clauses.iter().position(|clause| match clause.trigger {
            TriggerDesc::Answered(asked) => is_answered && asked == question,
            TriggerDesc::Unanswered(asked) => !is_answered && asked == question,
            _ => false,
        })
    }

    /// The clause for an event that the clause at `index` leaves over.
    pub(crate) fn left_over(&self, index: usize, event: EventDesc) -> Option<usize> {
        let after = self.graph.clauses.iter().enumerate().skip(index + 1);
        let own =
            after.take_while(|(_, clause)| matches!(clause.trigger, TriggerDesc::LeftOver(_)));
        own.filter(|(_, clause)| clause.trigger_is_left_over(event))
            .map(|(index, _)| index)
            .next()
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

/// Where the waiting places of each clause begin, and where the last ones end.
fn places(graph: &GraphDesc) -> Vec<usize> {
    let mut places = vec![0];
    for clause in graph.clauses {
        let count = match &clause.trigger {
            TriggerDesc::All(events) => events.len(),
            TriggerDesc::Times { .. } => 1,
            _ => 0,
        };
        places.push(places[places.len() - 1] + count);
    }
    places
}

/// How many of its event a clause `when E[3]` takes.
pub(crate) fn times(trigger: &TriggerDesc) -> u8 {
    let TriggerDesc::Times { number, .. } = trigger else {
        unreachable!("`when E[3]`")
    };
    (*number).try_into().expect("a small number")
}

/// The events of the handlers and of the `emit`s of a clause.
fn emitted(clause: &ClauseDesc) -> Vec<EventDesc> {
    let mut events = Vec::new();
    for handler in clause.handlers {
        events.extend_from_slice(handler.emits);
    }
    of_emits(clause.route, &mut events);
    events
}

fn of_emits(route: &[StageDesc], events: &mut Vec<EventDesc>) {
    for stage in route {
        match stage {
            StageDesc::Emit { events: held, .. } => events.extend_from_slice(held),
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                branches.iter().for_each(|branch| of_emits(branch, events));
            }
            StageDesc::Each { route, .. } => of_emits(route, events),
            StageDesc::Choice(arms) => arms.iter().for_each(|arm| of_emits(arm.route, events)),
            StageDesc::Else { route, stand_in } => {
                of_emits(route, events);
                of_emits(stand_in, events);
            }
            _ => {}
        }
    }
}

/// All that may have been emitted when the rest is not.
fn parts(emits: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    for count in emits {
        let longer = all
            .iter()
            .flat_map(|part| (0..=*count).map(move |fewer| [part.as_slice(), &[fewer]].concat()));
        all = longer.collect();
    }
    all
}

trait TakesLeftOver {
    fn trigger_is_left_over(&self, event: EventDesc) -> bool;
}

impl TakesLeftOver for ClauseDesc {
    fn trigger_is_left_over(&self, event: EventDesc) -> bool {
        matches!(self.trigger, TriggerDesc::LeftOver(left) if left == event)
    }
}

/// Whether the stage waits for something that the end takes away.
fn waits_for_the_outside(handler: &HandlerDesc) -> bool {
    let waits = |clause: &ClauseDesc| {
        matches!(
            clause.trigger,
            TriggerDesc::Answered(_) | TriggerDesc::Every { .. }
        ) || clause.handlers.iter().any(waits_for_the_outside)
    };
    let stage_waits =
        |stage: &GraphDesc| !stage.external.is_empty() || stage.clauses.iter().any(waits);
    handler.asks.is_some() || handler.graph.is_some_and(stage_waits)
}

impl Explored {
    /// Whether a stage may come to nothing, or leave events over.
    fn comes_to_nothing(&self, stage: &GraphDesc) -> bool {
        self.faults.iter().any(|fault| match fault.kind {
            Kind::NeverEnds => stage.output.is_some(),
            kind => kind != Kind::Mispairs,
        })
    }
}

impl How {
    fn is_failure(self) -> bool {
        matches!(self, Self::Rescued(_) | Self::Failed | Self::GivenUp)
    }

    /// The other branches are dropped.
    fn leaves(self) -> bool {
        self.is_failure() || matches!(self, Self::EndNow | Self::Stop | Self::Short)
    }
}

impl Outcome {
    fn plus(&self, emits: &[u8]) -> Self {
        Self {
            emits: sum(&self.emits, emits),
            late: self.late.clone(),
            how: self.how,
        }
    }

    fn then(&self, after: &Self) -> Self {
        let (emits, late) = match (&self.late, &after.late) {
            (None, late) => (sum(&self.emits, &after.emits), late.clone()),
            (Some(before), None) => (self.emits.clone(), Some(sum(before, &after.emits))),
            (Some(before), Some(late)) => {
                let late = sum(before, &sum(&after.emits, late));
                (self.emits.clone(), Some(late))
            }
        };
        let how = after.how;
        Self { emits, late, how }
    }

    /// All that may have been emitted when the rest is dropped.
    fn parts(&self) -> Vec<Vec<u8>> {
        parts(&self.emits)
    }
}

fn sum(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one + other)
        .collect()
}

struct Node {
    marking: Marking,
    before: usize,
    label: String,
    /// Where it may go on.
    after: Vec<usize>,
    is_final: bool,
}

/// FNV-1a, by Fowler, Noll and Vo: most of the time, markings are looked up.
struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01b3);
    }

    fn finish(&self) -> u64 {
        // The table uses the upper bits as well.
        self.0 ^ (self.0 >> 32)
    }
}

struct Search {
    seen: HashMap<Marking, usize, BuildHasherDefault<Quick>>,
    nodes: Vec<Node>,
    todo: VecDeque<usize>,
    faults: Vec<Fault>,
    may_fail: bool,
    is_complete: bool,
}

impl Search {
    fn reach(&mut self, marking: Marking, before: usize, label: impl FnOnce() -> String) {
        if let Some(known) = self.seen.get(&marking) {
            self.nodes[before].after.push(*known);
            return;
        }
        let is_crowded = marking.parked.len() > PARKED;
        let tokens = marking.begins.iter().chain(&marking.open);
        let mut tokens = tokens.chain(&marking.waits);
        if is_crowded || tokens.any(|count| *count > TOKENS) || self.nodes.len() >= MARKINGS {
            self.is_complete = false;
            return;
        }
        let node = self.nodes.len();
        self.seen.insert(marking.clone(), node);
        self.nodes.push(Node {
            marking,
            before,
            label: label(),
            after: Vec::new(),
            is_final: false,
        });
        if node > 0 {
            self.nodes[before].after.push(node);
        }
        self.todo.push_back(node);
    }

    fn finish(&mut self, node: usize) {
        self.nodes[node].is_final = true;
    }

    fn fault(&mut self, kind: Kind, node: usize, last: Option<String>) {
        if self.faults.iter().any(|fault| fault.kind == kind) {
            return;
        }
        let mut steps: Vec<_> = last.into_iter().collect();
        let mut at = node;
        while at > 0 {
            steps.push(self.nodes[at].label.clone());
            at = self.nodes[at].before;
        }
        steps.reverse();
        self.faults.push(Fault { kind, steps });
    }

    /// Markings from which no ending can be reached.
    fn find_endless(&mut self, drains: bool) {
        let mut back = vec![Vec::new(); self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for after in &node.after {
                back[*after].push(index);
            }
        }
        // The time for what goes on after the `end`, and for a `finally`, is limited.
        let is_over = |node: &Node| {
            node.is_final || node.marking.in_finally || (drains && node.marking.decided)
        };
        let mut can_end: Vec<_> = self.nodes.iter().map(is_over).collect();
        let finals = (0..self.nodes.len()).filter(|index| can_end[*index]);
        let mut todo: Vec<_> = finals.collect();
        while let Some(node) = todo.pop() {
            for before in &back[node] {
                if !can_end[*before] {
                    can_end[*before] = true;
                    todo.push(*before);
                }
            }
        }
        if let Some(node) = can_end.iter().position(|can| !can) {
            self.fault(Kind::NeverEnds, node, None);
        }
    }
}
