//! A graph, with what each of its clauses may come to.

use flow_core::graph::{ClauseDesc, EventDesc, GraphDesc, StageDesc, TriggerDesc};

use crate::outcomes::{How, Outcome, waits_for_the_outside};

/// No more ways are tried that a clause may go.
const WAYS: usize = 60;

/// A graph, with what each of its clauses may come to.
pub(crate) struct Net {
    pub(crate) graph: &'static GraphDesc,
    pub(crate) events: Vec<EventDesc>,
    pub(crate) outcomes: Vec<Vec<Outcome>>,
    /// Where the waits of each clause begin in a marking, and where the last ones end.
    pub(crate) places: Vec<usize>,
    /// Activations depend on whether the end is decided.
    pub(crate) depends: bool,
    /// Each end is an `end now`, which drops what is left.
    pub(crate) drops: bool,
    /// All ways are tried that the clauses may go.
    pub(crate) is_complete: bool,
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

    pub(crate) fn index(&self, event: EventDesc) -> usize {
        self.events
            .iter()
            .position(|other| *other == event)
            .unwrap()
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

trait TakesLeftOver {
    fn trigger_is_left_over(&self, event: EventDesc) -> bool;
}

impl TakesLeftOver for ClauseDesc {
    fn trigger_is_left_over(&self, event: EventDesc) -> bool {
        matches!(self.trigger, TriggerDesc::LeftOver(left) if left == event)
    }
}
