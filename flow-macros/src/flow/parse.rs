//! The clauses. Each ends at a `;`, so that a broken one costs none of the others.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, Path, Token, Type, Visibility, parenthesized, token};

use crate::errors::{Errors, did_you_mean};
use crate::flow::route::Route;

const BEGIN: &str = "`start`, `when`, `rescue`, `streams`, `with`, `state`, `external` or `ignore`";
const KEYWORDS: &[&str] = &[
    "start", "when", "rescue", "streams", "with", "state", "external", "ignore",
];

/// A whole flow, as it is written.
#[derive(Default)]
pub(crate) struct Flow {
    pub(crate) header: Option<Header>,
    pub(crate) clauses: Vec<Clause>,
    pub(crate) streams: Vec<Type>,
    pub(crate) resources: Vec<Type>,
    pub(crate) states: Vec<State>,
    pub(crate) external: Vec<Path>,
    pub(crate) ignored: Vec<Path>,
    /// The paths in clauses that are in error: half typed, perhaps, and to be completed.
    pub(crate) half_typed: Vec<Path>,
}

/// `pub flow Chat(Question) -> Answer streams Token`
pub(crate) struct Header {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) name: Option<Ident>,
    pub(crate) input: Option<Type>,
    pub(crate) output: Option<Type>,
}

/// `state T` or `state T = make`
pub(crate) struct State {
    pub(crate) ty: Type,
    pub(crate) make: Option<Expr>,
}

/// `start -> a -> b`, `when Event -> a` or `rescue a -> b`
pub(crate) struct Clause {
    /// `start`, `when` or `rescue`.
    pub(crate) keyword: Ident,
    pub(crate) trigger: Trigger,
    pub(crate) route: Route,
    /// `when A | B -> …` is a clause for each event; this is not the first of them.
    pub(crate) repeats: bool,
}

pub(crate) enum Trigger {
    /// With the type of the input, if it is not `()`.
    Start(Option<Box<Type>>),
    Event(Path),
    /// `when A & B`
    All(Vec<Path>),
    /// A handler's errors, or those of all.
    Rescue(Option<Path>),
}

impl Trigger {
    /// What it waits for.
    pub(crate) fn events(&self) -> &[Path] {
        match self {
            Self::Event(event) => std::slice::from_ref(event),
            Self::All(events) => events,
            Self::Start(_) | Self::Rescue(_) => &[],
        }
    }
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
pub(crate) struct Line {
    /// Its last token, where something may be missing.
    last: Option<Span>,
    /// The paths read so far.
    paths: Vec<Path>,
}

impl Line {
    fn parse(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        const START: &str = "start -> handler";
        const RESCUE: &str = "rescue handler -> handler";
        if is_header(input) {
            return self.header(input, flow);
        }
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
                let route = self.arrow_and_route(input, START)?;
                end(input)?;
                flow.clauses.push(Clause {
                    keyword,
                    trigger,
                    route,
                    repeats: false,
                });
            }
            "when" => self.when(input, keyword, flow)?,
            "rescue" => {
                let handler = if input.peek(Token![->]) {
                    None
                } else {
                    Some(self.path(input, "the handler whose errors are rescued", RESCUE)?)
                };
                let route = self.arrow_and_route(input, RESCUE)?;
                end(input)?;
                flow.clauses.push(Clause {
                    keyword,
                    trigger: Trigger::Rescue(handler),
                    route,
                    repeats: false,
                });
            }
            "state" => {
                let state = self.state(input)?;
                flow.states.push(state);
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

    fn when(&mut self, input: ParseStream<'_>, keyword: Ident, flow: &mut Flow) -> syn::Result<()> {
        const WHEN: &str = "when Event -> handler";
        const WAITS: &str = "the event that this clause waits for";
        let mut events = vec![self.path(input, WAITS, WHEN)?];
        let pattern = Self::pattern(input, &events[0])?;
        let (any, all) = (input.peek(Token![|]), input.peek(Token![&]));
        if pattern.is_some() && (any || all) {
            return Err(input.error("a clause that looks into its event waits for one"));
        }
        while input.peek(Token![|]) || input.peek(Token![&]) {
            if any != input.peek(Token![|]) {
                return Err(input.error(
                    "a clause waits for one of several (`A | B`) or for all of them (`A & B`), \
                     not for both at once",
                ));
            }
            input.parse::<TokenTree>()?;
            events.push(self.path(input, WAITS, WHEN)?);
        }
        let route = if input.peek(Token![if]) {
            if any || all {
                return Err(input.error("a clause with an `if` waits for one event"));
            }
            Route {
                stages: vec![self.condition(input, pattern)?],
            }
        } else if pattern.is_some() {
            return Err(syn::Error::new(
                events[0].span(),
                "name it alone, without parentheses: what it carries goes by itself \
                 (only an `if` looks into it)",
            ));
        } else {
            self.arrow_and_route(input, WHEN)?
        };
        end(input)?;
        if all {
            flow.clauses.push(Clause {
                keyword,
                trigger: Trigger::All(events),
                route,
                repeats: false,
            });
            return Ok(());
        }
        for (index, event) in events.into_iter().enumerate() {
            flow.clauses.push(Clause {
                keyword: keyword.clone(),
                trigger: Trigger::Event(event),
                route: route.clone(),
                repeats: index > 0,
            });
        }
        Ok(())
    }

    fn state(&mut self, input: ParseStream<'_>) -> syn::Result<State> {
        const FORM: &str = "state Type = make";
        if input.is_empty() {
            return Err(self.missing("the type of the state", FORM));
        }
        let at = input.span();
        let ty = input.parse().map_err(|_| {
            syn::Error::new(at, format!("expected the type of the state: `{FORM}`"))
        })?;
        let make = if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() {
                return Err(self.missing("a function that makes it from the input", FORM));
            }
            Some(input.parse()?)
        } else {
            None
        };
        end(input)?;
        Ok(State { ty, make })
    }

