//! The checks of the whole graph, each once and at the word to change. Those of a handler are at
//! the first place that names it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::flow::asks::{asking, is_ask};
use crate::flow::expand::emit;
use crate::flow::expand::names::{alias, itself, question, question_of};
use crate::flow::expand::plan::Plan;
use crate::flow::expand::reminders;
use crate::flow::expand::sound;
use crate::flow::expand::twice;
use crate::flow::route::{Each, Else, Stage};
use crate::flow::tree::{Clause, Flow, Limit, Trigger};
use crate::limit::asked;
use crate::spans::{between, over};
use crate::written::{key, without_modules};

pub(super) fn checks(plan: &Plan<'_>) -> TokenStream {
    let (flow, desc) = (plan.flow, desc(plan));
    let mut all = Vec::new();
    let (mut seen, mut wait) = (HashSet::new(), 0);
    let drains = flow.clauses.iter().any(|clause| clause.route.ends());
    for (index, clause) in plan.clauses() {
        let new = clause.route.handlers().into_iter().enumerate();
        let new: Vec<_> = new.filter(|(_, path)| seen.insert(key(path))).collect();
        all.push(in_own_const(&of_clause(
            plan,
            index,
            clause,
            &new,
            (wait, drains),
        )));
        wait += clause.trigger.events().len();
    }
    let kind = |what: &str, of: &TokenStream| {
        let what = Ident::new(what, Span::call_site());
        quote!(::flow_core::__private::#what(#desc, __ANALYSIS #of))
    };
    for (index, event) in flow.external.iter().enumerate() {
        let kind = kind("unused_external", &quote!(, #index));
        let questions = [("Taken", quote!(#event)), ("NotIgnored", quote!(#event))];
        all.push(in_own_const(&[check(event.span(), &kind, &questions)]));
    }
    for (index, event) in flow.ignored.iter().enumerate() {
        let kind = kind("unused_ignore", &quote!(, #index));
        let questions = [
            ("IgnoredEmitted", quote!(#event)),
            ("NotTaken", quote!(#event)),
        ];
        all.push(in_own_const(&[check(event.span(), &kind, &questions)]));
    }
    all.extend(emit::checks(plan, &desc));
    all.extend(unused_types(plan));
    all.extend(plan.opened_checks());
    all.push(in_own_const(&repeated(flow)));
    let twice = twice::repeated(flow);
    let twice = twice
        .iter()
        .map(|one| check(one.at, &one.kind, std::slice::from_ref(&one.question)));
    all.push(in_own_const(&twice.collect::<Vec<_>>()));
    all.extend(renamed(flow));
    all.extend(limits(flow));
    all.extend(drained(flow).map(|drained| in_own_const(&[drained])));
    all.push(in_own_const(&ticks(plan)));
    all.push(in_own_const(&reminders_in_time(flow)));
    if let Some(output) = flow.declared_output() {
        let kind = kind("output_without_end", &quote!());
        let returned = check(output.span(), &kind, &[("Returned", quote!(#output))]);
        all.push(in_own_const(&[returned]));
    }
    let analysis = analysis(plan);
    let keys = plan.keys();
    let proof = sound::checks(plan, &desc);
    let recorded = plan.recorded();
    quote!(#analysis #(#all)* #proof #keys #recorded)
}

/// A check: the kind of the defect that is at these words, and the trait that asks for each kind.
///
/// rustc compiles each constant in a type like a function, so the questions share one.
pub(super) fn check(
    at: Span,
    kind: &TokenStream,
    questions: &[(&str, TokenStream)],
) -> TokenStream {
    if let [(name, of)] = questions {
        let defect = over(
            at,
            |at| quote_spanned!(at=> ::flow_core::__private::Defect<{ #kind }>),
        );
        let question = question_of(&defect, name, of);
        return quote!({ #question });
    }
    let alias = alias("__Defect", at);
    let questions = questions
        .iter()
        .map(|(name, of)| question(&alias, at, name, of));
    quote!({ type #alias = ::flow_core::__private::Defect<{ #kind }>; #(#questions)* })
}

/// The checks of limits that are constants.
fn limits(flow: &Flow) -> Vec<TokenStream> {
    let of = |limits: &[Limit<Duration>], question| {
        let checks = limits.iter().map(|limit| limit.value.check(question));
        checks.collect::<Vec<_>>()
    };
    let max_events = flow.max_events.iter();
    let max_events = max_events.map(|limit| limit.value.check("MaxEventsAboveZero"));
    let max_pending = flow.max_pending.iter();
    let max_pending = max_pending.map(|limit| limit.value.check("MaxPendingAboveZero"));
    let concurrency = flow.concurrency.iter();
    let concurrency = concurrency.map(|limit| limit.value.check("FlowConcurrencyAboveZero"));
    let asks = flow.clauses.iter().filter_map(|clause| clause.route.only());
    let within = asks.filter_map(|stage| match stage {
        Stage::Ask(ask) => ask.within.as_ref()?.check("WithinAboveZero"),
        _ => None,
    });
    let periods = flow.clauses.iter();
    let periods = periods.filter_map(|clause| match &clause.trigger {
        Trigger::Every(period) => period.check("EveryAboveZero"),
        _ => None,
    });
    let reminders = reminders::periods(flow);
    let reminders = reminders.filter_map(|(period, _)| period.check("ReminderAboveZero"));
    let in_place = flow.asks.iter();
    let in_place = in_place.filter_map(|ask| ask.within.as_ref()?.check("WithinAboveZero"));
    let within = within.chain(in_place);
    let checks = of(&flow.timeout, "TimeoutAboveZero").into_iter();
    let checks = checks.chain(of(&flow.idle_timeout, "IdleTimeoutAboveZero"));
    let checks = checks.chain(of(&flow.drain, "DrainAboveZero"));
    let checks = checks.chain(of(&flow.finally, "FinallyAboveZero"));
    let checks = checks.chain(max_events).chain(max_pending);
    let checks = checks.chain(concurrency);
    let counts = flow
        .clauses
        .iter()
        .filter_map(|clause| match &clause.trigger {
            Trigger::Times(_, times) if times.count.known().is_none() => {
                let count = times.count.value();
                let kind = quote!((#count < 2) as ::core::primitive::u8);
                Some(asked(times.count.ends(), &kind, "CountAboveOne"))
            }
            _ => None,
        });
    checks
        .flatten()
        .chain(within)
        .chain(periods)
        .chain(reminders)
        .chain(counts)
        .collect()
}

/// The check that there is an `end` from which `drain within` counts. Without an `end` that the first
/// line promises, that is reported.
fn drained(flow: &Flow) -> Option<TokenStream> {
    let ends = flow.clauses.iter().any(|clause| clause.route.ends());
    if ends || flow.declared_output().is_some() {
        return None;
    }
    let drain = flow.drain.first()?;
    let question = ("DrainsAfterAnEnd", quote!());
    Some(check(drain.keyword.span(), &quote!(1), &[question]))
}

/// The checks that a question waits until the first reminder.
fn reminders_in_time(flow: &Flow) -> Vec<TokenStream> {
    let checks = reminders::periods(flow).filter_map(|(period, within)| {
        let ends = period.ends();
        let (period, within) = (period.value(), within?.value());
        let limit = quote!(::flow_core::__private::reminds_beyond_within(#period, #within));
        Some(overlong(ends, &limit, &quote!(()), &["RemindsInTime"]))
    });
    checks.collect()
}

/// The checks that the clauses with a clock run before the flow ends.
fn ticks(plan: &Plan<'_>) -> Vec<TokenStream> {
    if plan.flow.timeout.is_empty() {
        return Vec::new();
    }
    let desc = desc(plan);
    let checks = plan.clauses().filter_map(|(index, clause)| {
        let period = match &clause.trigger {
            Trigger::Every(period) => period,
            Trigger::Reminder(reminder) => &reminder.period,
            _ => return None,
        };
        let limit = quote!(::flow_core::__private::ticks_beyond_timeout(#desc, #index));
        Some(overlong(
            period.ends(),
            &limit,
            &quote!(()),
            &["TicksInTime"],
        ))
    });
    checks.collect()
}

/// The graph as data.
fn desc(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    quote!(<#this as ::flow_core::__private::Graph>::DESC)
}

/// The analysis that all checks read, and functions for the checks that each clause repeats.
fn analysis(plan: &Plan<'_>) -> TokenStream {
    let (desc, clauses, waits) = (desc(plan), plan.flow.clauses.len(), plan.waits());
    let mut groups = vec![0_usize; waits];
    for (group, listeners) in plan.listeners.iter().enumerate() {
        for target in &listeners.targets {
            if let Some(entry) = groups.get_mut(target.wait) {
                *entry = group;
            }
        }
    }
    quote! {
        const __ANALYSIS: &::flow_core::__private::Analysis<#clauses, #waits> =
            &::flow_core::__private::Analysis::<#clauses, #waits>::new(#desc);
        // rustc interprets each call, for each clause: a flow without a defect makes none.
        const __ALL_HEARD: ::core::primitive::bool = __ANALYSIS.all_heard();
        const __ALL_ALIVE: ::core::primitive::bool = __ANALYSIS.all_alive(&[#(#groups),*]);
        const __NONE_ONCE: ::core::primitive::bool = __ANALYSIS.none_once();
        const __NONE_OUTLIVES: ::core::primitive::bool = __ANALYSIS.none_outlives();
        const __RUNS: &::flow_core::__private::sound::Runs<#clauses> =
            &::flow_core::__private::sound::Runs::new::<
                #waits,
                { ::flow_core::__private::sound::edges(#desc) },
            >(#desc, __ANALYSIS);
        // Called for each clause, so the calls are kept short.
        const fn __unhandled_event(
            clause: ::core::primitive::usize,
            handler: ::core::primitive::usize,
        ) -> ::core::primitive::u8 {
            ::flow_core::__private::unhandled_event(#desc, __ANALYSIS, clause, handler)
        }
        const fn __unhandled_events(
            clause: ::core::primitive::usize,
            handler: ::core::primitive::usize,
        ) -> ::core::primitive::u8 {
            ::flow_core::__private::unhandled_events(#desc, __ANALYSIS, clause, handler)
        }
        const fn __called_again(
            clause: ::core::primitive::usize,
            handler: ::core::primitive::usize,
        ) -> ::core::primitive::u8 {
            ::flow_core::__private::sound::called_again::<#clauses, #waits>(
                #desc,
                __RUNS,
                clause,
                handler,
            )
        }
        const fn __never_over(
            clause: ::core::primitive::usize,
            handler: ::core::primitive::usize,
            otherwise: ::core::primitive::u8,
        ) -> ::core::primitive::u8 {
            ::flow_core::__private::never_over(#desc, __ANALYSIS, clause, handler, otherwise)
        }
        const fn __dead_wait(wait: ::core::primitive::usize, part: ::core::primitive::usize) -> ::core::primitive::u8 {
            ::flow_core::__private::dead_wait(#desc, __ANALYSIS, &[#(#groups),*], wait, part)
        }
    }
}

/// The checks of a clause. `new` are the handlers that no earlier clause names, `wait` is the number
/// of its first event, and the flow `drains` if it has an `end`.
fn of_clause(
    plan: &Plan<'_>,
    index: usize,
    clause: &Clause,
    new: &[(usize, &Path)],
    (wait, drains): (usize, bool),
) -> Vec<TokenStream> {
    let desc = desc(plan);
    let has_timeout = !plan.flow.timeout.is_empty() || !plan.flow.idle_timeout.is_empty();
    let mut checks = Vec::new();
    for (handler, path) in new {
        let itself = itself(path);
        // That it emits anything is reported.
        if !matches!(clause.trigger, Trigger::Open(..)) {
            checks.push(heard((index, *handler), path));
        }
        if !is_ask(path) {
            let again = quote!(if __NONE_ONCE { 0 } else { __called_again(#index, #handler) });
            let mut questions = vec![("CalledOnce", itself.clone())];
            let kind = if drains {
                questions.push(("ReturnsAtTheEnd", itself.clone()));
                quote!(if __NONE_OUTLIVES { #again } else { __never_over(#index, #handler, #again) })
            } else {
                again
            };
            checks.push(check(path.span(), &kind, &questions));
        }
        if has_timeout {
            let limit = quote!(::flow_core::__private::exceeds_timeout(#desc, __ANALYSIS, #index, #handler));
            let mut questions = Vec::new();
            if !plan.flow.timeout.is_empty() {
                questions.extend([
                    "RepeatedInTime",
                    "OnceInTime",
                    "RepeatedBeforeTheEnd",
                    "StageAnsweredInTime",
                ]);
            }
            if !plan.flow.idle_timeout.is_empty() {
                questions.push("BusyInTime");
            }
            if let Some(ask) = asking(&plan.flow.asks, path) {
                if let (Some(within), false) = (&ask.within, plan.flow.timeout.is_empty()) {
                    let question = ask.event.to_token_stream();
                    let ends = within.ends();
                    checks.push(overlong(ends, &limit, &question, &["AnsweredInTime"]));
                }
                continue;
            }
            let ends = (path.span(), path.span());
            checks.push(overlong(ends, &limit, &itself, &questions));
        }
    }
    if !clause.repeats {
        clause.route.walk(&mut |stage| {
            if let Stage::Else(choice) = stage {
                let is_last = clause
                    .route
                    .stages
                    .last()
                    .is_some_and(|last| std::ptr::eq(last, stage));
                let may_be_meant = is_last && !clause.trigger.parts().is_empty();
                checks.push(needed(choice, may_be_meant));
            }
        });
        // `check` has those that have a rescue of their own.
        for place in clause.route.places() {
            if let Some((_, false)) = plan.rescues.of(place.handler, clause)
                && place.is_concurrent
                && !place.has_else
                && !is_ask(place.handler)
            {
                checks.push(is_alone(place.handler));
            }
        }
    }
    checks.extend(waits(clause, wait, drains));
    checks.extend(partners(&desc, index, clause));
    if let Some(Stage::Ask(ask)) = clause.route.only()
        && let Some(within) = &ask.within
        && let [question] = clause.trigger.events()
        && !plan.flow.timeout.is_empty()
    {
        let limit = quote!(::flow_core::__private::waits_beyond_timeout(#desc, __ANALYSIS, #index));
        checks.push(overlong(
            within.ends(),
            &limit,
            &quote!(#question),
            &["AnsweredInTime"],
        ));
    }
    checks.extend(needed_rescue(index, clause, &desc));
    checks
}

/// The check that clauses take all that the handler at this place emits. One error names all that
/// none takes.
fn heard((clause, handler): (usize, usize), path: &Path) -> TokenStream {
    let (at, itself) = (path.span(), itself(path));
    let (one, several) = (alias("__One", at), alias("__Several", at));
    let event = quote!(<#one as ::flow_core::__private::EventAt<#itself>>::Event);
    let events = quote!(<#several as ::flow_core::__private::EventsAt<#itself>>::Events);
    let is_one = question(&one, at, "Heard", &quote!(#itself, #event));
    let are_several = question(&several, at, "AllHeard", &quote!(#itself, #events));
    quote! {{
        type #one = ::flow_core::__private::Defect<{
            if __ALL_HEARD { 0 } else { __unhandled_event(#clause, #handler) }
        }>;
        type #several = ::flow_core::__private::Defect<{
            if __ALL_HEARD { 0 } else { __unhandled_events(#clause, #handler) }
        }>;
        #is_one
        #are_several
    }}
}

/// The checks of what the clause waits for: `first` is the number of its first event.
fn waits(clause: &Clause, first: usize, drains: bool) -> Vec<TokenStream> {
    let begins = clause
        .route
        .handlers()
        .first()
        .map(|handler| itself(handler));
    let events = clause.trigger.events().iter().enumerate();
    let checks = events.map(|(part, event)| {
        let wait = first + part;
        let begins = begins.clone().unwrap_or_else(|| quote!(#event));
        let mut questions = vec![
            ("Emitted", quote!(#event)),
            ("Reached", quote!(#event)),
            ("Meant", quote!(#event)),
            ("SpelledAlike", quote!(#event)),
            ("AskedSomewhere", quote!(#event)),
            ("Yields", quote!(#event, #begins)),
        ];
        if drains {
            questions.push(("EndsWithTheFlow", quote!(#event, #begins)));
        }
        check(
            event.span(),
            &quote!(if __ALL_ALIVE { 0 } else { __dead_wait(#wait, #part) }),
            &questions,
        )
    });
    checks.collect()
}

/// The check that a rescue has something to take.
fn needed_rescue(index: usize, clause: &Clause, desc: &TokenStream) -> Option<TokenStream> {
    let Trigger::Rescue(handler) = &clause.trigger else {
        return None;
    };
    let at = handler
        .as_ref()
        .map_or(clause.keyword.span(), Spanned::span);
    let questions = handler.as_ref().map_or_else(
        || vec![("SomethingFails", quote!())],
        |handler| {
            let handler = itself(handler);
            vec![("CanFail", handler.clone()), ("HasErrors", handler)]
        },
    );
    let kind = quote!(::flow_core::__private::infallible_rescue(#desc, #index));
    Some(check(at, &kind, &questions))
}

/// The check of a limit at the words between `ends`: `limit` is an expression of an `Overlong`, and
/// `of` the type of the handler or of the question.
fn overlong(
    ends: (Span, Span),
    limit: &TokenStream,
    of: &TokenStream,
    questions: &[&str],
) -> TokenStream {
    let questions = questions.iter().map(|name| {
        let name = Ident::new(name, Span::call_site());
        let defect = between(
            ends.0,
            ends.1,
            |at| quote_spanned!(at=> ::flow_core::__private::Defect<{ __LIMIT.kind }>),
        );
        quote! {
            let () = <#defect as ::flow_core::__private::#name<
                #of,
                __Unit,
                { __LIMIT.times },
                { __LIMIT.each },
                { __LIMIT.allowed },
                { __LIMIT.needed },
            >>::OK;
        }
    });
    quote! {{
        const __LIMIT: ::flow_core::__private::Overlong = #limit;
        type __Unit = <::flow_core::__private::Defect<{ __LIMIT.unit }>
            as ::flow_core::__private::Unit>::Name;
        #(#questions)*
    }}
}

/// The checks that the partners a clause waits for do not exclude each other.
fn partners(desc: &TokenStream, index: usize, clause: &Clause) -> Vec<TokenStream> {
    let Trigger::All(events) = &clause.trigger else {
        return Vec::new();
    };
    let pairs = events.iter().enumerate().flat_map(|(second, other)| {
        let before = events.iter().enumerate().take(second);
        before.map(move |(first, one)| ((first, one), (second, other)))
    });
    pairs
        .map(|((first, one), (second, other))| {
            let kind = quote! {
                ::flow_core::__private::excluded_partners(
                    #desc, __ANALYSIS, #index, #first, #second,
                )
            };
            let questions = [
                "MayMeet",
                "MeetInOneArm",
                "MeetInOneAnswer",
                "MeetInOneOutcome",
            ];
            let questions = questions.map(|question| (question, quote!(#one, #other)));
            check(other.span(), &kind, &questions)
        })
        .collect()
}

/// The check that a handler in a join or an `each` cannot fail, where `rescue -> …` would take its
/// error.
fn is_alone(handler: &Path) -> TokenStream {
    let kind = quote! {
        ::flow_core::__private::rescued_beside_others(
            &<#handler as ::flow_core::Handler>::DESC,
        )
    };
    check(handler.span(), &kind, &[("DropsNoOthers", itself(handler))])
}

/// The check that what is before an `else` can fail. `of_partners`: it may be meant for those that
/// are left over.
fn needed(choice: &Else, of_partners: bool) -> TokenStream {
    let places = choice.tried.places().into_iter();
    let failing = places.filter(|place| !place.has_else);
    let failing = failing.map(|place| place.handler);
    let is_chain = choice.handler().is_none();
    let kind = quote! {
        ::flow_core::__private::needless_else(
            &[#(<#failing as ::flow_core::Handler>::DESC),*],
            #is_chain,
        )
    };
    let questions = choice.handler().map_or_else(
        || vec![("ChainMayFail", quote!())],
        |handler| {
            let handler = itself(handler);
            let may_fail = if of_partners {
                "PartnersMayFail"
            } else {
                "MayFail"
            };
            vec![(may_fail, handler.clone()), ("ElseHasErrors", handler)]
        },
    );
    check(choice.keyword.span, &kind, &questions)
}

/// A `const` for the checks of a clause, or nothing if there are none.
fn in_own_const(checks: &[TokenStream]) -> TokenStream {
    if checks.is_empty() {
        return TokenStream::new();
    }
    quote!(const _: () = { #(#checks)* };)
}

/// How many clauses before it a clause is compared with, if all differ only in modules, and up to
/// how many for the same events if the names differ. A program that generates hundreds of them would
/// compare each with each.
const ALIKE: usize = 4;

/// The checks that clauses which differ only in the paths of handlers run different handlers.
fn repeated(flow: &Flow) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    let mut known: HashMap<String, Vec<(String, &Clause)>> = HashMap::new();
    for clause in &flow.clauses {
        if clause.pattern.is_some() || clause.route.branches() {
            continue;
        }
        let handlers = clause.route.handlers();
        let Some(first) = handlers.first() else {
            continue;
        };
        let is_clock = matches!(clause.trigger, Trigger::Every(_));
        if clause.trigger.events().is_empty() && !is_clock {
            continue;
        }
        let text = without_modules(clause);
        let last_name = |path: &&Path| path.segments.last().map(|last| last.ident.to_string());
        let names: Vec<_> = handlers.iter().filter_map(last_name).collect();
        let (trigger, route) = (spelled(&clause.trigger), without_modules(&clause.route));
        let words = route.split(' ').map(|word| {
            let is_handler = names.iter().any(|name| name == word);
            if is_handler { "_" } else { word }
        });
        let words: Vec<_> = words.collect();
        let form = format!(
            "{trigger} {} {} {}",
            key(&clause.by),
            words.join(" "),
            expressions(clause).join(" ")
        );
        let before = known.entry(form).or_default();
        // A `use … as …` gives a handler another name.
        let is_small = before.len() < ALIKE;
        let alike = before
            .iter()
            .filter(|(other, _)| is_small || *other == text);
        for (_, other) in alike.rev().take(ALIKE) {
            let handlers = handlers.iter().map(|handler| itself(handler));
            let others = other.route.handlers();
            let others = others.iter().map(|handler| itself(handler));
            // Events of different modules may have the same name.
            let pairs = alphabetic(&clause.trigger);
            let pairs = pairs.into_iter().zip(alphabetic(&other.trigger));
            let pairs = pairs.filter(|(event, of_other)| key(event) != key(of_other));
            let (events, of_other): (Vec<_>, Vec<_>) = pairs.unzip();
            let same = quote!({
                use ::flow_core::__private::Differs as _;
                ::flow_core::__private::Pair::<
                    (#(#events,)* #(#handlers,)*),
                    (#(#of_other,)* #(#others,)*),
                >::SAME as ::core::primitive::u8
            });
            let first = itself(first);
            let question = match clause.trigger.events().first() {
                Some(event) => ("RunsOnce", quote!(#event, #first)),
                None => ("RunsOnceAPeriod", quote!(#first)),
            };
            checks.push(check(clause.keyword.span(), &same, &[question]));
        }
        before.push((text, clause));
    }
    checks
}

/// The events of a clause by their names, as the order of partners makes no difference.
fn alphabetic(trigger: &Trigger) -> Vec<&Path> {
    let mut events: Vec<_> = trigger.events().iter().collect();
    events.sort_by_key(without_modules);
    events
}

/// What a clause waits for, without modules.
fn spelled(trigger: &Trigger) -> String {
    let Trigger::All(_) = trigger else {
        return without_modules(trigger);
    };
    let events = alphabetic(trigger);
    let events: Vec<_> = events.into_iter().map(without_modules).collect();
    events.join(" & ")
}

/// What a clause names that is no type: closures and limits, of which only the text can be compared.
fn expressions(clause: &Clause) -> Vec<String> {
    let mut expressions = Vec::new();
    if let Trigger::Times(_, times) = &clause.trigger {
        expressions.push(key(times));
    }
    clause.route.walk(&mut |stage| match stage {
        Stage::Glue(glue) => expressions.push(key(glue)),
        Stage::Each(Each {
            limit: Some((_, limit)),
            ..
        }) => expressions.push(key(limit)),
        _ => {}
    });
    expressions
}

/// The checks that the handlers of rescues are those that clauses name by other paths.
fn renamed(flow: &Flow) -> impl Iterator<Item = TokenStream> {
    flow.renamed.iter().map(|(rescued, in_clause)| {
        let (rescued_itself, in_clause) = (itself(rescued), itself(in_clause));
        let ok = over(rescued.span(), |at| {
            quote_spanned! {at=>
                <#rescued_itself as ::flow_core::__private::RunsHere<#in_clause>>::OK
            }
        });
        quote!(const _: () = #ok;)
    })
}

/// The checks for resources and states that no handler takes. Only the type of a handler shows
/// which ones it takes, so a probe tests each pair.
fn unused_types(plan: &Plan<'_>) -> Vec<TokenStream> {
    let flow = plan.flow;
    let mut seen = HashSet::new();
    let mut handlers: Vec<_> = flow.handlers().collect();
    handlers.retain(|handler| seen.insert(key(handler)));
    // As a type argument, a function without `#[handler]` would cause a second error; an alias does
    // not.
    let aliases = (0..handlers.len()).map(|index| format_ident!("__Handler{index}"));
    let aliases: Vec<_> = aliases.collect();
    let opened = flow.opened().map(|(_, resource)| resource);
    let resources = flow.resources.iter().chain(opened);
    let resources = resources.map(|ty| (ty, "Res"));
    let states = flow.states.iter().map(|state| (&state.ty, "State"));
    resources
        .chain(states)
        .map(|(ty, wrapper)| {
            let wrapper = Ident::new(wrapper, Span::call_site());
            let asked = quote!(::flow_core::#wrapper<#ty>);
            let snapshot = (wrapper == "State" && flow.is_durable()).then(|| {
                quote! {
                    #(|| ::flow_core::__private::Parameters::<
                        #aliases,
                        ::flow_core::Snapshot<#ty>,
                    >::PRESENT)*
                }
            });
            let defect = over(
                ty.span(),
                |at| quote_spanned!(at=> ::flow_core::__private::Defect<__DEFECT>),
            );
            let question = question_of(&defect, "TakenAsParameter", &asked);
            quote! {
                const _: () = {
                    use ::flow_core::__private::NoParameter as _;
                    #(type #aliases = #handlers;)*
                    const __TAKEN: ::core::primitive::bool = false #(|| ::flow_core::__private::Parameters::<#aliases, #asked>::PRESENT)* #snapshot;
                    const __DEFECT: ::core::primitive::u8 = ::flow_core::__private::unused_type(__ANALYSIS, __TAKEN);
                    #question
                };
            }
        })
        .collect()
}
