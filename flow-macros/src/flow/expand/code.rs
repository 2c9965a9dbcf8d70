//! A clause as code: its route becomes plain async Rust.

mod first;
mod recorded;
mod rest;

use std::cell::Cell;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Path, Token};

use crate::flow::asks::is_ask;
use crate::flow::expand::failure::{error_of, rescues};
use crate::flow::expand::names::{at, in_turn, itself, of_handler};
use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::split::is_tail;
use crate::flow::expand::typed::{PassedBy, TypedRoute, TypedStage};
use crate::flow::expand::values::ends_trait;
use crate::flow::route::{Arm, Ask, Each, Else, End, If, Route, Stage, parameter_of};
use crate::flow::tree::{Clause, Flow, Trigger};
use crate::limit::{Value, asked, optional};
use crate::patterns::{bindings, tuple_of};
use crate::spans::{after, over};

/// Calls the handler with `__value`.
fn call(flow: &Flow, handler: &Path) -> TokenStream {
    // Through `Itself`, so that a type that is not a handler is reported once.
    let itself = itself(handler);
    let place = at(after(handler.span()));
    let call = in_turn(flow, "call", place);
    quote_spanned! {place=>
        ::flow_core::__private::#call::<#itself, _, _>(__value, ::flow_core::Cx::of(__worker))
    }
}

