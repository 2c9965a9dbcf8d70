//! The clauses. Each ends at a `;`, so that a broken one costs none of the others.

use std::time::Duration;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, LitInt, Path, Token, Type, Visibility, token};

use crate::duration::duration;
use crate::errors::{Errors, did_you_mean, text};
use crate::flow::header::{HEADER, Header, is_header, start_input};
use crate::flow::route::{Ask, Route, Stage};

const BEGIN: &str = "`start`, `when`, `rescue`, `streams`, `with`, `state`, `external`, `ignore`, \
                     `ask`, `timeout`, `idle_timeout` or `max_events`";
const KEYWORDS: &[&str] = &[
    "start",
    "when",
    "ask",
    "rescue",
    "streams",
    "with",
    "state",
    "external",
    "ignore",
    "timeout",
    "idle_timeout",
    "max_events",
    "flow",
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
    pub(crate) timeout: Vec<Limit<Duration>>,
    pub(crate) idle_timeout: Vec<Limit<Duration>>,
    pub(crate) max_events: Vec<Limit<u64>>,
    /// The paths in clauses that are in error: half typed, perhaps, and to be completed.
    pub(crate) half_typed: Vec<Path>,
}

/// `state T` or `state T = make`
pub(crate) struct State {
    pub(crate) ty: Type,
    pub(crate) make: Option<Expr>,
}

/// `timeout "5m"`, `idle_timeout "30s"` or `max_events 10_000`
pub(crate) struct Limit<T> {
    pub(crate) keyword: Ident,
    pub(crate) value: T,
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
    /// `ask E -> …` is a clause that takes `E` and asks it, one that takes its answer, and perhaps one
    /// that takes it back if there is none.
    Answered(Path),
    Unanswered(Path),
}

