//! Whether `flow!` accepts a random graph without the proof.

use crate::generate::{CLAUSES, MOST};
use crate::spec::{Clause, Handler, Spec, Stage, Trigger, each_stage};

/// Whether `flow!` accepts it, without the proof.
pub(crate) fn is_well_formed(spec: &Spec) -> bool {
    let count = spec.clauses.len();
    if count > CLAUSES || spec.size() > MOST || spec.waits() > MOST {
        return false;
    }
    let is_rescue = |clause: &&Clause| matches!(clause.trigger, Trigger::Rescue(_));
    // In a rescue, errors are not rescued.
    let outside = spec.clauses.iter().filter(|clause| !is_rescue(clause));
    let outside = Spec::new(false, outside.cloned().collect());
    let handlers = outside.handlers();
    let only_once = |name: usize| {
        let mut rescues = spec.clauses.iter().filter(
            |clause| matches!(clause.trigger, Trigger::Rescue(Some(other)) if other == name),
        );
        rescues.next();
        rescues.next().is_none()
    };
    let rescued = spec.clauses.iter().all(|clause| match &clause.trigger {
        Trigger::Rescue(Some(name)) => {
            let of_name = |handler: &&&Handler| handler.name == *name;
            only_once(*name)
                && handlers
                    .iter()
                    .find(of_name)
                    .is_some_and(|handler| handler.can_fail)
        }
        Trigger::Rescue(None) => handlers.iter().any(|handler| handler.can_fail),
        _ => true,
    });
    if !words_fit(spec) {
        return false;
    }
    let rescue_of_all = |clause: &&Clause| clause.trigger == Trigger::Rescue(None);
    if !rescued || spec.clauses.iter().filter(rescue_of_all).count() > 1 {
        return false;
    }
    for (index, clause) in spec.clauses.iter().enumerate() {
        if spec.clauses[..index].contains(clause) {
            return false;
        }
        // A question has one clause, which alone takes it.
        if let Trigger::Ask(question) = clause.trigger {
            let others = spec
                .clauses
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            let mut others = others.map(|(_, clause)| clause);
            if others.any(|other| match &other.trigger {
                Trigger::Event(taken) | Trigger::Ask(taken) | Trigger::Times(taken, _) => {
                    *taken == question
                }
                Trigger::All(taken) => taken.contains(&question),
                _ => false,
            }) {
                return false;
            }
        }
    }
    let routes = spec
        .clauses
        .iter()
        .flat_map(|clause| std::iter::once(&clause.route).chain(&clause.otherwise));
    let mut stages = routes.flatten();
    if stages.any(|stage| skips(stage) || is_needless(stage)) {
        return false;
    }
    let ends = |route: &[Stage]| route.iter().any(ends);
    let any_end = spec
        .clauses
        .iter()
        .any(|clause| ends(&clause.route) || clause.otherwise.as_deref().is_some_and(ends));
    any_end == spec.has_output && all_reached(spec)
}

/// Whether each word is where it can be, and once where it can be once.
fn words_fit(spec: &Spec) -> bool {
    let count_of = |trigger: Trigger| {
        let clauses = spec.clauses.iter();
        clauses.filter(|clause| clause.trigger == trigger).count()
    };
    let matches_one = |clause: &Clause| {
        clause.by && !matches!(clause.trigger, Trigger::All(_) | Trigger::Times(..))
    };
    if spec.clauses.iter().any(matches_one) {
        return false;
    }
    let asked = asked_in_stages(spec);
    let emitted = spec.emitted();
    let is_sent = |event: &usize| {
        let asks = |clause: &Clause| clause.trigger == Trigger::Ask(*event);
        spec.takes(*event) && !spec.clauses.iter().any(asks)
    };
    // A question of a stage is nothing else, and what the outside sends is no question.
    if count_of(Trigger::Every) > 1
        || count_of(Trigger::Finally) > 1
        || asked.iter().any(|event| {
            emitted.contains(event) || spec.takes(*event) || spec.external.contains(event)
        })
        || !spec.external.iter().all(is_sent)
        || (spec.drains && !spec.has_output)
    {
        return false;
    }
    let finally = |clause: &&Clause| clause.trigger == Trigger::Finally;
    if spec
        .clauses
        .iter()
        .filter(finally)
        .any(|clause| clause.route.iter().any(ends))
    {
        return false;
    }
    true
}

