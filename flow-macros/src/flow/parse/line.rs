//! The text up to a `;`, with methods that parse the parts that clauses have in common.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Ident, LitInt, Path, Token, Type, parenthesized, token};

use crate::duration::duration;
use crate::errors::Errors;
use crate::flow::asks::{ASK_STAGE, AskStage, RescuedAsk};
use crate::flow::parse::meant;
use crate::flow::parse::words::KEYWORDS;
use crate::flow::tree::Words;
use crate::limit::{Limited, Value};

/// The message for an event or a handler with parentheses.
pub(super) const ALONE: &str =
    "expected a name without parentheses: the value is passed on automatically";

const NO_SEMICOLON: &str = "expected `;` before this";

const PLAIN: &str = "an event or a handler cannot be generic: write a plain path";

/// The rest of a clause that is being parsed. The file of each kind of clause adds its methods.
pub(super) struct Line {
    /// Its last token, where a missing part is reported.
    last: Option<Span>,
    /// The paths read so far.
    pub(super) words: Words,
    /// The errors that leave the clause what it is.
    pub(super) late: Errors,
    /// It has a `->`.
    pub(super) has_route: bool,
    /// The clause is misspelt and not whole.
    pub(super) half_typed: bool,
    /// The stages that ask, and how many come before those of this line.
    pub(super) asks: Vec<AskStage>,
    pub(super) rescued_asks: Vec<RescuedAsk>,
    pub(super) asked_before: usize,
}

impl Line {
    pub(super) fn new(tokens: &TokenStream) -> Self {
        let last = tokens.clone().into_iter().last();
        Self {
            last: last.map(|token| token.span()),
            words: Words::default(),
            late: Errors::default(),
            has_route: false,
            half_typed: false,
            asks: Vec::new(),
            rescued_asks: Vec::new(),
            asked_before: 0,
        }
    }

