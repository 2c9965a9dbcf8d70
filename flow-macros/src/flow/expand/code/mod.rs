//! A clause as code: its route becomes plain async Rust.

mod call;
mod choice;
mod each;
mod ends;
mod first;
mod join;
mod recorded;
mod rest;
mod stand_in;
mod within;

use std::cell::Cell;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path};

use crate::flow::expand::code::within::Within;
use crate::flow::expand::names::{at, itself};
use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::typed::{PassedBy, TypedRoute, TypedStage};
use crate::flow::route::Stage;
use crate::flow::route::closure::parameter_of;
use crate::flow::tree::{Clause, Trigger};
use crate::spans::{after, over};

/// The check that the handler takes `__value`, if its type cannot be named in a check of its own.
fn arrives(handler: &Path, typed: &TypedStage<'_>) -> Option<TokenStream> {
    typed.arriving.checked().is_none().then(|| {
        let asked = match typed.passed_by {
            PassedBy::Stage | PassedBy::Never => "arrives",
            PassedBy::Closure => "closure_arrives",
            PassedBy::EmptyArm => "arm_arrives",
        };
        // As a type argument of its own, a function without `#[handler]` would be a second error.
        let itself = itself(handler);
        over(at(handler.span()), |at| {
            let asked = Ident::new(asked, at);
            quote_spanned!(at=> ::flow_core::__private::#asked::<#itself, _>(&__value);)
        })
    })
}

/// Calls a closure or a constructor with `__value`.
fn glue(function: &Expr, typed: &TypedStage<'_>) -> TokenStream {
    let result = typed.wanted.as_ref().map(|ty| quote!(::<_, #ty>));
    let value = parameter_of(function).map_or_else(
        || quote!(__value),
        |ty| {
            let place = at(after(ty.span()));
            quote_spanned!(place=> ::flow_core::__private::Passed(__value).to::<#ty>())
        },
    );
    let applied = quote!(::flow_core::__private::apply #result (#value, #function));
    if !typed.is_last {
        return applied;
    }
    let argument = over(at(function.span()), |at| quote_spanned!(at=> &__last));
    let dropped = quote_spanned! {at(after(function.span()))=>
        ::flow_core::__private::may_be_dropped
    };
    quote!({
        let __last = #applied;
        #dropped(#argument);
    })
}

/// The number of the stage's handler.
fn number(handler: &TypedStage<'_>) -> Literal {
    Literal::usize_unsuffixed(handler.handler)
}

/// Generates the code of one clause.
pub(super) struct Code<'a> {
    plan: &'a Plan<'a>,
    clause: &'a Clause,
    /// The number of the clause.
    index: usize,
    /// How many places that are no calls, such as `emit`, have got their names.
    places: Cell<usize>,
}

impl<'a> Code<'a> {
    /// The code of the clause with this number.
    pub(super) fn of(plan: &'a Plan<'a>, index: usize, clause: &'a Clause) -> Self {
        Self {
            plan,
            clause,
            index,
            places: Cell::new(0),
        }
    }

    /// The body of its arm.
    pub(super) fn clause(&self) -> TokenStream {
        let run_with = payload(self.plan.flow, self.clause);
        // The causes that the rescues of its handlers keep of its event.
        let kept = self.plan.rescuing(self.clause, &self.clause.route);
        let is_split = !self.plan.splits_of(self.index).is_empty();
        let kept = kept.into_iter().filter_map(|rescue| {
            if is_split {
                rescue.capture_owned(&run_with)
            } else {
                rescue.capture(&run_with)
            }
        });
        let kept = kept.collect::<TokenStream>();
        let this = &self.plan.this;
        let taken = self.is_rescue().then(|| {
            quote! {
                let __taken =
                    &::flow_core::__private::TakenError::<#this, _>::new(__worker, &__value);
            }
        });
        let route = self.plan.routes.get(self.index);
        let within = Within {
            is_tail: !self.plan.flow.is_durable(),
            has_taken: self.is_rescue(),
            ..Within::CLAUSE
        };
        let body = route.map(|route| self.route(route, within));
        let ticking = self.plan.ticking(self.index);
        let (reminding, given) = self.plan.reminding(self.clause).unzip();
        let path = self.path_begins();
        quote!({ #ticking #reminding #kept #taken #given #path #body; })
    }

    /// A block that turns `__value` into the resulting value of the route.
    fn route(&self, route: &TypedRoute<'_>, within: Within<'_>) -> TokenStream {
        self.route_from(route, 0, within)
    }

    /// The same from the stage with this index on, up to where the clause is split.
    fn route_from(&self, route: &TypedRoute<'_>, from: usize, within: Within<'_>) -> TokenStream {
        let split = route.split_from(from).filter(|_| within.is_tail);
        let count = split.map_or(route.stages.len(), |split| split + 1);
        let leaves = split.is_some() || route.route.leaves();
        let stages = route.stages.iter().enumerate().take(count).skip(from);
        let stages = stages.map(|(index, stage)| {
            if split == Some(index) {
                return self.split(stage, within);
            }
            let (before, after) = route.stages.split_at(index);
            if let [this, next, ..] = after
                && let (Stage::Each(_), Stage::Each(_)) = (this.stage, next.stage)
            {
                // The next one takes its items from this one.
                return TokenStream::new();
            }
            let asked = match stage.stage {
                // It decides what it is given.
                _ if matches!(self.clause.trigger, Trigger::Reminder(_)) => None,
                Stage::Handler(handler) => arrives(handler, stage),
                _ => None,
            };
            let code = self.stage(stage, before, within);
            // rustc warns of code after a stage that leaves.
            if leaves && index + 1 == count {
                return code;
            }
            quote! {
                #asked
                let __value = #code;
            }
        });
        let stages = stages.collect::<TokenStream>();
        if leaves {
            return quote!({ #stages });
        }
        // If the types of arms differ, rustc points to their last stages.
        let end = route.route.end_span().unwrap_or_else(Span::call_site);
        let value = over(at(end), |at| quote_spanned!(at=> (__value,).0));
        quote!({ #stages #value })
    }

    fn stage_code(&self, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        match typed.stage {
            Stage::Handler(handler) => {
                let failed = self.failed(handler, within);
                self.call(handler, typed, within, &failed)
            }
            Stage::Else(choice) => self.stand_in(choice, typed, within),
            Stage::Join { paren, .. } => self.join(paren.span.join(), typed, within),
            Stage::First(_) => self.first(typed, within),
            Stage::Each(each) => self.each((each, typed), &[], within),
            Stage::Match { keyword, arms, .. } => self.choice(keyword.span, arms, typed, within),
            Stage::If(choice) => self.condition(choice, typed, within),
            Stage::Glue(function) => glue(function, typed),
            Stage::End(end) => self.end(end, typed, within),
            Stage::Ignore(_) => quote!(::flow_core::__private::ignore(__value)),
            Stage::Emit(_) => self.emit(within),
            Stage::Skip(_) => within.skip(),
            Stage::Ask(ask) => self.ask(ask),
        }
    }

    fn is_rescue(&self) -> bool {
        matches!(self.clause.trigger, Trigger::Rescue(_))
    }
}
