//! The clauses. Each ends at a `;`, so that a broken one costs none of the others.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Ident, Path, Token, Type, parenthesized, token};

use crate::errors::{Errors, did_you_mean};

const BEGIN: &str = "`start`, `when`, `streams`, `with`, `external` or `ignore`";
const KEYWORDS: &[&str] = &["start", "when", "streams", "with", "external", "ignore"];

/// A whole flow, as it is written.
#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) streams: Vec<Type>,
    pub(crate) resources: Vec<Type>,
    pub(crate) external: Vec<Path>,
    pub(crate) ignored: Vec<Path>,
    /// The paths in clauses that are in error: half typed, perhaps, and to be completed.
    pub(crate) half_typed: Vec<Path>,
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
        let mut line = Line {
            last,
            paths: Vec::new(),
        };
        let parsed = (|input: ParseStream<'_>| line.parse(input, &mut flow)).parse2(tokens);
        if errors.note(parsed).is_none() {
            flow.half_typed.append(&mut line.paths);
        }
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

/// A clause while it is parsed.
struct Line {
    /// Its last token, where something may be missing.
    last: Option<Span>,
    /// The paths read so far.
    paths: Vec<Path>,
}

impl Line {
    fn parse(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        const START: &str = "start -> handler";
        const WHEN: &str = "when Event -> handler";
        let start = input.span();
        let Ok(keyword) = input.call(Ident::parse_any) else {
            return Err(syn::Error::new(
                start,
                format!("a clause begins with {BEGIN}"),
            ));
        };
        match keyword.to_string().as_str() {
            "start" => {
                let trigger = Trigger::Start(start_input(input)?);
                let handler = self.target(input, START)?;
                flow.clauses.push(Clause {
                    keyword,
                    trigger,
                    handler,
                });
            }
            "when" => {
                let event = self.path(input, "the event that this clause waits for", WHEN)?;
                if input.peek(Token![|]) || input.peek(Token![&]) {
                    return Err(
                        input.error("a clause waits for one event: write a clause for each")
                    );
                }
                let handler = self.target(input, WHEN)?;
                flow.clauses.push(Clause {
                    keyword,
                    trigger: Trigger::Event(event),
                    handler,
                });
            }
            "streams" => {
                let ty = self.ty(input, "the type of the items", "streams Item")?;
                flow.streams.push(ty);
            }
            "with" => {
                let ty = self.ty(input, "the type of the resource", "with Resource")?;
                flow.resources.push(ty);
            }
            "external" => flow.external.push(self.event(input, "external Event")?),
            "ignore" => flow.ignored.push(self.event(input, "ignore Event")?),
            other => {
                let hint = match did_you_mean(other, KEYWORDS) {
                    hint if hint.is_empty() => format!(": it begins with {BEGIN}"),
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
    fn target(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Path> {
        if input.is_empty() {
            return Err(self.missing("`-> handler`", form));
        }
        if !input.peek(Token![->]) {
            if input.peek(Token![=>]) {
                return Err(input.error("a clause has a thin arrow: `->`"));
            }
            return Err(input.error(format!("expected `->` before this: `{form}`")));
        }
        input.parse::<Token![->]>()?;
        let handler = self.path(input, "a handler", form)?;
        if input.peek(Token![->]) {
            return Err(input.error(
                "a clause ends at its handler: \
                 let it emit an event, and take that one with a `when` of its own",
            ));
        }
        end(input)?;
        Ok(handler)
    }

    fn event(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Path> {
        let event = self.path(input, "an event", form)?;
        end(input)?;
        Ok(event)
    }

    fn path(&mut self, input: ParseStream<'_>, what: &str, form: &str) -> syn::Result<Path> {
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        let path = input
            .call(Path::parse_mod_style)
            .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form}`")))?;
        self.paths.push(path.clone());
        if input.peek(Token![<]) || input.peek(Token![::]) {
            return Err(input.error("neither events nor handlers are generic: write a plain path"));
        }
        if input.peek(token::Paren) {
            return Err(syn::Error::new(
                path.span(),
                "name it alone, without parentheses: what it carries goes by itself",
            ));
        }
        Ok(path)
    }

    fn ty(&mut self, input: ParseStream<'_>, what: &str, form: &str) -> syn::Result<Type> {
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        let ty = input
            .parse()
            .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form}`")))?;
        end(input)?;
        Ok(ty)
    }

    /// At the end of what was written, since rustc would point to the whole macro call.
    fn missing(&self, what: &str, form: &str) -> syn::Error {
        let last = self.last.unwrap_or_else(Span::call_site);
        syn::Error::new(last, format!("expected {what} after this: `{form}`"))
    }
}

/// `(Input)`, if it is there.
fn start_input(input: ParseStream<'_>) -> syn::Result<Option<Box<Type>>> {
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let inner;
    let paren = parenthesized!(inner in input);
    if inner.is_empty() {
        return Ok(None);
    }
    let expected = "expected the type of the input: `start(Input) -> handler`";
    let ty = inner
        .parse()
        .map_err(|_| syn::Error::new(paren.span.join(), expected))?;
    if inner.is_empty() {
        Ok(Some(Box::new(ty)))
    } else {
        Err(inner.error("an execution has one input: make it a struct or a tuple"))
    }
}

/// The clause ends here.
fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("expected `;` before this"))
    }
}
