//! `first (a, b)`: the branches run at the same time, and the first that succeeds goes on.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use crate::flow::expand::code::Code;
use crate::flow::expand::code::join::boxed_if_deep;
use crate::flow::expand::code::within::{Tried, Within};
use crate::flow::expand::names::at;
use crate::flow::expand::typed::{TypedRoute, TypedStage};
use crate::spans::over;

impl Within<'_> {
    /// A branch of a `first`, whose error is one of several.
    fn rival(self) -> Self {
        Self {
            tried: Some(Tried::Boxed),
            ..self.branch()
        }
    }
}

impl Code<'_> {
    pub(super) fn first(&self, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let span = typed.stage.span();
        let (count, leave) = (typed.routes.len(), within.leave());
        let brought = typed.value().unwrap_or_else(|| quote!(_));
        let names: Vec<_> = (0..count)
            .map(|index| format_ident!("__branch{index}"))
            .collect();
        let recorded = self.rivals(typed, count);
        let won = recorded.as_ref().map(|recorded| &recorded.won);
        let branches = typed.routes.iter().zip(&names).enumerate();
        let begun = branches.map(|(index, (branch, name))| {
            let path = recorded
                .as_ref()
                .and_then(|recorded| recorded.within.get(index));
            let branch = self.rival(branch, &brought, within);
            let value = if index + 1 == count {
                quote!(__shared)
            } else {
                quote_spanned!(at(span)=> ::flow_core::__private::CloneForEach::another(&__shared))
            };
            quote! {
                let mut #name = ::core::pin::pin!(::core::option::Option::Some({
                    let __value = #value;
                    #path
                    #branch
                }));
            }
        });
        let polled = typed.routes.iter().zip(&names).enumerate();
        let polled = polled.map(|(index, (branch, name))| {
            let poll = if branch.route.leaves() {
                quote!(poll_leaving)
            } else {
                quote!(poll_rival)
            };
            let polled = quote! {
                ::flow_core::__private::#poll(#name.as_mut(), __cx, &mut __rivals)
            };
            let recorded = recorded.as_ref();
            let polls = recorded.and_then(|recorded| recorded.polls.get(index));
            let polled = match polls {
                Some(polls) => {
                    quote!(if #polls { #polled } else { ::core::option::Option::None })
                }
                None => polled,
            };
            let noted = recorded.and_then(|recorded| recorded.noted.get(index));
            let lost = recorded.and_then(|recorded| recorded.lost.get(index)?.as_ref());
            let (ran, lost) = match lost {
                Some(lost) => (
                    quote!(let __ran = #name.is_some();),
                    quote!(if __ran && #name.is_none() { #lost }),
                ),
                None => (quote!(), quote!()),
            };
            quote! {
                #ran
                if let ::core::option::Option::Some(__won) = #polled {
                    #noted
                    return ::core::task::Poll::Ready(__won);
                }
                #lost
            }
        });
        // Without an open branch, no value decides the type.
        let is_open = |branch: &TypedRoute<'_>| !branch.route.leaves();
        let value = if typed.routes.iter().any(is_open) {
            quote!(_)
        } else {
            quote!(())
        };
        let failed = self.all_failed(within);
        quote! {{
            let __shared = __value;
            #(#begun)*
            #won
            let mut __rivals = ::flow_core::__private::Rivals::new();
            let __first = ::core::future::poll_fn(|__cx| {
                #(#polled)*
                __rivals.poll_end::<#value>()
            });
            match __first.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(
                    ::flow_core::__private::Stopped::Failed(__error, __handler),
                ) => {
                    #failed
                }
                ::core::result::Result::Err(_) => #leave,
            }
        }}
    }

    /// A branch as a future of the value that all of them bring.
    fn rival(
        &self,
        branch: &TypedRoute<'_>,
        brought: &TokenStream,
        within: Within<'_>,
    ) -> TokenStream {
        let body = self.route(branch, within.rival());
        let error = quote!(::flow_core::__private::Stopped<::flow_core::BoxError>);
        let future = if branch.route.leaves() {
            // The condition gives the future its type.
            quote!(async move {
                if false {
                    return ::core::result::Result::<_, #error>::Ok(());
                }
                #body
            })
        } else {
            let end = branch.route.end_span().unwrap_or_else(Span::call_site);
            // Without the type, rustc takes that of another branch, and reports a mismatch there.
            let asked = if branch.route.is_ignored() {
                "BringsNothing"
            } else {
                "BringsAlike"
            };
            let asked = Ident::new(asked, at(end));
            let alike = if branch.route.diverges() {
                quote!(__value)
            } else {
                over(
                    at(end),
                    |at| quote_spanned!(at=> ::flow_core::__private::#asked::<#brought>::bring(__value)),
                )
            };
            quote!(async move {
                let __value = #body;
                ::core::result::Result::<_, #error>::Ok(#alike)
            })
        };
        boxed_if_deep(branch.route, future)
    }

    /// Code that takes the last error to where it goes.
    fn all_failed(&self, within: Within<'_>) -> TokenStream {
        if within.tried.is_some() {
            return quote! {
                return ::core::result::Result::Err(
                    ::flow_core::__private::Stopped::Failed(__error, __handler),
                )
            };
        }
        let this = &self.plan.this;
        let failed = if within.has_taken {
            quote!(__taken.fail(__error))
        } else {
            quote!(::flow_core::__private::Worker::<#this>::fail_of_first(__worker, __error))
        };
        let leave = within.leave();
        quote! {
            let _ = __handler;
            #failed;
            #leave
        }
    }
}
