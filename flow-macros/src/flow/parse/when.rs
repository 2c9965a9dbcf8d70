//! Parses the clauses that wait for events: `when` and `ask`.

use proc_macro2::TokenTree;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Member, Pat, Path, Token, token};

use crate::elsewhere::may_be_the_only_variant;
use crate::flow::parse::ask::{no_question, reminder, within};
use crate::flow::parse::glue;
use crate::flow::parse::line::{ALONE, Line, is_of_stage};
use crate::flow::parse::meant;
use crate::flow::route::{Ask, If, Route, Stage};
use crate::flow::tree::{Clause, Flow, Times, Trigger, WITHIN};
use crate::patterns::refutable;
use crate::types::no_field;
use crate::written::{key, written};

const WHEN: &str = "when Event -> handler";
const LEFT_OVER: &str = "when A & B -> handler else -> ignore";

/// How a clause combines its events.
#[derive(Clone, Copy, PartialEq)]
enum Several {
    /// `A | B`
    Any,
    /// `A & B`
    All,
}

impl Several {
    fn peek(input: ParseStream<'_>) -> Option<Self> {
        let any = input.peek(Token![|]).then_some(Self::Any);
        any.or(input.peek(Token![&]).then_some(Self::All))
    }
}

impl Line {
    /// `when E -> a`, `when A | B -> a`, `when A & B -> a`, `when E[3] -> a`,
    /// `when E(x) if x > 3 -> a else -> b`
    pub(super) fn when(
        &mut self,
        input: ParseStream<'_>,
        keyword: &Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        let first = self.waited_for(input)?;
        let pattern = pattern(input, &first)?;
        let times = Self::times(input)?;
        takes_events(&first, pattern.as_ref(), times.as_ref())?;
        if input.peek(Token![&&]) {
            return Err(input.error("write one `&` between events: `when A & B -> handler`"));
        }
        if input.peek(Token![||]) {
            return Err(input.error("write one `|` between events: `when A | B -> handler`"));
        }
        let several = Several::peek(input);
        if pattern.is_some() && several.is_some() {
            return Err(input
                .error("a clause with a pattern waits for one event: write one clause for each"));
        }
        let events = self.events(input, first, (several, times.is_some()))?;
        let waits = several == Some(Several::All) || times.is_some();
        let by = self.by(input, waits)?;
        if let Some((_, Member::Named(field))) = by.as_ref().and_then(|by| by.fields.first())
            && let Some(message) = no_field(&events, field)
        {
            return Err(syn::Error::new(field.span(), message));
        }
        if input.peek(Token![if]) && times.is_some() {
            return Err(input.error(
                "a clause with an `if` waits for one event: \
                 remove the number, or look at the events in a handler",
            ));
        }
        let (arrow, route) = if input.peek(Token![if]) {
            if several.is_some() {
                return Err(input.error(
                    "a clause with an `if` waits for one event: write one clause for each",
                ));
            }
            (None, Route::of(self.condition(input)?))
        } else {
            if let Some(advice) = meant::by_events(input) {
                return Err(input.error(advice));
            }
            let (arrow, mut route) = self.arrow_and_route(input, WHEN)?;
            if let Some(pattern) = &pattern {
                if let Some(part) = refutable(pattern, &may_be_the_only_variant) {
                    let event = events.first().map(written).unwrap_or_default();
                    return Err(syn::Error::new(
                        part,
                        format!(
                            "this pattern does not match every `{event}`: write `if … else -> …` after the \
                             pattern, or `when {event} -> match {{ … }}`"
                        ),
                    ));
                }
                route.stages.insert(0, glue::bindings_of(pattern)?);
            }
            (Some(arrow), route)
        };
        let otherwise = if waits && input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
            Some(self.arrow_and_route(input, LEFT_OVER)?)
        } else {
            None
        };
        self.end(input)?;
        let left_over = otherwise.into_iter().flat_map(|(arrow, route)| {
            let events = events.clone().into_iter().enumerate();
            events.map(move |(index, event)| Clause {
                repeats: index > 0,
                ..Clause::new(
                    keyword.clone(),
                    Trigger::LeftOver(event),
                    Some(arrow),
                    route.clone(),
                )
            })
        });
        let left_over: Vec<_> = left_over.collect();
        let triggers = match (events, times) {
            (mut one, Some(times)) => {
                let event = one.pop().into_iter();
                event
                    .map(|event| Trigger::Times(event, times.clone()))
                    .collect()
            }
            (all, None) if waits => vec![Trigger::All(all)],
            (any, None) => any.into_iter().map(Trigger::Event).collect::<Vec<_>>(),
        };
        let clauses = triggers
            .into_iter()
            .enumerate()
            .map(|(index, trigger)| Clause {
                keyword: keyword.clone(),
                trigger,
                pattern: pattern.clone(),
                by: by.clone(),
                arrow,
                route: route.clone(),
                repeats: index > 0,
            });
        flow.clauses.extend(clauses.chain(left_over));
        Ok(())
    }

    fn waited_for(&mut self, input: ParseStream<'_>) -> syn::Result<Path> {
        if let Some(advice) = meant::by_event(input) {
            return Err(input.error(advice));
        }
        self.event(input, "the event that this clause waits for", WHEN)
    }

    /// The events after the first.
    fn events(
        &mut self,
        input: ParseStream<'_>,
        first: Path,
        (several, is_counted): (Option<Several>, bool),
    ) -> syn::Result<Vec<Path>> {
        const COUNTED: &str = "a clause with a number waits for one event: \
                               remove the number, or write a clause for each event";
        let mut events = vec![first];
        while let Some(next) = Several::peek(input) {
            if is_counted {
                return Err(input.error(COUNTED));
            }
            if Some(next) != several {
                return Err(input.error(
                    "`|` and `&` cannot be mixed: wait for one of several events, `A | B`, \
                     or for all of them, `A & B`",
                ));
            }
            input.parse::<TokenTree>()?;
            let event = self.waited_for(input)?;
            if input.peek(token::Bracket) {
                return Err(input.error(COUNTED));
            }
            if events.iter().any(|other| key(other) == key(&event)) {
                let event_text = written(&event);
                let advice = match next {
                    Several::All => {
                        format!("for several of them, write `when {event_text}[2] -> …`")
                    }
                    Several::Any => "remove one".to_owned(),
                };
                let message = format!("duplicate event `{event_text}`: {advice}");
                return Err(syn::Error::new_spanned(event, message));
            }
            events.push(event);
        }
        Ok(events)
    }

    /// `if condition -> route else -> route`, after an event.
    fn condition(&mut self, input: ParseStream<'_>) -> syn::Result<Stage> {
        const FORM: &str = "when E(x) if x > 3 -> a else -> b";
        let keyword: Token![if] = input.parse()?;
        let condition = input
            .call(Expr::parse_without_eager_brace)
            .map_err(|error| {
                syn::Error::new(error.span(), format!("expected a condition: `{FORM}`"))
            })?;
        let then = self.arrow_and_route(input, FORM)?;
        if !input.peek(Token![else]) {
            if let Some(Stage::Else(choice)) = then.1.stages.last() {
                return Err(syn::Error::new(
                    choice.keyword.span,
                    format!(
                        "this `else` stands in for the stage before it, and the `if` has none: \
                         write `else -> {}`",
                        written(&choice.stand_in.1)
                    ),
                ));
            }
            return Err(syn::Error::new(
                keyword.span(),
                "this `if` has no `else`: add `else -> handler`, or `else -> ignore`",
            ));
        }
        let else_token = input.parse()?;
        let otherwise = if input.peek(Token![if]) {
            (None, Route::of(self.condition(input)?))
        } else {
            let (arrow, route) = self.arrow_and_route(input, FORM)?;
            (Some(arrow), route)
        };
        Ok(Stage::If(Box::new(If {
            keyword,
            condition,
            then,
            else_token,
            otherwise,
        })))
    }

    /// `ask E within "72h" every "1h" nudge -> a else -> b`
    pub(super) fn ask(
        &mut self,
        input: ParseStream<'_>,
        keyword: &Ident,
        flow: &mut Flow,
    ) -> syn::Result<()> {
        const ASK: &str = "ask Question -> handler";
        let event = self.event(input, "a question", ASK)?;
        if let Some(error) = no_question(&event) {
            return Err(error);
        }
        if input.peek(token::Paren) || input.peek(token::Brace) {
            return Err(syn::Error::new(event.span(), ALONE));
        }
        let within = within(input, WITHIN, "clause")?;
        let reminds = self.reminds(input, "clause")?;
        if is_of_stage(input) {
            return Err(input.error(format!(
                "in a clause, `else` follows the route, with an arrow: `{WITHIN}`"
            )));
        }
        let route = self.arrow_and_route(input, ASK)?;
        let otherwise = if input.parse::<Option<Token![else]>>()?.is_some() {
            Some(self.arrow_and_route(input, WITHIN)?)
        } else {
            None
        };
        self.end(input)?;
        let asks = Route::of(Stage::Ask(Ask {
            keyword: keyword.clone(),
            event: event.clone(),
            within,
        }));
        let clause = |trigger, (arrow, route)| Clause::new(keyword.clone(), trigger, arrow, route);
        let some = |(arrow, route)| (Some(arrow), route);
        let asking = clause(Trigger::Event(event.clone()), (None, asks));
        let answered = clause(Trigger::Answered(event.clone()), some(route));
        let reminder = reminds.map(|reminds| reminder(reminds, event.clone(), None));
        let unanswered = otherwise.map(|route| clause(Trigger::Unanswered(event), some(route)));
        let clauses = [asking, answered].into_iter();
        flow.clauses
            .extend(clauses.chain(unanswered).chain(reminder));
        Ok(())
    }
}

