//! `match` and `if`: one of the arms runs.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token};

use crate::flow::expand::code::Code;
use crate::flow::expand::code::within::Within;
use crate::flow::expand::names::at;
use crate::flow::expand::typed::TypedStage;
use crate::flow::route::{Arm, If};
use crate::patterns::{bindings, tuple_of};

impl Code<'_> {
    /// A `match` on the value. The bindings of an arm become its value.
    pub(super) fn choice(
        &self,
        span: Span,
        arms: &Punctuated<Arm, Token![,]>,
        typed: &TypedStage<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let leave = within.leave();
        let last = typed.is_last;
        let mixed = !last && arms.iter().any(|arm| !arm.route.is_closed());
        let arms = arms.iter().zip(&typed.routes).map(|(arm, route)| {
            let bound = tuple_of(&bindings(&arm.pattern));
            let pattern = &arm.pattern;
            let guard = arm.guard.as_ref().map(|(_, guard)| quote!(if #guard));
            let within = within.arm(route, last);
            let leaves = arm.route.leaves() || within.is_tail && route.split_from(0).is_some();
            let route = self.route(route, within);
            // If nothing takes the value, the arms may differ in type; that is an error anyway.
            let route = match within.is_concurrent {
                _ if last => quote!(#route;),
                false if leaves => route,
                // The clause ends here, while the other arms continue.
                false if arm.route.is_closed() => quote!({ #route; #leave }),
                // The next stage waits for all branches, so this one must yield a value.
                true if mixed && arm.route.ends_without_value() => {
                    let end = arm.route.end_span().unwrap_or(span);
                    let nothing =
                        quote_spanned!(end=> ::flow_core::__private::SkippedValue::nothing());
                    quote!({ #route; #nothing })
                }
                _ => route,
            };
            quote! {
                #pattern #guard => {
                    let __value = #bound;
                    #route
                }
            }
        });
        let arms = arms.collect::<TokenStream>();
        let value = Ident::new("__value", at(span));
        quote_spanned!(span=> match #value { #arms })
    }

    pub(super) fn condition(
        &self,
        choice: &If,
        typed: &TypedStage<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let condition = &choice.condition;
        let asked = match &self.clause.pattern {
            Some(pattern) => looks_into(pattern, condition),
            None => condition.to_token_stream(),
        };
        let mut ways = typed.routes.iter().map(|route| self.route(route, within));
        let (then, otherwise) = (ways.next(), ways.next());
        quote!(if #asked { #then; } else { #otherwise; })
    }
}

/// A condition on the payload of an event, which stays in place: bindings of `Copy` types are
/// values, and the others are references.
fn looks_into(pattern: &syn::Pat, condition: &Expr) -> TokenStream {
    let bound = bindings(pattern);
    quote! {
        match &__value {
            #pattern => {
                use ::flow_core::__private::{ByReference as _, ByValue as _};
                #(let #bound = (&::flow_core::__private::View(#bound)).view();)*
                // The condition need not use each of them, because the handler does.
                #(let _ = &#bound;)*
                // As a statement, a condition that begins with a block would end there.
                if #condition { true } else { false }
            }
            _ => false,
        }
    }
}
