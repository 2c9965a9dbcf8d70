//! Parses a clause by its first word.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, Path, Token, Visibility, token};

use crate::duration::duration;
use crate::errors::nearest;
use crate::flow::parse::header::{HEADER, is_header};
use crate::flow::parse::line::{Line, at_clause};
use crate::flow::parse::meant;
use crate::flow::parse::words::{KEYWORDS, is_ask};
use crate::flow::tree::{
    CONCURRENCY, Clause, DRAIN, FINALLY, Flow, Header, IDLE_TIMEOUT, Limit, MAX_EVENTS,
    MAX_PENDING, State, TIMEOUT, Trigger,
};
use crate::krate;

const BEGIN: &str = "`start`, `when`, `rescue`, `streams`, `with`, `state`, `external`, `ignore`, \
                     `ask`, `every`, `finally`, `timeout`, `idle_timeout`, `drain`, `max_events`, \
                     `max_pending`, `concurrency`, `sound` or `durable`";

const WITHOUT_DURABLE: &str = "`durable` needs the feature of the same name: \
                               `flow-core = { …, features = [\"durable\"] }`";

/// The word `within` before a duration.
fn within(input: ParseStream<'_>, keyword: &Ident, form: &str) -> syn::Result<()> {
    match input.fork().call(Ident::parse_any) {
        Ok(word) if word == "within" => {
            input.call(Ident::parse_any)?;
            Ok(())
        }
        _ => Err(syn::Error::new(
            keyword.span(),
            format!("`{keyword}` needs a time limit after this: `{form}`"),
        )),
    }
}

impl Line {
    /// Reads the line into the flow. It has several clauses where a `;` is missing.
    pub(super) fn clauses(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        loop {
            let parsed = self.clause(input, flow);
            // The missing `;` may be the only error, even if the rest is no clause.
            if parsed.is_err() && self.late.is_empty() {
                return parsed;
            }
            if parsed.is_err() || !at_clause(input) {
                // The rest has been reported.
                input.parse::<TokenStream>()?;
                return Ok(());
            }
        }
    }

