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
    if let Some(advice) = irregular(&text) {
        return Err(syn::Error::new(literal.span(), advice));
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

/// What to write instead of parts of a unit, and of units that come twice or out of order, which
/// are most likely a slip.
fn irregular(text: &str) -> Option<String> {
    let mut smallest = None;
    let units = text.split(|c: char| !c.is_alphabetic());
    for unit in units.filter(|unit| !unit.is_empty()) {
        let size = UNITS.iter().position(|known| *known == unit)?;
        if smallest.is_some_and(|smallest| size >= smallest) {
            return Some(format!(
                "`\"{text}\"` is out of order: write each unit once, `d` before `h`, `m`, `s` and `ms`, \
                 for example `\"1m 30s\"`"
            ));
        }
        smallest = Some(size);
    }
    (smallest.is_some() && text.contains('.')).then(|| {
        format!(
            "`\"{text}\"` is not in whole numbers: write a smaller unit (`d`, `h`, `m`, `s` or `ms`), \
             for example `\"1s 500ms\"`"
        )
    })
}

fn unknown_unit(text: &str) -> Option<&str> {
    if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text.split(|c: char| !c.is_alphabetic())
        .find(|unit| !unit.is_empty() && !UNITS.contains(unit))
}

#[cfg(test)]
mod tests {
    use super::irregular;

    #[test]
    fn each_unit_comes_once_from_large_to_small() {
        for text in [
            "1s",
            "250ms",
            "1m 30s",
            "1h30m",
            " 2 h 5 ms ",
            "1d 2h 3m 4s 5ms",
            "abc",
            "5",
        ] {
            assert_eq!(irregular(text), None, "{text}");
        }
        for text in [
            "1s 1s", "1s1m", "5ms 1s", "1m 1h 1m", "1.5s", "0.5h", "1h 1.5m",
        ] {
            assert!(irregular(text).is_some(), "{text}");
        }
    }
}
