//! The call of a handler, and where its error goes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::flow::asks::is_ask;
use crate::flow::expand::code::within::{Tried, Within};
use crate::flow::expand::code::{Code, number};
use crate::flow::expand::failure::rescues;
use crate::flow::expand::payload::payload;
use crate::flow::expand::typed::TypedStage;
use crate::flow::tree::Trigger;

impl Code<'_> {
    /// The call, and the code that takes its error and does not go on, or yields a value.
    pub(super) fn call(
        &self,
        handler: &Path,
        typed: &TypedStage<'_>,
        within: Within<'_>,
        failed: &TokenStream,
    ) -> TokenStream {
        let number = number(typed);
        let this = &self.plan.this;
        let call = if within.is_concurrent {
            let call = self.called(handler, typed);
            quote! {
                ::flow_core::__private::branch_call::<#this, _, _>(__worker, #number, #call).await
            }
        } else {
            self.awaited(handler, typed, within)
        };
        let call = if within.is_concurrent || typed.is_first {
            // The worker has already noted the handler.
            call
        } else {
            let leave = within.leave();
            quote!({
                if !::flow_core::__private::Worker::<#this>::comes_to(__worker, #number) {
                    #leave;
                }
                #call
            })
        };
        quote! {
            match #call {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    #failed
                }
            }
        }
    }

    /// Code that takes a handler's error to where it goes.
    pub(super) fn failed(&self, handler: &Path, within: Within<'_>) -> TokenStream {
        let this = &self.plan.this;
        let boxed = quote!(::flow_core::__private::HandlerError::boxed(__error));
        if let Some(tried) = within.tried {
            let error = match tried {
                Tried::Typed(_) => quote!(__error),
                Tried::Boxed => boxed,
            };
            return quote! {
                ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
                return ::core::result::Result::Err(::flow_core::__private::Stopped::Failed(
                    #error,
                    <#handler as ::flow_core::Handler>::DESC.name,
                ))
            };
        }
        let failed = self.rescued(handler).unwrap_or_else(|| {
            if within.has_taken {
                return quote!(__taken.fail(#boxed));
            }
            quote!(::flow_core::__private::Worker::<#this>::fail(__worker, #boxed))
        });
        let leave = within.leave();
        quote!(#failed; #leave)
    }

    /// The name of the clause's event, for a `Failed`.
    pub(super) fn event(&self) -> TokenStream {
        let trigger = &self.clause.trigger;
        let event = match trigger {
            Trigger::Answered(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
                Some(event)
            }
            Trigger::Reminder(reminder) => Some(&reminder.question),
            _ => trigger.events().first(),
        };
        if let Some(event) = event {
            quote!(::core::option::Option::Some(<#event as ::flow_core::Event>::DESC.name))
        } else {
            quote!(::core::option::Option::None)
        }
    }

    /// The call that tells a `Failed` of a clause without an event.
    pub(super) fn place(&self) -> Option<TokenStream> {
        match self.clause.trigger {
            Trigger::Every(_) => Some(quote!(.in_every())),
            Trigger::Finally => Some(quote!(.in_finally())),
            Trigger::Rescue(_) => Some(quote!(.in_rescue())),
            _ => None,
        }
    }

    /// Code that passes a handler's error to its rescue.
    fn rescued(&self, handler: &Path) -> Option<TokenStream> {
        let this = &self.plan.this;
        let (rescue, typed) = self.plan.rescues.of(handler, self.clause)?;
        let boxed = quote!(::flow_core::__private::HandlerError::boxed(__error));
        let error = if typed { quote!(__error) } else { boxed };
        let (event, place) = (self.event(), self.place());
        let run_with = payload(self.plan.flow, self.clause);
        let cause = rescue
            .cause(&run_with)
            .map(|cause| quote!(.with_cause(#cause)));
        let of_question = (typed && is_ask(handler)).then(|| quote!(.of_question()));
        let failed = quote! {
            ::flow_core::Failed::new(
                #error,
                <#handler as ::flow_core::Handler>::DESC.name,
                #event,
            ) #of_question #place #cause
        };
        let activation = self.plan.activation(rescue.clause, &failed);
        let rescues = rescues(self.plan.flow, this, handler);
        Some(quote! {
            if #rescues(__worker, &__error) {
                ::flow_core::__private::Worker::<#this>::push(
                    __worker, #activation,
                )
            }
        })
    }
}
