//! Branches that run at the same time, and the join of all of them.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::flow::expand::code::within::{Item, Tried, Within};
use crate::flow::expand::code::{Code, arrives, number};
use crate::flow::expand::failure::error_of;
use crate::flow::expand::names::at;
use crate::flow::expand::typed::{TypedRoute, TypedStage};
use crate::flow::route::{Route, Stage};

/// rustc follows the types of futures within one another only so deep. One on the heap hides its
/// type, and so each of this many that are nested is there.
const BOXED_DEPTH: usize = 5;

pub(super) fn boxed_if_deep(route: &Route, future: TokenStream) -> TokenStream {
    if route.depth() % BOXED_DEPTH == BOXED_DEPTH - 1 {
        return quote!(::flow_core::__private::boxed(#future));
    }
    future
}

impl Code<'_> {
    /// The route of a branch, as a future of its resulting value.
    pub(super) fn branch(&self, route: &TypedRoute<'_>, within: Within<'_>) -> TokenStream {
        if within.tried.is_none()
            && let [stage] = route.stages.as_slice()
            && let Stage::Handler(handler) = stage.stage
            && !within.has_taken
            && self.plan.rescues.of(handler, self.clause).is_none()
        {
            // Without an `async` block around it, the future is smaller and faster.
            let (this, number) = (&self.plan.this, number(stage));
            let asked = arrives(handler, stage);
            let call = self.called(handler, stage);
            return quote!({
                #asked
                ::flow_core::__private::single_branch_call::<#this, _, _>(__worker, #number, #call)
            });
        }
        let body = self.route(route, within);
        let error = match within.tried {
            None => quote!(::flow_core::__private::Halt),
            Some(Tried::Typed(handler)) => {
                let error = error_of(self.plan.flow, handler);
                quote!(::flow_core::__private::Stopped<#error>)
            }
            Some(Tried::Boxed) => {
                quote!(::flow_core::__private::Stopped<::flow_core::BoxError>)
            }
        };
        let ok = |value: TokenStream| match within.item {
            Item::Here => quote!(::core::option::Option::Some(#value)),
            Item::No | Item::Around => value,
        };
        let future = if route.route.leaves() {
            let nothing = ok(quote!(()));
            // The condition gives the future its type.
            quote!(async move {
                if false {
                    return ::core::result::Result::<_, #error>::Ok(#nothing);
                }
                #body
            })
        } else {
            let value = ok(body);
            quote!(async move {
                ::core::result::Result::<_, #error>::Ok(#value)
            })
        };
        boxed_if_deep(route.route, future)
    }

    pub(super) fn join(
        &self,
        span: Span,
        typed: &TypedStage<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let leave = within.leave();
        let count = typed.routes.len();
        let names: Vec<_> = (0..count)
            .map(|index| format_ident!("__branch{index}"))
            .collect();
        let branches = typed.routes.iter().zip(&names).enumerate();
        let begun = branches.map(|(index, (branch, name))| {
            let branch = self.branch(branch, within.branch());
            let value = if index + 1 == count {
                quote!(__shared)
            } else {
                quote_spanned!(at(span)=> ::flow_core::__private::CloneForEach::another(&__shared))
            };
            quote! {
                let mut #name = ::core::pin::pin!(::flow_core::__private::branch({
                    let __value = #value;
                    #branch
                }));
            }
        });
        let halted = if within.tried.is_some() {
            quote! {
                if let ::core::result::Result::Err(__stopped) = __joined.await {
                    return ::core::result::Result::Err(__stopped);
                }
            }
        } else {
            quote! {
                if ::core::result::Result::is_err(&__joined.await) {
                    #leave;
                }
            }
        };
        quote! {{
            let __shared = __value;
            #(#begun)*
            let __joined = ::core::future::poll_fn(|__cx| {
                let mut __pending = false;
                #(
                    if let ::core::result::Result::Err(__halt) =
                        ::flow_core::__private::poll_branch(#names.as_mut(), __cx, &mut __pending)
                    {
                        return ::core::task::Poll::Ready(::core::result::Result::Err(__halt));
                    }
                )*
                if __pending {
                    ::core::task::Poll::Pending
                } else {
                    ::core::task::Poll::Ready(::core::result::Result::Ok(()))
                }
            });
            #halted
            (#(
                match ::flow_core::__private::value_of(#names.as_mut()) {
                    ::core::result::Result::Ok(__value) => __value,
                    ::core::result::Result::Err(_) => #leave,
                },
            )*)
        }}
    }
}
