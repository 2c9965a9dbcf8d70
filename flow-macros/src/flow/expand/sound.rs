//! The proof that `sound;` asks for: what is missing is an error at the handler to change.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use crate::flow::expand::names::{alias, itself, question};
use crate::flow::expand::plan::Plan;
use crate::flow::tree::{Clause, Trigger};

/// The proof, and a check for each handler and each clause. `desc` is the graph as data.
pub(super) fn checks(plan: &Plan<'_>, desc: &TokenStream) -> TokenStream {
    if plan.flow.sound.is_empty() {
        return TokenStream::new();
    }
    let clauses = plan.flow.clauses.len();
    let ends = plan.flow.clauses.iter().any(|clause| clause.route.ends());
    let mut triggers = plan.flow.clauses.iter().map(|clause| &clause.trigger);
    let pairs = triggers.any(|trigger| !trigger.parts().is_empty());
    let keeps = !plan.flow.states.is_empty();
    let waits = plan.waits();
    let mut checks = TokenStream::new();
    let mut all = plan.clauses().peekable();
    while let Some((first, clause)) = all.next() {
        // `when A | B -> h` is a clause for each event, and one in the text.
        let mut last = first;
        while let Some((index, _)) = all.next_if(|(_, next)| next.repeats) {
            last = index;
        }
        let at = |handler: TokenStream| quote!(__SOUNDNESS.at(#first, #last, #handler));
        let emits = !clause.route.emits().is_empty();
        let ignores = clause.route.ignores();
        let mut of_all = TokenStream::new();
        for (index, handler) in clause.route.handlers().into_iter().enumerate() {
            let itself = itself(handler);
            // An alias is one constant, however many questions name it.
            let (event, state) = (quote!(__Event), quote!(__State));
            let called = quote!(__Called);
            let line = quote!({ __FINDING.line });
            let (fewest, most) = (quote!({ __FINDING.least }), quote!({ __FINDING.most }));
            // Fewer questions are answered sooner.
            let all = [
                (true, "IsSound", itself.clone()),
                (ends, "LeadsOn", quote!(#itself, #event, #line)),
                (ends || pairs, "KeepsItsContext", quote!(#itself, #line)),
                (
                    ends || pairs,
                    "KeepsItsContextHere",
                    quote!(#itself, #called, #line),
                ),
                (
                    ends || pairs,
                    "GoesOn",
                    quote!(#itself, #called, #event, #line),
                ),
                (
                    ends || pairs,
                    "HasFewWays",
                    quote!(#itself, #event, #fewest, #most),
                ),
                (
                    ends || pairs,
                    "HasFewBoundedWays",
                    quote!(#itself, #event, #fewest),
                ),
                (ends, "IsFollowed", itself.clone()),
                (ends, "NeverStops", itself.clone()),
                (ends && ignores, "IsNotIgnored", itself.clone()),
                (ends && emits, "ReturnsWhatLeadsOn", itself.clone()),
                (pairs, "LeavesNothingOver", quote!(#itself, #event, #line)),
                (keeps, "KeepsUpdates", quote!(#itself, #state)),
            ];
            let questions = all.into_iter().filter(|(asked, ..)| *asked);
            let questions: Vec<_> = questions.map(|(_, name, of)| (name, of)).collect();
            let mut aliases = TokenStream::new();
            if ends || pairs {
                aliases.extend(quote! {
                    type __Event =
                        <#itself as ::flow_core::__private::EmitsAt<{ __FINDING.event }>>::Event;
                    type __Called =
                        <#itself as ::flow_core::__private::CallsAt<{ __FINDING.called }>>::Macro;
                });
            }
            if keeps {
                aliases.extend(quote! {
                    type __State =
                        <#itself as ::flow_core::__private::WritesBackAt<{ __FINDING.state }>>::State;
                });
            }
            let finding = at(quote!(#index));
            of_all.extend(check(&finding, &aliases, handler.span(), &questions));
        }
        of_all.extend(of_clause(clause, ends, &at));
        if !of_all.is_empty() {
            checks.extend(quote!(const _: () = { #of_all };));
        }
    }
    quote! {
        const __SOUNDNESS: &::flow_core::__private::sound::Soundness<#clauses> =
            &::flow_core::__private::sound::Soundness::new::<
                #waits,
                { ::flow_core::__private::sound::edges(#desc) },
            >(#desc, __ANALYSIS);
        const __PROVED: ::core::primitive::bool = __SOUNDNESS.is_proved();
        #checks
    }
}

/// The checks at the words of the clause itself.
fn of_clause(clause: &Clause, ends: bool, at: &impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let events = clause.trigger.events();
    let place = events.last().map_or(clause.keyword.span(), Spanned::span);
    let mut questions = Vec::new();
    if ends {
        questions.push(("Continues", quote!()));
        let event = events.first().map(ToTokens::to_token_stream);
        questions.extend(event.clone().map(|event| ("LeadsOut", event)));
        questions.extend(event.map(|event| ("ComesToRest", event)));
    }
    match &clause.trigger {
        Trigger::All(_) => {
            if let [first, .., last] = events {
                questions.push(("Meets", quote!(#first, #last)));
                questions.push(("BelongsTogether", quote!(#first, #last)));
            }
        }
        Trigger::Times(event, _) => questions.push(("Divides", quote!(#event))),
        _ => {}
    }
    if questions.is_empty() {
        return TokenStream::new();
    }
    let handler = quote!(::flow_core::__private::sound::Finding::CLAUSE);
    check(&at(handler), &TokenStream::new(), place, &questions)
}

/// Asks whether the finding is of none of these kinds. The questions may name `aliases`.
fn check(
    finding: &TokenStream,
    aliases: &TokenStream,
    at: Span,
    questions: &[(&str, TokenStream)],
) -> TokenStream {
    let found = alias("__Found", at);
    let questions = questions.iter();
    let questions = questions.map(|(name, of)| question(&found, at, name, of));
    quote! {{
        // rustc interprets each call: a flow that is proved makes none.
        const __FINDING: ::flow_core::__private::sound::Finding = if __PROVED {
            ::flow_core::__private::sound::Finding::NONE
        } else {
            #finding
        };
        type #found = ::flow_core::__private::Found<{ __FINDING.kind }>;
        #aliases
        #(#questions)*
    }}
}