/// Code that keeps what was taken, if the stand-in takes it as the cause of its failure.
fn keep_cause(choice: &Else) -> Option<TokenStream> {
    let first = choice.stand_in.1.first_handler();
    let kept = first.map(|handler| {
        let (wanted, itself) = (of_handler(handler, "Cause"), itself(handler));
        let keep = over(at(handler.span()), |at| {
            quote_spanned!(at=> <#wanted as ::flow_core::__private::StageCause<_, #itself>>::keep)
        });
        quote!(let __kept = #keep(&__value);)
    });
    let of_closure = choice.stand_in.1.cause_of_closure().map(|cause| {
        let keep = over(
            cause.span(),
            |at| quote_spanned!(at=> ::flow_core::__private::closure_cause::<_, #cause>(&__value)),
        );
        quote!(let __kept = #keep;)
    });
    kept.or(of_closure)
}

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

/// rustc follows the types of futures within one another only so deep. One on the heap hides its
/// type, and so each of this many that are nested is there.
const BOXED_DEPTH: usize = 5;

fn boxed_if_deep(route: &Route, future: TokenStream) -> TokenStream {
    if route.depth() % BOXED_DEPTH == BOXED_DEPTH - 1 {
        return quote!(::flow_core::__private::boxed(#future));
    }
    future
}

/// An `each`, with its types.
type TypedEach<'a> = (&'a Each, &'a TypedStage<'a>);

fn as_each<'a>(typed: &'a TypedStage<'a>) -> Option<TypedEach<'a>> {
    match typed.stage {
        Stage::Each(each) => Some((each, typed)),
        _ => None,
    }
}

/// The number of items that it runs at a time, if there is one.
fn each_limit(each: &Each) -> Option<TokenStream> {
    let (_, limit) = each.limit.as_ref()?;
    let tokens = limit.to_token_stream().into_iter();
    let last = tokens
        .last()
        .map_or_else(|| limit.span(), |last| last.span());
    let kind = quote!((__LIMIT == 0) as ::core::primitive::u8);
    let check = asked((limit.span(), last), &kind, "EachAboveZero");
    Some(quote_spanned! {limit.span()=> {
        const __LIMIT: ::core::primitive::usize = #limit;
        #check
        __LIMIT
    }})
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

/// The surroundings of a piece of code, which decide how to leave it early.
#[derive(Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says where the code is, and they occur in most combinations"
)]
struct Within<'a> {
    /// In a future of its own, and not in an arm of the loop.
    is_future: bool,
    /// Alongside others, in a join or an `each`.
    is_concurrent: bool,
    /// An `else` takes errors.
    tried: Option<Tried<'a>>,
    item: Item,
    /// Nothing of the clause follows.
    is_tail: bool,
    /// An error was taken before, by an `else` or by the rescue that the clause is: `__taken`.
    has_taken: bool,
}

/// How an `else` takes an error out of a chain.
#[derive(Clone, Copy)]
enum Tried<'a> {
    /// Only this handler can fail, so the error keeps its type.
    Typed(&'a Path),
    Boxed,
}

/// Whether `skip` can leave the item of an `each` out.
#[derive(Clone, Copy, PartialEq)]
enum Item {
    No,
    /// In the future of the item.
    Here,
    /// In that of a chain with an `else` in it.
    Around,
}

impl<'a> Within<'a> {
    const CLAUSE: Self = Self {
        is_future: false,
        is_concurrent: false,
        tried: None,
        item: Item::No,
        is_tail: true,
        has_taken: false,
    };

    /// A branch of a join.
    fn branch(self) -> Self {
        Self {
            is_future: true,
            is_concurrent: true,
            item: Item::No,
            is_tail: false,
            ..self
        }
    }

    /// An item of an `each`.
    fn item(self, route: &Route) -> Self {
        let item = if route.skips() { Item::Here } else { Item::No };
        Self {
            item,
            ..self.branch()
        }
    }

    /// A chain with an `else`.
    fn tried(self, route: &'a Route) -> Self {
        let tried = match route.failing_handler() {
            Some(handler) => Tried::Typed(handler),
            None => Tried::Boxed,
        };
        let item = match self.item {
            Item::No => Item::No,
            Item::Here | Item::Around => Item::Around,
        };
        Self {
            is_future: true,
            tried: Some(tried),
            item,
            is_tail: false,
            ..self
        }
    }

    /// What stands in for a stage.
    fn stand_in(self) -> Self {
        Self {
            is_tail: false,
            has_taken: true,
            ..self
        }
    }

    /// An arm with this route, of a stage that is the last if `is_last`.
    fn arm(self, route: &TypedRoute<'_>, is_last: bool) -> Self {
        Self {
            is_tail: self.is_tail && is_tail(route, is_last),
            ..self
        }
    }

    /// The error that ends a future early.
    fn halt(self) -> TokenStream {
        if self.tried.is_some() {
            quote!(::flow_core::__private::Stopped::Halt)
        } else {
            quote!(::flow_core::__private::Halt)
        }
    }

    fn leave(self) -> TokenStream {
        if !self.is_future {
            return quote!(break '__clause);
        }
        let halt = self.halt();
        quote!(return ::core::result::Result::Err(#halt))
    }

    /// Leaves a join or an `each` within it early: the pattern of what it stopped with, and the
    /// code.
    fn pass_on(self) -> (TokenStream, TokenStream) {
        if self.tried.is_none() {
            return (quote!(_), self.leave());
        }
        (
            quote!(__stopped),
            quote!(return ::core::result::Result::Err(__stopped)),
        )
    }

    /// Leaves the item of the `each` out.
    fn skip(self) -> TokenStream {
        match self.item {
            Item::Here => quote! {
                return ::core::result::Result::Ok(::core::option::Option::None)
            },
            Item::Around => quote! {
                return ::core::result::Result::Err(::flow_core::__private::Stopped::Skip)
            },
            // There is no `each`, which is an error.
            Item::No => self.leave(),
        }
    }
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

    /// A stage after those of its route before it.
    fn stage(
        &self,
        typed: &TypedStage<'_>,
        before: &[TypedStage<'_>],
        within: Within<'_>,
    ) -> TokenStream {
        // Those that pass their results on to it.
        let each = before.iter().rev().map_while(as_each);
        let mut each: Vec<_> = match as_each(typed) {
            Some(this) => std::iter::once(this).chain(each).collect(),
            None => Vec::new(),
        };
        each.reverse();
        let code = match each.as_slice() {
            [before @ .., this] => self.each(*this, before, within),
            [] => self.stage_code(typed, within),
        };
        let is_first = each
            .first()
            .map_or(typed.is_first, |(_, first)| first.is_first);
        let runs_user_code = matches!(
            typed.stage,
            Stage::Join { .. }
                | Stage::First(_)
                | Stage::Each(_)
                | Stage::Match { .. }
                | Stage::If(_)
                | Stage::Else(_)
                | Stage::Glue(_)
        );
        if is_first || !runs_user_code {
            return code;
        }
        // Conditions, clones and iterators of the user may panic, which is not the fault of the
        // handler before them.
        let this = &self.plan.this;
        quote! {{
            ::flow_core::__private::Worker::<#this>::at(
                __worker,
                ::flow_core::__private::NO_HANDLER,
            );
            #code
        }}
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

    /// An `each`, after others that pass their results on to it.
    fn each(
        &self,
        (each, typed): TypedEach<'_>,
        before: &[TypedEach<'_>],
        within: Within<'_>,
    ) -> TokenStream {
        let (first, begins) = before.first().copied().unwrap_or((each, typed));
        let mut items = self.elements(begins, at(first.keyword.span()));
        let mut limit = quote!(::core::primitive::usize::MAX);
        for (each, typed) in before {
            limit = each_limit(each).unwrap_or(limit);
            items = self.each_call(
                ["window", "window_kept"],
                (each, typed),
                (&items, &limit),
                within,
            );
        }
        // Without a limit of its own, it has that of the one before it.
        limit = each_limit(each).unwrap_or(limit);
        let each = self.each_call(
            ["each", "each_kept"],
            (each, typed),
            (&items, &limit),
            within,
        );
        let (stopped, leave) = within.pass_on();
        quote! {
            match #each.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(#stopped) => #leave,
            }
        }
    }

    /// The call of a function that runs the route of an `each`: the second one leaves items out.
    fn each_call(
        &self,
        functions: [&str; 2],
        (each, typed): TypedEach<'_>,
        (items, limit): (&TokenStream, &TokenStream),
        within: Within<'_>,
    ) -> TokenStream {
        let route = typed.routes.first();
        let item = route.and_then(|route| route.stages.first()?.arriving.named());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let item = item.map(|item| quote!(: #item));
        let around = within.item(&each.route);
        let branch = route.map(|route| self.branch(route, around));
        let work = self.item_work(&quote!(__value #item), &quote!(#branch));
        let [all, kept] = functions;
        let function = match around.item {
            Item::No => all,
            Item::Here | Item::Around => kept,
        };
        let function = Ident::new(function, at(each.keyword.span()));
        let this = &self.plan.this;
        quote_spanned! {at(each.keyword.span())=>
            ::flow_core::__private::#function(
                ::flow_core::__private::in_clause::<#this, _>(__worker), #items, #limit, #work,
            )
        }
    }

    /// A `match` on the value. The bindings of an arm become its value.
    fn choice(
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

    fn condition(&self, choice: &If, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let condition = &choice.condition;
        let asked = match &self.clause.pattern {
            Some(pattern) => looks_into(pattern, condition),
            None => condition.to_token_stream(),
        };
        let mut ways = typed.routes.iter().map(|route| self.route(route, within));
        let (then, otherwise) = (ways.next(), ways.next());
        quote!(if #asked { #then; } else { #otherwise; })
    }

    fn end(&self, end: &End, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let keyword = &end.keyword;
        let method = if end.now.is_some() {
            quote!(end_now)
        } else {
            quote!(end)
        };
        let leave = within.leave();
        if self.plan.values.no_output {
            return leave;
        }
        let (this, output) = (&self.plan.this, &self.plan.values.output);
        let is_declared = self.plan.flow.declared_output().is_some();
        let ends = Ident::new(ends_trait(is_declared), keyword.span());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let is_asked = typed.arriving.checked().is_none() && typed.passed_by != PassedBy::Never;
        let value = if is_asked {
            quote_spanned! {at(keyword.span())=>
                ::flow_core::__private::#ends::<#output>::end(__value)
            }
        } else {
            quote!(__value)
        };
        quote! {{
            if let ::core::option::Option::Some(__output) =
                ::flow_core::__private::output::<_, #output>(#value)
            {
                ::flow_core::__private::Worker::<#this>::#method(__worker, __output);
            }
            #leave
        }}
    }

    fn ask(&self, ask: &Ask) -> TokenStream {
        let (this, event) = (&self.plan.this, &ask.event);
        let within = optional(ask.within.as_ref().map(Value::value));
        let kept = over(
            event.span(),
            |at| quote_spanned!(at=> <#event as ::flow_core::__private::CloneToAsk>::another),
        );
        // rustc points to the type alone, so the type consists of several tokens.
        let it = over(event.span(), |at| quote_spanned!(at=> __Same<#this>));
        let item = over(
            event.span(),
            |at| quote_spanned!(at=> <#it as ::flow_core::__private::StreamsQuestion<#event>>::asked),
        );
        let asked = match self.plan.reminder_of(event, None) {
            None => quote! {
                ::flow_core::__private::Worker::<#this>::ask::<#event>(
                    __worker,
                    (__value, __kept),
                    #within,
                )
            },
            Some(reminder) => quote! {
                ::flow_core::__private::Worker::<#this>::ask_reminding::<#event>(
                    __worker,
                    (#kept(&__kept), __kept, __value),
                    #within,
                    #reminder,
                )
            },
        };
        quote! {{
            type __Same<__T> = __T;
            let __kept = #kept(&__value);
            let __asked = #asked;
            ::flow_core::__private::Worker::<#this>::put_item(__worker, #item(__asked)).await
        }}
    }

    /// A stage with an `else`.
    fn stand_in(&self, choice: &Else, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
        let [tried, stand_in] = typed.routes.as_slice() else {
            return quote!(__value);
        };
        if let Some(question) = &choice.question {
            let (Some(handler), [stage]) = (choice.handler(), tried.stages.as_slice()) else {
                return quote!(__value);
            };
            let failed = self.unanswered(question, choice, stand_in, within);
            let asked = arrives(handler, stage);
            let call = self.call(handler, stage, within, &failed);
            return quote!({ #asked #call });
        }
        let kept = keep_cause(choice);
        let cause = kept.as_ref().map(|_| quote!(.with_cause(__kept)));
        let (event, place) = (self.event(), self.place());
        let failed = |handler: &TokenStream| quote!(::flow_core::Failed::new(__error, #handler, #event) #place #cause);
        let code = self.route(stand_in, within.stand_in());
        let leaves = stand_in.route.leaves();
        let value = if leaves {
            code
        } else {
            let end = stand_in.route.end_span();
            let end = end.unwrap_or(choice.keyword.span);
            // Without the type, rustc takes that of the stand-in, and reports a mismatch of arms.
            let stage = typed.value().unwrap_or_else(|| quote!(_));
            let as_one = if stand_in.route.diverges() {
                quote!(__value)
            } else {
                over(
                    at(end),
                    |at| quote_spanned!(at=> ::flow_core::__private::StandsIn::<#stage>::stand_in(__value)),
                )
            };
            quote!({
                let __value = #code;
                #as_one
            })
        };
        let taken = |handler: &TokenStream| {
            let failed = failed(handler);
            // A `skip` takes no error.
            let arrives = if let Some(Stage::Skip(_)) = choice.stand_in.1.only() {
                quote!(let _ = __error;)
            } else {
                let taken = (!within.has_taken).then(|| {
                    let this = &self.plan.this;
                    quote! {
                        let __taken =
                            &::flow_core::__private::TakenError::<#this, _>::by_stand_in(
                                __worker, &__value,
                            );
                        let _ = __taken;
                    }
                });
                quote!(let __value = #failed; #taken)
            };
            quote!({ #arrives #value })
        };
        if let (Some(handler), [stage]) = (choice.handler(), tried.stages.as_slice()) {
            let this = &self.plan.this;
            let taken = taken(&quote!(<#handler as ::flow_core::Handler>::DESC.name));
            let failed = quote! {
                ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
                #taken
            };
            let asked = arrives(handler, stage);
            let call = self.call(handler, stage, within, &failed);
            return quote!({ #kept #asked #call });
        }
        let around = within.tried(&choice.tried);
        let (future, leave) = (self.branch(tried, around), within.leave());
        let taken = taken(&quote!(__handler));
        let skip = within.skip();
        let recorded = self.dropped_with(&choice.tried, typed);
        let (future, taken) = match recorded {
            Some((into, passed)) => (quote!({ #into #future }), quote!({ #passed #taken })),
            None => (future, taken),
        };
        quote! {{
            #kept
            match #future.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(
                    ::flow_core::__private::Stopped::Failed(__error, __handler),
                ) => #taken,
                ::core::result::Result::Err(::flow_core::__private::Stopped::Skip) => #skip,
                ::core::result::Result::Err(::flow_core::__private::Stopped::Halt) => #leave,
            }
        }}
    }

    /// Code that takes the error of a stage that asks to what answers in place of the outside.
    fn unanswered(
        &self,
        question: &Path,
        choice: &Else,
        stand_in: &TypedRoute<'_>,
        within: Within<'_>,
    ) -> TokenStream {
        let this = &self.plan.this;
        let another = over(
            question.span(),
            |at| quote_spanned!(at=> <#question as ::flow_core::__private::CloneToAsk>::another),
        );
        // An answer that is missing is no error that the stand-in's could tell of.
        let within = Within {
            has_taken: within.has_taken,
            ..within.stand_in()
        };
        let code = self.route(stand_in, within);
        let end = stand_in.route.end_span();
        let end = end.unwrap_or(choice.keyword.span);
        let answer = over(at(end), |at| {
            if stand_in.route.diverges() {
                return quote!(__value);
            }
            quote_spanned! {at=>
                ::flow_core::__private::AnswerTo::<
                    #question,
                    <#question as ::flow_core::Event>::Answer,
                >::answer(__value)
            }
        });
        quote! {
            ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
            let __question = #another(&__error.question);
            let __value = __error.question;
            let __value = #code;
            ::flow_core::Answered::new(__question, #answer)
        }
    }

    /// The route of a branch, as a future of its resulting value.
    fn branch(&self, route: &TypedRoute<'_>, within: Within<'_>) -> TokenStream {
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

    /// The call, and the code that takes its error and does not go on, or yields a value.
    fn call(
        &self,
        handler: &Path,
        typed: &TypedStage<'_>,
        within: Within<'_>,
        failed: &TokenStream,
    ) -> TokenStream {
        let number = number(typed);
        let this = &self.plan.this;
        let call = if within.is_concurrent {
            let call = self.called(handler, typed);
            quote! {
                ::flow_core::__private::branch_call::<#this, _, _>(__worker, #number, #call).await
            }
        } else {
            self.awaited(handler, typed, within)
        };
        let call = if within.is_concurrent || typed.is_first {
            // The worker has already noted the handler.
            call
        } else {
            let leave = within.leave();
            quote!({
                if !::flow_core::__private::Worker::<#this>::comes_to(__worker, #number) {
                    #leave;
                }
                #call
            })
        };
        quote! {
            match #call {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    #failed
                }
            }
        }
    }

    /// Code that takes a handler's error to where it goes.
    fn failed(&self, handler: &Path, within: Within<'_>) -> TokenStream {
        let this = &self.plan.this;
        let boxed = quote!(::flow_core::__private::HandlerError::boxed(__error));
        if let Some(tried) = within.tried {
            let error = match tried {
                Tried::Typed(_) => quote!(__error),
                Tried::Boxed => boxed,
            };
            return quote! {
                ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
                return ::core::result::Result::Err(::flow_core::__private::Stopped::Failed(
                    #error,
                    <#handler as ::flow_core::Handler>::DESC.name,
                ))
            };
        }
        let failed = self.rescued(handler).unwrap_or_else(|| {
            if within.has_taken {
                return quote!(__taken.fail(#boxed));
            }
            quote!(::flow_core::__private::Worker::<#this>::fail(__worker, #boxed))
        });
        let leave = within.leave();
        quote!(#failed; #leave)
    }

    fn is_rescue(&self) -> bool {
        matches!(self.clause.trigger, Trigger::Rescue(_))
    }

    /// The name of the clause's event, for a `Failed`.
    fn event(&self) -> TokenStream {
        let trigger = &self.clause.trigger;
        let event = match trigger {
            Trigger::Answered(event) | Trigger::Unanswered(event) | Trigger::LeftOver(event) => {
                Some(event)
            }
            Trigger::Reminder(reminder) => Some(&reminder.question),
            _ => trigger.events().first(),
        };
        if let Some(event) = event {
            quote!(::core::option::Option::Some(<#event as ::flow_core::Event>::DESC.name))
        } else {
            quote!(::core::option::Option::None)
        }
    }

    /// The call that tells a `Failed` of a clause without an event.
    fn place(&self) -> Option<TokenStream> {
        match self.clause.trigger {
            Trigger::Every(_) => Some(quote!(.in_every())),
            Trigger::Finally => Some(quote!(.in_finally())),
            Trigger::Rescue(_) => Some(quote!(.in_rescue())),
            _ => None,
        }
    }

    /// Code that passes a handler's error to its rescue.
    fn rescued(&self, handler: &Path) -> Option<TokenStream> {
        let this = &self.plan.this;
        let (rescue, typed) = self.plan.rescues.of(handler, self.clause)?;
        let boxed = quote!(::flow_core::__private::HandlerError::boxed(__error));
        let error = if typed { quote!(__error) } else { boxed };
        let (event, place) = (self.event(), self.place());
        let run_with = payload(self.plan.flow, self.clause);
        let cause = rescue
            .cause(&run_with)
            .map(|cause| quote!(.with_cause(#cause)));
        let of_question = (typed && is_ask(handler)).then(|| quote!(.of_question()));
        let failed = quote! {
            ::flow_core::Failed::new(
                #error,
                <#handler as ::flow_core::Handler>::DESC.name,
                #event,
            ) #of_question #place #cause
        };
        let activation = self.plan.activation(rescue.clause, &failed);
        let rescues = rescues(self.plan.flow, this, handler);
        Some(quote! {
            if #rescues(__worker, &__error) {
                ::flow_core::__private::Worker::<#this>::push(
                    __worker, #activation,
                )
            }
        })
    }

    fn join(&self, span: Span, typed: &TypedStage<'_>, within: Within<'_>) -> TokenStream {
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
