//! `ask E within "24h" else handler`, as a stage.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, token};

use crate::duration::duration;
use crate::errors::did_you_mean;
use crate::flow::asks::{ASK_STAGE, AskStage, RescuedAsk};
use crate::flow::parse::line::{ALONE, KEYWORDS, Line, is_of_stage};
use crate::flow::route::{Route, Stage};
use crate::limit::Value;

/// Whether `ask` is the word here, and not a handler of that name: a question follows.
pub(super) fn is_ask(input: ParseStream<'_>) -> bool {
    let next = input.fork();
    next.call(Ident::parse_any).is_ok_and(|word| word == "ask")
        && next.call(Ident::parse_any).is_ok_and(|next| {
            let next = next.to_string();
            next != "if" && next != "else" && !KEYWORDS.contains(&next.as_str())
        })
}

impl Line {
    /// The stage, with its `else`.
    pub(super) fn ask_stage(&mut self, input: ParseStream<'_>) -> syn::Result<Stage> {
        let keyword = input.call(Ident::parse_any)?;
        let event = self.event(input, "a question", ASK_STAGE)?;
        if input.peek(token::Paren) || input.peek(token::Brace) {
            return Err(syn::Error::new_spanned(&event, ALONE));
        }
        let within = within(input, ASK_STAGE, "stage")?;
        let number = self.asked_before + self.asks.len();
        let ask = AskStage::new(number, keyword, event, within);
        let stage = Stage::Handler(ask.handler.clone());
        let question = ask.event.clone();
        self.asks.push(ask);
        if !is_of_stage(input) {
            return Ok(stage);
        }
        let mut stage = self.stand_in(None, Route::of(stage), input)?;
        if let Stage::Else(choice) = &mut stage
            && !matches!(choice.stand_in.1.only(), Some(Stage::Skip(_)))
        {
            choice.question = Some(question);
        }
        Ok(stage)
    }

    /// `ask E` of a rescue.
    pub(super) fn rescued_ask(&mut self, input: ParseStream<'_>) -> syn::Result<syn::Path> {
        input.call(Ident::parse_any)?;
        let event = self.event(input, "a question", "rescue ask Question -> handler")?;
        let number = self.asked_before + self.rescued_asks.len();
        let rescued = RescuedAsk::new(number, event);
        let handler = rescued.handler.clone();
        self.rescued_asks.push(rescued);
        Ok(handler)
    }
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
    let word: Ident = input.parse()?;
    if word != "within" {
        let hint = match did_you_mean(&word.to_string(), &["within"]) {
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
