//! Where clauses are split: at each stage that asks and is at the end of a route, so that nothing
//! of the stages before it is needed after it. The rest of the clause is an arm of its own, and
//! while the question waits, no future is held.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Path};

use crate::flow::asks::is_ask;
use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::rescues::Rescue;
use crate::flow::expand::typed::{TypedRoute, TypedStage};
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Clause, Trigger};

/// A place where a clause is split.
pub(super) struct Split<'a> {
    /// The number of the clause.
    pub(super) clause: usize,
    pub(super) of: &'a Clause,
    pub(super) route: &'a TypedRoute<'a>,
    /// The index of the stage that asks in the route.
    pub(super) at: usize,
    /// The handler of that stage, which is generated.
    handler: &'a Path,
    /// Its number among all handlers of the flow.
    pub(super) number: usize,
}

impl TypedRoute<'_> {
    /// The index of the first stage that asks, from this one on. The clause is split there, if
    /// nothing follows the route.
    pub(super) fn split_from(&self, from: usize) -> Option<usize> {
        let stages = self.stages.iter().enumerate().skip(from);
        let mut asking = stages.filter(|(_, stage)| stage.asks().is_some());
        asking.next().map(|(index, _)| index)
    }
}

impl TypedStage<'_> {
    /// The generated handler, if it asks.
    pub(super) fn asks(&self) -> Option<&Path> {
        match self.stage {
            Stage::Handler(handler) => Some(handler).filter(|handler| is_ask(handler)),
            Stage::Else(choice) if choice.question.is_some() => choice.handler(),
            _ => None,
        }
    }
}

/// Whether nothing follows an arm with this route, in a route that nothing follows. `is_last` tells
/// that no stage follows the `match`.
pub(super) fn is_tail(arm: &TypedRoute<'_>, is_last: bool) -> bool {
    is_last || arm.route.is_closed()
}

impl Plan<'_> {
    /// All places, in the order of the text.
    pub(super) fn splits(&self) -> Vec<Split<'_>> {
        let clauses = self.clauses().map(|(clause, _)| self.splits_of(clause));
        clauses.flatten().collect()
    }

    /// Those of the clause with this number.
    pub(super) fn splits_of(&self, clause: usize) -> Vec<Split<'_>> {
        let mut splits = Vec::new();
        // In a durable flow, the clause is gone through again up to the stage that asks.
        if !self.flow.asks.is_empty()
            && !self.flow.is_durable()
            && let (Some(of), Some(route)) =
                (self.flow.clauses.get(clause), self.routes.get(clause))
        {
            add((clause, of), route, &mut splits);
        }
        splits
    }

    /// The rescues of the handlers in a route of the clause that keep a cause, each once.
    pub(super) fn rescuing(&self, clause: &Clause, route: &Route) -> Vec<&Rescue<'_>> {
        let mut rescues: Vec<&Rescue<'_>> = Vec::new();
        for place in route.places() {
            if !place.has_else
                && let Some((rescue, _)) = self.rescues.of(place.handler, clause)
                && rescues.iter().all(|known| known.clause != rescue.clause)
            {
                rescues.push(rescue);
            }
        }
        rescues
    }

    /// The types of all places, and the function that finds the pause of an activation.
    pub(super) fn split_types(&self) -> (TokenStream, Option<TokenStream>) {
        let splits = self.splits();
        let types = splits.iter().map(|split| self.split_type(split));
        let names = splits.iter().map(Split::name);
        let pauses = (!splits.is_empty()).then(|| {
            quote! {
                #[inline]
                fn pause(
                    __activation: &mut __Activation,
                ) -> ::core::option::Option<&mut ::flow_core::__private::Pause> {
                    match __activation {
                        #(__Activation::#names(__parked) => ::core::option::Option::Some(
                            ::flow_core::__private::Parked::pause(__parked),
                        ),)*
                        _ => ::core::option::Option::None,
                    }
                }
            }
        });
        (types.collect(), pauses)
    }

    fn split_type(&self, split: &Split<'_>) -> TokenStream {
        let (ty, name) = (split.ty(), split.name());
        let place = split
            .handler
            .get_ident()
            .map(|ask| format_ident!("{ask}Place"));
        let carried = split.carried(self).types;
        quote! {
            enum #ty {}
            impl ::flow_core::__private::Split for #ty {
                type Place = #place;
                type Carried = (#(#carried,)*);
                type Activation = __Activation;
                fn activation(
                    __parked: ::flow_core::__private::Box<::flow_core::__private::Parked<Self>>,
                ) -> __Activation {
                    __Activation::#name(__parked)
                }
            }
        }
    }
}

