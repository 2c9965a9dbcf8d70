//! A clause is code: its route becomes straight async Rust.

use std::cell::Cell;
use std::collections::HashSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path};

use crate::duration::optional;
use crate::flow::expand::values::{comes_out, ends_trait, of_handler, one_of};
use crate::flow::expand::{Plan, at, payload};
use crate::flow::parse::Clause;
use crate::flow::route::{AT_LEAST_ONE, Arm, Route, Stage, bindings};

/// Calls the handler with `__value`.
fn call(handler: &Path) -> TokenStream {
    let call = of_handler(handler, "called");
    let arguments = quote_spanned!(at(handler.span())=> __value, ::flow_core::Cx::of(__worker));
    quote_spanned!(last_word(handler)=> #call(#arguments))
}

/// Asks whether the handler takes `__value`, whose type has no name here.
fn arrives(handler: &Path) -> TokenStream {
    quote_spanned! {at(handler.span())=>
        ::flow_core::__private::arrives::<#handler, _>(&__value);
    }
}

/// Where a path ends.
pub(super) fn last_word(path: &Path) -> Span {
    path.segments
        .last()
        .map_or_else(Span::call_site, Spanned::span)
}

/// Writes the code of one clause.
pub(super) struct Code<'a> {
    plan: &'a Plan<'a>,
    clause: &'a Clause,
    /// The number of the handler that is written next.
    next: Cell<usize>,
}

/// Where a piece of code stands, which decides how it is left early.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    /// In the arm of the loop.
    Clause,
    /// In a future of its own, beside others.
    Branch,
}

impl Within {
    fn leave(self) -> TokenStream {
        match self {
            Self::Clause => quote!(break '__clause),
            Self::Branch => quote! {
                return ::core::result::Result::Err(::flow_core::__private::Halt)
            },
        }
    }
}

impl<'a> Code<'a> {
    /// That of the clause with this number.
    pub(super) fn of(plan: &'a Plan<'a>, index: usize, clause: &'a Clause) -> Self {
        let first = plan.first_handlers.get(index).copied().unwrap_or(0);
        Self {
            plan,
            clause,
            next: Cell::new(first),
        }
    }

