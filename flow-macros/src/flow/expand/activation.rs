//! Activations: an enum whose variants are the inputs of the clauses.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::{Plan, Target};
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
            let payload = payload(self.flow, clause);
            let whole = (!self.bundles.contains(index)).then(|| {
                let variant = format_ident!("Clause{index}");
                quote!(#variant(::flow_core::__private::Same<#payload>))
            });
            let parts = match &clause.trigger {
                Trigger::All(events) => events.as_slice(),
                _ => &[],
            };
            let parts = parts.iter().enumerate().map(move |(part, event)| {
                let part = format_ident!("Clause{index}Part{part}");
                quote!(#part(::flow_core::__private::Same<#event>))
            });
            whole.into_iter().chain(parts)
        });
        let bundles = self.bundles.types();
        let bundle_variants = self.bundles.bundles();
        let bundle_variants =
            bundle_variants.map(|(bundle, _)| quote!(#bundle(__BundleActivation<#bundle>),));
        quote! {
            use ::flow_core::__private::BundleActivation as __BundleActivation;
            #bundles
            #[allow(clippy::large_enum_variant)]
            pub enum __Activation { #(#bundle_variants)* #(#variants),* }
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
        quote!(#(#bundle_places)* #(#places)*)
    }

    /// The queues in which events wait for their partners. The oldest events are paired first.
    pub(super) fn partners(&self) -> (TokenStream, Option<TokenStream>) {
        let mut fields = Vec::new();
        let mut arms = Vec::new();
        let (mut routed, mut lost) = (Vec::new(), Vec::new());
        for (index, clause) in self.clauses() {
            let Trigger::All(events) = &clause.trigger else {
                continue;
            };
            let field = format_ident!("clause{index}");
            fields.push(quote!(#field: (#(::flow_core::__private::PairQueue<#events>,)*)));
            let all: Vec<_> = (0..events.len()).map(syn::Index::from).collect();
            let values: Vec<_> = (0..events.len())
                .map(|part| format_ident!("__{part}"))
                .collect();
            let whole = self.activation(index, &quote!((#(#values,)*)));
            if let Some(Trigger::LeftOver(_)) = self.trigger(index + 1) {
                routed.extend(all.iter().enumerate().map(|(part, queue)| {
                    let activation = self.activation(index + 1 + part, &quote!(__event));
                    quote! {
                        while let ::core::option::Option::Some(__event) =
                            __partners.#field.#queue.pop_front()
                        {
                            __otherwise(#activation);
                        }
                    }
                }));
            } else {
                lost.push(quote! {
                    if let __left @ ::core::option::Option::Some(_) =
                        ::flow_core::__private::LeftOver::of(
                            #index,
                            &[#(__partners.#field.#all.len()),*],
                        )
                    {
                        return __left;
                    }
                });
            }
            for part in &all {
                let variant = format_ident!("Clause{index}Part{}", part.index);
                arms.push(quote! {
                    __Activation::#variant(__event) => {
                        let __all = &mut __partners.borrow_mut().#field;
                        __all.#part.push_back(__event);
                        if #(__all.#all.is_empty())||* {
                            return ::core::option::Option::None;
                        }
                        match (#(__all.#all.pop_front(),)*) {
                            (#(::core::option::Option::Some(#values),)*) => {
                                ::core::option::Option::Some(#whole)
                            }
                            _ => ::core::option::Option::None,
                        }
                    }
                });
            }
        }
        if fields.is_empty() {
            return (
                quote!(
                    type __Partners = ();
                ),
                None,
            );
        }
        let partners = quote! {
            #[derive(::core::default::Default)]
            pub struct __Partners { #(#fields),* }
        };
        let pair = quote! {
            #[inline]
            fn pair(
                __activation: __Activation,
                __partners: &::core::cell::RefCell<__Partners>,
            ) -> ::core::option::Option<__Activation> {
                match __activation {
                    #(#arms)*
                    __whole => ::core::option::Option::Some(__whole),
                }
            }
            fn left_over(
                __partners: &::core::cell::RefCell<__Partners>,
                mut __otherwise: impl ::core::ops::FnMut(__Activation),
            ) -> ::core::option::Option<::flow_core::__private::LeftOver> {
                let mut __partners = __partners.borrow_mut();
                let _ = (&mut __partners, &mut __otherwise);
                #(#routed)*
                #(#lost)*
                ::core::option::Option::None
            }
        };
        (partners, Some(pair))
    }
}
