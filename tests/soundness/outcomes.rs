//! All that a call, a stage and a route of a graph may come to.

use std::collections::BTreeSet;

use flow_core::graph::{
    Alternative, ClauseDesc, Count, EventDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc,
};

use crate::net::Net;

/// So many more than the least of an open range are tried.
const MORE: u32 = 2;
/// The most items of an `each` that are tried.
const ITEMS: usize = 2;

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

impl Net {
    fn nothing(&self, how: How) -> Outcome {
        Outcome {
            emits: vec![0; self.events.len()],
            late: None,
            how,
        }
    }

    pub(crate) fn route(&self, stages: &[StageDesc], in_rescue: bool) -> BTreeSet<Outcome> {
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

/// Whether the stage waits for something that the end takes away.
pub(crate) fn waits_for_the_outside(handler: &HandlerDesc) -> bool {
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
