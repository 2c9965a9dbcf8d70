//! The result of the flow, and the checks that each handler takes the value that arrives.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type, Visibility, parse_quote};

use crate::errors::Errors;
use crate::flow::asks::{AskStage, asking, is_ask};
use crate::flow::expand::names::{itself, last_word, of_handler};
use crate::flow::expand::typed::{Arriving, TypedRoute};
use crate::flow::route::Stage;
use crate::flow::tree::{Flow, Header, Trigger};
use crate::spans::{after, between, over};
use crate::written::{key, written};

/// The checks of the values of a flow, and its result.
pub(super) struct Values {
    pub(super) checks: TokenStream,
    /// The type of the result.
    pub(super) output: Type,
    /// The result is declared, or there is an `end`.
    pub(super) has_output: bool,
    /// The result is neither declared nor can be inferred, which is an error.
    pub(super) no_output: bool,
}

/// An `end`: the type of the value that arrives, if it can be named, and the place of the word.
struct End {
    value: Option<TokenStream>,
    span: Span,
}

impl Values {
    pub(super) fn new(flow: &Flow, routes: &[TypedRoute<'_>], errors: &mut Errors) -> Self {
        let mut takes = Vec::new();
        let mut ends = Vec::new();
        let (mut last, mut reminders) = (Vec::new(), Vec::new());
        for (clause, route) in flow.clauses.iter().zip(routes) {
            route.walk(&mut |stage| match stage.stage {
                Stage::Handler(handler) => {
                    if let Trigger::Open(..) = clause.trigger {
                        return;
                    }
                    takes.extend(takes_check(handler, &stage.arriving, clause.repeats));
                    if let (true, Some(ask)) = (stage.is_last, asking(&flow.asks, handler)) {
                        if !clause.repeats {
                            errors.at(&ask.event, dropped(ask));
                        }
                    } else if let Trigger::Reminder(_) = &clause.trigger {
                        reminders.push(handler);
                    } else if stage.is_last {
                        last.push(handler);
                    }
                }
                Stage::End(end) if !clause.repeats => ends.push(End {
                    value: stage.arriving.checked(),
                    span: end.keyword.span(),
                }),
                _ => {}
            });
        }
        let declared = flow.declared_output();
        let found = match declared {
            Some(declared) => Some(declared.clone()),
            None => output(&ends, flow.header.as_ref(), errors),
        };
        let no_output = found.is_none();
        let output = found.unwrap_or_else(|| parse_quote!(()));
        let end_checks = if no_output {
            Vec::new()
        } else {
            end_checks(&ends, &output, declared.is_some())
        };
        let unused = unused_checks(&last, "MayBeDropped", "Handler");
        let of_reminders = unused_checks(&reminders, "NothingToTake", "Reminder");
        Self {
            checks: quote! {
                const _: () = {
                    #(#takes)*
                    #(#end_checks)*
                    #unused
                    #of_reminders
                };
            },
            output,
            has_output: declared.is_some() || !ends.is_empty(),
            no_output,
        }
    }
}

/// The message for a stage that asks, without one behind it.
fn dropped(ask: &AskStage) -> String {
    format!(
        "no stage takes the answer of `{}`: add one after it, or `-> ignore`",
        ask.name()
    )
}

/// The check that the handler takes the value that arrives. With `repeats`, the same clause was
/// checked for another event, so only the event is new.
fn takes_check(handler: &Path, arriving: &Arriving, repeats: bool) -> Option<TokenStream> {
    // The trait that tells what the handler takes, the name of that, and the trait with the message.
    const EVENT: &[[&str; 3]] = &[["On", "Parameter", "EventOf"], ["On", "Input", "InputOf"]];
    const VALUE: &[[&str; 3]] = &[["Accepts", "Parameter", "InputOf"]];
    let (ty, questions) = match arriving {
        Arriving::Event(event) => (quote!(#event), EVENT),
        Arriving::Value(ty) if !repeats => (ty.clone(), VALUE),
        Arriving::Value(_) | Arriving::Item(_) | Arriving::Shown(_) | Arriving::Unnamed => {
            return None;
        }
    };
    let itself = itself(handler);
    if is_ask(handler) {
        let accepts = questions.first().map(|[accepts, ..]| accepts)?;
        let accepts = Ident::new(accepts, Span::call_site());
        return Some(quote!(let () = <#itself as ::flow_core::__private::#accepts<#ty>>::OK;));
    }
    // rustc points to the type that arrives, which is named at the handler.
    let at_handler =
        |make: &dyn Fn(Span) -> TokenStream| between(handler.span(), last_word(handler), make);
    let asked = questions.iter().map(|[accepts, takes, of]| {
        let of = Ident::new(of, Span::call_site());
        let arrived = at_handler(&|at| quote_spanned!(at=> ::flow_core::__private::Itself<#ty>));
        let taken = at_handler(&|at| {
            let [accepts, takes] = [accepts, takes].map(|word| Ident::new(word, at));
            quote_spanned!(at=> <#itself as ::flow_core::__private::#accepts<#ty>>::#takes)
        });
        quote!(let () = <#arrived as ::flow_core::__private::#of<#taken, #itself>>::OK;)
    });
    Some(quote!(#(#asked)*))
}

/// The checks that the value at each `end` is the result of the flow.
fn end_checks(ends: &[End], output: &Type, is_declared: bool) -> Vec<TokenStream> {
    let checks = ends.iter().enumerate().filter_map(|(index, end)| {
        let (ty, span) = (end.value.as_ref()?, end.span);
        // rustc points to the type, which the user has not written here.
        let alias = Ident::new(&format!("__End{index}"), span);
        let ends = Ident::new(ends_trait(is_declared), after(span));
        let check = over(
            span,
            |at| quote_spanned!(at=> <#alias as ::flow_core::__private::#ends<#output>>::OK),
        );
        Some(quote! {
            type #alias = #ty;
            let () = #check;
        })
    });
    checks.collect()
}

/// The checks, once for each last handler of a route, that its return value may be dropped: the trait
/// `question` has the message, and `prefix` is that of the names.
fn unused_checks(last: &[&Path], question: &str, prefix: &str) -> TokenStream {
    let question = Ident::new(question, Span::call_site());
    let mut seen = HashSet::new();
    let handlers = last.iter().filter(|handler| seen.insert(key(handler)));
    let checks = handlers.enumerate().map(|(index, handler)| {
        // As a type argument, a function without `#[handler]` would cause a second error; an alias
        // does not.
        let alias = Ident::new(&format!("__{prefix}{index}"), after(handler.span()));
        let value = of_handler(handler, "Value");
        let check = over(
            handler.span(),
            |at| quote_spanned!(at=> <#value as ::flow_core::__private::#question<#alias>>::OK),
        );
        quote! {
            type #alias = #handler;
            let () = #check;
        }
    });
    checks.collect()
}

/// The type of the value at the first `end` where it can be named.
fn output(ends: &[End], header: Option<&Header>, errors: &mut Errors) -> Option<Type> {
    let Some(first) = ends.first() else {
        return Some(parse_quote!(()));
    };
    // The type is named through a handler, which may be private.
    let public = header.filter(|header| !matches!(header.vis, Visibility::Inherited));
    if let Some(Header { vis, name, .. }) = public {
        let (vis, name) = (written(vis), name.as_ref().map(ToString::to_string));
        let name = name.unwrap_or_default();
        errors.push(syn::Error::new(
            first.span,
            format!("a public flow must declare what it ends with: `{vis} flow {name} -> Output;`"),
        ));
        return None;
    }
    if let Some(ty) = ends.iter().find_map(|end| end.value.as_ref()) {
        return Some(parse_quote!(#ty));
    }
    // It may follow from another error.
    if errors.is_empty() {
        errors.push(syn::Error::new(
            first.span,
            "cannot infer what this flow ends with: declare it in the first line, `flow -> Output;`",
        ));
    }
    None
}

/// The trait that checks a value that arrives at `end`.
pub(super) fn ends_trait(is_declared: bool) -> &'static str {
    if is_declared { "Ends" } else { "EndsAlike" }
}