/// Whether an `else` is behind handlers of which none can fail.
fn is_needless(stage: &Stage) -> bool {
    match stage {
        Stage::Else(route, stand_in) => {
            let spec = Spec::new(false, vec![Clause::new(Trigger::Start, route.clone())]);
            !(spec.handlers().iter().any(|handler| handler.can_fail) || calls_others(route))
                || route.iter().chain(stand_in).any(is_needless)
        }
        Stage::Match(routes) | Stage::Join(routes) | Stage::First(routes) => {
            routes.iter().flatten().any(is_needless)
        }
        Stage::Each(route) => route.iter().any(is_needless),
        _ => false,
    }
}

/// Whether a stage is a question or a flow.
fn calls_others(route: &[Stage]) -> bool {
    let mut any = false;
    each_stage(route, &mut |stage| {
        any |= matches!(stage, Stage::Ask(..) | Stage::Flow(_));
    });
    any
}

/// The questions that stages ask.
fn asked_in_stages(spec: &Spec) -> Vec<usize> {
    let mut asked = Vec::new();
    for clause in &spec.clauses {
        for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
            each_stage(route, &mut |stage| {
                if let Stage::Ask(question, _) = stage {
                    asked.push(*question);
                }
            });
        }
    }
    asked
}

/// Whether a `skip` is not in an `each`.
fn skips(stage: &Stage) -> bool {
    match stage {
        Stage::Skip => true,
        Stage::Match(routes) | Stage::Join(routes) | Stage::First(routes) => {
            routes.iter().flatten().any(skips)
        }
        Stage::Else(route, stand_in) => route.iter().chain(stand_in).any(skips),
        _ => false,
    }
}

fn ends(stage: &Stage) -> bool {
    match stage {
        Stage::End | Stage::EndNow => true,
        Stage::Match(arms) => arms.iter().flatten().any(ends),
        Stage::Join(branches) | Stage::First(branches) => branches.iter().flatten().any(ends),
        Stage::Each(route) => route.iter().any(ends),
        Stage::Else(route, stand_in) => route.iter().chain(stand_in).any(ends),
        _ => false,
    }
}

/// Whether some handler that is reached emits what each clause waits for.
fn all_reached(spec: &Spec) -> bool {
    let mut reached = vec![false; spec.clauses.len()];
    loop {
        let clauses = spec.clauses.iter().zip(&reached);
        let clauses = clauses.filter(|(_, reached)| **reached);
        let clauses: Vec<_> = clauses.map(|(clause, _)| clause.clone()).collect();
        let part = Spec::new(false, clauses);
        let emitted = part.emitted();
        let names: Vec<_> = part.handlers().iter().map(|handler| handler.name).collect();
        let arrives = |event: &usize| emitted.contains(event) || spec.external.contains(event);
        let before = reached.clone();
        for (clause, reached) in spec.clauses.iter().zip(&mut reached) {
            *reached |= match &clause.trigger {
                Trigger::Start | Trigger::Every | Trigger::Finally => true,
                Trigger::Event(event) | Trigger::Times(event, _) | Trigger::Ask(event) => {
                    arrives(event)
                }
                Trigger::All(events) => events.iter().all(arrives),
                Trigger::Rescue(None) => !names.is_empty(),
                Trigger::Rescue(Some(name)) => names.contains(name),
            };
        }
        if reached == before {
            return reached.into_iter().all(|reached| reached);
        }
    }
}
