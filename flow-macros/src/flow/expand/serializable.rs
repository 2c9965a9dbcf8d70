//! The checks that all that a durable flow records has serde's traits: each type once, at the first
//! word that shows it.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type};

use crate::flow::asks::is_ask;
use crate::flow::expand::checks::check;
use crate::flow::expand::failure::{is_recorded, is_taken};
use crate::flow::expand::names::{alias, asked_for, itself, of_handler, question};
use crate::flow::expand::payload::{cause, rescuer};
use crate::flow::expand::plan::Plan;
use crate::flow::route::{Each, Stage, Taker};
use crate::flow::tree::Trigger;
use crate::written::key;

/// With how many types before it a type is compared. A program that generates hundreds of clauses
/// would compare each with each.
const COMPARED: usize = 64;

/// A type that is recorded.
struct Kept<'a> {
    ty: TokenStream,
    at: Span,
    /// The trait that asks, and its argument.
    question: (&'static str, TokenStream),
    /// It is an error, which these take.
    takers: Option<&'a [Taker]>,
    /// It holds events, which are asked for on their own.
    of_events: bool,
    /// It may be a reference, as far as its text shows.
    may_borrow: bool,
}

impl Kept<'_> {
    fn new(ty: &impl ToTokens, at: Span, question: (&'static str, TokenStream)) -> Self {
        let ty = quote! {
            <#ty as ::flow_core::__private::Part<
                { ::flow_core::__private::Probe::<#ty>::WITHIN },
            >>::Type
        };
        Self {
            ty,
            at,
            question,
            takers: None,
            of_events: false,
            may_borrow: true,
        }
    }

    fn declared(ty: &(impl ToTokens + Spanned)) -> Self {
        Self::new(ty, ty.span(), ("IsRecorded", quote!()))
    }

    fn of_event(event: &Path) -> Self {
        Self {
            may_borrow: false,
            ..Self::declared(event)
        }
    }

    /// Whether there is nothing to report, as an expression.
    fn is_fine(&self, ty: &Ident) -> TokenStream {
        let Some(takers) = self.takers else {
            let asked = asked_for(ty);
            return quote! {
                ::flow_core::__private::Probe::<#asked>::RECORDED
                    || ::flow_core::__private::Probe::<#ty>::BORROWS
            };
        };
        let (recorded, taken) = (is_recorded(ty), is_taken(takers, ty));
        quote!(#recorded || !#taken)
    }

    /// Whether it has asked for the type `other` before, as an expression.
    fn has_asked_for(&self, ty: &Ident, other: &Ident) -> TokenStream {
        let same = quote!(::flow_core::__private::Pair::<#other, #ty>::SAME);
        // An error need not be recorded where nothing takes it as its type.
        let taken = self.takers.map(|takers| is_taken(takers, ty));
        let taken = taken.into_iter();
        quote!((#same #(&& #taken)*))
    }
}

impl Plan<'_> {
    /// The checks, if the flow is durable.
    pub(super) fn recorded(&self) -> Option<TokenStream> {
        if !self.flow.is_durable() {
            return None;
        }
        let this = &self.this;
        let (events, rest) = self.kept();
        let count = events.len();
        let all: Vec<_> = events.into_iter().chain(rest).collect();
        // rustc works a type out for each mention of it, and only once for an alias.
        let aliases: Vec<_> = (0..all.len())
            .map(|index| format_ident!("__Kept{index}"))
            .collect();
        let types = all.iter().map(|kept| &kept.ty);
        let fine = all.iter().zip(&aliases).take(count);
        let fine = fine.map(|(kept, ty)| kept.is_fine(ty));
        let checks = all
            .iter()
            .zip(&aliases)
            .enumerate()
            .map(|(index, (kept, ty))| {
                let fine = kept.is_fine(ty);
                let before = all.iter().zip(&aliases).take(index).rev().take(COMPARED);
                let known = before.map(|(other, alias)| other.has_asked_for(alias, ty));
                let of_events = kept.of_events.then(|| quote!(|| !__EVENTS));
                let name = alias(&format!("__Recorded{index}"), kept.at);
                let (asked, of) = &kept.question;
                let question = question(&name, kept.at, asked, of);
                let borrows = kept.may_borrow.then(|| {
                    let kind = quote! {
                        (::flow_core::__private::Probe::<#ty>::BORROWS) as ::core::primitive::u8
                    };
                    check(kept.at, &kind, &[("OwnsItsData", ty.to_token_stream())])
                });
                quote! {
                    #borrows
                    type #name = <#this as ::flow_core::__private::Distinct<
                        #ty,
                        {
                            #fine
                                #(|| #known)*
                                #of_events
                        },
                        #index,
                    >>::Type;
                    #question
                }
            });
        let unrecorded = self.unrecorded();
        Some(quote! {
            #unrecorded
            const _: () = {
                use ::flow_core::__private::{
                    Differs as _, NotBoxed as _, NotRecorded as _, Owns as _, Whole as _,
                };
                #(type #aliases = #types;)*
                const __EVENTS: ::core::primitive::bool = true #(&& #fine)*;
                #(#checks)*
            };
        })
    }

    /// The checks that the calls of each handler can be recorded, and that each `each` takes its
    /// elements in a certain order.
    fn unrecorded(&self) -> TokenStream {
        let mut seen = HashSet::new();
        let mut checks = TokenStream::new();
        for clause in &self.flow.clauses {
            for handler in clause.route.handlers() {
                if is_ask(handler) || !seen.insert(key(handler)) {
                    continue;
                }
                let (itself, desc) = (itself(handler), of_handler(handler, "DESC"));
                let takes_key = quote!({
                    use ::flow_core::__private::NoParameter as _;
                    type __Handler = #handler;
                    ::flow_core::__private::Parameters::<
                        __Handler,
                        ::flow_core::IdempotencyKey,
                    >::PRESENT
                });
                let kind =
                    quote!(::flow_core::__private::called_again_without_key(&#desc, #takes_key));
                let acts = ("ActsWithKey", itself.clone());
                checks.extend(check(handler.span(), &kind, &[acts]));
                let kind = quote!(::flow_core::__private::unrecorded(&#desc));
                let line = quote!({ ::flow_core::__private::endless_line(&#desc) });
                checks.extend(check(
                    handler.span(),
                    &kind,
                    &[
                        ("IsDurable", itself.clone()),
                        ("HasNoFinally", itself.clone()),
                        ("TakesNothingExternal", itself.clone()),
                        ("EmitsAndEnds", quote!(#itself, #line)),
                    ],
                ));
            }
        }
        for (clause, route) in self.flow.clauses.iter().zip(&self.routes) {
            if clause.repeats {
                continue;
            }
            route.walk(&mut |stage| {
                if let Stage::Each(each) = stage.stage {
                    checks.extend(self.side_by_side(each));
                }
                let (Stage::Each(each), Some(ty)) = (stage.stage, stage.arriving.checked()) else {
                    return;
                };
                let kind = quote! {{
                    use ::flow_core::__private::{
                        NoElements as _, NotInOrder as _, NotIterable as _,
                    };
                    (::flow_core::__private::Probe::<#ty>::ITERABLE
                        && !::flow_core::__private::Probe::<#ty>::IN_ORDER
                        && !::flow_core::__private::Probe::<#ty>::ARE_VALUES)
                        as ::core::primitive::u8
                }};
                checks.extend(check(each.keyword.span(), &kind, &[("TakesInOrder", ty)]));
            });
        }
        if checks.is_empty() {
            return checks;
        }
        quote!(const _: () = { #checks };)
    }

    /// The checks that the handler which is the whole body of an `each` takes no state, if several
    /// items run at the same time.
    fn side_by_side(&self, each: &Each) -> Option<TokenStream> {
        let Stage::Handler(handler) = each.route.only()? else {
            return None;
        };
        if is_ask(handler) {
            return None;
        }
        let (itself, desc) = (itself(handler), of_handler(handler, "DESC"));
        let limit = each.limit.as_ref();
        let at_once = limit.map(|(_, limit)| quote!(::core::option::Option::Some(#limit)));
        let at_once = at_once.unwrap_or_else(|| quote!(::core::option::Option::None));
        let states: Vec<_> = self.flow.states.iter().map(|state| &state.ty).collect();
        let takes = |state| {
            quote! {
                ::flow_core::__private::Parameters::<#itself, ::flow_core::State<#state>>::PRESENT
            }
        };
        let checks = states.iter().enumerate().map(|(index, state)| {
            // One error, for the first state that it takes.
            let (this, before) = (takes(state), states.iter().take(index).map(takes));
            let kind = quote! {{
                #[allow(unused_imports)]
                use ::flow_core::__private::NoParameter as _;
                ::flow_core::__private::serialised(
                    &#desc,
                    #this #(&& !#before)*,
                    #at_once,
                )
            }};
            let question = ("RunsSideBySide", quote!(#itself, #state));
            check(handler.span(), &kind, &[question])
        });
        Some(checks.collect())
    }

    /// The types that are recorded: those of the events, and all others.
    fn kept(&self) -> (Vec<Kept<'_>>, Vec<Kept<'_>>) {
        let flow = self.flow;
        let mut seen = HashSet::new();
        let asked = flow.asks.iter().map(|ask| &ask.event);
        let events = flow.clauses.iter().flat_map(|clause| {
            let answered = match &clause.trigger {
                Trigger::Answered(event) => Some(event),
                _ => None,
            };
            clause.trigger.events().iter().chain(answered)
        });
        let events: Vec<&Path> = events.chain(asked).collect();
        let kept = events.iter().filter(|event| seen.insert(key(event)));
        let kept = kept.map(|event| Kept::of_event(event)).collect();
        (kept, self.kept_of_handlers())
    }

    fn kept_of_handlers(&self) -> Vec<Kept<'_>> {
        let flow = self.flow;
        let mut kept = Vec::new();
        let header = flow.header.as_ref();
        let input: Option<&Type> = header.and_then(|header| header.input.as_ref());
        let start = flow
            .clauses
            .iter()
            .find_map(|clause| match &clause.trigger {
                Trigger::Start(Some(ty)) => Some(&**ty),
                _ => None,
            });
        kept.extend(input.or(start).map(Kept::declared));
        kept.extend(flow.states.iter().map(|state| Kept::declared(&state.ty)));
        kept.extend(flow.streams.first().map(Kept::declared));
        kept.extend(flow.declared_output().map(Kept::declared));
        let clauses = flow.clauses.iter();
        let asked = clauses.filter_map(|clause| match &clause.trigger {
            Trigger::Answered(event) => Some(event),
            _ => None,
        });
        let mut seen = HashSet::new();
        for event in asked.chain(flow.asks.iter().map(|ask| &ask.event)) {
            if seen.insert(key(event)) {
                let answer = quote!(<#event as ::flow_core::Event>::Answer);
                let question = ("AnswerIsRecorded", quote!(#event));
                kept.push(Kept::new(&answer, event.span(), question));
            }
        }
        let mut emitting = HashSet::new();
        for clause in &flow.clauses {
            let route = clause.route.stages.iter().collect::<Vec<_>>();
            for pair in route.windows(2) {
                if let [Stage::Handler(handler), Stage::Emit(_)] = pair {
                    emitting.insert(key(handler));
                }
            }
        }
        for clause in &flow.clauses {
            if let (Trigger::Rescue(_), Some(rescuer), Some(cause)) =
                (&clause.trigger, rescuer(clause), cause(clause))
            {
                let question = ("CauseIsRecorded", itself(rescuer));
                kept.push(Kept::new(&cause, rescuer.span(), question));
            }
            for handler in clause.route.handlers() {
                if is_ask(handler) || !seen.insert(key(handler)) {
                    continue;
                }
                let (itself, value) = (itself(handler), of_handler(handler, "Value"));
                kept.push(Kept {
                    of_events: emitting.contains(&key(handler)),
                    ..Kept::new(
                        &value,
                        handler.span(),
                        ("ValueIsRecorded", quote!(#itself, #value)),
                    )
                });
                if let Some(takers) = flow.takers.get(&key(handler)) {
                    kept.push(Kept {
                        ty: of_handler(handler, "Error"),
                        at: handler.span(),
                        question: ("ErrorIsRecorded", itself),
                        takers: Some(takers),
                        of_events: false,
                        may_borrow: false,
                    });
                }
            }
        }
        kept
    }
}
