//! Changes of a graph in one place.

use fastrand::Rng;

use crate::generate::{ONE, each_handler_of, range};
use crate::spec::{Clause, Handler, Spec, Stage, Trigger};

/// Changes one thing.
pub(super) fn change(spec: &mut Spec, rng: &mut Rng) {
    let events = spec.emitted();
    let Some(event) = rng.choice(events) else {
        return;
    };
    match rng.u8(..15) {
        12 => match spec.external.iter().position(|sent| *sent == event) {
            Some(sent) => drop(spec.external.remove(sent)),
            None => spec.external.push(event),
        },
        13 => {
            let name = 1 + spec
                .handlers()
                .iter()
                .map(|handler| handler.name)
                .max()
                .unwrap();
            let again = Handler {
                name,
                emits: vec![event],
                success: vec![vec![ONE]],
                failure: Vec::new(),
                can_fail: false,
                attempts: 1,
                timeout: false,
                undone: false,
            };
            let asking = |clause: &&mut Clause| matches!(clause.trigger, Trigger::Ask(_));
            if let Some(asking) = spec.clauses.iter_mut().find(asking) {
                asking.reminder = Some(again);
            } else {
                let route = vec![Stage::Handler(again)];
                spec.clauses.push(Clause::new(Trigger::Finally, route));
            }
        }
        14 => spec.drains = spec.has_output && !spec.drains,
        0 => {
            if spec.clauses.len() > 2 {
                let index = rng.usize(1..spec.clauses.len());
                spec.clauses.remove(index);
            }
        }
        1 => {
            // Another clause takes it, too.
            let clause = Clause::new(Trigger::Event(event), vec![Stage::Ignore]);
            spec.clauses.push(clause);
        }
        2 => {
            let clause = rng.usize(..spec.clauses.len());
            let clause = &mut spec.clauses[clause];
            clause.by = matches!(clause.trigger, Trigger::All(_)) && !clause.by;
        }
        3 => {
            let clause = rng.usize(..spec.clauses.len());
            if let Trigger::All(_) | Trigger::Times(..) = spec.clauses[clause].trigger {
                let route = if rng.bool() {
                    vec![Stage::Ignore]
                } else {
                    spec.clauses[clause].route.clone()
                };
                spec.clauses[clause].otherwise = Some(route);
            }
        }
        4 => {
            let clause = rng.usize(..spec.clauses.len());
            if let Trigger::Event(taken) = spec.clauses[clause].trigger {
                spec.clauses[clause].trigger = if rng.bool() {
                    Trigger::All(vec![taken, event])
                } else {
                    Trigger::Times(taken, 2)
                };
                if let Trigger::All(events) = &spec.clauses[clause].trigger
                    && events[0] == events[1]
                {
                    spec.clauses[clause].trigger = Trigger::Event(taken);
                }
            }
        }
        _ => {
            let count = spec.handlers().len();
            let mut at = rng.usize(..count);
            each_handler_of(spec, &mut |handler| {
                if at == 0 {
                    change_handler(handler, event, rng);
                }
                at = at.wrapping_sub(1);
            });
            same_names(spec);
        }
    }
}

/// Handlers of one name are the same.
fn same_names(spec: &mut Spec) {
    let mut first: Vec<Handler> = Vec::new();
    each_handler_of(
        spec,
        &mut |handler| match first.iter().find(|other| other.name == handler.name) {
            Some(other) => handler.clone_from(other),
            None => first.push(handler.clone()),
        },
    );
}

fn change_handler(handler: &mut Handler, event: usize, rng: &mut Rng) {
    match rng.u8(..9) {
        0 if !handler.emits.contains(&event) => {
            handler.emits.push(event);
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.push(range(rng));
            }
        }
        1 | 2 if !handler.emits.is_empty() => {
            let way = rng.usize(..handler.success.len());
            let at = rng.usize(..handler.emits.len());
            handler.success[way][at] = range(rng);
        }
        3 => {
            let way = handler.emits.iter().map(|_| range(rng)).collect();
            handler.success.push(way);
        }
        4 if handler.success.len() > 1 => {
            handler.success.pop();
        }
        5 => {
            handler.can_fail = true;
            let way = handler.emits.iter().map(|_| range(rng)).collect();
            handler.failure = vec![way];
        }
        6 if handler.can_fail => handler.attempts = 2,
        7 if handler.can_fail => handler.timeout = !handler.timeout,
        8 if !handler.emits.is_empty() => {
            let at = rng.usize(..handler.emits.len());
            if !handler.emits.contains(&event) {
                handler.emits[at] = event;
            }
        }
        _ => {}
    }
}
