//! Graphs with less of one thing, to find the smallest one that goes wrong.

use crate::generate::each_handler_of;
use crate::spec::{Clause, Handler, Spec, Stage};

/// Graphs with less of one thing.
pub(crate) fn smaller(spec: &Spec) -> Vec<Spec> {
    let mut all = Vec::new();
    for sent in 0..spec.external.len() {
        let mut one = spec.clone();
        one.external.remove(sent);
        all.push(one);
    }
    all.push(Spec {
        drains: false,
        ..spec.clone()
    });
    for index in 1..spec.clauses.len() {
        let mut one = spec.clone();
        one.clauses.remove(index);
        all.push(one);
    }
    for index in 0..spec.clauses.len() {
        let clause = &spec.clauses[index];
        let mut with = |changed: Clause| {
            let mut one = spec.clone();
            one.clauses[index] = changed;
            all.push(one);
        };
        if clause.otherwise.is_some() {
            with(Clause {
                otherwise: None,
                ..clause.clone()
            });
        }
        if clause.reminder.is_some() {
            with(Clause {
                reminder: None,
                ..clause.clone()
            });
        }
        if clause.by {
            with(Clause {
                by: false,
                ..clause.clone()
            });
        }
        for route in smaller_routes(&clause.route) {
            with(Clause {
                route,
                ..clause.clone()
            });
        }
        for otherwise in clause
            .otherwise
            .iter()
            .flat_map(|route| smaller_routes(route))
        {
            let otherwise = Some(otherwise);
            with(Clause {
                otherwise,
                ..clause.clone()
            });
        }
    }
    let names: Vec<_> = spec.handlers().iter().map(|handler| handler.name).collect();
    for name in names {
        for nth in 0..7 {
            let mut one = spec.clone();
            let mut changed = false;
            each_handler_of(&mut one, &mut |handler| {
                if handler.name == name {
                    changed |= make_smaller(handler, nth);
                }
            });
            if changed {
                all.push(one);
            }
        }
    }
    all.retain(|one| one != spec);
    all
}

fn make_smaller(handler: &mut Handler, nth: usize) -> bool {
    match nth {
        0 if handler.success.len() > 1 => drop(handler.success.pop()),
        1 if handler.success.len() > 1 => drop(handler.success.remove(0)),
        2 if handler.can_fail => {
            handler.can_fail = false;
            handler.timeout = false;
            handler.attempts = 1;
            handler.failure.clear();
        }
        3 if handler.attempts > 1 => handler.attempts = 1,
        4 if handler.timeout => handler.timeout = false,
        5 if !handler.emits.is_empty() => {
            handler.emits.pop();
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.pop();
            }
        }
        6 if !handler.emits.is_empty() => {
            handler.emits.remove(0);
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.remove(0);
            }
        }
        _ => return false,
    }
    true
}

fn smaller_routes(route: &[Stage]) -> Vec<Vec<Stage>> {
    let mut all = Vec::new();
    for index in 0..route.len() {
        if route.len() > 1 {
            let mut one = route.to_vec();
            one.remove(index);
            all.push(one);
        }
        let inner: Vec<Vec<Stage>> = match &route[index] {
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => routes.clone(),
            Stage::Each(route) => vec![route.clone()],
            Stage::Else(route, stand_in) => vec![route.clone(), stand_in.clone()],
            _ => Vec::new(),
        };
        for inner in inner {
            let mut one = route[..index].to_vec();
            one.extend(inner);
            one.extend_from_slice(&route[index + 1..]);
            all.push(one);
        }
    }
    all
}
