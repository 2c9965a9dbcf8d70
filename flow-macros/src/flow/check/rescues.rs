//! Rescues: the handlers and questions that they are of, and where their errors can be rescued.

use std::collections::{HashMap, HashSet};

use proc_macro2::Span;
use syn::Path;
use syn::spanned::Spanned;

use crate::errors::Errors;
use crate::flow::asks::{RescuedAsk, asking, is_ask, shown};
use crate::flow::route::places::Place;
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::functions::original;
use crate::written::{key, written};

/// Gives rescued handlers that are in the flow under another path that path. The types decide
/// whether they are the same.
pub(super) fn rescued_by_other_paths(flow: &mut Flow) {
    let known: HashMap<_, _> = flow
        .handlers()
        .map(|path| (key(path), path.clone()))
        .collect();
    for clause in &mut flow.clauses {
        let Trigger::Rescue(Some(handler)) = &mut clause.trigger else {
            continue;
        };
        if known.contains_key(&key(handler)) {
            continue;
        }
        let last = |path: &Path| path.segments.last().map(|last| original(&last.ident));
        let mut alike = known.values().filter(|path| last(path) == last(handler));
        if let (Some(same), None) = (alike.next(), alike.next()) {
            flow.renamed.push((handler.clone(), same.clone()));
            *handler = at(same, handler.span());
        }
    }
}

/// Checks that each rescued handler is in the flow, and where an error of it can be rescued.
pub(super) fn rescues_run(flow: &Flow, errors: &mut Errors) {
    // The clause of the handler may be one that failed to parse.
    let is_whole = errors.is_empty();
    let is_rescue = |clause: &&Clause| matches!(clause.trigger, Trigger::Rescue(_));
    let written_once = flow.clauses.iter().filter(|clause| !clause.repeats);
    let opens = |clause: &&Clause| matches!(clause.trigger, Trigger::Open(..));
    let places: Vec<_> = written_once
        .filter(|clause| !is_rescue(clause) && !opens(clause))
        .flat_map(|clause| clause.route.places())
        .collect();
    let rescues_all = |clause: &Clause| matches!(clause.trigger, Trigger::Rescue(None));
    if flow.clauses.iter().any(rescues_all) {
        for place in &places {
            if let Some(ask) = asking(&flow.asks, place.handler)
                && place.is_concurrent
                && !place.has_else
            {
                let name = ask.name();
                errors.at(
                    &ask.event,
                    format!(
                        "`{name}` runs beside others, which `rescue` would drop: write `{}`",
                        place.with_else(&name)
                    ),
                );
            }
        }
    }
    for clause in &flow.clauses {
        let Trigger::Rescue(Some(handler)) = &clause.trigger else {
            continue;
        };
        let name = shown(&flow.asks, handler);
        let of_it = |place: &&Place<'_>| key(place.handler) == key(handler);
        let of_it: Vec<_> = places.iter().filter(of_it).collect();
        if is_whole && !of_it.is_empty() && of_it.iter().all(|place| place.has_else) {
            errors.at(
                handler,
                format!(
                    "this `rescue` never runs because `{name}` has an `else` everywhere: remove it"
                ),
            );
        }
        if is_whole && of_it.is_empty() {
            let only_there = flow
                .clauses
                .iter()
                .filter(is_rescue)
                .flat_map(|rescue| rescue.route.handlers())
                .any(|other| key(other) == key(handler));
            let mut openers = flow.clauses.iter().filter(opens);
            let opens = openers.any(|clause| {
                clause
                    .route
                    .handlers()
                    .iter()
                    .any(|other| key(other) == key(handler))
            });
            let message = if opens {
                format!(
                    "this `rescue` never runs because `{name}` is only in a `with`, whose errors \
                     are not rescued: remove it, and handle the error in `{name}`"
                )
            } else if only_there {
                format!(
                    "this `rescue` never runs because `{name}` is only in a `rescue`, whose errors \
                     are not rescued: remove it, and write `{name} else stand_in` there"
                )
            } else {
                format!(
                    "`{name}` is not in any clause of this flow: \
                     remove this `rescue`, or add a clause that runs it"
                )
            };
            errors.at(handler, message);
        }
        for place in of_it {
            if place.is_concurrent && !place.has_else {
                let ask = asking(&flow.asks, place.handler);
                let at = ask.map_or(place.handler, |ask| &ask.event);
                errors.at(
                    at,
                    format!(
                        "`{name}` runs beside others, which `rescue {name}` would drop: write `{}`",
                        place.with_else(&name)
                    ),
                );
            }
        }
    }
}

/// Puts the stages that ask in the place of `rescue ask E`.
pub(super) fn rescued_asks(flow: &mut Flow, errors: &mut Errors) {
    let asks_in = |counts: &dyn Fn(&Clause) -> bool| {
        let clauses = flow.clauses.iter().filter(|clause| counts(clause));
        let places = clauses.flat_map(|clause| clause.route.places());
        let may_fail = places.filter(|place| is_ask(place.handler) && !place.has_else);
        may_fail
            .map(|place| key(place.handler))
            .collect::<HashSet<_>>()
    };
    // In a rescue, nothing is rescued.
    let is_rescued = |clause: &Clause| !matches!(clause.trigger, Trigger::Rescue(_));
    let may_fail = [asks_in(&is_rescued), asks_in(&|_| true)];
    for clause in std::mem::take(&mut flow.clauses) {
        let Trigger::Rescue(Some(handler)) = &clause.trigger else {
            flow.clauses.push(clause);
            continue;
        };
        let is_it = |rescued: &&RescuedAsk| key(&rescued.handler) == key(handler);
        let Some(rescued) = flow.rescued_asks.iter().find(is_it) else {
            flow.clauses.push(clause);
            continue;
        };
        let asks = flow.asks.iter();
        let asks = asks.filter(|ask| key(&ask.event) == key(&rescued.event));
        let mut asks: Vec<_> = asks.map(|ask| ask.handler.clone()).collect();
        let is_any = |of: &&HashSet<_>| asks.iter().any(|handler| of.contains(&key(handler)));
        if let Some(of) = may_fail.iter().find(is_any) {
            asks.retain(|handler| of.contains(&key(handler)));
        }
        if asks.is_empty() && errors.is_empty() {
            let name = written(&rescued.event);
            errors.at(
                &rescued.event,
                format!(
                    "no stage of this flow is `ask {name}`: remove this `rescue`, or add the stage"
                ),
            );
        }
        for handler in asks {
            flow.clauses.push(Clause::new(
                clause.keyword.clone(),
                Trigger::Rescue(Some(at(&handler, rescued.event.span()))),
                clause.arrow,
                clause.route.clone(),
            ));
        }
    }
}

/// The path, at another place.
fn at(path: &Path, place: Span) -> Path {
    let mut path = path.clone();
    for segment in &mut path.segments {
        segment
            .ident
            .set_span(place.resolved_at(segment.ident.span()));
    }
    path
}