    /// Reads a clause into the flow.
    fn clause(&mut self, input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<()> {
        if is_header(input) {
            return self.header(input, flow);
        }
        if input.peek(Token![#]) {
            return Err(attribute(input)?);
        }
        if input.peek(Token![pub]) {
            return Err(public(input, flow)?);
        }
        let start = input.span();
        let Ok(keyword) = input.call(Ident::parse_any) else {
            return Err(syn::Error::new(
                start,
                format!("expected a clause, which begins with {BEGIN}"),
            ));
        };
        self.known(input, keyword, flow)
    }

    /// The rest of a clause that begins with this word.
    fn known(
        &mut self,
        input: ParseStream<'_>,
        keyword: Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        match keyword.to_string().as_str() {
            "start" => flow.clauses.push(self.start(input, keyword)?),
            "when" => self.when(input, &keyword, flow)?,
            "ask" => self.ask(input, &keyword, flow)?,
            "every" => flow.clauses.push(self.every(input, keyword)?),
            "rescue" => self.rescue(input, &keyword, flow)?,
            "state" => flow.states.push(self.state(input)?),
            "streams" => {
                let ty = self.last_type(input, "the type of the items", "streams Item")?;
                flow.streams.push(ty);
            }
            "with" => self.with(input, keyword, flow)?,
            "external" => flow
                .external
                .push(self.last_event(input, "external Event")?),
            "ignore" => flow.ignored.push(self.last_event(input, "ignore Event")?),
            "timeout" => {
                let value = self.duration(input, TIMEOUT)?;
                flow.timeout.push(Limit { keyword, value });
            }
            "idle_timeout" => {
                let value = self.duration(input, IDLE_TIMEOUT)?;
                flow.idle_timeout.push(Limit { keyword, value });
            }
            "drain" => {
                within(input, &keyword, DRAIN)?;
                let value = self.duration(input, DRAIN)?;
                flow.drain.push(Limit { keyword, value });
            }
            "finally" => {
                within(input, &keyword, FINALLY)?;
                if input.is_empty() {
                    return Err(self.missing("a duration", FINALLY));
                }
                let value = duration(input, FINALLY)?;
                let (arrow, route) = self.arrow_and_route(input, FINALLY)?;
                self.end(input)?;
                let limit = Limit {
                    keyword: keyword.clone(),
                    value,
                };
                flow.finally.push(limit);
                let clause = Clause::new(keyword, Trigger::Finally, Some(arrow), route);
                flow.clauses.push(clause);
            }
            "max_events" => {
                let value = self.count(input, &keyword, "events", MAX_EVENTS)?;
                flow.max_events.push(Limit { keyword, value });
            }
            "max_pending" => {
                let value = self.count(input, &keyword, "events", MAX_PENDING)?;
                flow.max_pending.push(Limit { keyword, value });
            }
            "concurrency" => {
                let value = self.count(input, &keyword, "handlers", CONCURRENCY)?;
                flow.concurrency.push(Limit { keyword, value });
            }
            "sound" => {
                self.end(input)?;
                flow.sound.push(keyword);
            }
            "durable" => {
                self.end(input)?;
                if cfg!(feature = "durable") {
                    flow.durable.push(keyword);
                } else {
                    let error = syn::Error::new(keyword.span(), WITHOUT_DURABLE);
                    self.late.push(error);
                }
            }
            "crate" => flow.krate.push(self.krate(input)?),
            _ => return self.unknown(input, &keyword, flow),
        }
        Ok(())
    }

    fn start(&mut self, input: ParseStream<'_>, keyword: Ident) -> syn::Result<Clause> {
        const START: &str = "start -> handler";
        let of = self.start_input(input, "start(Input) -> handler")?;
        let (arrow, route) = self.arrow_and_route(input, START)?;
        self.end(input)?;
        let trigger = Trigger::Start(of);
        Ok(Clause::new(keyword, trigger, Some(arrow), route))
    }

    /// `rescue -> a`, `rescue b -> a`, `rescue b | c -> a`
    fn rescue(
        &mut self,
        input: ParseStream<'_>,
        keyword: &Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        const RESCUE: &str = "rescue handler -> handler";
        let mut handlers = Vec::new();
        if !input.peek(Token![->]) {
            loop {
                let handler = if is_ask(input) {
                    self.rescued_ask(input)?
                } else {
                    self.handler(input, "the handler whose errors are rescued", RESCUE)?
                };
                handlers.push(Some(handler));
                if input.peek(Token![||]) {
                    return Err(
                        input.error("write one `|` between handlers: `rescue a | b -> handler`")
                    );
                }
                if input.parse::<Option<Token![|]>>()?.is_none() {
                    break;
                }
            }
        }
        if handlers.is_empty() {
            handlers.push(None);
        }
        if input.peek(Token![&]) || input.peek(Token![,]) {
            return Err(input.error("expected `|` between handlers: `rescue a | b -> handler`"));
        }
        let (arrow, route) = self.arrow_and_route(input, RESCUE)?;
        self.end(input)?;
        // Each handler has errors of its own type, so no clause repeats another.
        let clauses = handlers.into_iter().map(|handler| {
            let trigger = Trigger::Rescue(handler);
            Clause::new(keyword.clone(), trigger, Some(arrow), route.clone())
        });
        flow.clauses.extend(clauses);
        Ok(())
    }

    fn state(&mut self, input: ParseStream<'_>) -> syn::Result<State> {
        const FORM: &str = "state Type = make";
        let ty = self.declared(input, "the type of the state", FORM)?;
        let make = if input.parse::<Option<Token![=]>>()?.is_some() {
            if input.is_empty() {
                return Err(self.missing("a function that makes it from the input", FORM));
            }
            let make: Expr = input.parse().map_err(|error: syn::Error| {
                let message = format!("expected a function that makes it from the input: `{FORM}`");
                syn::Error::new(error.span(), message)
            })?;
            if let Some(advice) = meant::by_made(&ty, &make) {
                // The state is declared all the same.
                self.late.push(syn::Error::new_spanned(&make, advice));
                self.end(input)?;
                return Ok(State { ty, make: None });
            }
            Some(make)
        } else {
            None
        };
        self.end(input)?;
        Ok(State { ty, make })
    }

    fn krate(&mut self, input: ParseStream<'_>) -> syn::Result<Path> {
        const FORM: &str = "crate = facade::flow_core";
        const WHAT: &str = "the path of the crate `flow_core`";
        if !input.is_empty() {
            input
                .parse::<Token![=]>()
                .map_err(|error| syn::Error::new(error.span(), format!("expected `{FORM}`")))?;
        }
        if input.is_empty() {
            return Err(self.missing(WHAT, FORM));
        }
        let path = krate::parse(input)?;
        self.end(input)?;
        Ok(path)
    }

    /// A word that begins no clause. A misspelt one is read as the word that is meant, so that what
    /// the clause declares is not missing as well.
    fn unknown(
        &mut self,
        input: ParseStream<'_>,
        word: &Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        // `stat Saga;` is as near to `start` as to `state`.
        let is_start = input.peek(Token![->]) || input.peek(token::Paren);
        let known: Vec<_> = KEYWORDS
            .iter()
            .copied()
            .filter(|known| *known != "start" || is_start)
            .collect();
        let error = |hint| syn::Error::new(word.span(), format!("unknown clause `{word}`: {hint}"));
        if let Some(advice) = meant::by_rust(&word.to_string()) {
            return Err(error(advice.to_owned()));
        }
        let Some(meant) = nearest(&word.to_string(), &known) else {
            let word = word.to_string();
            let is_event = word.starts_with(char::is_uppercase);
            let hint = if !input.peek(Token![->]) {
                match word.as_str() {
                    "on" | "upon" | "event" | "case" => "did you mean `when`?".to_owned(),
                    "else" => "it follows the stage that it stands in for, without a `;` before it"
                        .to_owned(),
                    _ => format!("expected {BEGIN}"),
                }
            } else if is_event {
                format!("write `when {word} -> …` if it is an event")
            } else {
                format!("a route begins with `start` or an event: `start -> {word}`")
            };
            return Err(error(hint));
        };
        let error = error(format!("did you mean `{meant}`?"));
        if meant == "flow" {
            if flow.header.is_none() {
                // The name decides between items and an expression; the rest is irrelevant.
                let _ = self.named(input, Header::unnamed(Visibility::Inherited), flow);
            }
            return Err(error);
        }
        let late = self.late.len();
        let parsed = self.known(input, Ident::new(meant, word.span()), flow);
        // Other errors may be due to another word than the one that is meant.
        self.late.truncate(late);
        self.late.push(error);
        if parsed.is_err() {
            self.half_typed = true;
        }
        Ok(())
    }
}

/// A clause that begins with `pub`.
fn public(input: ParseStream<'_>, flow: &mut Flow) -> syn::Result<syn::Error> {
    let vis: Visibility = input.parse()?;
    if flow.clauses.is_empty() {
        flow.header.get_or_insert(Header::unnamed(vis.clone()));
    }
    Ok(syn::Error::new_spanned(
        vis,
        format!("unexpected visibility: only a flow has one, `pub {HEADER}`"),
    ))
}

/// A clause with an attribute; a doc comment is one too.
fn attribute(input: ParseStream<'_>) -> syn::Result<syn::Error> {
    let attributes = input.call(Attribute::parse_outer)?;
    let is_comment = |attribute: &Attribute| attribute.path().is_ident("doc");
    let message = if attributes.iter().all(is_comment) {
        "a clause cannot have a doc comment: write `//` instead"
    } else {
        "a clause cannot have attributes: add `#[cfg]` to a whole `flow!`, one for each case"
    };
    let first = attributes.first();
    let span = first.map_or_else(Span::call_site, |first| first.pound_token.span);
    Ok(syn::Error::new(span, message))
}
