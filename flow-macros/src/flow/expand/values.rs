//! What the flow ends with, and the checks that each handler takes what arrives.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type, Visibility, parse_quote};

use crate::errors::Errors;
use crate::flow::expand::names::{itself, of_handler};
use crate::flow::expand::typed::{Arriving, TypedRoute};
use crate::flow::route::Stage;
use crate::flow::tree::{Flow, Header};
use crate::spans::{after, over};
use crate::written::{key, written};

/// What was found out about the values of a flow.
pub(super) struct Values {
    pub(super) checks: TokenStream,
    /// What the flow ends with.
    pub(super) output: Type,
    /// It is declared, or there is an `end`.
    pub(super) has_output: bool,
    /// It is neither declared nor to be found out, which is an error.
    pub(super) no_output: bool,
}

/// An `end`: the type that it is reached with, if it has a name, and where it is.
struct End {
    value: Option<TokenStream>,
    span: Span,
}

impl Values {
    pub(super) fn new(flow: &Flow, routes: &[TypedRoute<'_>], errors: &mut Errors) -> Self {
        let mut takes = Vec::new();
        let mut ends = Vec::new();
        let mut last = Vec::new();
        for (clause, route) in flow.clauses.iter().zip(routes) {
            route.walk(&mut |stage| match stage.stage {
                Stage::Handler(handler) => {
                    takes.extend(takes_check(handler, &stage.arriving, clause.repeats));
                    if stage.is_last {
                        last.push(handler);
                    }
                }
                Stage::End(keyword) if !clause.repeats => ends.push(End {
                    value: stage.arriving.checked(),
                    span: keyword.span(),
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
        let unused = unused_checks(&last);
        Self {
            checks: quote! {
                const _: () = {
                    #(#takes)*
                    #(#end_checks)*
                    #unused
                };
            },
            output,
            has_output: declared.is_some() || !ends.is_empty(),
            no_output,
        }
    }
}

/// Asks whether the handler takes what arrives. `repeats`: the same clause was asked for another
/// event, so only the event is new.
fn takes_check(handler: &Path, arriving: &Arriving, repeats: bool) -> Option<TokenStream> {
    let itself = itself(handler);
    match arriving {
        Arriving::Event(event) => {
            Some(quote!(let () = <#itself as ::flow_core::__private::On<#event>>::OK;))
        }
        Arriving::Value(ty) if !repeats => {
            Some(quote!(let () = <#itself as ::flow_core::__private::Takes<#ty>>::OK;))
        }
        Arriving::Value(_) | Arriving::Item(_) | Arriving::Unnamed => None,
    }
}

/// Asks whether each `end` is reached with what the flow ends with.
fn end_checks(ends: &[End], output: &Type, is_declared: bool) -> Vec<TokenStream> {
    let checks = ends.iter().enumerate().filter_map(|(index, end)| {
        let (ty, span) = (end.value.as_ref()?, end.span);
        // rustc points to the type, which is not written here.
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

/// Asks of the handlers that are last, each once, whether what they return may be dropped.
fn unused_checks(last: &[&Path]) -> TokenStream {
    let mut seen = HashSet::new();
    let handlers = last.iter().filter(|handler| seen.insert(key(handler)));
    let checks = handlers.enumerate().map(|(index, handler)| {
        // As an argument, a function without `#[handler]` would be a second error; an alias is
        // not.
        let alias = Ident::new(&format!("__Handler{index}"), after(handler.span()));
        let value = of_handler(handler, "Value");
        let check = over(
            handler.span(),
            |at| quote_spanned!(at=> <#value as ::flow_core::__private::MayBeDropped<#alias>>::OK),
        );
        quote! {
            type #alias = #handler;
            let () = #check;
        }
    });
    checks.collect()
}

/// What the first `end` with a type of a name is reached with.
fn output(ends: &[End], header: Option<&Header>, errors: &mut Errors) -> Option<Type> {
    let Some(first) = ends.first() else {
        return Some(parse_quote!(()));
    };
    // What a handler returns is named by way of the handler, which others may not see.
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
    errors.push(syn::Error::new(
        first.span,
        "cannot infer what this flow ends with: declare it in the first line, `flow -> Output;`",
    ));
    None
}

/// What is asked of a value that arrives at `end`.
pub(super) fn ends_trait(is_declared: bool) -> &'static str {
    if is_declared { "Ends" } else { "EndsAlike" }
}
