//! What goes from stage to stage: its types, as far as they have a name, and the checks that each
//! handler takes what arrives.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, Path, Type, Visibility, parse_quote};

use crate::errors::{Errors, text};
use crate::flow::expand::payload;
use crate::flow::header::Header;
use crate::flow::parse::{Flow, Trigger};
use crate::flow::route::{Route, Stage};

/// What was found out about the values of a flow.
pub(super) struct Values<'a> {
    pub(super) checks: TokenStream,
    /// What the flow ends with.
    pub(super) output: Type,
    /// It is said, or there is an `end`.
    pub(super) has_output: bool,
    /// It is neither said nor to be found out, which is an error.
    pub(super) no_output: bool,
    /// The handlers that are last, each once: nothing takes what they return.
    last: Vec<&'a Path>,
}

/// What arrives at a stage.
#[derive(Clone)]
enum Arriving {
    Event(Path),
    Value(TokenStream),
    /// What a pattern binds, for example: rustc knows its type. (The code asks there, see `code`.)
    Unnamed,
}

struct Walk<'a> {
    takes: Vec<TokenStream>,
    ends: Vec<(Option<TokenStream>, Span)>,
    last: Vec<&'a Path>,
    /// Only what comes first is to be checked: the rest was, with the same clause for another event.
    repeats: bool,
}

impl<'a> Values<'a> {
    pub(super) fn new(flow: &'a Flow, errors: &mut Errors) -> Self {
        let mut walk = Walk {
            takes: Vec::new(),
            ends: Vec::new(),
            last: Vec::new(),
            repeats: false,
        };
        for clause in &flow.clauses {
            let arriving = match &clause.trigger {
                Trigger::Event(event) => Arriving::Event(event.clone()),
                _ => Arriving::Value(payload(flow, clause).into_token_stream()),
            };
            walk.repeats = clause.repeats;
            walk.route(&clause.route, arriving, true);
        }
        let said = flow
            .header
            .as_ref()
            .and_then(|header| header.output.clone());
        let has_output = said.is_some() || !walk.ends.is_empty();
        let is_said = said.is_some();
        let found = if is_said {
            said
        } else {
            walk.output(flow.header.as_ref(), errors)
        };
        let no_output = found.is_none();
        let output = found.unwrap_or_else(|| parse_quote!(()));
        let ends = walk.ends.iter().enumerate();
        let ends = ends.filter_map(|(index, (ty, span))| {
            let ty = ty.as_ref().filter(|_| !no_output)?;
            // rustc points to the type, which is not written here.
            let alias = Ident::new(&format!("__End{index}"), *span);
            let (ends, fits) = (
                Ident::new(ends_trait(is_said), *span),
                Ident::new("OK", *span),
            );
            Some(quote_spanned! {*span=>
                type #alias = #ty;
                let () = <#alias as ::flow_core::__private::#ends<#output>>::#fits;
            })
        });
        let ends: Vec<_> = ends.collect();
        let mut values = Self {
            checks: TokenStream::new(),
            output,
            has_output,
            no_output,
            last: Vec::new(),
        };
        let mut seen = HashSet::new();
        walk.last
            .retain(|handler| seen.insert(handler.to_token_stream().to_string()));
        values.last = walk.last;
        let unused = values.unused();
        let takes = &walk.takes;
        values.checks = quote! {
            const _: () = {
                #(#takes)*
                #(#ends)*
                #unused
            };
        };
        values
    }

    fn unused(&self) -> TokenStream {
        let checks = self.last.iter().enumerate().map(|(index, handler)| {
            // As an argument, a function without `#[handler]` would be a second error; an alias is
            // not.
            let alias = Ident::new(&format!("__Handler{index}"), handler.span());
            let check = quote_spanned! {handler.span()=>
                let () = <<#handler as ::flow_core::Handler>::Value
                    as ::flow_core::__private::Unused<#alias>>::OK;
            };
            quote! {
                type #alias = #handler;
                #check
            }
        });
        checks.collect()
    }
}

impl<'a> Walk<'a> {
    /// `last`: nothing takes what comes out.
    fn route(&mut self, route: &'a Route, mut arriving: Arriving, last: bool) {
        for (index, stage) in route.stages.iter().enumerate() {
            let last = last && index + 1 == route.stages.len();
            arriving = self.stage(stage, &arriving, last);
        }
    }

