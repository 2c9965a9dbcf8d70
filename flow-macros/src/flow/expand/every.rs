//! `every "1s" -> route`: the clauses that run at certain times.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::flow::expand::names::itself;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::Trigger;
use crate::limit::optional;

impl Plan<'_> {
    /// The clauses as a constant of the graph.
    pub(super) fn every(&self) -> Option<TokenStream> {
        let all = self.clauses().filter_map(|(index, clause)| {
            let Trigger::Every(period) = &clause.trigger else {
                return None;
            };
            let (period, activation) = (period.value(), self.activation(index, &quote!(__tick)));
            let first = clause.route.handlers().into_iter().next();
            let first = optional(first.map(|handler| {
                let itself = itself(handler);
                quote!(::core::any::TypeId::of::<#itself>)
            }));
            Some(quote! {
                ::flow_core::__private::Every::new(#period, #first, |__tick| #activation)
            })
        });
        let all: Vec<_> = all.collect();
        (!all.is_empty()).then(|| {
            quote! {
                const EVERY: &'static [::flow_core::__private::Every<Self>] = &[#(#all),*];
            }
        })
    }

    /// Notes the end of a run of the clause with this number, if it is one of those.
    pub(super) fn ticking(&self, clause: usize) -> Option<TokenStream> {
        let is_every = |trigger: &&Trigger| matches!(trigger, Trigger::Every(_));
        self.trigger(clause).filter(is_every)?;
        let before = self.flow.clauses.iter().take(clause);
        let number = before.filter(|clause| is_every(&&clause.trigger)).count();
        let (this, number) = (&self.this, Literal::usize_unsuffixed(number));
        Some(quote! {
            let __ticking =
                ::flow_core::__private::Ticking::<#this, _>::new(__worker, #number);
        })
    }
}
