//! The events that wait for others: those of `when A & B`, and of `when Vote[3]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::flow::expand::plan::Plan;
use crate::flow::tree::{Clause, Trigger};

/// What a flow does with the events that wait in its clauses.
#[derive(Default)]
struct Waiting {
    /// The queues of each clause.
    fields: Vec<TokenStream>,
    /// The arm for each event that arrives.
    arms: Vec<TokenStream>,
    /// Takes those that are left to their `else`.
    routed: Vec<TokenStream>,
    /// Returns those that are left, of clauses without an `else`.
    lost: Vec<TokenStream>,
}

impl Plan<'_> {
    /// The queues in which events wait for their partners. The oldest events are paired first.
    pub(super) fn partners(&self) -> (TokenStream, Option<TokenStream>) {
        let mut waiting = Waiting::default();
        for (index, clause) in self.clauses() {
            if !clause.trigger.parts().is_empty() {
                self.wait(index, clause, &mut waiting);
            }
        }
        let Waiting {
            fields,
            arms,
            routed,
            lost,
        } = waiting;
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

    /// Adds what the clause with this number does.
    fn wait(&self, index: usize, clause: &Clause, waiting: &mut Waiting) {
        let events = clause.trigger.parts();
        let field = format_ident!("clause{index}");
        let queues = quote!((#(::flow_core::__private::PairQueue<#events>,)*));
        waiting.fields.push(quote!(#field: #queues));
        let all: Vec<_> = (0..events.len()).map(syn::Index::from).collect();
        let whole = self.whole(index, clause);
        for part in &all {
            let variant = format_ident!("Clause{index}Part{}", part.index);
            waiting.arms.push(quote! {
                __Activation::#variant(__event) => {
                    let __all = &mut __partners.borrow_mut().#field;
                    __all.#part.push_back(__event);
                    #whole
                }
            });
        }
        if let Some(Trigger::LeftOver(_)) = self.trigger(index + 1) {
            let routed = all.iter().enumerate().map(|(part, queue)| {
                let activation = self.activation(index + 1 + part, &quote!(__event));
                quote! {
                    while let ::core::option::Option::Some(__event) =
                        __partners.#field.#queue.pop_front()
                    {
                        __otherwise(#activation);
                    }
                }
            });
            waiting.routed.extend(routed);
        } else {
            waiting.lost.push(quote! {
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
    }

    /// Takes the events out of the queues `__all` if all are there, as an activation.
    fn whole(&self, index: usize, clause: &Clause) -> TokenStream {
        if let Trigger::Times(..) = clause.trigger {
            let whole = self.activation(index, &quote!(__events));
            return quote! {
                match __all.0.pop_array() {
                    ::core::option::Option::Some(__events) => {
                        ::core::option::Option::Some(#whole)
                    }
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            };
        }
        let parts = clause.trigger.parts().len();
        let all: Vec<_> = (0..parts).map(syn::Index::from).collect();
        let values: Vec<_> = (0..parts).map(|part| format_ident!("__{part}")).collect();
        let whole = self.activation(index, &quote!((#(#values,)*)));
        quote! {
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
    }
}
