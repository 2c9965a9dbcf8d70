//! The checks of the whole graph, each once and at the word to change. Those of a handler are at
//! the first place that names it.

mod clause;
mod defect;
mod limits;
mod repeated;
mod unused;

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::expand::checks::clause::of_clause;
use crate::flow::expand::checks::defect::{desc, in_own_const};
use crate::flow::expand::checks::limits::{drained, limits, reminders_in_time, ticks};
use crate::flow::expand::checks::repeated::repeated;
use crate::flow::expand::checks::unused::unused_types;
use crate::flow::expand::emit;
use crate::flow::expand::names::itself;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::sound;
use crate::flow::expand::twice;
use crate::flow::tree::Flow;
use crate::spans::over;
use crate::written::key;

pub(super) use crate::flow::expand::checks::defect::check;

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
