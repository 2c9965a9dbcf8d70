//! The proof that `sound;` asks for: what is missing is an error at the handler to change.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use crate::flow::expand::names::{alias, itself};
use crate::flow::expand::plan::Plan;
use crate::flow::tree::{Clause, Trigger};
use crate::spans::over;

/// How many findings are reported at a time.
const FINDINGS: usize = 16;

/// The proof, and a check for each handler and each clause. `desc` is the graph as data.
pub(super) fn checks(plan: &Plan<'_>, desc: &TokenStream) -> TokenStream {
    if plan.flow.sound.is_empty() {
        return TokenStream::new();
    }
    let clauses = plan.flow.clauses.len();
    let waits = plan.waits();
    let (mut checks, mut places) = (TokenStream::new(), 0);
    let mut all = plan.clauses().peekable();
    while let Some((first, clause)) = all.next() {
        // `when A | B -> h` is a clause for each event, and one in the text.
        let mut last = first;
        while let Some((index, _)) = all.next_if(|(_, next)| next.repeats) {
            last = index;
        }
        let place = |handler: TokenStream| quote!(#first, #last, #handler);
        let mut of_all = of_clause(clause, &place);
        for (index, handler) in clause.route.handlers().into_iter().enumerate() {
            let (itself, place) = (itself(handler), place(quote!(#index)));
            let of = quote!(#itself, { __from(#place) }, { __to(#place) });
            of_all.extend(check(&place, handler.span(), "AskedOfHandler", &of));
            places += 1;
        }
        places += 1;
        // rustc checks a function, and does not evaluate it.
        let asked = format_ident!("__asked_{first}");
        checks.extend(quote!(fn #asked() { #of_all }));
    }
    let findings = findings(places);
    let numbers = [("number", "u8"), ("from", "u32"), ("to", "u32")].map(|(number, of)| {
        let (name, number) = (format_ident!("__{number}"), format_ident!("{number}"));
        let of = format_ident!("{of}");
        quote! {
            const fn #name(
                first: ::core::primitive::usize,
                last: ::core::primitive::usize,
                handler: ::core::primitive::usize,
            ) -> ::core::primitive::#of {
                // rustc interprets each call: that of a flow that is proved is short.
                if __PROVED { 0 } else { __SOUNDNESS.#number(first, last, handler) }
            }
        }
    });
    quote! {
        const __SOUNDNESS: &::flow_core::__private::sound::Soundness<#clauses> =
            &::flow_core::__private::sound::Soundness::new::<
                #waits,
                { ::flow_core::__private::sound::edges(#desc) },
            >(#desc, __ANALYSIS);
        const __PROVED: ::core::primitive::bool = __SOUNDNESS.is_proved();
        #(#numbers)*
        #findings
        #checks
    }
}

/// The type that has the findings of the whole flow, in which each place looks for its own. rustc
/// compiles each number in a type like a function, so a place has few.
fn findings(places: usize) -> TokenStream {
    let findings = (1..=FINDINGS.min(places)).map(|number| {
        let index = Literal::usize_unsuffixed(number - 1);
        let number = Literal::usize_unsuffixed(number);
        quote! {
            impl ::flow_core::__private::FindingAt<#number> for __Findings {
                type Finding = ::flow_core::__private::Something<
                    { __FINDINGS[#index].kind },
                    { __FINDINGS[#index].event },
                    { __FINDINGS[#index].part() },
                >;
            }
        }
    });
    quote! {
        const __FINDINGS: &[::flow_core::__private::sound::Finding; #FINDINGS] =
            &__SOUNDNESS.first();
        struct __Findings;
        #(#findings)*
    }
}

/// The checks at the words of the clause itself.
fn of_clause(clause: &Clause, place: &impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    let events = clause.trigger.events();
    let at = events.last().map_or(clause.keyword.span(), Spanned::span);
    let (list, of) = match (&clause.trigger, events) {
        (Trigger::All(_), [first, .., last]) => ("AskedOfPartners", quote!(#first, #last)),
        (Trigger::Times(event, _), _) => ("AskedOfGroup", quote!(#event)),
        (_, [event, ..])
        | (Trigger::Answered(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event), _) => {
            ("AskedOfEvent", quote!(#event))
        }
        _ => ("AskedOfClause", TokenStream::new()),
    };
    let place = place(quote!(::flow_core::__private::sound::Finding::CLAUSE));
    check(&place, at, list, &of)
}

/// Asks whether the finding at this place is of none of the kinds in the list, which is about `of`.
fn check(place: &TokenStream, at: Span, list: &str, of: &TokenStream) -> TokenStream {
    let (asked, list) = (alias("__Asked", at), Ident::new(list, Span::call_site()));
    // rustc points to the type, which is not the word itself.
    let here = over(at, |at| quote_spanned!(at=> #asked<>));
    quote! {{
        type #asked = ::flow_core::__private::#list<
            <__Findings as ::flow_core::__private::FindingAt<{ __number(#place) }>>::Finding,
            #of
        >;
        let _: #here;
    }}
}