/// Adds the places in a route that nothing follows.
fn add<'a>(
    (clause, of): (usize, &'a Clause),
    route: &'a TypedRoute<'a>,
    splits: &mut Vec<Split<'a>>,
) {
    let count = route.stages.len();
    for (at, stage) in route.stages.iter().enumerate() {
        if let Some(handler) = stage.asks() {
            splits.push(Split {
                clause,
                of,
                route,
                at,
                handler,
                number: stage.handler,
            });
        }
        if let Stage::Match { .. } | Stage::If(_) = stage.stage {
            let is_last = at + 1 == count;
            for arm in &stage.routes {
                if is_tail(arm, is_last) {
                    add((clause, of), arm, splits);
                }
            }
        }
    }
}

/// What the first part of a clause leaves for the rest.
pub(super) struct Carried {
    /// The types.
    pub(super) types: Vec<TokenStream>,
    /// The variables with which the rest takes it.
    pub(super) names: Vec<Ident>,
    /// The values, in the first part.
    pub(super) values: Vec<TokenStream>,
    /// What hands on, in the first part, what ends with the clause.
    pub(super) passed_on: Option<TokenStream>,
    /// What makes of it, in the rest, what the code of the clause refers to.
    pub(super) taken: TokenStream,
}

impl Split<'_> {
    /// The variant of the activation of the rest.
    pub(super) fn name(&self) -> Ident {
        format_ident!("Clause{}Rest{}", self.clause, self.number)
    }

    /// The type of the place.
    pub(super) fn ty(&self) -> Ident {
        format_ident!("__Split{}", self.number)
    }

    pub(super) fn variant(&self) -> TokenStream {
        let (name, ty) = (self.name(), self.ty());
        quote! {
            #name(::flow_core::__private::Same<
                ::flow_core::__private::Box<::flow_core::__private::Parked<#ty>>,
            >)
        }
    }

    /// The arm that maps the variant to the clause and the stage.
    pub(super) fn place(&self) -> TokenStream {
        let (name, clause, number) = (self.name(), self.clause, self.number);
        quote!(__Activation::#name(_) => (#clause, #number),)
    }

    pub(super) fn carried(&self, plan: &Plan<'_>) -> Carried {
        let mut carried = Carried {
            types: Vec::new(),
            names: Vec::new(),
            values: Vec::new(),
            passed_on: None,
            taken: TokenStream::new(),
        };
        let this = &plan.this;
        if let Trigger::Rescue(_) = self.of.trigger {
            carried.types.push(quote!(::flow_core::FlowError));
            carried.names.push(format_ident!("__error"));
            carried.values.push(quote!(__taken.error()));
            carried.taken.extend(quote! {
                let __taken = &::flow_core::__private::TakenError::<#this, _>::of(__worker, __error);
            });
        }
        let run_with = payload(plan.flow, self.of);
        let rest = self.route.route.stages.iter().skip(self.at).cloned();
        let rest = Route {
            stages: rest.collect(),
        };
        for rescue in plan.rescuing(self.of, &rest) {
            if let (Some(ty), Some(owned)) = (rescue.kept(&run_with), rescue.owned()) {
                carried.types.push(ty);
                carried.values.push(quote!(#owned));
                carried.names.push(owned);
                carried.taken.extend(rescue.captured());
            }
        }
        if let Some(ticking) = plan.ticking(self.clause) {
            carried.passed_on = Some(quote!(__ticking.goes_on();));
            carried.taken.extend(ticking);
        }
        carried
    }
}
