//! `ask E within "24h" every "1h" handler else handler`, as a stage, and the parts of it that the
//! clause has too.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Path, Token, token};

use crate::duration::duration;
use crate::errors::did_you_mean;
use crate::flow::asks::{ASK_STAGE, AskStage, Reminds, RescuedAsk};
use crate::flow::parse::first::at_first;
use crate::flow::parse::line::{ALONE, Line, is_of_stage};
use crate::flow::parse::words::{KEYWORDS, is_ask};
use crate::flow::route::{Route, Stage};
use crate::flow::tree::{Clause, REMINDER, Reminder, Trigger};
use crate::functions::is_handler;
use crate::limit::Value;
use crate::types::has_no_answer;
use crate::written::written;

const ONE_HANDLER: &str = "a reminder is one handler: `ask Question every \"1h\" handler`";

impl Line {
    /// The stage, with its `else`.
    pub(super) fn ask_stage(&mut self, input: ParseStream<'_>) -> syn::Result<Stage> {
        let keyword = input.call(Ident::parse_any)?;
        let event = self.event(input, "a question", ASK_STAGE)?;
        if let Some(error) = no_question(&event) {
            return Err(error);
        }
        if input.peek(token::Paren) || input.peek(token::Brace) {
            return Err(syn::Error::new_spanned(&event, ALONE));
        }
        let within = within(input, ASK_STAGE, "stage")?;
        let number = self.asked_before + self.asks.len();
        let reminds = self.reminds(input, "stage")?;
        let ask = AskStage::new(number, keyword, event, within, reminds);
        let stage = Stage::Handler(ask.handler.clone());
        let question = ask.event.clone();
        self.asks.push(ask);
        if !is_of_stage(input) {
            return Ok(stage);
        }
        let mut stage = self.stand_in(None, Route::of(stage), input)?;
        if let Ok(word) = input.fork().call(Ident::parse_any)
            && (word == "within" || word == "every")
            && !begins_clause(input)
        {
            let message = format!(
                "`{word}` comes before `else`: `ask Question within \"24h\" every \"1h\" remind else handler`"
            );
            return Err(syn::Error::new(word.span(), message));
        }
        if let Stage::Else(choice) = &mut stage
            && !matches!(choice.stand_in.1.only(), Some(Stage::Skip(_)))
        {
            choice.question = Some(question);
        }
        Ok(stage)
    }

    /// `every "1h" handler`, if it is there.
    pub(super) fn reminds(
        &mut self,
        input: ParseStream<'_>,
        what: &str,
    ) -> syn::Result<Option<Reminds>> {
        let next = input.fork();
        let Ok(word) = next.call(Ident::parse_any) else {
            return Ok(None);
        };
        if word != "every" {
            // A word of another clause, where a `;` is missing, or an `else`.
            let text = word.to_string();
            let is_known = text == "else" || KEYWORDS.contains(&text.as_str());
            let hint = did_you_mean(&text, &["every"]);
            if is_known || hint.is_empty() {
                return Ok(None);
            }
            let message = format!("unexpected `{word}` in an `ask` {what}{hint}");
            return Err(syn::Error::new(word.span(), message));
        }
        let keyword = input.call(Ident::parse_any)?;
        let incomplete = || {
            let message = format!("`every` needs a period and a handler here: `{REMINDER}`");
            syn::Error::new(keyword.span(), message)
        };
        if input.is_empty() || input.peek(Token![->]) {
            return Err(incomplete());
        }
        let period = duration(input, REMINDER)?;
        if input.is_empty() || input.peek(Token![->]) {
            return Err(incomplete());
        }
        if !at_handler(input) {
            return Err(input.error(ONE_HANDLER));
        }
        let handler = self.handler(input, "the handler that reminds", REMINDER)?;
        if input.peek(token::Paren) {
            return Err(syn::Error::new(handler.span(), ALONE));
        }
        let next = input.fork().call(Ident::parse_any);
        if let Ok(word) = next
            && word == "within"
        {
            return Err(syn::Error::new(
                word.span(),
                "`within` comes before `every`: `ask Question within \"24h\" every \"1h\" handler`",
            ));
        }
        Ok(Some(Reminds {
            keyword,
            period,
            handler,
        }))
    }