/// Rejects a pattern beside a number, and a variant of an event.
fn takes_events(first: &Path, pattern: Option<&Pat>, times: Option<&Times>) -> syn::Result<()> {
    if let (Some(pattern), Some(times)) = (pattern, times) {
        let event = written(first);
        return Err(syn::Error::new_spanned(
            pattern,
            format!(
                "a clause with a number takes the events as an array: write `when {event}{} -> …`, \
                 and take them apart in a closure or a handler",
                written(times)
            ),
        ));
    }
    if let Some(of) = enum_of(first) {
        let pattern = pattern.map_or_else(|| written(first), written);
        let of = written(&of);
        return Err(syn::Error::new_spanned(
            first,
            format!(
                "a clause waits for an event, and this is a variant of one: write \
                 `when {of} -> match {{ {pattern} => …, _ => ignore }}`"
            ),
        ));
    }
    Ok(())
}

/// The enum, if the path is that of a variant.
fn enum_of(event: &Path) -> Option<Path> {
    let mut segments: Vec<_> = event.segments.iter().cloned().collect();
    segments.pop();
    let name = segments.last()?.ident.unraw().to_string();
    let is_type = name.starts_with(char::is_uppercase) && name != "Self";
    is_type.then(|| Path {
        leading_colon: event.leading_colon,
        segments: segments.into_iter().collect(),
    })
}

/// `(x)` or `{ x, .. }` after an event's path, as the pattern of the whole.
fn pattern(input: ParseStream<'_>, event: &Path) -> syn::Result<Option<Pat>> {
    if !input.peek(token::Paren) && !input.peek(token::Brace) {
        return Ok(None);
    }
    let group: TokenTree = input.parse()?;
    let mut tokens = event.to_token_stream();
    group.to_tokens(&mut tokens);
    Pat::parse_single
        .parse2(tokens)
        .map(Some)
        .map_err(|_| syn::Error::new(group.span(), "expected a pattern, such as `Event(x)`"))
}
