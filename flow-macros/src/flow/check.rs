//! The checks that need only the text of the flow.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Ident, Pat, Path};

use crate::elsewhere::underived;
use crate::errors::Errors;
use crate::flow::asks::{RescuedAsk, asking, is_ask, shown};
use crate::flow::route::{Arm, End, Place, Route, Stage};
use crate::flow::tree::{Clause, Flow, Limit, Trigger};
use crate::functions::{is_unmarked, is_value, original};
use crate::types::{
    Reporter, is_associated, is_lone_ask, is_variable, made, method, misspelt, no_event,
    no_question,
};
use crate::written::{key, written};

/// Reports duplicate and missing parts. Removes duplicates from the flow, so that they cause no
/// follow-on errors.
pub(crate) fn check(flow: &mut Flow, errors: &mut Errors) {
    asked_once(flow, errors);
    rescued_asks(flow, errors);
    rescued_by_other_paths(flow);
    rescues_run(flow, errors);
    not_itself(flow, errors);
    one_start(flow, errors);
    one_input(flow, errors);
    no_clause_twice(flow, errors);
    skips_an_item(flow, errors);
    no_end_in_branches(flow, errors);
    no_end_in_finally(flow, errors);
    flow.finally.truncate(1);
    no_arm_after_all(flow, errors);
    for ty in flow.streams.iter().skip(1) {
        errors.at(ty, "duplicate `streams`: remove one");
    }
    flow.streams.truncate(1);
    nothing_twice(&mut flow.resources, "with", errors);
    nothing_opened_twice(flow, errors);
    nothing_twice_by(&mut flow.states, |state| &state.ty, "state", errors);
    nothing_twice(&mut flow.external, "external", errors);
    nothing_twice(&mut flow.ignored, "ignore", errors);
    for path in flow.krate.iter().skip(1) {
        errors.at(path, "duplicate `crate`: remove one");
    }
    flow.krate.truncate(1);
    one_limit(&mut flow.timeout, errors);
    one_limit(&mut flow.idle_timeout, errors);
    one_limit(&mut flow.drain, errors);
    one_limit(&mut flow.max_events, errors);
    one_limit(&mut flow.max_pending, errors);
    one_limit(&mut flow.concurrency, errors);
    for (word, keywords) in [("sound", &mut flow.sound), ("durable", &mut flow.durable)] {
        for keyword in keywords.iter().skip(1) {
            errors.at(keyword, format!("duplicate `{word}`: remove one"));
        }
        keywords.truncate(1);
    }
}

fn one_limit<T>(limits: &mut Vec<Limit<T>>, errors: &mut Errors) {
    for limit in limits.iter().skip(1) {
        let keyword = &limit.keyword;
        errors.at(keyword, format!("duplicate `{keyword}`: remove one"));
    }
    limits.truncate(1);
}

/// Rejects a flow that is a stage of itself, for which rustc would report a cycle of types.
fn not_itself(flow: &mut Flow, errors: &mut Errors) {
    let name = flow.header.as_ref().and_then(|header| header.name.as_ref());
    let Some(name) = name else { return };
    flow.clauses.retain(|clause| {
        let handlers = clause.route.handlers();
        let Some(itself) = handlers.iter().find(|handler| handler.is_ident(name)) else {
            return true;
        };
        errors.at(
            itself,
            format!(
                "`{name}` cannot be a stage of itself: \
                 emit an event, and take it in a `when` clause"
            ),
        );
        false
    });
}

fn one_start(flow: &mut Flow, errors: &mut Errors) {
    let mut first: Option<TokenStream> = None;
    flow.clauses.retain(|clause| {
        if !matches!(clause.trigger, Trigger::Start(_)) {
            return true;
        }
        let Some(first) = &first else {
            first = Some(clause.route.to_token_stream());
            return true;
        };
        errors.at(
            &clause.keyword,
            format!(
                "duplicate `start`, after `start -> {first}`: \
                 remove one, or emit an event there and take it in a `when` clause"
            ),
        );
        false
    });
    // A `start` that failed to parse has been reported already.
    if first.is_none() && errors.is_empty() {
        errors.push(syn::Error::new(
            Span::call_site(),
            "this flow has no `start`: add `start -> handler;`",
        ));
    }
}