impl Trigger {
    /// What it waits for.
    pub(crate) fn events(&self) -> &[Path] {
        match self {
            Self::Event(event) => std::slice::from_ref(event),
            Self::All(events) => events,
            Self::Start(_) | Self::Rescue(_) | Self::Answered(_) | Self::Unanswered(_) => &[],
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
        if input.peek(Token![#]) {
            return Err(attribute(input)?);
        }
        if input.peek(Token![pub]) {
            let vis: Visibility = input.parse()?;
            if flow.clauses.is_empty() {
                flow.header.get_or_insert(Header::unnamed(vis.clone()));
            }
            return Err(syn::Error::new_spanned(
                vis,
                format!("only a flow itself is `pub`: `pub {HEADER}`"),
            ));
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
                let trigger = Trigger::Start(start_input(input, START)?);
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
            "ask" => self.ask(input, &keyword, flow)?,
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
            "timeout" => {
                let value = self.duration(input, "timeout \"5m\"")?;
                flow.timeout.push(Limit { keyword, value });
            }
            "idle_timeout" => {
                let value = self.duration(input, "idle_timeout \"30s\"")?;
                flow.idle_timeout.push(Limit { keyword, value });
            }
            "max_events" => {
                let value = self.events(input, "max_events 10_000")?;
                flow.max_events.push(Limit { keyword, value });
            }
            other => {
                let hint = match did_you_mean(other, KEYWORDS) {
                    hint if hint.is_empty() => format!(": it begins with {BEGIN}"),
                    hint => hint,
                };
                if hint.contains("`flow`") && flow.header.is_none() {
                    // The name decides what this expands to; the rest of the line does not matter.
                    let _ = self.named(input, Header::unnamed(Visibility::Inherited), flow);
                }
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
        let first = self.path(input, WAITS, WHEN)?;
        let pattern = Self::pattern(input, &first)?;
        let at = first.span();
        let mut events = vec![first];
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
            let event = self.path(input, WAITS, WHEN)?;
            let name = text(&event);
            if events.iter().any(|other| text(other) == name) {
                let why = if all {
                    "two of a kind are no pair, count them in a state"
                } else {
                    "take one away"
                };
                return Err(syn::Error::new_spanned(
                    event,
                    format!("`{name}` is waited for twice: {why}"),
                ));
            }
            events.push(event);
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
                at,
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

    /// `ask E within "72h" -> a else -> b`
    fn ask(&mut self, input: ParseStream<'_>, keyword: &Ident, flow: &mut Flow) -> syn::Result<()> {
        const ASK: &str = "ask Question -> handler";
        const WITHIN: &str = "ask Question within \"72h\" -> handler else -> handler";
        let event = self.path(input, "the question that goes out", ASK)?;
        if input.peek(token::Paren) || input.peek(token::Brace) {
            return Err(syn::Error::new(event.span(), ALONE));
        }
        let within = if input.peek(Ident) {
            let word: Ident = input.parse()?;
            if word != "within" {
                let hint = match did_you_mean(&word.to_string(), &["within"]) {
                    hint if hint.is_empty() => format!(": write `{WITHIN}`"),
                    hint => hint,
                };
                return Err(syn::Error::new(
                    word.span(),
                    format!("`{word}` says nothing of a question{hint}"),
                ));
            }
            Some(duration(input, WITHIN)?)
        } else {
            None
        };
        let route = self.arrow_and_route(input, ASK)?;
        let otherwise = if input.parse::<Option<Token![else]>>()?.is_some() {
            Some(self.arrow_and_route(input, WITHIN)?)
        } else {
            None
        };
        end(input)?;
        let asks = Stage::Ask(Ask {
            keyword: keyword.clone(),
            event: event.clone(),
            within,
        });
        let clauses = [
            (
                Trigger::Event(event.clone()),
                Some(Route { stages: vec![asks] }),
            ),
            (Trigger::Answered(event.clone()), Some(route)),
            (Trigger::Unanswered(event), otherwise),
        ];
        for (trigger, route) in clauses {
            flow.clauses.extend(route.map(|route| Clause {
                keyword: keyword.clone(),
                trigger,
                route,
                repeats: false,
            }));
        }
        Ok(())
    }

    fn state(&self, input: ParseStream<'_>) -> syn::Result<State> {
        const FORM: &str = "state Type = make";
        let ty = self.a_type(input, "the type of the state", FORM)?;
        let make = if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() {
                return Err(self.missing("a function that makes it from the input", FORM));
            }
            Some(input.parse().map_err(|error: syn::Error| {
                let message = format!("expected a function that makes it from the input: `{FORM}`");
                syn::Error::new(error.span(), message)
            })?)
        } else {
            None
        };
        end(input)?;
        Ok(State { ty, make })
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
        const PLAIN: &str = "neither events nor handlers are generic: write a plain path";
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        let with_arguments = input.fork().parse::<Path>().is_ok();
        let path = input.call(Path::parse_mod_style).map_err(|_| {
            let message = format!("expected {what}: `{form}`");
            syn::Error::new(at, if with_arguments { PLAIN } else { &message })
        })?;
        self.paths.push(path.clone());
        if input.peek(Token![<]) || input.peek(Token![::]) {
            return Err(input.error(PLAIN));
        }
        Ok(path)
    }

    /// A type at the end of a line.
    fn ty(&self, input: ParseStream<'_>, what: &str, form: &str) -> syn::Result<Type> {
        let ty = self.a_type(input, what, form)?;
        end(input)?;
        Ok(ty)
    }

    pub(super) fn a_type(
        &self,
        input: ParseStream<'_>,
        what: &str,
        form: &str,
    ) -> syn::Result<Type> {
        if input.is_empty() {
            return Err(self.missing(what, form));
        }
        let at = input.span();
        input
            .parse()
            .map_err(|_| syn::Error::new(at, format!("expected {what}: `{form}`")))
    }

    fn duration(&self, input: ParseStream<'_>, form: &str) -> syn::Result<Duration> {
        if input.is_empty() {
            return Err(self.missing("how long", form));
        }
        let duration = duration(input, form)?;
        end(input)?;
        Ok(duration)
    }

    fn events(&self, input: ParseStream<'_>, form: &str) -> syn::Result<u64> {
        if input.is_empty() {
            return Err(self.missing("how many", form));
        }
        let at = input.span();
        let number = input
            .parse()
            .and_then(|number: LitInt| number.base10_parse());
        let number =
            number.map_err(|_| syn::Error::new(at, format!("expected how many: `{form}`")))?;
        if number == 0 {
            return Err(syn::Error::new(
                at,
                format!("without an event nothing goes on after `start`: write `{form}`"),
            ));
        }
        end(input)?;
        Ok(number)
    }

    /// At the end of what was written, since rustc would point to the whole macro call.
    pub(crate) fn missing(&self, what: &str, form: &str) -> syn::Error {
        let last = self.last.unwrap_or_else(Span::call_site);
        syn::Error::new(last, format!("expected {what} after this: `{form}`"))
    }
}

/// A clause with an attribute, or with a doc comment, which is one, too.
fn attribute(input: ParseStream<'_>) -> syn::Result<syn::Error> {
    let attributes = input.call(Attribute::parse_outer)?;
    let is_comment = |attribute: &Attribute| attribute.path().is_ident("doc");
    let message = if attributes.iter().all(is_comment) {
        "a clause has no doc comment: write `//`"
    } else {
        "a clause has no attributes: put `#[cfg]` on the whole `flow!`, and write one for each case"
    };
    let first = attributes.first();
    let span = first.map_or_else(Span::call_site, |first| first.pound_token.span);
    Ok(syn::Error::new(span, message))
}

pub(crate) const ALONE: &str = "name it alone, without parentheses: what it carries goes by itself";

/// The clause ends here.
pub(super) fn end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        Ok(())
    } else {
        Err(input.error("expected `;` before this"))
    }
}