    /// The path of an event.
    pub(super) fn event(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Path> {
        let path = self.path(input, what, form)?;
        self.words.events.push(path.clone());
        plain(input, path)
    }

    /// The path of a handler.
    pub(super) fn handler(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Path> {
        let path = self.path(input, what, form)?;
        self.words.handlers.push(path.clone());
        plain(input, path)
    }

    fn path(&self, input: ParseStream<'_>, what: &str, form: &str) -> syn::Result<Path> {
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        let with_arguments = input.fork().parse::<Path>().is_ok();
        input.call(Path::parse_mod_style).map_err(|_| {
            let message = format!("expected {what}: `{form}`");
            syn::Error::new(at, if with_arguments { PLAIN } else { &message })
        })
    }

    /// An event at the end of a line.
    pub(super) fn last_event(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Path> {
        let event = self.event(input, "an event", form)?;
        if input.peek(token::Paren) {
            return Err(syn::Error::new(event.span(), ALONE));
        }
        if input.peek(Token![,]) {
            let message = "a clause declares one event: write one for each, `ignore A; ignore B;`";
            return Err(input.error(message));
        }
        self.end(input)?;
        Ok(event)
    }

    pub(super) fn ty(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Type> {
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        let ty = input
            .parse()
            .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form}`")))?;
        Ok(self.complete(ty))
    }

    /// The type that a clause declares.
    pub(super) fn declared(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Type> {
        let ty = self.ty(input, what, form)?;
        if let Some(advice) = meant::by_declared(&ty) {
            return Err(syn::Error::new_spanned(&ty, advice));
        }
        meant::by_type(input).map_or(Ok(ty), |advice| Err(input.error(advice)))
    }

    /// A type at the end of a line.
    pub(super) fn last_type(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Type> {
        let ty = self.declared(input, what, form)?;
        self.end_of_type(input);
        Ok(ty)
    }

    /// A duration at the end of a line.
    pub(super) fn duration(
        &mut self,
        input: ParseStream<'_>,
        form: &str,
    ) -> syn::Result<Value<Duration>> {
        if input.is_empty() {
            return Err(self.missing("a duration", form));
        }
        let duration = duration(input, form)?;
        self.end(input)?;
        Ok(duration)
    }

    /// A number of `what` at the end of a line.
    pub(super) fn count<T: Limited + Default + PartialEq + FromStr<Err: fmt::Display>>(
        &mut self,
        input: ParseStream<'_>,
        keyword: &Ident,
        what: &str,
        form: &str,
    ) -> syn::Result<Value<T>> {
        if input.is_empty() {
            return Err(self.missing(&format!("a number of {what}"), form));
        }
        let at = input.span();
        let count = Value::parse(input, |input| {
            let number = input
                .parse()
                .and_then(|number: LitInt| number.base10_parse::<T>());
            let number = number.map_err(|_| {
                syn::Error::new(at, format!("expected a number of {what}: `{form}`"))
            })?;
            if number == T::default() {
                return Err(syn::Error::new(
                    at,
                    format!("`{keyword}` must be greater than zero, for example `{form}`"),
                ));
            }
            Ok(number)
        })?;
        self.end(input)?;
        Ok(count)
    }

    /// `(Input)`, if it is there.
    pub(super) fn start_input(
        &mut self,
        input: ParseStream<'_>,
        form: &str,
    ) -> syn::Result<Option<Box<Type>>> {
        if !input.peek(token::Paren) {
            return meant::by_start(input).map_or(Ok(None), |advice| Err(input.error(advice)));
        }
        let inner;
        let paren = parenthesized!(inner in input);
        if inner.is_empty() {
            return Ok(None);
        }
        if inner.peek(Ident) && inner.peek2(Token![:]) && !inner.peek2(Token![::]) {
            let name: Ident = inner.parse()?;
            let message = format!("the input has a type and no name: `{form}`");
            self.late.push(syn::Error::new(name.span(), message));
            inner.parse::<Token![:]>()?;
        }
        let ty = inner.parse().map_err(|_| {
            syn::Error::new(
                paren.span.join(),
                format!("expected the type of the input: `{form}`"),
            )
        })?;
        let ty = self.complete(ty);
        if inner.is_empty() {
            Ok(Some(Box::new(ty)))
        } else {
            Err(inner.error("an execution has one input: combine several in a struct or a tuple"))
        }
    }

    /// The clause ends here. It is whole if another clause follows.
    pub(super) fn end(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![else]) && !self.asks.is_empty() {
            return Err(input.error(format!(
                "the handler that answers instead follows this `else` without an arrow: `{ASK_STAGE}`"
            )));
        }
        if input.peek(Token![else]) {
            return Err(input.error("`else` must follow a condition: `when A if … -> a else -> b`"));
        }
        if input.peek(Token![->]) {
            return Err(input.error("this clause has no route: remove the `->` and what follows"));
        }
        if !input.is_empty() && !at_clause(input) {
            let advice = meant::by_end_of_route(input).filter(|_| self.has_route);
            let missing = if self.has_route {
                "expected `->` or `;` before this"
            } else {
                NO_SEMICOLON
            };
            return Err(input.error(advice.unwrap_or(missing)));
        }
        self.end_of_type(input);
        Ok(())
    }

    /// The clause ends here, with a type. What follows does not change it.
    pub(super) fn end_of_type(&mut self, input: ParseStream<'_>) {
        if !input.is_empty() {
            self.late.push(input.error(NO_SEMICOLON));
        }
    }

    /// Reports `Trait +`, which is a type where nothing follows, but not in `<Trait + as …>`, and
    /// removes the `+`.
    fn complete(&mut self, mut ty: Type) -> Type {
        let bounds = match &mut ty {
            Type::TraitObject(object) => &mut object.bounds,
            Type::ImplTrait(opaque) => &mut opaque.bounds,
            _ => return ty,
        };
        if let Some(plus) = bounds.pop_punct() {
            self.late.push(syn::Error::new(
                plus.span(),
                "a bound is missing after this `+`: add it, or remove the `+`",
            ));
        }
        ty
    }

    /// An error at the end of the line; rustc would point to the whole macro call.
    pub(super) fn missing(&self, what: &str, form: &str) -> syn::Error {
        let last = self.last.unwrap_or_else(Span::call_site);
        syn::Error::new(last, format!("expected {what} after this: `{form}`"))
    }
}

/// A path without arguments.
fn plain(input: ParseStream<'_>, path: Path) -> syn::Result<Path> {
    if input.peek(Token![<]) || input.peek(Token![::]) {
        return Err(input.error(PLAIN));
    }
    Ok(path)
}

/// Whether an `else` follows that belongs to the stage before it, and not to the clause.
pub(super) fn is_of_stage(input: ParseStream<'_>) -> bool {
    input.peek(Token![else]) && !input.peek2(Token![->]) && !input.peek2(Token![if])
}

/// Whether a word follows that begins a clause.
pub(super) fn at_clause(input: ParseStream<'_>) -> bool {
    let next = input.fork().call(Ident::parse_any);
    next.is_ok_and(|next| KEYWORDS.contains(&next.to_string().as_str()))
}