fn no_clause_twice(flow: &mut Flow, errors: &mut Errors) {
    let mut seen = HashSet::new();
    let (mut asked_once, mut paired_once) = (true, true);
    flow.clauses.retain(|clause| {
        let asks = matches!(clause.route.only(), Some(Stage::Ask(_)));
        let (name, is_first) = match &clause.trigger {
            Trigger::Start(_) | Trigger::Open(..) => return true,
            // They come right after the question.
            Trigger::Answered(_) | Trigger::Unanswered(_) => return asked_once,
            Trigger::Reminder(reminder) => return asked_once || reminder.stage.is_some(),
            // They come right after the clause.
            Trigger::LeftOver(_) => return paired_once,
            Trigger::Event(event) if asks => {
                asked_once = seen.insert(format!("ask {}", key(event)));
                let name = format!("`ask {}`", written(event));
                if !asked_once {
                    errors.at(event, format!("duplicate {name}: remove one"));
                }
                return asked_once;
            }
            Trigger::Every(_) => {
                let name = format!("clause `{}`", written(clause));
                (name, seen.insert(key(clause)))
            }
            Trigger::Finally => ("`finally`".to_owned(), seen.insert("finally".to_owned())),
            // An error goes to a single rescue.
            Trigger::Rescue(handler) => {
                let whose = handler
                    .as_ref()
                    .map(|handler| format!(" {}", written(handler)));
                let name = format!("`rescue{}`", whose.unwrap_or_default());
                (name, seen.insert(format!("rescue {}", key(handler))))
            }
            Trigger::Event(_) | Trigger::All(_) | Trigger::Times(..) => {
                let mut events = clause.trigger.to_token_stream();
                clause.by.to_tokens(&mut events);
                let events = written(&events);
                let name = if clause.route.branches() {
                    format!("clause `when {events} -> …`")
                } else {
                    format!("clause `when {events} -> {}`", written(&clause.route))
                };
                (name, seen.insert(in_any_order(clause)))
            }
        };
        paired_once = is_first;
        if !is_first {
            errors.at(clause, format!("duplicate {name}: remove one"));
        }
        is_first
    });
}

/// [`key`] of a clause. Its partners are in the same order for `A & B` and `B & A`.
fn in_any_order(clause: &Clause) -> String {
    let Trigger::All(events) = &clause.trigger else {
        return key(clause);
    };
    let mut events: Vec<_> = events.iter().map(key).collect();
    events.sort_unstable();
    format!(
        "{} {} {}",
        events.join(" & "),
        key(&clause.by),
        key(&clause.route)
    )
}

