//! A clause as code: its route becomes plain async Rust.

use std::collections::HashSet;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, Path, Token};

use crate::flow::expand::names::{at, itself};
use crate::flow::expand::payload::payload;
use crate::flow::expand::plan::Plan;
use crate::flow::expand::typed::{Arriving, TypedRoute, TypedStage};
use crate::flow::expand::values::ends_trait;
use crate::flow::route::{AT_LEAST_ONE, Arm, Ask, Each, If, Stage};
use crate::flow::tree::Clause;
use crate::limit::{Value, optional};
use crate::patterns::bindings;
use crate::spans::{after, over};

/// Calls the handler with `__value`.
fn call(handler: &Path) -> TokenStream {
    // Through `Itself`, so that a type that is not a handler is reported once.
    let itself = itself(handler);
    quote_spanned! {at(after(handler.span()))=>
        ::flow_core::__private::call::<#itself, _, _>(__value, ::flow_core::Cx::of(__worker))
    }
}

/// The check that the handler takes `__value`, if its type cannot be named in a check of its own.
fn arrives(handler: &Path, arriving: &Arriving) -> Option<TokenStream> {
    arriving.checked().is_none().then(|| {
        // As a type argument of its own, a function without `#[handler]` would be a second error.
        let itself = itself(handler);
        over(
            at(handler.span()),
            |at| quote_spanned!(at=> ::flow_core::__private::arrives::<#itself, _>(&__value);),
        )
    })
}

/// The number of the stage's handler.
fn number(handler: &TypedStage<'_>) -> Literal {
    Literal::usize_unsuffixed(handler.handler)
}

/// rustc follows the types of futures within one another only so deep. One on the heap hides its
/// type, and so each of this many that are nested is there.
const BOXED_DEPTH: usize = 5;

/// Generates the code of one clause.
pub(super) struct Code<'a> {
    plan: &'a Plan<'a>,
    clause: &'a Clause,
    /// The number of the clause.
    index: usize,
}

