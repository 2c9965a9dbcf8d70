//! The events that wait for others: those of `when A & B`, and of `when Vote[3]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Ident;

use crate::flow::expand::names::at;
use crate::flow::expand::plan::Plan;
use crate::flow::tree::{By, Clause, Trigger};
use crate::spans::{after, over};

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
    /// How many wait in each clause.
    totals: Vec<TokenStream>,
    /// Tells how many of each event wait in a clause.
    counts: Vec<TokenStream>,
    /// Tells which events were matched last by a key, of a clause that records it.
    matched: Vec<TokenStream>,
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
            totals,
            counts,
            matched,
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
        let last_matched = (!matched.is_empty()).then(|| {
            quote! {
                fn last_matched(
                    __partners: &::core::cell::RefCell<__Partners>,
                    __clause: ::core::primitive::usize,
                ) -> ::core::option::Option<::flow_core::__private::LastMatched> {
                    match __clause {
                        #(#matched)*
                        _ => ::core::option::Option::None,
                    }
                }
            }
        });
        let pair = quote! {
            #last_matched
            #[inline]
            fn pair(
                __activation: __Activation,
                __partners: &::core::cell::RefCell<__Partners>,
                __at: impl ::core::ops::FnOnce(::core::primitive::usize),
            ) -> ::core::option::Option<__Activation> {
                match __activation {
                    #(#arms)*
                    __whole => ::core::option::Option::Some(__whole),
                }
            }
            fn waiting(
                __partners: &::core::cell::RefCell<__Partners>,
            ) -> ::core::primitive::usize {
                let __partners = __partners.borrow();
                0 #(+ #totals)*
            }
            fn waiting_by_clause(
                __partners: &::core::cell::RefCell<__Partners>,
                mut __clause: impl ::core::ops::FnMut(
                    ::core::primitive::usize,
                    &[::core::primitive::usize],
                ),
            ) {
                let mut __partners = __partners.borrow_mut();
                let _ = &mut __partners;
                #(#counts)*
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
        let all: Vec<_> = (0..events.len()).map(syn::Index::from).collect();
        let queues = if clause.by.is_some() {
            let numbers = self
                .flow
                .is_durable()
                .then(|| quote!(::std::vec::Vec<::core::num::NonZeroU64>));
            quote! {
                ::flow_core::__private::Keyed<(
                    #(::flow_core::__private::KeyedQueue<#events>,)*
                ), #numbers>
            }
        } else {
            quote!((#(::flow_core::__private::PairQueue<#events>,)*))
        };
        waiting.fields.push(quote!(#field: #queues));
        if clause.by.is_some() && self.flow.is_durable() {
            waiting.matched.push(quote! {
                #index => ::core::option::Option::Some(
                    __partners.borrow().#field.last_matched(),
                ),
            });
        }
        let whole = self.whole(index, clause);
        let counts: Vec<_> = all
            .iter()
            .map(|queue| {
                if clause.by.is_some() {
                    quote!(__partners.#field.count(|__all| __all.#queue.len()))
                } else {
                    quote!(__partners.#field.#queue.len())
                }
            })
            .collect();
        waiting
            .counts
            .push(quote!(__clause(#index, &[#(#counts),*]);));
        waiting.totals.push(if clause.by.is_some() {
            quote!(__partners.#field.waiting())
        } else {
            quote!(#(#counts)+*)
        });
        let size = match &clause.trigger {
            Trigger::Times(_, times) => times.count.value(),
            _ => all.len().to_token_stream(),
        };
        for part in &all {
            let variant = format_ident!("Clause{index}Part{}", part.index);
            let taken = if let Some(by) = &clause.by {
                let path = by.path();
                quote! {
                    use ::flow_core::__private::NoKey as _;
                    __at(#index);
                    let __key = ::flow_core::__private::Field(&__event #path).key();
                    __partners.borrow_mut().#field.add(__key, #size, |__all, __number, __matched| {
                        __all.#part.push_back(__number, __event);
                        let __whole = #whole;
                        (__whole, true #(&& __all.#all.is_empty())*)
                    })
                }
            } else {
                quote! {
                    let __all = &mut __partners.borrow_mut().#field;
                    __all.#part.push_back(__event);
                    #whole
                }
            };
            waiting
                .arms
                .push(quote!(__Activation::#variant(__event) => { #taken }));
        }
        if let Some(Trigger::LeftOver(_)) = self.trigger(index + 1) {
            let routed = all.iter().enumerate().map(|(part, queue)| {
                let activation = self.activation(index + 1 + part, &quote!(__event));
                if clause.by.is_some() {
                    return quote! {
                        for __event in __partners.#field.drain(|__all| &mut __all.#queue) {
                            __otherwise(#activation);
                        }
                    };
                }
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
                    ::flow_core::__private::LeftOver::of(#index, &[#(#counts),*])
                {
                    return __left;
                }
            });
        }
    }

    /// The checks that the events of each clause have keys, and of one type.
    pub(super) fn keys(&self) -> TokenStream {
        let clauses = self.flow.clauses.iter().filter_map(|clause| {
            let by = clause.by.as_ref()?;
            let (first, others) = clause.trigger.parts().split_first()?;
            let path = by.path();
            let (is_key, same_key) = (asks("is_key", by), asks("same_key", by));
            Some(quote! {
                const _: () = {
                    let _ = |__first: #first| {
                        let __field = &__first #path;
                        #is_key;
                    };
                    #(
                        let _ = |__first: #first, __other: #others| {
                            let __field = (&__first #path, &__other #path);
                            #same_key;
                        };
                    )*
                };
            })
        });
        clauses.collect()
    }

    /// Takes the events out of the queues `__all` if all are there, as an activation.
    fn whole(&self, index: usize, clause: &Clause) -> TokenStream {
        let matched = clause.by.is_some().then(|| quote!(__matched));
        if let Trigger::Times(..) = clause.trigger {
            let whole = self.activation(index, &quote!(__events));
            return quote! {
                match __all.0.pop_array(#matched) {
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
                ::core::option::Option::None
            } else {
                match (#(__all.#all.pop_front(#matched),)*) {
                    (#(::core::option::Option::Some(#values),)*) => {
                        ::core::option::Option::Some(#whole)
                    }
                    _ => ::core::option::Option::None,
                }
            }
        }
    }
}

/// A question to the type of `__field`.
fn asks(question: &str, by: &By) -> TokenStream {
    let word = by.span();
    let question = Ident::new(question, at(after(word)));
    let asked = over(word, |at| quote_spanned!(at=> &__field));
    quote_spanned!(at(after(word))=> ::flow_core::__private::#question(#asked))
}