/// Rejects arms after `_`, of which rustc would only warn.
fn no_arm_after_all(flow: &mut Flow, errors: &mut Errors) {
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
fn skips_an_item(flow: &mut Flow, errors: &mut Errors) {
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

/// The error for a flow with a name where a value is expected. An error alone is a value of any
/// type.
pub(crate) fn named_value(flow: &Flow) -> Option<syn::Error> {
    let name = flow.name()?;
    is_value(Span::call_site()).then(|| {
        let message = format!(
            "a flow with a name is an item and no value: remove `flow {name}…;`, or move the flow out and \
             write `{name}::new()` here"
        );
        syn::Error::new(name.span(), message)
    })
}

/// Reports functions without `#[handler]`, and removes their clauses. rustc would only say that it
/// expected a type.
pub(crate) fn marked(flow: &mut Flow, errors: &mut Errors) {
    let mut seen = HashMap::new();
    flow.clauses.retain(|clause| {
        let mut is_whole = true;
        for handler in clause.route.handlers() {
            let is_known = seen.get(&key(handler)).copied();
            let is_marked = is_known.unwrap_or_else(|| {
                is_ask(handler)
                    || !is_unmarked(handler)
                        && !is_associated(handler)
                        && misspelt(handler).is_none()
                        && !is_lone_ask(handler)
                        && method(handler).is_none()
                        && made(handler).is_none()
                        && !is_local(handler)
            });
            if is_known.is_none() && !is_marked {
                let name = written(handler);
                let message = if is_lone_ask(handler) {
                    "`ask` needs its question: `ask Question -> handler`".to_owned()
                } else if let Some(meant) = misspelt(handler) {
                    format!("unknown handler `{name}`: did you mean `{meant}`?")
                } else if let Some(call) = method(handler) {
                    let what = if call.starts_with("value.") {
                        "method"
                    } else {
                        "function"
                    };
                    format!(
                        "`{name}` is a {what}, and no handler: call it in a closure, \
                         `|value| {call}`"
                    )
                } else if let Some((what, made)) = made(handler) {
                    let advice = match clause.trigger {
                        Trigger::Open(..) => "name one that returns it".to_owned(),
                        _ => format!("make it in a closure, `|value| {made}`"),
                    };
                    format!("`{name}` is {what}, and no handler: {advice}")
                } else if is_local(handler) {
                    format!(
                        "`{name}` is a variable, and no handler: write a closure, or the name of an \
                         `async fn` with `#[handler]` or of a flow, `flow Name(…);`"
                    )
                } else if is_associated(handler) {
                    format!(
                        "`{name}` is in an `impl`, but a handler is a free function: move it out"
                    )
                } else {
                    format!("`{name}` is not a handler: add `#[handler]` to the function")
                };
                errors.at(handler, message);
            }
            seen.insert(key(handler), is_marked);
            is_whole &= is_marked;
        }
        is_whole
    });
    let is_marked = |handler: &Path| seen.get(&key(handler)) != Some(&false);
    flow.clauses.retain(|clause| match &clause.trigger {
        Trigger::Rescue(Some(handler)) => is_marked(handler),
        _ => true,
    });
}

/// Whether the path is that of a variable of the file, and of nothing else.
fn is_local(handler: &Path) -> bool {
    handler.get_ident().is_some_and(is_variable)
}

/// Reports types that do not derive `Event`, each once, and removes their clauses.
pub(crate) fn derived(flow: &mut Flow, errors: &mut Errors) -> bool {
    let mut seen = HashMap::new();
    let mut questions: HashSet<_> = flow.asks.iter().map(|ask| key(&ask.event)).collect();
    questions.extend(
        flow.clauses
            .iter()
            .filter_map(|clause| match &clause.trigger {
                Trigger::Answered(event) => Some(key(event)),
                _ => None,
            }),
    );
    let mut is_event = |event: &Path| {
        *seen.entry(key(event)).or_insert_with(|| {
            let reporter = underived(event, None);
            if reporter == Some(Reporter::Flow) {
                let is_question = questions.contains(&key(event));
                let message = if is_question {
                    no_question(event)
                } else {
                    no_event(event)
                };
                errors.at(event, message);
            }
            reporter.is_none()
        })
    };
    let named = |flow: &Flow| (flow.clauses.len(), flow.external.len(), flow.ignored.len());
    let before = named(flow);
    let asked = flow.asks.iter();
    let asked = asked.filter(|ask| !is_event(&ask.event));
    let asked: Vec<_> = asked.map(|ask| key(&ask.handler)).collect();
    flow.clauses.retain(|clause| {
        let handlers = clause.route.handlers();
        !handlers.iter().any(|handler| asked.contains(&key(handler)))
    });
    flow.clauses.retain(|clause| match &clause.trigger {
        Trigger::Answered(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
            is_event(event)
        }
        Trigger::Reminder(reminder) => is_event(&reminder.question),
        // All of them are reported.
        trigger => trigger
            .events()
            .iter()
            .fold(true, |are_events, event| is_event(event) & are_events),
    });
    flow.asks.retain(|ask| !asked.contains(&key(&ask.handler)));
    flow.external.retain(&mut is_event);
    flow.ignored.retain(&mut is_event);
    if questions
        .iter()
        .any(|question| seen.get(question) == Some(&false))
    {
        // `Asked<…>` of it.
        flow.streams.clear();
    }
    named(flow) == before
}

/// Gives rescued handlers that are in the flow under another path that path. The types decide
/// whether they are the same.
fn rescued_by_other_paths(flow: &mut Flow) {
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

/// Rejects an `end` in the `finally`, where the ending is decided.
fn no_end_in_finally(flow: &Flow, errors: &mut Errors) {
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

/// Checks that each rescued handler is in the flow, and where an error of it can be rescued.
fn rescues_run(flow: &Flow, errors: &mut Errors) {
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

/// Rejects an `end` among branches that run concurrently: the others would not come to their end.
fn no_end_in_branches(flow: &mut Flow, errors: &mut Errors) {
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

/// Checks that the input is declared once.
fn one_input(flow: &Flow, errors: &mut Errors) {
    let header = flow.header.as_ref();
    let Some(input) = header.and_then(|header| header.input.as_ref()) else {
        return;
    };
    for clause in &flow.clauses {
        if let Trigger::Start(Some(ty)) = &clause.trigger {
            errors.at(
                ty,
                format!(
                    "duplicate input type because the first line declares `{}`: \
                     write `start -> …`",
                    written(input)
                ),
            );
        }
    }
}

/// Rejects a question that a clause and a stage ask: an answer would have two ways to go.
fn asked_once(flow: &Flow, errors: &mut Errors) {
    for ask in &flow.asks {
        let event = &ask.event;
        let is_its = |clause: &Clause| matches!(&clause.trigger, Trigger::Answered(of) if key(of) == key(event));
        if flow.clauses.iter().any(is_its) {
            let name = written(event);
            errors.at(
                event,
                format!(
                    "a clause `ask {name} -> …` asks this question as well: \
                     remove that clause, or emit `{name}` instead of this stage"
                ),
            );
        }
    }
}

/// Puts the stages that ask in the place of `rescue ask E`.
fn rescued_asks(flow: &mut Flow, errors: &mut Errors) {
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

/// Rejects a resource that is opened twice, or given as well.
fn nothing_opened_twice(flow: &mut Flow, errors: &mut Errors) {
    let mut seen: HashSet<_> = flow.resources.iter().map(key).collect();
    flow.clauses.retain(|clause| {
        let Trigger::Open(resource, _) = &clause.trigger else {
            return true;
        };
        let is_first = seen.insert(key(resource));
        if !is_first {
            let name = written(resource);
            errors.at(resource, format!("duplicate `with {name}`: remove one"));
        }
        is_first
    });
}

fn nothing_twice<T: ToTokens>(declared: &mut Vec<T>, keyword: &str, errors: &mut Errors) {
    nothing_twice_by(declared, |what| what, keyword, errors);
}

fn nothing_twice_by<T, U: ToTokens>(
    declared: &mut Vec<T>,
    name: impl Fn(&T) -> &U,
    keyword: &str,
    errors: &mut Errors,
) {
    let mut seen = HashSet::new();
    declared.retain(|what| {
        let what = name(what);
        if seen.insert(key(what)) {
            return true;
        }
        let what_is = written(what);
        errors.at(
            what,
            format!("duplicate `{keyword} {what_is};`: remove one"),
        );
        false
    });
}
