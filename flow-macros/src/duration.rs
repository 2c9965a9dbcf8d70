//! Durations, written in quotes: `"30s"`.

use std::time::Duration;

use syn::parse::ParseStream;
use syn::{LitStr, parenthesized, token};

use crate::limit::Value;

/// Parses a duration, or a constant; `form` is an example of what is expected, for the message.
pub(crate) fn duration(input: ParseStream<'_>, form: &str) -> syn::Result<Value<Duration>> {
    if input.peek(token::Paren) {
        let after = input.fork();
        let inner;
        parenthesized!(inner in after);
        if inner.peek(LitStr) {
            return Err(input.error(format!("a duration has no parentheses: `{form}`")));
        }
    }
    Value::parse(input, |input| literal(input, form))
}

fn literal(input: ParseStream<'_>, form: &str) -> syn::Result<Duration> {
    if !input.peek(LitStr) {
        return Err(input.error(format!(
            "expected a duration in quotes, with a unit: `{form}`"
        )));
    }
    let literal: LitStr = input.parse()?;
    let text = literal.value();
    if let Some(unit) = unknown_unit(&text) {
        return Err(syn::Error::new(
            literal.span(),
            format!(
                "`{unit}` is not a unit of time here: write `ms`, `s`, `m` (minutes), `h` or `d`, \
                 for example `{form}`"
            ),
        ));
    }
    match humantime::parse_duration(&text) {
        Ok(Duration::ZERO) => Err(syn::Error::new(
            literal.span(),
            format!("duration must be greater than zero, for example `{form}`"),
        )),
        Ok(duration) => Ok(duration),
        Err(_) => Err(syn::Error::new(
            literal.span(),
            format!(
                "invalid duration `\"{text}\"`: expected a number with a unit \
                 (`ms`, `s`, `m`, `h` or `d`), for example `\"250ms\"`, `\"30s\"` or `\"1m 30s\"`"
            ),
        )),
    }
}

/// The units, a subset of what `humantime` takes: its `M` is a month, and would be read as minutes.
const UNITS: [&str; 5] = ["ms", "s", "m", "h", "d"];

fn unknown_unit(text: &str) -> Option<&str> {
    if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text.split(|c: char| !c.is_alphabetic())
        .find(|unit| !unit.is_empty() && !UNITS.contains(unit))
}
