//! `else`: what stands in for a stage that fails, or answers in place of the outside.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use crate::flow::expand::code::within::Within;
use crate::flow::expand::code::{Code, arrives};
use crate::flow::expand::names::{at, itself, of_handler};
use crate::flow::expand::typed::{TypedRoute, TypedStage};
use crate::flow::route::{Else, Stage};
use crate::spans::over;

/// Code that keeps what was taken, if the stand-in takes it as the cause of its failure.
fn keep_cause(choice: &Else) -> Option<TokenStream> {
    let first = choice.stand_in.1.first_handler();
    let kept = first.map(|handler| {
        let (wanted, itself) = (of_handler(handler, "Cause"), itself(handler));
        let keep = over(at(handler.span()), |at| {
            quote_spanned!(at=> <#wanted as ::flow_core::__private::StageCause<_, #itself>>::keep)
        });
        quote!(let __kept = #keep(&__value);)
    });
    let of_closure = choice.stand_in.1.cause_of_closure().map(|cause| {
        let keep = over(
            cause.span(),
            |at| quote_spanned!(at=> ::flow_core::__private::closure_cause::<_, #cause>(&__value)),
        );
        quote!(let __kept = #keep;)
    });
    kept.or(of_closure)
}

impl Code<'_> {
    /// A stage with an `else`.
    pub(super) fn stand_in(
        &self,
        choice: &Else,
        typed: &TypedStage<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let [tried, stand_in] = typed.routes.as_slice() else {
            return quote!(__value);
        };
        if let Some(question) = &choice.question {
            let (Some(handler), [stage]) = (choice.handler(), tried.stages.as_slice()) else {
                return quote!(__value);
            };
            let failed = self.unanswered(question, choice, stand_in, within);
            let asked = arrives(handler, stage);
            let call = self.call(handler, stage, within, &failed);
            return quote!({ #asked #call });
        }
        let kept = keep_cause(choice);
        let cause = kept.as_ref().map(|_| quote!(.with_cause(__kept)));
        let (event, place) = (self.event(), self.place());
        let failed = |handler: &TokenStream| quote!(::flow_core::Failed::new(__error, #handler, #event) #place #cause);
        let code = self.route(stand_in, within.stand_in());
        let leaves = stand_in.route.leaves();
        let value = if leaves {
            code
        } else {
            let end = stand_in.route.end_span();
            let end = end.unwrap_or(choice.keyword.span);
            // Without the type, rustc takes that of the stand-in, and reports a mismatch of arms.
            let stage = typed.value().unwrap_or_else(|| quote!(_));
            let as_one = if stand_in.route.diverges() {
                quote!(__value)
            } else {
                over(
                    at(end),
                    |at| quote_spanned!(at=> ::flow_core::__private::StandsIn::<#stage>::stand_in(__value)),
                )
            };
            quote!({
                let __value = #code;
                #as_one
            })
        };
        let taken = |handler: &TokenStream| {
            let failed = failed(handler);
            // A `skip` takes no error.
            let arrives = if let Some(Stage::Skip(_)) = choice.stand_in.1.only() {
                quote!(let _ = __error;)
            } else {
                let taken = (!within.has_taken).then(|| {
                    let this = &self.plan.this;
                    quote! {
                        let __taken =
                            &::flow_core::__private::TakenError::<#this, _>::by_stand_in(
                                __worker, &__value,
                            );
                        let _ = __taken;
                    }
                });
                quote!(let __value = #failed; #taken)
            };
            quote!({ #arrives #value })
        };
        if let (Some(handler), [stage]) = (choice.handler(), tried.stages.as_slice()) {
            let this = &self.plan.this;
            let taken = taken(&quote!(<#handler as ::flow_core::Handler>::DESC.name));
            let failed = quote! {
                ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
                #taken
            };
            let asked = arrives(handler, stage);
            let call = self.call(handler, stage, within, &failed);
            return quote!({ #kept #asked #call });
        }
        let around = within.tried(&choice.tried);
        let (future, leave) = (self.branch(tried, around), within.leave());
        let taken = taken(&quote!(__handler));
        let skip = within.skip();
        let recorded = self.dropped_with(&choice.tried, typed);
        let (future, taken) = match recorded {
            Some((into, passed)) => (quote!({ #into #future }), quote!({ #passed #taken })),
            None => (future, taken),
        };
        quote! {{
            #kept
            match #future.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(
                    ::flow_core::__private::Stopped::Failed(__error, __handler),
                ) => #taken,
                ::core::result::Result::Err(::flow_core::__private::Stopped::Skip) => #skip,
                ::core::result::Result::Err(::flow_core::__private::Stopped::Halt) => #leave,
            }
        }}
    }

    /// Code that takes the error of a stage that asks to what answers in place of the outside.
    pub(super) fn unanswered(
        &self,
        question: &Path,
        choice: &Else,
        stand_in: &TypedRoute<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let this = &self.plan.this;
        let another = over(
            question.span(),
            |at| quote_spanned!(at=> <#question as ::flow_core::__private::CloneToAsk>::another),
        );
        // An answer that is missing is no error that the stand-in's could tell of.
        let within = Within {
            has_taken: within.has_taken,
            ..within.stand_in()
        };
        let code = self.route(stand_in, within);
        let end = stand_in.route.end_span();
        let end = end.unwrap_or(choice.keyword.span);
        let answer = over(at(end), |at| {
            if stand_in.route.diverges() {
                return quote!(__value);
            }
            quote_spanned! {at=>
                ::flow_core::__private::AnswerTo::<
                    #question,
                    <#question as ::flow_core::Event>::Answer,
                >::answer(__value)
            }
        });
        quote! {
            ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
            let __question = #another(&__error.question);
            let __value = __error.question;
            let __value = #code;
            ::flow_core::Answered::new(__question, #answer)
        }
    }
}