/// The surroundings of a piece of code, which decide how to leave it early.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    /// In an arm of the loop.
    Clause,
    /// In the future of a branch, which runs alongside others.
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
    /// The code of the clause with this number.
    pub(super) fn of(plan: &'a Plan<'a>, index: usize, clause: &'a Clause) -> Self {
        Self {
            plan,
            clause,
            index,
        }
    }

    /// The body of its arm.
    pub(super) fn clause(&self) -> TokenStream {
        let run_with = payload(self.plan.flow, self.clause);
        // The causes that the rescues of its handlers keep of its event.
        let mut seen = HashSet::new();
        let handlers = self.clause.route.handlers().into_iter();
        let kept = handlers.filter_map(|handler| {
            let (rescue, _) = self.plan.rescues.of(handler, self.clause)?;
            let is_first = seen.insert(rescue.clause);
            is_first.then(|| rescue.capture(&run_with))?
        });
        let kept = kept.collect::<TokenStream>();
        let route = self.plan.routes.get(self.index);
        let body = route.map(|route| self.route(route, Within::Clause));
        quote!({ #kept #body; })
    }

    /// A block that turns `__value` into the resulting value of the route.
    fn route(&self, route: &TypedRoute<'_>, within: Within) -> TokenStream {
        let leaves = route.route.leaves();
        let stages = route.stages.iter().enumerate().map(|(index, stage)| {
            let asked = match stage.stage {
                Stage::Handler(handler) => arrives(handler, &stage.arriving),
                _ => None,
            };
            let code = self.stage(stage, within);
            // rustc warns of code after a stage that leaves.
            if leaves && index + 1 == route.stages.len() {
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

    fn stage(&self, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        let code = self.stage_code(typed, within);
        let runs_user_code = matches!(
            typed.stage,
            Stage::Join { .. } | Stage::Each(_) | Stage::Match { .. } | Stage::If(_)
        );
        if typed.is_first || !runs_user_code {
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

    fn stage_code(&self, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        match typed.stage {
            Stage::Handler(handler) => self.call(handler, typed, within),
            Stage::Join { paren, .. } => self.join(paren.span.join(), typed, within),
            Stage::Each(each) => self.each(each, typed, within),
            Stage::Match { keyword, arms, .. } => self.choice(keyword.span, arms, typed, within),
            Stage::If(choice) => self.condition(choice, typed, within),
            Stage::End(keyword) => self.end(keyword, &typed.arriving, within),
            Stage::Ignore(_) => quote!(::flow_core::__private::ignore(__value)),
            Stage::Ask(ask) => self.ask(ask),
        }
    }

    fn each(&self, each: &Each, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        let leave = within.leave();
        let limit = if let Some((_, limit)) = &each.limit {
            quote_spanned! {limit.span()=> {
                const __LIMIT: ::core::primitive::usize = #limit;
                const _: () = ::core::assert!(__LIMIT > 0, #AT_LEAST_ONE);
                __LIMIT
            }}
        } else {
            quote!(::core::primitive::usize::MAX)
        };
        let route = typed.routes.first();
        let item = route.and_then(|route| route.stages.first()?.arriving.named());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let item = item.map(|item| quote!(: #item));
        let branch = route.map(|route| self.branch(route));
        let work = quote!(move |__value #item| #branch);
        let each = quote_spanned! {at(each.keyword.span())=>
            ::flow_core::__private::each(__value, #limit, #work)
        };
        quote! {
            match #each.await {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(_) => #leave,
            }
        }
    }

    /// A `match` on the value. The bindings of an arm become its value.
    fn choice(
        &self,
        span: Span,
        arms: &Punctuated<Arm, Token![,]>,
        typed: &TypedStage<'_>,
        within: Within,
    ) -> TokenStream {
        let leave = within.leave();
        let last = typed.is_last;
        let mixed = !last && arms.iter().any(|arm| !arm.route.is_closed());
        let arms = arms.iter().zip(&typed.routes).map(|(arm, route)| {
            let bindings = bindings(&arm.pattern);
            let bound = match bindings.as_slice() {
                [] => quote!(()),
                [one] => quote!(#one),
                several => quote!((#(#several,)*)),
            };
            let pattern = &arm.pattern;
            let guard = arm.guard.as_ref().map(|(_, guard)| quote!(if #guard));
            let route = self.route(route, within);
            // If nothing takes the value, the arms may differ in type; that is an error anyway.
            let route = match within {
                _ if last => quote!(#route;),
                Within::Clause if arm.route.leaves() => route,
                // The clause ends here, while the other arms continue.
                Within::Clause if arm.route.is_closed() => quote!({ #route; #leave }),
                // The next stage waits for all branches, so this one must yield a value.
                Within::Branch if mixed && arm.route.ignores() => {
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

    fn condition(&self, choice: &If, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        let condition = &choice.condition;
        let asked = match &self.clause.pattern {
            Some(pattern) => looks_into(pattern, condition),
            None => condition.to_token_stream(),
        };
        let mut ways = typed.routes.iter().map(|route| self.route(route, within));
        let (then, otherwise) = (ways.next(), ways.next());
        quote!(if #asked { #then; } else { #otherwise; })
    }

    fn end(&self, keyword: &Ident, arriving: &Arriving, within: Within) -> TokenStream {
        let leave = within.leave();
        if self.plan.values.no_output {
            return leave;
        }
        let (this, output) = (&self.plan.this, &self.plan.values.output);
        let is_declared = self.plan.flow.declared_output().is_some();
        let ends = Ident::new(ends_trait(is_declared), keyword.span());
        // Without the type, rustc forgets that a reference in it is `'static`.
        let value = if arriving.checked().is_none() {
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
                ::flow_core::__private::Worker::<#this>::end(__worker, __output);
            }
            #leave
        }}
    }

    fn ask(&self, ask: &Ask) -> TokenStream {
        let (this, event) = (&self.plan.this, &ask.event);
        let within = optional(ask.within.as_ref().map(Value::value));
        let kept = over(
            event.span(),
            |at| quote_spanned!(at=> <#event as ::flow_core::__private::CloneForEach>::another),
        );
        // rustc points to the type alone, so the type consists of several tokens.
        let it = over(event.span(), |at| quote_spanned!(at=> __Same<#this>));
        let item = over(
            event.span(),
            |at| quote_spanned!(at=> <#it as ::flow_core::__private::StreamsQuestion<#event>>::asked),
        );
        quote! {{
            type __Same<__T> = __T;
            let __kept = #kept(&__value);
            let __asked = ::flow_core::__private::Worker::<#this>::ask::<#event>(
                __worker,
                (__value, __kept),
                #within,
            );
            ::flow_core::__private::Worker::<#this>::put_item(__worker, #item(__asked)).await
        }}
    }

    /// The route of a branch, as a future of its resulting value.
    fn branch(&self, route: &TypedRoute<'_>) -> TokenStream {
        if let [stage] = route.stages.as_slice()
            && let Stage::Handler(handler) = stage.stage
            && self.plan.rescues.of(handler, self.clause).is_none()
        {
            // Without an `async` block around it, the future is smaller and faster.
            let (this, number) = (&self.plan.this, number(stage));
            let asked = arrives(handler, &stage.arriving);
            let call = call(handler);
            return quote!({
                #asked
                ::flow_core::__private::single_branch_call::<#this, _, _>(__worker, #number, #call)
            });
        }
        let body = self.route(route, Within::Branch);
        let future = if route.route.leaves() {
            // The condition gives the future its type.
            quote!(async move {
                if false {
                    return ::core::result::Result::<(), ::flow_core::__private::Halt>::Ok(());
                }
                #body
            })
        } else {
            quote!(async move {
                ::core::result::Result::<_, ::flow_core::__private::Halt>::Ok(#body)
            })
        };
        if route.route.depth() % BOXED_DEPTH == BOXED_DEPTH - 1 {
            return quote!(::flow_core::__private::boxed(#future));
        }
        future
    }

    fn call(&self, handler: &Path, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        let number = number(typed);
        let this = &self.plan.this;
        let call = call(handler);
        let call = match within {
            Within::Branch => {
                quote!(::flow_core::__private::branch_call::<#this, _, _>(__worker, #number, #call))
            }
            // The worker has already noted the handler.
            Within::Clause if typed.is_first => call,
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

    /// Code that passes a handler's error to its rescue.
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
        let cause = rescue
            .cause(&run_with)
            .map(|cause| quote!(.with_cause(#cause)));
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

    fn join(&self, span: Span, typed: &TypedStage<'_>, within: Within) -> TokenStream {
        let leave = within.leave();
        let count = typed.routes.len();
        let names: Vec<_> = (0..count)
            .map(|index| format_ident!("__branch{index}"))
            .collect();
        let branches = typed.routes.iter().zip(&names).enumerate();
        let begun = branches.map(|(index, (branch, name))| {
            let branch = self.branch(branch);
            let value = if index + 1 == count {
                quote!(__shared)
            } else {
                quote_spanned!(at(span)=> ::flow_core::__private::CloneForEach::another(&__shared))
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

/// A condition on the payload of an event, which stays in place: bindings of `Copy` types are
/// values, and the others are references.
fn looks_into(pattern: &syn::Pat, condition: &syn::Expr) -> TokenStream {
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
