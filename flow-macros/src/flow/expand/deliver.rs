//! Delivery: the clauses that take an event or an answer.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::flow::expand::plan::{Listeners, Plan};
use crate::flow::tree::Trigger;
use crate::spans::over;

/// The maximum number of events in the `match` of one function.
const EVENTS_PER_FUNCTION: usize = 16;

impl Plan<'_> {
    /// Code that gives `__event` to its clauses. They are chosen by a constant, so nothing else is
    /// compiled for the type of the event.
    pub(super) fn deliveries(&self) -> TokenStream {
        if self.listeners.len() <= EVENTS_PER_FUNCTION {
            let arms = self.listeners.iter().map(|group| self.delivery(group));
            return self.chosen(&quote!(#(#arms)*));
        }
        // Functions with a few arms each: rustc also visits the arms that it does not compile.
        let chunks = self.listeners.chunks(EVENTS_PER_FUNCTION).enumerate();
        let (functions, arms): (Vec<_>, Vec<_>) = chunks
            .map(|(index, groups)| {
                let name = format_ident!("__deliver_{index}");
                let arms = groups.iter().map(|group| self.delivery(group));
                let body = self.chosen(&quote!(#(#arms)*));
                let first_waits = groups.iter().filter_map(Listeners::first_wait);
                let function = quote! {
                    #[inline]
                    fn #name<__E: ::flow_core::Event>(
                        __event: __E,
                        mut __clause: impl ::core::ops::FnMut(__Activation),
                    ) {
                        #body
                    }
                };
                (
                    function,
                    quote!(#(#first_waits)|* => #name(__event, __clause),),
                )
            })
            .unzip();
        let chosen = self.chosen(&quote!(#(#arms)*));
        quote!(#(#functions)* #chosen)
    }

    /// A `match` whose arm is known at compile time for each type of event.
    fn chosen(&self, arms: &TokenStream) -> TokenStream {
        let this = &self.this;
        quote! {
            match ::flow_core::__private::Dispatch::<#this, __E>::INDEX {
                #arms
                _ => {}
            }
        }
    }

    fn delivery(&self, group: &Listeners<'_>) -> TokenStream {
        let event = group.event;
        let shared = over(
            event.span(),
            |at| quote_spanned!(at=> <#event as ::flow_core::__private::CloneForEach>::another),
        );
        let (each, own) = (quote!(#shared(&__event)), quote!(__event));
        let targets = group.targets.iter().enumerate().map(|(index, target)| {
            let is_last = index + 1 == group.targets.len();
            target.activation(self, if is_last { &own } else { &each })
        });
        let first = group.first_wait();
        quote! {
            #first => {
                if let ::core::option::Option::Some(__event) =
                    ::flow_core::__private::take::<__E, #event>(
                        &mut ::core::option::Option::Some(__event)
                    )
                {
                    #(__clause(#targets);)*
                }
            }
        }
    }

    /// The clause that takes the ending.
    pub(super) fn finally(&self) -> Option<TokenStream> {
        let mut clauses = self.clauses();
        let (index, _) = clauses.find(|(_, clause)| matches!(clause.trigger, Trigger::Finally))?;
        let activation = self.activation(index, &quote!(__ending));
        Some(quote! {
            fn finally(__ending: ::flow_core::Ending) -> ::core::option::Option<__Activation> {
                ::core::option::Option::Some(#activation)
            }
        })
    }

    /// The clauses that take an answer, and those that take an unanswered question.
    pub(super) fn answers(&self) -> Option<TokenStream> {
        let (mut answered, mut unanswered) = (Vec::new(), Vec::new());
        for (index, clause) in self.clauses() {
            let clause_with = self.activation(index, &quote!(__arrived));
            match &clause.trigger {
                Trigger::Answered(event) => {
                    let from = quote!(::flow_core::Answered<__Q>);
                    let to = quote!(::flow_core::Answered<#event>);
                    answered.push(taken(&from, &to, &clause_with));
                }
                Trigger::Unanswered(event) => {
                    unanswered.push(taken(&quote!(__Q), &quote!(#event), &clause_with));
                }
                _ => {}
            }
        }
        if answered.is_empty() {
            return None;
        }
        Some(quote! {
            fn answered<__Q: ::flow_core::Event>(
                __arrived: ::flow_core::Answered<__Q>,
            ) -> ::core::option::Option<__Activation> {
                let mut __arrived = ::core::option::Option::Some(__arrived);
                #(#answered)*
                ::core::option::Option::None
            }
            fn unanswered<__Q: ::flow_core::Event>(
                __arrived: __Q,
            ) -> ::core::option::Option<__Activation> {
                let mut __arrived = ::core::option::Option::Some(__arrived);
                let _ = &mut __arrived;
                #(#unanswered)*
                ::core::option::Option::None
            }
        })
    }
}

/// Code that runs a clause with the value that arrived, if the clause takes its type.
fn taken(from: &TokenStream, to: &TokenStream, activation: &TokenStream) -> TokenStream {
    quote! {
        if let ::core::option::Option::Some(__arrived) =
            ::flow_core::__private::take::<#from, #to>(&mut __arrived)
        {
            return ::core::option::Option::Some(#activation);
        }
    }
}
