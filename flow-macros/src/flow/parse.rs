//! The clauses. Each ends at a `;`, so that a broken one costs none of the others.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Ident, Path, Token, Type, parenthesized, token};

use crate::errors::{Errors, after, did_you_mean};

const KEYWORDS: &[&str] = &["start", "when", "streams", "with", "external", "ignore"];

/// A whole flow, as it is written.
#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) streams: Vec<Type>,
    pub(crate) resources: Vec<Type>,
    pub(crate) external: Vec<Path>,
    pub(crate) ignored: Vec<Path>,
}

/// `start -> handler` or `when Event -> handler`
pub(crate) struct Clause {
    /// `start` or `when`.
    pub(crate) keyword: Ident,
    pub(crate) trigger: Trigger,
    pub(crate) handler: Path,
}

pub(crate) enum Trigger {
    /// With the type of the input, if it is not `()`.
    Start(Option<Box<Type>>),
    Event(Path),
}

pub(crate) fn flow(input: TokenStream, errors: &mut Errors) -> Flow {
    let mut flow = Flow::default();
    for tokens in split_at_semicolons(input) {
        let last = tokens.clone().into_iter().last().map(|token| token.span());
        let parsed = (|input: ParseStream<'_>| line(input, last, &mut flow)).parse2(tokens);
        errors.note(parsed);
    }
    flow
}

/// Brackets are one token tree each, so every `;` here ends a clause.
fn split_at_semicolons(input: TokenStream) -> Vec<TokenStream> {
    let mut lines = vec![Vec::new()];
    for token in input {
        match (&token, lines.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ';' => lines.push(Vec::new()),
            (_, Some(line)) => line.push(token),
            (_, None) => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
        .into_iter()
        .map(|line| line.into_iter().collect())
        .collect()
}

fn line(input: ParseStream<'_>, last: Option<Span>, flow: &mut Flow) -> syn::Result<()> {
    let start = input.span();
    let Ok(keyword) = input.call(Ident::parse_any) else {
        return Err(syn::Error::new(
            start,
            "a clause begins with `start`, `when`, `streams`, `with`, `external` or `ignore`",
        ));
    };
    match keyword.to_string().as_str() {
        "start" => {
            let input_type = if input.peek(token::Paren) {
                let inner;
                let paren = parenthesized!(inner in input);
                if inner.is_empty() {
                    None
                } else {
                    let ty = inner.parse().map_err(|_| {
                        syn::Error::new(paren.span.join(), "expected the type of the input")
                    })?;
                    end(&inner, "the input is one type")?;
                    Some(Box::new(ty))
                }
            } else {
                None
            };
            let handler = target(input, last, "start -> handler")?;
            flow.clauses.push(Clause {
                keyword,
                trigger: Trigger::Start(input_type),
                handler,
            });
        }
        "when" => {
            let event = path(
                input,
                last,
                "the event that this clause waits for",
                "when Event -> handler",
            )?;
            for (operator, text) in [(input.peek(Token![|]), "|"), (input.peek(Token![&]), "&")] {
                if operator {
                    return Err(input.error(format!(
                        "a clause waits for one event: write two clauses instead of `{text}`"
                    )));
                }
            }
            let handler = target(input, last, "when Event -> handler")?;
            flow.clauses.push(Clause {
                keyword,
                trigger: Trigger::Event(event),
                handler,
            });
        }
        "streams" => flow
            .streams
            .push(item(input, last, "the type of the items", "streams Item")?),
        "with" => flow.resources.push(item(
            input,
            last,
            "the type of the resource",
            "with Resource",
        )?),
        "external" => flow.external.push(event(input, last, "external Event")?),
        "ignore" => flow.ignored.push(event(input, last, "ignore Event")?),
        other => {
            let hint = match did_you_mean(other, KEYWORDS) {
                hint if hint.is_empty() => {
                    ": a clause begins with `start`, `when`, `streams`, `with`, `external` or `ignore`".to_owned()
                }
                hint => hint,
            };
            return Err(syn::Error::new(
                keyword.span(),
                format!("`{other}` begins no clause{hint}"),
            ));
        }
    }
    Ok(())
}

/// `-> handler`, and nothing after it.
fn target(input: ParseStream<'_>, last: Option<Span>, form: &str) -> syn::Result<Path> {
    if input.is_empty() {
        return Err(after(
            last,
            &format!("expected `-> handler` after this: `{form}`"),
        ));
    }
    if !input.peek(Token![->]) {
        if input.peek(Token![=>]) {
            return Err(input.error("a clause has a thin arrow: `->`"));
        }
        return Err(input.error(format!("expected `->` before this: `{form}`")));
    }
    input.parse::<Token![->]>()?;
    let handler = path(input, last, "a handler", form)?;
    if input.peek(Token![->]) {
        return Err(input.error(
            "a clause ends at its handler: let the handler emit an event, and take that one with `when`",
        ));
    }
    end(input, "expected `;` before this")?;
    Ok(handler)
}

fn event(input: ParseStream<'_>, last: Option<Span>, form: &str) -> syn::Result<Path> {
    let event = path(input, last, "an event", form)?;
    end(input, "expected `;` before this")?;
    Ok(event)
}

fn item(input: ParseStream<'_>, last: Option<Span>, what: &str, form: &str) -> syn::Result<Type> {
    if input.is_empty() {
        return Err(after(
            last,
            &format!("expected {what} after this: `{form};`"),
        ));
    }
    let at = input.span();
    let ty = input
        .parse()
        .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form};`")))?;
    end(input, "expected `;` before this")?;
    Ok(ty)
}

fn path(input: ParseStream<'_>, last: Option<Span>, what: &str, form: &str) -> syn::Result<Path> {
    if input.is_empty() {
        return Err(after(
            last,
            &format!("expected {what} after this: `{form}`"),
        ));
    }
    let at = input.span();
    let path = input
        .call(Path::parse_mod_style)
        .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form}`")))?;
    if input.peek(Token![<]) || input.peek(Token![::]) {
        return Err(input.error("neither events nor handlers are generic: expected a plain path"));
    }
    if input.peek(token::Paren) {
        return Err(syn::Error::new(
            path.span(),
            "name the type or function alone, without parentheses",
        ));
    }
    Ok(path)
}

fn end(input: ParseStream<'_>, message: &str) -> syn::Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error(message))
    }
}
