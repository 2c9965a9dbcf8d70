//! The checks of the whole graph, each once and at the word to change. Those of a handler are at
//! the first place that names it.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::flow::expand::names::at;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::{Clause, Trigger};
use crate::spans::over;
use crate::written::{key, written};

pub(super) fn checks(plan: &Plan<'_>) -> TokenStream {
    let (flow, desc) = (plan.flow, desc(plan));
    let mut all = Vec::new();
    let (mut seen, mut wait) = (HashSet::new(), 0);
    for (index, clause) in plan.clauses() {
        let new = clause.route.handlers().into_iter().enumerate();
        let new: Vec<_> = new.filter(|(_, path)| seen.insert(key(path))).collect();
        all.extend(of_clause(plan, index, clause, &new, wait));
        wait += clause.trigger.events().len();
    }
    let check = |at: Span, what: &str, of: &TokenStream| {
        in_own_const(&over(at, |at| {
            let what = Ident::new(what, at);
            quote_spanned! {at=>
                ::flow_core::__private::check(::flow_core::__private::#what(#desc, __ANALYSIS #of));
            }
        }))
    };
    for (index, event) in flow.external.iter().enumerate() {
        all.push(check(event.span(), "unused_external", &quote!(, #index)));
    }
    for (index, event) in flow.ignored.iter().enumerate() {
        all.push(check(event.span(), "unused_ignore", &quote!(, #index)));
    }
    all.extend(unused_types(plan));
    if let Some(output) = flow.declared_output() {
        all.push(check(output.span(), "output_without_end", &quote!()));
    }
    let analysis = analysis(plan);
    quote!(#analysis #(#all)*)
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
        // Called for each clause, so the calls are kept short.
        #[allow(dead_code)]
        #[track_caller]
        const fn __unhandled_event(clause: usize, handler: usize) {
            ::flow_core::__private::check(::flow_core::__private::unhandled_event(
                #desc, __ANALYSIS, clause, handler,
            ));
        }
        #[allow(dead_code)]
        #[track_caller]
        const fn __dead_wait(wait: usize, part: usize) {
            ::flow_core::__private::check(::flow_core::__private::dead_wait(
                #desc, __ANALYSIS, &[#(#groups),*], wait, part,
            ));
        }
    }
}

/// The checks of a clause. `new` are the handlers that no earlier clause names, and `wait` is the
/// number of its first event.
fn of_clause(
    plan: &Plan<'_>,
    index: usize,
    clause: &Clause,
    new: &[(usize, &Path)],
    wait: usize,
) -> Vec<TokenStream> {
    let desc = desc(plan);
    let has_timeout = !plan.flow.timeout.is_empty() || !plan.flow.idle_timeout.is_empty();
    let mut asked = Vec::new();
    for (handler, path) in new {
        asked.push(over(
            path.span(),
            |at| quote_spanned!(at=> __unhandled_event(#index, #handler);),
        ));
        if has_timeout {
            asked.push(over(path.span(), |at| {
                quote_spanned! {at=>
                    ::flow_core::__private::check(
                        ::flow_core::__private::exceeds_timeout(#desc, #index, #handler)
                    );
                }
            }));
        }
    }
    for (part, event) in clause.trigger.events().iter().enumerate() {
        let wait = wait + part;
        asked.push(over(
            event.span(),
            |at| quote_spanned!(at=> __dead_wait(#wait, #part);),
        ));
    }
    // If the handler emits an event that no clause takes, the wait of its own clause is not
    // reported anyway. So one `const`, of which rustc reports the first defect, has both checks.
    let mut checks = if let [unhandled, dead_wait] = asked.as_slice()
        && matches!(clause.trigger, Trigger::Event(_))
    {
        vec![in_own_const(&quote!(#unhandled #dead_wait))]
    } else {
        asked.iter().map(in_own_const).collect()
    };
    if let Trigger::Rescue(handler) = &clause.trigger {
        let at = handler
            .as_ref()
            .map_or(clause.keyword.span(), Spanned::span);
        checks.push(in_own_const(&over(at, |at| {
            quote_spanned! {at=>
                ::flow_core::__private::check(::flow_core::__private::infallible_rescue(#desc, #index));
            }
        })));
    }
    checks
}

/// A `const` for each check, so that one defect does not hide another.
fn in_own_const(questions: &TokenStream) -> TokenStream {
    quote!(const _: () = { #questions };)
}

/// The checks for resources and states that no handler takes. Only the type of a handler shows
/// which ones it takes, so a probe tests each pair.
fn unused_types(plan: &Plan<'_>) -> Vec<TokenStream> {
    let flow = plan.flow;
    let mut seen = HashSet::new();
    let mut handlers: Vec<_> = flow.handlers().collect();
    handlers.retain(|handler| seen.insert(key(handler)));
    let resources = flow.resources.iter().map(|ty| (ty, "Res"));
    let states = flow.states.iter().map(|state| (&state.ty, "State"));
    resources
        .chain(states)
        .map(|(ty, wrapper)| {
            let taken = format!("{wrapper}<{}>", written(ty));
            let wrapper = Ident::new(wrapper, Span::call_site());
            let asked = quote!(::flow_core::#wrapper<#ty>);
            let check = over(at(ty.span()), |at| {
                quote_spanned!(at=> ::flow_core::__private::check(__defect);)
            });
            quote! {
                const _: () = {
                    #[allow(unused_imports)]
                    use ::flow_core::__private::NoParameter as _;
                    let __taken = false #(|| ::flow_core::__private::Parameters::<#handlers, #asked>::PRESENT)*;
                    let __defect = ::flow_core::__private::unused_type(__ANALYSIS, __taken, #taken);
                    #check
                };
            }
        })
        .collect()
}
