//! `-> emit`: what the value holds, as constants that the graph is made of.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;

use crate::errors::Errors;
use crate::flow::expand::names::{at, itself};
use crate::flow::expand::plan::Plan;
use crate::flow::expand::typed::{Arriving, TypedStage};
use crate::flow::route::Stage;
use crate::spans::over;

/// The names for an `emit`: its constants, and an alias of the type of its value.
pub(super) struct Names {
    held: Ident,
    pub(super) events: Ident,
    pub(super) shape: Ident,
    value: Ident,
}

impl Names {
    /// Those of the `emit` with this number in the clause; `keyword` is its word.
    pub(super) fn new(clause: usize, number: usize, keyword: &Ident) -> Self {
        let name = |what: &str| format_ident!("__{what}_{clause}_{number}");
        // rustc points to the type, which the user has not written here.
        let value = Ident::new(&format!("__Emitted{clause}_{number}"), at(keyword.span()));
        Self {
            held: name("HELD"),
            events: name("EVENTS"),
            shape: name("SHAPE"),
            value,
        }
    }
}

/// The constants of all clauses.
pub(super) fn constants(plan: &Plan<'_>) -> TokenStream {
    let mut constants = TokenStream::new();
    each(plan, |_, _, stage, keyword, names| {
        constants.extend(constants_of(keyword, stage, names));
    });
    constants
}

/// Calls `visit` for each `emit`, with the numbers of its clause and of itself in the clause.
fn each(plan: &Plan<'_>, mut visit: impl FnMut(usize, usize, &TypedStage<'_>, &Ident, &Names)) {
    for (clause, route) in plan.routes.iter().enumerate() {
        let mut number = 0;
        route.walk(&mut |stage| {
            if let Stage::Emit(keyword) = stage.stage {
                let names = Names::new(clause, number, keyword);
                visit(clause, number, stage, keyword, &names);
                number += 1;
            }
        });
    }
}

fn constants_of(keyword: &Ident, stage: &TypedStage<'_>, names: &Names) -> TokenStream {
    let Names {
        held,
        events,
        shape,
        value,
    } = names;
    let span = at(keyword.span());
    let ty = stage.arriving.named();
    let asked = if ty.is_some() {
        let asks = if let Some(handler) = stage.after {
            let itself = itself(handler);
            quote!(ReturnsEvents<#itself>)
        } else {
            quote!(ArrivingEvents)
        };
        over(
            span,
            |at| quote_spanned!(at=> <#value as ::flow_core::__private::#asks>::HELD),
        )
    } else if let Some(shown) = stage.arriving.shown() {
        // rustc points to the argument.
        let argument = over(span, |at| quote_spanned!(at=> &__shown));
        quote! {
            let __shown = ::flow_core::__private::shown(|| #shown);
            ::flow_core::__private::held_by(#argument)
        }
    } else {
        // That is an error, which `check` reports.
        quote!(::flow_core::__private::Held::All(&[]))
    };
    let alias = ty.map(|ty| quote!(type #value = #ty;));
    quote! {
        #alias
        #[allow(warnings, clippy::all, clippy::pedantic)]
        const #held: ::flow_core::__private::Held = { #asked };
        const #events: &[::flow_core::__private::EventDesc] = {
            const __ALL: ::flow_core::__private::HeldEvents<{ #held.places() }> =
                ::flow_core::__private::HeldEvents::new(&#held);
            &__ALL.list::<{ __ALL.count() }>()
        };
        const #shape: ::flow_core::__private::Shape = {
            const __ALL: &::flow_core::__private::Alternatives<{ #events.len() }> =
                &::flow_core::__private::Alternatives::new(&#held, #events);
            ::flow_core::__private::Shape::new(&__ALL.list::<{ __ALL.count() }>(), &[])
        };
    }
}

/// How many events that no clause takes are reported at one `emit`.
const REPORTED: usize = 4;

/// The checks that clauses take what is emitted.
pub(super) fn checks(plan: &Plan<'_>, desc: &TokenStream) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    each(plan, |clause, number, stage, keyword, names| {
        let Names {
            held,
            events,
            value,
            ..
        } = names;
        let span = at(keyword.span());
        for skipped in 0..REPORTED {
            let place = quote!({ __AT[0] }, { __AT[1] }, { __AT[2] }, { __AT[3] });
            let asked = if stage.arriving.named().is_some() {
                let event = quote!(<#value as ::flow_core::__private::HeldAt<#place>>::Event);
                let (asked, of) = if let Some(handler) = stage.after {
                    let itself = itself(handler);
                    let defect = quote!(::flow_core::__private::Defect<__DEFECT>);
                    (defect, quote!(Heard<#itself, #event>))
                } else {
                    let of = quote!(HeardHere<::flow_core::__private::Defect<__DEFECT>>);
                    (event, of)
                };
                // rustc points to the type.
                let alias = Ident::new("__Asked", span);
                let ok = over(
                    span,
                    |at| quote_spanned!(at=> <#alias as ::flow_core::__private::#of>::OK),
                );
                quote!(type #alias = #asked; let () = #ok;)
            } else {
                let shown = stage.arriving.shown();
                let argument = over(span, |at| quote_spanned!(at=> &__shown));
                quote! {
                    let __shown = ::flow_core::__private::shown(|| #shown);
                    ::flow_core::__private::all_heard::<_, __DEFECT, #place>(#argument);
                }
            };
            checks.push(quote! {
                #[allow(warnings, clippy::all, clippy::pedantic)]
                const _: () = {
                    const __DEFECT: ::core::primitive::u8 = ::flow_core::__private::unhandled_emit(
                        #desc, __ANALYSIS, #clause, #number, #skipped,
                    );
                    const __AT: [::core::primitive::u8; 4] = match __DEFECT {
                        0 => [0; 4],
                        __number => #held.place(#events[__number as ::core::primitive::usize - 1].id),
                    };
                    #asked
                };
            });
        }
    });
    checks
}

/// Reports each `emit` where the value is borrowed.
pub(super) fn check(plan: &Plan<'_>, errors: &mut Errors) {
    each(plan, |_, _, stage, keyword, _| {
        if matches!(stage.arriving, Arriving::Unnamed) {
            errors.at(
                keyword,
                "`emit` takes events by value: remove `ref` from the pattern before it",
            );
        }
    });
}

/// Emits the events in `__value`.
pub(super) fn code() -> TokenStream {
    quote! {{
        use ::flow_core::__private::{EmittedEvents as _, NotEmitted as _};
        ::flow_core::__private::Emitting(__value).emit(__worker)
    }}
}
