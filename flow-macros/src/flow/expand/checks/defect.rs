//! One check: the kind of the defect that is at some words, as a constant.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use crate::flow::expand::names::{alias, question, question_of};
use crate::flow::expand::plan::Plan;
use crate::spans::{between, over};

/// A check: the kind of the defect that is at these words, and the trait that asks for each kind.
///
/// rustc compiles each constant in a type like a function, so the questions share one.
pub(crate) fn check(
    at: Span,
    kind: &TokenStream,
    questions: &[(&str, TokenStream)],
) -> TokenStream {
    if let [(name, of)] = questions {
        let defect = over(
            at,
            |at| quote_spanned!(at=> ::flow_core::__private::Defect<{ #kind }>),
        );
        let question = question_of(&defect, name, of);
        return quote!({ #question });
    }
    let alias = alias("__Defect", at);
    let questions = questions
        .iter()
        .map(|(name, of)| question(&alias, at, name, of));
    quote!({ type #alias = ::flow_core::__private::Defect<{ #kind }>; #(#questions)* })
}

/// The check of a limit at the words between `ends`: `limit` is an expression of an `Overlong`, and
/// `of` the type of the handler or of the question.
pub(super) fn overlong(
    ends: (Span, Span),
    limit: &TokenStream,
    of: &TokenStream,
    questions: &[&str],
) -> TokenStream {
    let questions = questions.iter().map(|name| {
        let name = Ident::new(name, Span::call_site());
        let defect = between(
            ends.0,
            ends.1,
            |at| quote_spanned!(at=> ::flow_core::__private::Defect<{ __LIMIT.kind }>),
        );
        quote! {
            let () = <#defect as ::flow_core::__private::#name<
                #of,
                __Unit,
                { __LIMIT.times },
                { __LIMIT.each },
                { __LIMIT.allowed },
                { __LIMIT.needed },
            >>::OK;
        }
    });
    quote! {{
        const __LIMIT: ::flow_core::__private::Overlong = #limit;
        type __Unit = <::flow_core::__private::Defect<{ __LIMIT.unit }>
            as ::flow_core::__private::Unit>::Name;
        #(#questions)*
    }}
}

/// The graph as data.
pub(super) fn desc(plan: &Plan<'_>) -> TokenStream {
    let this = &plan.this;
    quote!(<#this as ::flow_core::__private::Graph>::DESC)
}

/// A `const` for the checks of a clause, or nothing if there are none.
pub(super) fn in_own_const(checks: &[TokenStream]) -> TokenStream {
    if checks.is_empty() {
        return TokenStream::new();
    }
    quote!(const _: () = { #(#checks)* };)
}