    /// `pub flow Chat(Question) -> Answer streams Token`
    fn header(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        const FORM: &str = "flow Name(Input) -> Output streams Item";
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let keyword = input.call(Ident::parse_any)?;
        if flow.header.is_some() || !flow.clauses.is_empty() {
            return Err(syn::Error::new(
                keyword.span(),
                "a flow has one name, and it stands at the beginning",
            ));
        }
        let streams = |input: ParseStream<'_>| {
            input
                .fork()
                .call(Ident::parse_any)
                .is_ok_and(|word| word == "streams")
        };
        let name = if input.peek(Ident) && !streams(input) {
            Some(input.parse()?)
        } else {
            None
        };
        let start = start_input(input)?.map(|ty| *ty);
        let output = if input.parse::<Option<Token![->]>>()?.is_some() {
            if input.is_empty() {
                return Err(self.missing("the type that the flow ends with", FORM));
            }
            Some(input.parse()?)
        } else {
            None
        };
        if streams(input) {
            input.call(Ident::parse_any)?;
            let ty = self.ty(input, "the type of the items", FORM)?;
            flow.streams.push(ty);
        }
        flow.header = Some(Header {
            attrs,
            vis,
            name,
            input: start,
            output,
        });
        end(input)
    }

    fn event(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Path> {
        let event = self.path(input, "an event", form)?;
        if input.peek(token::Paren) {
            return Err(syn::Error::new(event.span(), ALONE));
        }
        end(input)?;
        Ok(event)
    }

    pub(crate) fn path(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Path> {
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
    pub(crate) fn missing(&self, what: &str, form: &str) -> syn::Error {
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

pub(crate) const ALONE: &str = "name it alone, without parentheses: what it carries goes by itself";

/// Whether this is the line that names the flow: `flow`, behind a doc comment and `pub`.
fn is_header(input: ParseStream<'_>) -> bool {
    let fork = input.fork();
    let keyword = (|| {
        fork.call(Attribute::parse_outer)?;
        fork.parse::<Visibility>()?;
        fork.call(Ident::parse_any)
    })();
    keyword.is_ok_and(|keyword| keyword == "flow")
}

/// The clause ends here.
fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("expected `;` before this"))
    }
}
