//! The checks of one clause: what it waits for, what its handlers emit, and how often they run.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;
use syn::spanned::Spanned;

use crate::flow::asks::{asking, is_ask};
use crate::flow::expand::checks::defect::{check, desc, overlong};
use crate::flow::expand::names::{alias, itself, question};
use crate::flow::expand::plan::Plan;
use crate::flow::route::{Else, Stage};
use crate::flow::tree::{Clause, Trigger};

/// The checks of a clause. `new` are the handlers that no earlier clause names, `wait` is the number
/// of its first event, and the flow `drains` if it has an `end`.
pub(super) fn of_clause(
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