    fn stage(&mut self, stage: &'a Stage, arriving: &Arriving, last: bool) -> Arriving {
        match stage {
            Stage::Handler(handler) => {
                self.takes(handler, arriving);
                if last {
                    self.last.push(handler);
                }
            }
            Stage::Join { branches, .. } => {
                for branch in branches {
                    self.route(branch, arriving.clone(), last);
                }
            }
            // The type of an item has a name only if what arrives has items: a second error if not.
            Stage::Each { route, .. } => self.route(route, Arriving::Unnamed, last),
            Stage::Match { arms, .. } => {
                for arm in arms {
                    self.route(&arm.route, Arriving::Unnamed, last);
                }
            }
            Stage::If {
                then, otherwise, ..
            } => {
                self.route(then, arriving.clone(), last);
                self.route(otherwise, arriving.clone(), last);
            }
            Stage::End(keyword) if !self.repeats => {
                self.ends.push((arriving.named(), keyword.span()));
            }
            Stage::End(_) | Stage::Ignore(_) | Stage::Ask(_) => {}
        }
        let out = comes_out(stage, arriving.named().as_ref());
        out.map_or(Arriving::Unnamed, Arriving::Value)
    }

    fn takes(&mut self, handler: &Path, arriving: &Arriving) {
        let itself = itself(handler);
        match arriving {
            Arriving::Event(event) => self
                .takes
                .push(quote!(let () = <#itself as ::flow_core::__private::On<#event>>::OK;)),
            Arriving::Value(ty) if !self.repeats => self
                .takes
                .push(quote!(let () = <#itself as ::flow_core::__private::Takes<#ty>>::OK;)),
            Arriving::Value(_) | Arriving::Unnamed => {}
        }
    }

    /// What the first `end` is reached with.
    fn output(&self, header: Option<&Header>, errors: &mut Errors) -> Option<Type> {
        let Some((_, span)) = self.ends.first() else {
            return Some(parse_quote!(()));
        };
        // What a handler returns is named by way of the handler, which others may not see.
        let public = header.filter(|header| !matches!(header.vis, Visibility::Inherited));
        if let Some(Header { vis, name, .. }) = public {
            let (vis, name) = (text(vis), name.as_ref().map(ToString::to_string));
            let name = name.unwrap_or_default();
            errors.push(syn::Error::new(
                *span,
                format!(
                    "say what the flow ends with, since others see it: `{vis} flow {name} -> Output;`"
                ),
            ));
            return None;
        }
        let known = self.ends.iter().find_map(|(ty, _)| ty.as_ref());
        if let Some(ty) = known {
            return Some(parse_quote!(#ty));
        }
        errors.push(syn::Error::new(
            *span,
            "say what the flow ends with, in its first line: `flow -> Output;`",
        ));
        None
    }
}

impl Arriving {
    /// Its type, if it has a name.
    fn named(&self) -> Option<TokenStream> {
        match self {
            Self::Event(event) => Some(event.to_token_stream()),
            Self::Value(ty) => Some(ty.clone()),
            Self::Unnamed => None,
        }
    }
}

/// The handler, as it is asked what it can do: see `Handler::Itself`.
pub(super) fn itself(handler: &Path) -> TokenStream {
    of_handler(handler, "Itself")
}

/// `<handler as Handler>::what`. rustc points to all of the path, wherever it needs a handler: so of
/// another type it says that once.
pub(super) fn of_handler(handler: &Path, what: &str) -> TokenStream {
    let first = handler.span();
    let last = handler.segments.last().map_or(first, Spanned::span);
    let (open, what) = (quote_spanned!(first=> <), Ident::new(what, last));
    let close = quote_spanned!(last=> as ::flow_core::Handler>::#what);
    quote!(#open #handler #close)
}

/// The type of what comes out of a stage, if it has a name.
pub(super) fn comes_out(stage: &Stage, arriving: Option<&TokenStream>) -> Option<TokenStream> {
    match stage {
        Stage::Handler(handler) => Some(of_handler(handler, "Value")),
        Stage::Join { branches, .. } => {
            let values = branches.iter().map(|branch| out_of(branch, arriving));
            let values = values.collect::<Option<Vec<_>>>()?;
            Some(quote!((#(#values,)*)))
        }
        Stage::Each { keyword, route, .. } => {
            let item = arriving.map(|ty| one_of(ty, keyword.span()));
            let value = out_of(route, item.as_ref())?;
            Some(quote!(::flow_core::__private::Vec<#value>))
        }
        Stage::Match { arms, .. } => {
            let open = arms.iter().filter(|arm| !arm.route.is_closed());
            open.map(|arm| out_of(&arm.route, None))
                .find(Option::is_some)?
        }
        Stage::Ignore(_) => Some(quote!(())),
        Stage::If { .. } | Stage::End(_) | Stage::Ask(_) => None,
    }
}

fn out_of(route: &Route, arriving: Option<&TokenStream>) -> Option<TokenStream> {
    let arriving = arriving.cloned();
    route.stages.iter().fold(arriving, |arriving, stage| {
        comes_out(stage, arriving.as_ref())
    })
}

/// The type of what `each` takes out of a value.
pub(super) fn one_of(many: &TokenStream, each: Span) -> TokenStream {
    quote_spanned!(each=> <#many as ::flow_core::__private::Many>::Item)
}

/// What is asked of a value that arrives at `end`.
pub(super) fn ends_trait(is_said: bool) -> &'static str {
    if is_said { "Ends" } else { "EndsAlike" }
}
