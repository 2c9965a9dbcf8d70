//! Activations: an enum whose variants are the inputs of the clauses.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use crate::flow::expand::payload::carried;
use crate::flow::expand::plan::{Plan, Target};
use crate::flow::expand::split::Split;
use crate::flow::route::Stage;
use crate::flow::tree::Trigger;

impl Target {
    pub(super) fn activation(self, plan: &Plan<'_>, value: &TokenStream) -> TokenStream {
        if let Some(part) = self.part {
            let part = format_ident!("Clause{}Part{part}", self.clause);
            quote!(__Activation::#part(#value))
        } else {
            plan.activation(self.clause, value)
        }
    }
}

impl Plan<'_> {
    /// The enum of all activations.
    pub(super) fn activations(&self) -> TokenStream {
        let variants = self.clauses().flat_map(|(index, clause)| {
            let payload = match clause.trigger {
                Trigger::Open(..) => self.input(),
                _ => carried(self.flow, clause),
            };
            let whole = (!self.bundles.contains(index)).then(|| {
                let variant = format_ident!("Clause{index}");
                quote!(#variant(::flow_core::__private::Same<#payload>))
            });
            let parts = clause
                .trigger
                .parts()
                .iter()
                .enumerate()
                .map(move |(part, event)| {
                    let part = format_ident!("Clause{index}Part{part}");
                    quote!(#part(::flow_core::__private::Same<#event>))
                });
            whole.into_iter().chain(parts)
        });
        let splits = self.splits();
        let rests = splits.iter().map(Split::variant);
        let bundles = self.bundles.types();
        let bundle_variants = self.bundles.bundles();
        let bundle_variants =
            bundle_variants.map(|(bundle, _)| quote!(#bundle(__BundleActivation<#bundle>),));
        quote! {
            use ::flow_core::__private::BundleActivation as __BundleActivation;
            #bundles
            #[allow(clippy::large_enum_variant)]
            pub enum __Activation { #(#bundle_variants)* #(#variants,)* #(#rests),* }
        }
    }

    /// Arms that map each variant to its clause, and to the handler that the clause begins with.
    pub(super) fn places(&self) -> TokenStream {
        let place = |index: usize| {
            let clause = self.flow.clauses.get(index);
            let begins = clause.and_then(|clause| clause.route.stages.first());
            let first = if let Some(Stage::Handler(_)) = begins {
                self.first_handlers.get(index).to_token_stream()
            } else {
                quote!(::flow_core::__private::NO_HANDLER)
            };
            quote!((#index, #first))
        };
        let places = self.code().map(|(index, _)| {
            let (variant, place) = (format_ident!("Clause{index}"), place(index));
            quote!(__Activation::#variant(_) => #place,)
        });
        let bundle_places = self.bundles.bundles().map(|(bundle, clauses)| {
            let places = clauses.map(place);
            quote! {
                __Activation::#bundle(ref __one) => [#(#places),*][__BundleActivation::<#bundle>::number(__one)],
            }
        });
        let splits = self.splits();
        let rest_places = splits.iter().map(Split::place);
        quote!(#(#bundle_places)* #(#places)* #(#rest_places)*)
    }
}
