//! The calls of a durable flow, which are recorded by their places.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::flow::asks::{AskStage, asking, is_ask};
use crate::flow::expand::code::Code;
use crate::flow::expand::code::within::Within;
use crate::flow::expand::emit;
use crate::flow::expand::failure::is_kept;
use crate::flow::expand::names::{asked_for, at, in_turn, itself, of_handler};
use crate::flow::expand::typed::{TypedRoute, TypedStage};
use crate::flow::route::Route;
use crate::flow::tree::Flow;
use crate::spans::after;

/// Calls the handler with `__value`.
fn call(flow: &Flow, handler: &Path) -> TokenStream {
    // Through `Itself`, so that a type that is not a handler is reported once.
    let itself = itself(handler);
    let place = at(after(handler.span()));
    let call = in_turn(flow, "call", place);
    quote_spanned! {place=>
        ::flow_core::__private::#call::<#itself, _, _>(__value, ::flow_core::Cx::of(__worker))
    }
}

impl Code<'_> {
    fn is_durable(&self) -> bool {
        self.plan.flow.is_durable()
    }

    /// Where the clause begins, no `each` and no `first` is around a call.
    pub(super) fn path_begins(&self) -> Option<TokenStream> {
        self.is_durable().then(|| {
            quote! {
                let __path = ::flow_core::__private::ClausePath;
                let _ = __path;
            }
        })
    }

    /// The function that runs the route of an `each` on an item. In a durable flow, it counts them.
    pub(super) fn item_work(&self, parameter: &TokenStream, branch: &TokenStream) -> TokenStream {
        if !self.is_durable() {
            return quote!(move |#parameter| #branch);
        }
        quote!({
            let __items = ::flow_core::__private::ItemNumbers::new();
            move |#parameter| {
                let __path = __path.into(__items.next());
                #branch
            }
        })
    }

    /// The call of the stage's handler with `__value`, as a future.
    pub(super) fn called(&self, handler: &Path, typed: &TypedStage<'_>) -> TokenStream {
        if !self.is_durable() {
            return call(self.plan.flow, handler);
        }
        if is_ask(handler) {
            return self.asked(handler, typed);
        }
        let (this, itself) = (&self.plan.this, itself(handler));
        let (kept, site) = (self.kept(handler), self.site(handler, typed));
        quote! {
            ::flow_core::__private::recorded_call::<#itself, #kept, #this, _, _>(
                __worker, __path, #site, __value,
            )
        }
    }

    /// What the call returns. In an arm of the loop of a durable flow, a future around it would
    /// take much of what an event costs.
    pub(super) fn awaited(
        &self,
        handler: &Path,
        typed: &TypedStage<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        if !self.is_durable() || within.is_future || is_ask(handler) {
            let call = self.called(handler, typed);
            return quote!(#call.await);
        }
        let (this, itself) = (&self.plan.this, itself(handler));
        let (kept, site) = (self.kept(handler), self.site(handler, typed));
        let run = in_turn(self.plan.flow, "run_call", Span::call_site());
        quote!('__called: {
            let __site = #site;
            let mut __value = __value;
            if __site.begins::<#itself, #this>(__worker) {
                match ::flow_core::__private::begin_call::<#itself, #kept, #this, _, _>(
                    __worker, &mut __calls, __path, __site, __value,
                ).await {
                    ::flow_core::__private::Begun::Call(__arrived) => __value = __arrived,
                    ::flow_core::__private::Begun::Returned(__result) => {
                        break '__called __result;
                    }
                }
            }
            let __result = ::flow_core::__private::#run::<#itself, #this, _, _>(
                __worker, &__calls, __value,
            ).await;
            ::flow_core::__private::end_call::<#itself, #kept, #this, _>(
                __worker, &mut __calls, __path, __site, __result,
            )
        })
    }

    /// Whether the error of the handler arrives as it is.
    fn kept(&self, handler: &Path) -> TokenStream {
        let kept = is_kept(self.plan.flow, handler);
        kept.map_or_else(|| quote!(true), |kept| quote!({ #kept }))
    }

    /// What is known of the call.
    fn site(&self, handler: &Path, typed: &TypedStage<'_>) -> TokenStream {
        let itself = itself(handler);
        let name = self.name_of_call(handler, typed);
        let (value, error) = (of_handler(handler, "Value"), of_handler(handler, "Error"));
        let (asked_value, asked_error) = (asked_for(&value), asked_for(&error));
        let takes = self.plan.flow.states.iter().map(|state| {
            let ty = &state.ty;
            quote!(::flow_core::__private::Parameters::<#itself, ::flow_core::State<#ty>>::PRESENT)
        });
        quote! {
            const {
                #[allow(unused_imports)]
                use ::flow_core::__private::{NoCodec as _, NoErrorCodec as _, NoParameter as _};
                &::flow_core::__private::CallSite::new(
                    #name,
                    &[#(#takes),*],
                    ::flow_core::__private::CallCodec::<#value, #error>::new(
                        ::flow_core::__private::Probe::<#asked_value>::CODEC,
                        ::flow_core::__private::ErrorProbe::<#asked_error>::CODEC,
                    ),
                )
            }
        }
    }

    /// The stage that asks `__value`.
    fn asked(&self, handler: &Path, typed: &TypedStage<'_>) -> TokenStream {
        let this = &self.plan.this;
        let name = self.name_of_call(handler, typed);
        let event = asking(&self.plan.flow.asks, handler).map(|ask| &ask.event);
        let event = event.into_iter();
        let place = handler.get_ident().map(|name| format_ident!("{name}Place"));
        quote! {
            ::flow_core::__private::recorded_ask::<#place, #this, _, _>(
                __worker,
                ::flow_core::__private::Place::new(__path, #name),
                const {
                    #[allow(unused_imports)]
                    use ::flow_core::__private::NoCodec as _;
                    #(::flow_core::__private::Probe::<<#event as ::flow_core::Event>::Answer>::CODEC)*
                },
                __value,
            )
        }
    }

    /// Emits the events in `__value`. In a durable flow, the clause may be gone through again after
    /// that, unless it ends with it.
    pub(super) fn emit(&self, within: Within<'_>) -> TokenStream {
        let emit = emit::code();
        if !self.is_durable() || !within.is_future {
            return emit;
        }
        let this = &self.plan.this;
        let name = self.next_place("emit");
        quote! {
            if ::flow_core::__private::Recorder::<#this>::emits(
                __worker, &::flow_core::__private::Place::new(__path, #name),
            ) {
                #emit
            }
        }
    }

    /// What the `each` goes through.
    pub(super) fn elements(&self, typed: &TypedStage<'_>, span: Span) -> TokenStream {
        let value = quote_spanned!(span=> __value);
        if !self.is_durable() {
            return quote_spanned!(span=> ::flow_core::__private::Iterable::iterate(#value));
        }
        let this = &self.plan.this;
        let name = self.next_place("each");
        let place = quote!(::flow_core::__private::Place::new(__path, #name));
        let Some(ty) = typed.arriving.checked() else {
            return quote_spanned! {span=>
                ::flow_core::__private::recorded_elements_of::<#this, _, _>(
                    __worker, #place, #value,
                )
                .await
            };
        };
        quote_spanned! {span=> {
            #[allow(unused_imports)]
            use ::flow_core::__private::{NoElements as _, NotInOrder as _};
            ::flow_core::__private::recorded_elements::<#this, _, #ty, _>(
                __worker,
                #place,
                ::flow_core::__private::Probe::<#ty>::ELEMENTS,
                const { ::flow_core::__private::Probe::<#ty>::IN_ORDER },
                #value,
            )
            .await
        }}
    }

    /// The name of the next place in the clause that is no call.
    fn next_place(&self, kind: &str) -> String {
        self.places.set(self.places.get() + 1);
        format!("{kind}#{}", self.places.get())
    }

    /// The name of the call in its clause: that of the handler, with a number from the second on.
    fn name_of_call(&self, handler: &Path, typed: &TypedStage<'_>) -> String {
        let name = |handler: &Path| {
            let last = handler.segments.last();
            let last = last.map(|word| word.ident.to_string());
            let asks = asking(&self.plan.flow.asks, handler).map(AskStage::name);
            asks.or(last).unwrap_or_default()
        };
        let wanted = name(handler);
        let before = self.first_handler(typed);
        let handlers = self.clause.route.handlers();
        let same = handlers.iter().take(before);
        match same.filter(|other| name(other) == wanted).count() {
            0 => wanted,
            count => format!("{wanted}#{}", count + 1),
        }
    }

    /// The number of handlers of the clause that come before those of the stage.
    fn first_handler(&self, typed: &TypedStage<'_>) -> usize {
        let first = self.plan.first_handlers.get(self.index);
        typed.handler - first.copied().unwrap_or_default()
    }

    /// In a durable flow, the way into the stages that an `else` is for, and code that passes over
    /// what was recorded of them when one has failed: the others were dropped, and the clause does
    /// not come to their calls again.
    pub(super) fn dropped_with(
        &self,
        tried: &Route,
        typed: &TypedStage<'_>,
    ) -> Option<(TokenStream, TokenStream)> {
        if !self.is_durable() || !tried.has_branches() {
            return None;
        }
        let this = &self.plan.this;
        let number = u32::try_from(self.first_handler(typed)).unwrap_or_default();
        let step = Literal::u32_unsuffixed((3 << 30) | number);
        let into = quote!(let __path = __path.into(#step););
        let passed = quote! {
            ::flow_core::__private::Recorder::<#this>::pass_over(__worker, &__path.into(#step));
        };
        Some((into, passed))
    }

    /// In a durable flow, the branches of this `first`: code that finds the one that has won before
    /// a crash, the way into each, and code that notes the winner.
    pub(super) fn rivals(&self, typed: &TypedStage<'_>, count: usize) -> Option<RecordedRivals> {
        // Without a handler, the same branch wins again, and no name tells it from the next one.
        let waits = |branch: &TypedRoute<'_>| !branch.route.handlers().is_empty();
        if !self.is_durable() || !typed.routes.iter().any(waits) {
            return None;
        }
        let this = &self.plan.this;
        let number = self.first_handler(typed);
        let name = format!("first#{number}");
        // Apart from the items of an `each` on the same way.
        let first = u32::try_from(number).unwrap_or_default();
        let step = |branch: usize| {
            let branch = u32::try_from(branch).unwrap_or_default();
            Literal::u32_unsuffixed((1 << 31) | (first << 8) | branch)
        };
        let steps: Vec<_> = (0..count).map(step).collect();
        let place = quote!(::flow_core::__private::Place::new(__path, #name));
        Some(RecordedRivals {
            won: quote! {
                let __won_before =
                    ::flow_core::__private::Recorder::<#this>::winner(__worker, &#place);
            },
            within: steps
                .iter()
                .map(|step| quote!(let __path = __path.into(#step);))
                .collect(),
            polls: (0..count)
                .map(|branch| {
                    let branch = Literal::u32_unsuffixed(u32::try_from(branch).unwrap_or_default());
                    quote!(__won_before.is_none_or(|__won| __won == #branch))
                })
                .collect(),
            lost: typed
                .routes
                .iter()
                .zip(&steps)
                .map(|(branch, step)| {
                    // What its calls have recorded that were dropped when one of them failed.
                    branch.route.has_branches().then(|| {
                        quote! {
                            ::flow_core::__private::Recorder::<#this>::pass_over(
                                __worker, &__path.into(#step),
                            );
                        }
                    })
                })
                .collect(),
            noted: (0..count)
                .map(|branch| {
                    let branch = Literal::u32_unsuffixed(u32::try_from(branch).unwrap_or_default());
                    quote! {
                        if __won_before.is_none() {
                            ::flow_core::__private::Recorder::<#this>::note_winner(
                                __worker, &#place, &[#(__path.into(#steps)),*], #branch,
                            );
                        }
                    }
                })
                .collect(),
        })
    }
}

/// See [`Code::rivals`].
pub(super) struct RecordedRivals {
    pub(super) won: TokenStream,
    pub(super) within: Vec<TokenStream>,
    pub(super) polls: Vec<TokenStream>,
    /// What follows when the branch has failed.
    pub(super) lost: Vec<Option<TokenStream>>,
    pub(super) noted: Vec<TokenStream>,
}