    /// `ask E` of a rescue.
    pub(super) fn rescued_ask(&mut self, input: ParseStream<'_>) -> syn::Result<Path> {
        input.call(Ident::parse_any)?;
        let event = self.event(input, "a question", "rescue ask Question -> handler")?;
        let number = self.asked_before + self.rescued_asks.len();
        let rescued = RescuedAsk::new(number, event);
        let handler = rescued.handler.clone();
        self.rescued_asks.push(rescued);
        Ok(handler)
    }
}

/// The message for a handler's name behind `ask`, or for an event without an answer, as far as the
/// text shows it.
pub(super) fn no_question(event: &Path) -> Option<syn::Error> {
    let name = event.segments.last()?.ident.unraw().to_string();
    if has_no_answer(event) {
        let message = format!(
            "`{name}` is not a question: declare the type of its answer, `#[event(answer = …)]` \
             after `#[derive(Event)]`"
        );
        return Some(syn::Error::new_spanned(event, message));
    }
    (name.starts_with(char::is_lowercase) && is_handler(event)).then(|| {
        let name = written(event);
        syn::Error::new_spanned(
            event,
            format!(
                "`{name}` is a handler, and `ask` takes the question that it returns: \
                 write `{name} -> ask Question`"
            ),
        )
    })
}

/// Whether `every "1h" -> …` follows, where a `;` is missing, or a word that is a stage.
fn begins_clause(input: ParseStream<'_>) -> bool {
    let after = input.fork();
    let word = after.call(Ident::parse_any);
    word.is_ok_and(|word| {
        let is_period = word == "every" && after.parse::<TokenTree>().is_ok();
        (is_period || word == "within") && after.peek(Token![->])
    })
}

/// Whether the path of a handler follows, or nothing.
fn at_handler(input: ParseStream<'_>) -> bool {
    if input.is_empty() || input.peek2(Token![::]) {
        return true;
    }
    let Ok(word) = input.fork().call(Ident::parse_any) else {
        return input.peek(Token![::]);
    };
    let word = word.to_string();
    let is_stage = [
        "end", "ignore", "emit", "skip", "each", "match", "if", "else",
    ];
    !is_stage.contains(&word.as_str()) && !at_first(input) && !is_ask(input)
}

/// The clause of a reminder. `stage` is the generated handler of the stage that asks.
pub(super) fn reminder(reminds: Reminds, question: Path, stage: Option<Path>) -> Clause {
    let reminder = Reminder {
        question,
        stage,
        period: reminds.period,
    };
    let trigger = Trigger::Reminder(Box::new(reminder));
    let route = Route::of(Stage::Handler(reminds.handler));
    Clause::new(reminds.keyword, trigger, None, route)
}

/// `within "24h"`, if it is there.
pub(super) fn within(
    input: ParseStream<'_>,
    form: &str,
    what: &str,
) -> syn::Result<Option<Value<std::time::Duration>>> {
    if input.peek(syn::LitStr) {
        return Err(input.error(format!("expected `within` before this: `{form}`")));
    }
    if !input.peek(syn::Ident) {
        return Ok(None);
    }
    let word = input.fork().call(Ident::parse_any)?;
    if what == "stage" && KEYWORDS.contains(&word.to_string().as_str()) {
        // The next clause, behind a `;` that is missing.
        return Ok(None);
    }
    if word == "every" {
        return Ok(None);
    }
    let word: Ident = input.parse()?;
    if word != "within" {
        let hint = match did_you_mean(&word.to_string(), &["within", "every"]) {
            hint if hint.is_empty() => format!(": write `{form}`"),
            hint => hint,
        };
        return Err(syn::Error::new(
            word.span(),
            format!("unexpected `{word}` in an `ask` {what}{hint}"),
        ));
    }
    if input.peek(Token![->]) || input.is_empty() {
        return Err(syn::Error::new(
            word.span(),
            format!("expected a duration after this: `{form}`"),
        ));
    }
    duration(input, form).map(Some)
}