    /// All that its arm does.
    pub(super) fn clause(&self) -> TokenStream {
        let run_with = payload(self.plan.flow, self.clause);
        let arriving = run_with.to_token_stream();
        // What those want to know that are told of an error in it.
        let mut seen = HashSet::new();
        let handlers = self.clause.route.handlers().into_iter();
        let kept = handlers.filter_map(|handler| {
            let (rescue, _) = self.plan.rescues.of(handler, self.clause)?;
            let is_first = seen.insert(rescue.clause);
            is_first.then(|| rescue.keep(&run_with))?
        });
        let kept = kept.collect::<TokenStream>();
        let body = self.route(
            &self.clause.route,
            Within::Clause,
            Some(arriving),
            true,
            true,
        );
        quote!({ #kept #body; })
    }

    /// A block that makes of `__value` what comes out of the route. `arriving` is the type of
    /// `__value`, if it has a name. `first`: nothing was called before it in this clause. `last`:
    /// nothing takes what comes out.
    fn route(
        &self,
        route: &Route,
        within: Within,
        arriving: Option<TokenStream>,
        first: bool,
        last: bool,
    ) -> TokenStream {
        let mut arriving = arriving;
        let stages = route.stages.iter().enumerate().map(|(index, stage)| {
            let asked = match stage {
                Stage::Handler(handler) if arriving.is_none() => Some(arrives(handler)),
                _ => None,
            };
            let last = last && index + 1 == route.stages.len();
            let code = self.stage(stage, within, arriving.as_ref(), first && index == 0, last);
            arriving = comes_out(stage, arriving.as_ref());
            quote! {
                #asked
                let __value = #code;
            }
        });
        let stages = stages.collect::<TokenStream>();
        // Where arms bring different types, rustc points to what they end with.
        let end = route
            .stages
            .last()
            .map_or_else(Span::call_site, Stage::span);
        let value = Ident::new("__value", at(end));
        quote!({ #stages #value })
    }

    fn stage(
        &self,
        stage: &Stage,
        within: Within,
        arriving: Option<&TokenStream>,
        first: bool,
        last: bool,
    ) -> TokenStream {
        let leave = within.leave();
        match stage {
            Stage::Handler(handler) => self.call(handler, within, first),
            Stage::Join { span, branches } => self.join(*span, branches, within, arriving, last),
            Stage::Each {
                keyword,
                route,
                limit,
            } => {
                let item = arriving.map(|ty| one_of(ty, keyword.span()));
                // Without its type, rustc forgets that a reference in it is `'static`.
                let typed = item.as_ref().map(|item| quote!(: #item));
                // The handlers are asked here, see `values`.
                let item =
                    item.filter(|_| matches!(route.stages.first(), Some(Stage::Each { .. })));
                let branch = self.branch(route, item, last);
                let limit = if let Some(limit) = limit {
                    quote_spanned! {limit.span()=> {
                        const __LIMIT: usize = #limit;
                        const _: () = ::core::assert!(__LIMIT > 0, #AT_LEAST_ONE);
                        __LIMIT
                    }}
                } else {
                    quote!(usize::MAX)
                };
                let at = at(keyword.span());
                let work = quote!(move |__value #typed| #branch);
                let each =
                    quote_spanned!(at=> ::flow_core::__private::each(__value, #limit, #work));
                quote! {
                    match #each.await {
                        ::core::result::Result::Ok(__value) => __value,
                        ::core::result::Result::Err(_) => #leave,
                    }
                }
            }
            Stage::Match { keyword, arms } => self.choice(keyword.span, arms, within, last),
            Stage::If {
                pattern,
                condition,
                then,
                otherwise,
            } => {
                let asked = match pattern {
                    Some(pattern) => looks_into(pattern, condition),
                    None => condition.to_token_stream(),
                };
                let then = self.route(then, within, arriving.cloned(), false, last);
                let otherwise = self.route(otherwise, within, arriving.cloned(), false, last);
                quote!(if #asked { #then; } else { #otherwise; })
            }
            Stage::End(_) if self.plan.values.no_output => leave,
            Stage::End(keyword) => {
                let (this, output) = (&self.plan.this, &self.plan.values.output);
                let header = self.plan.flow.header.as_ref();
                let is_said = header.is_some_and(|header| header.output.is_some());
                let ends = Ident::new(ends_trait(is_said), keyword.span());
                // Without its type, rustc forgets that a reference in it is `'static`.
                let value = if arriving.is_none() {
                    quote_spanned!(at(keyword.span())=> ::flow_core::__private::#ends::<#output>::end(__value))
                } else {
                    quote!(__value)
                };
                quote! {{
                    if let ::core::option::Option::Some(__output) =
                        ::flow_core::__private::output::<_, #output>(#value)
                    {
                        ::flow_core::__private::Worker::<#this>::end(__worker, __output);
                    }
                    #leave
                }}
            }
            Stage::Ignore(_) => quote!(::core::mem::drop(__value)),
            Stage::Ask(ask) => {
                let (this, event) = (&self.plan.this, &ask.event);
                let within = optional(ask.within);
                let mut it = this.clone();
                it.set_span(event.span().resolved_at(this.span()));
                let (kept, item) = (
                    quote_spanned! {event.span()=>
                        <#event as ::flow_core::__private::Shared>::another
                    },
                    quote_spanned! {event.span()=>
                        <#it as ::flow_core::__private::StreamsAsked<#event>>::asked
                    },
                );
                quote! {{
                    let __kept = #kept(&__value);
                    let __asked = ::flow_core::__private::Worker::<#this>::ask::<#event>(
                        __worker,
                        (__value, __kept),
                        #within,
                    );
                    ::flow_core::__private::Worker::<#this>::put_item(__worker, #item(__asked))
                        .await
                }}
            }
        }
    }

    /// A `match` on the value; what an arm binds goes on in it.
    fn choice(&self, span: Span, arms: &[Arm], within: Within, last: bool) -> TokenStream {
        let leave = within.leave();
        let mixed = !last && arms.iter().any(|arm| !arm.route.is_closed());
        let arms = arms.iter().map(|arm| {
            let bindings = arm.bindings();
            let bound = match bindings.as_slice() {
                [] => quote!(()),
                [one] => quote!(#one),
                several => quote!((#(#several,)*)),
            };
            let (pattern, guard) = (&arm.pattern, &arm.guard);
            let guard = guard.as_ref().map(|guard| quote!(if #guard));
            let route = self.route(&arm.route, within, None, false, last);
            // What nothing takes need not be the same in all arms; it is an error already.
            let route = match within {
                _ if last => quote!(#route;),
                // The other arms go on; here that is all.
                Within::Clause if arm.route.is_closed() => quote!({ #route; #leave }),
                // What follows waits for all branches, so that this one cannot be left.
                Within::Branch if mixed && arm.route.ignores() => {
                    let end = arm.route.stages.last().map_or(span, Stage::span);
                    let nothing = quote_spanned!(end=> ::flow_core::__private::Nothing::nothing());
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
        {
            let value = Ident::new("__value", at(span));
            quote_spanned!(span=> match #value { #arms })
        }
    }

    /// A route of its own beside others: a future of what comes out of it.
    fn branch(&self, route: &Route, arriving: Option<TokenStream>, last: bool) -> TokenStream {
        if let [Stage::Handler(handler)] = route.stages.as_slice()
            && self.plan.rescues.of(handler, self.clause).is_none()
        {
            // Without a block of its own around it, it is smaller and faster.
            let (this, number) = (&self.plan.this, self.number());
            let asked = arriving.is_none().then(|| arrives(handler));
            let call = call(handler);
            return quote!({
                #asked
                ::flow_core::__private::only_beside::<#this, _, _>(__worker, #number, #call)
            });
        }
        let body = self.route(route, Within::Branch, arriving, false, last);
        quote!(async move {
            ::core::result::Result::<_, ::flow_core::__private::Halt>::Ok(#body)
        })
    }

    /// That of the handler that is written now.
    fn number(&self) -> Literal {
        let number = self.next.get();
        self.next.set(number + 1);
        Literal::usize_unsuffixed(number)
    }

    fn call(&self, handler: &Path, within: Within, first: bool) -> TokenStream {
        let number = self.number();
        let this = &self.plan.this;
        let call = call(handler);
        let call = match within {
            Within::Branch => {
                quote!(::flow_core::__private::beside::<#this, _, _>(__worker, #number, #call))
            }
            // The worker has noted it by itself.
            Within::Clause if first => call,
            Within::Clause => quote!({
                ::flow_core::__private::Worker::<#this>::at(__worker, #number);
                #call
            }),
        };
        let failed = self.rescued(handler).unwrap_or_else(|| {
            quote! {
                ::flow_core::__private::Worker::<#this>::fail(
                    __worker,
                    ::flow_core::__private::HandlerError::boxed(__error),
                )
            }
        });
        let leave = within.leave();
        quote! {
            match #call.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__error) => {
                    #failed;
                    #leave
                }
            }
        }
    }

    /// What is done with a handler's error that does not end the execution.
    fn rescued(&self, handler: &Path) -> Option<TokenStream> {
        let this = &self.plan.this;
        let (rescue, typed) = self.plan.rescues.of(handler, self.clause)?;
        let boxed = quote!(::flow_core::__private::HandlerError::boxed(__error));
        let error = if typed { quote!(__error) } else { boxed };
        let event = if let Some(event) = self.clause.trigger.events().first() {
            quote!(::core::option::Option::Some(<#event as ::flow_core::Event>::DESC.name))
        } else {
            quote!(::core::option::Option::None)
        };
        let run_with = payload(self.plan.flow, self.clause);
        let cause = rescue.tell(&run_with).map(|tell| quote!(.caused_by(#tell)));
        let failed = quote! {
            ::flow_core::Failed::new(
                #error,
                <#handler as ::flow_core::Handler>::DESC.name,
                #event,
            ) #cause
        };
        let activation = self.plan.activation(rescue.clause, &failed);
        Some(quote! {
            ::flow_core::__private::Worker::<#this>::failed(__worker, &__error);
            ::flow_core::__private::Worker::<#this>::push(
                __worker, #activation,
            )
        })
    }

    fn join(
        &self,
        span: Span,
        branches: &[Route],
        within: Within,
        arriving: Option<&TokenStream>,
        last: bool,
    ) -> TokenStream {
        let leave = within.leave();
        let names: Vec<_> = (0..branches.len())
            .map(|index| format_ident!("__branch{index}"))
            .collect();
        let begun = branches
            .iter()
            .zip(&names)
            .enumerate()
            .map(|(index, (branch, name))| {
                let branch = self.branch(branch, arriving.cloned(), last);
                let value = if index + 1 == branches.len() {
                    quote!(__shared)
                } else {
                    quote_spanned!(at(span)=> ::flow_core::__private::Shared::another(&__shared))
                };
                quote! {
                    let mut #name = ::core::pin::pin!(::flow_core::__private::try_maybe_done({
                        let __value = #value;
                        #branch
                    }));
                }
            });
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
            if ::core::result::Result::is_err(&__joined.await) {
                #leave;
            }
            (#(
                match ::flow_core::__private::value_of(#names.as_mut()) {
                    ::core::result::Result::Ok(__value) => __value,
                    ::core::result::Result::Err(_) => #leave,
                },
            )*)
        }}
    }
}

/// Asks about what an event carries, without taking it: what is `Copy` as a value, the rest by
/// reference.
fn looks_into(pattern: &syn::Pat, condition: &syn::Expr) -> TokenStream {
    let bound = bindings(pattern);
    quote! {
        match &__value {
            #pattern => {
                #[allow(unused_imports)]
                use ::flow_core::__private::{ByReference as _, ByValue as _};
                #(let #bound = (&::flow_core::__private::View(#bound)).view();)*
                #condition
            }
            #[allow(unreachable_patterns)]
            _ => false,
        }
    }
}
