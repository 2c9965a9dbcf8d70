//! Stages where they cannot be: arms after `_`, `skip` without an item, and `end` where others run.

use syn::{Ident, Pat};

use crate::errors::Errors;
use crate::flow::asks::asking;
use crate::flow::route::{Arm, End, Route, Stage};
use crate::flow::tree::{Flow, Trigger};

/// Rejects arms after `_`, of which rustc would only warn.
pub(super) fn no_arm_after_all(flow: &mut Flow, errors: &mut Errors) {
    let takes_all = |arm: &Arm| matches!(arm.pattern, Pat::Wild(_)) && arm.guard.is_none();
    for clause in &mut flow.clauses {
        clause.route.walk(&mut |stage| {
            let Stage::Match { arms, .. } = stage else {
                return;
            };
            let all = arms.iter().position(takes_all);
            if let Some(arm) = all.and_then(|all| arms.iter().nth(all + 1))
                && !clause.repeats
            {
                let message = "this arm never runs, because `_` before it takes all values: \
                               move `_` to the end, or remove this arm";
                errors.at(&arm.pattern, message);
            }
        });
        // rustc need not warn of them as well.
        for stage in &mut clause.route.stages {
            if let Stage::Match { arms, .. } = stage
                && let Some(all) = arms.iter().position(takes_all)
            {
                while arms.len() > all + 1 {
                    arms.pop();
                }
            }
        }
    }
}

/// Rejects a `skip` that has no item of an `each` to leave out.
pub(super) fn skips_an_item(flow: &mut Flow, errors: &mut Errors) {
    flow.clauses.retain(|clause| {
        let mut misplaced = Vec::new();
        find_misplaced_skips(&clause.route, Around::Clause, &mut misplaced);
        for (skip, around) in &misplaced {
            let message = match around {
                Around::Join => {
                    "`skip` is in a join, which needs the value of each branch: \
                     write a handler as stand-in, or `((a, b) -> c) else skip`"
                }
                Around::First => {
                    "`skip` is in a `first`, which needs the value of a branch: \
                     write a handler as stand-in, or `first (a, b) else skip`"
                }
                _ => {
                    "`skip` leaves an item of an `each` out, and is in none: \
                     write `each (work else skip)`, or a handler as stand-in"
                }
            };
            if !clause.repeats {
                errors.at(skip, message);
            }
        }
        misplaced.is_empty()
    });
}

/// What is around a stage.
#[derive(Clone, Copy)]
enum Around {
    Clause,
    Item,
    Join,
    First,
}

fn find_misplaced_skips<'a>(
    route: &'a Route,
    around: Around,
    misplaced: &mut Vec<(&'a Ident, Around)>,
) {
    for stage in &route.stages {
        let within = match stage {
            Stage::Skip(skip) => {
                if !matches!(around, Around::Item) {
                    misplaced.push((skip, around));
                }
                around
            }
            Stage::Each(_) => Around::Item,
            Stage::Join { .. } => Around::Join,
            Stage::First(_) => Around::First,
            _ => around,
        };
        for inner in stage.routes() {
            find_misplaced_skips(inner, within, misplaced);
        }
    }
}

/// Rejects an `end` in the `finally`, where the ending is decided.
pub(super) fn no_end_in_finally(flow: &Flow, errors: &mut Errors) {
    for clause in &flow.clauses {
        if !matches!(clause.trigger, Trigger::Finally) {
            continue;
        }
        for handler in clause.route.handlers() {
            if let Some(ask) = asking(&flow.asks, handler) {
                let message = "nothing can answer a question in `finally`, which runs when the \
                               ending is decided: ask before it";
                errors.at(&ask.event, message);
            }
        }
        clause.route.walk(&mut |stage| {
            if let Stage::End(end) = stage {
                let message = "`end` has no effect in `finally`, which runs when the ending is \
                               decided: remove it";
                errors.at(end, message);
            }
        });
    }
}

/// Rejects an `end` among branches that run concurrently: the others would not come to their end.
pub(super) fn no_end_in_branches(flow: &mut Flow, errors: &mut Errors) {
    fn look(route: &Route, lost: Option<&str>, errors: &mut Errors) {
        for stage in &route.stages {
            let lost = match stage {
                Stage::Join { .. } => Some("in a join would lose its other branches"),
                Stage::First(_) => Some("in a `first` would lose its other branches"),
                Stage::Each(_) => Some("in an `each` would lose its other items"),
                _ => lost,
            };
            if let (Stage::End(End { keyword, now: None }), Some(lost)) = (stage, lost) {
                errors.at(
                    keyword,
                    format!(
                        "`end` {lost}: emit an event and end in its `when` clause, \
                         or write `end now`"
                    ),
                );
            }
            for inner in stage.routes() {
                look(inner, lost, errors);
            }
        }
    }
    flow.clauses.retain(|clause| {
        let known = errors.len();
        look(&clause.route, None, errors);
        errors.len() == known
    });
}
