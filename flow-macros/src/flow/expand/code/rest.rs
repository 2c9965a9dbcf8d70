//! Where a clause is split: the end of its first part, and the rest.

use proc_macro2::TokenStream;
use quote::quote;

use crate::flow::expand::code::within::Within;
use crate::flow::expand::code::{Code, arrives, number};
use crate::flow::expand::split::Split;
use crate::flow::expand::typed::TypedStage;
use crate::flow::route::Stage;

impl Code<'_> {
    /// The stage that asks where the clause is split: nothing follows it in the first part.
    pub(super) fn split(&self, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let (this, leave) = (&self.plan.this, within.leave());
        let splits = self.plan.splits_of(self.index);
        let split = splits.iter().find(|split| split.number == typed.handler);
        let (Some(split), Some(handler)) = (split, typed.asks()) else {
            return leave;
        };
        // With an `else`, it is the stage within that asks.
        let tried = typed.routes.first();
        let asking = tried.and_then(|tried| tried.stages.first());
        let asking = asking.unwrap_or(typed);
        let (ty, number, carried) = (split.ty(), number(asking), split.carried(self.plan));
        let (values, passed_on) = (carried.values, carried.passed_on);
        let asked = arrives(handler, asking);
        let called = (!asking.is_first)
            .then(|| quote!(::flow_core::__private::Worker::<#this>::at(__worker, #number);));
        quote! {
            #asked
            #called
            ::flow_core::__private::Worker::<#this>::ask_at::<#ty, _>(
                __worker, __value, (#(#values,)*),
            ).await;
            #passed_on
            #leave
        }
    }

    /// The body of the arm of a rest.
    pub(crate) fn rest(&self, split: &Split<'_>) -> TokenStream {
        let within = Within {
            has_taken: self.is_rescue(),
            ..Within::CLAUSE
        };
        let Some(typed) = split.route.stages.get(split.at) else {
            return quote!({});
        };
        let failed = match typed.stage {
            Stage::Handler(handler) => self.failed(handler, within),
            Stage::Else(choice) => {
                let (Some(question), [_, stand_in]) = (&choice.question, typed.routes.as_slice())
                else {
                    return quote!({});
                };
                self.unanswered(question, choice, stand_in, within)
            }
            _ => return quote!({}),
        };
        let carried = split.carried(self.plan);
        let (names, taken) = (carried.names, carried.taken);
        let path = self.path_begins();
        let rest = self.route_from(split.route, split.at + 1, within);
        quote!({
            let (__carried, __reply) = ::flow_core::__private::Parked::reply(__value);
            let (#(#names,)*) = __carried;
            #taken
            #path
            let __value = match __reply {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    #failed
                }
            };
            #rest;
        })
    }
}
