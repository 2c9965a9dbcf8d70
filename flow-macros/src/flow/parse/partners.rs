//! Parses what makes events wait for others in a `when`: `Vote[3]`.

use syn::parse::ParseStream;
use syn::{LitInt, bracketed, token};

use crate::flow::parse::line::Line;
use crate::flow::tree::Times;
use crate::limit::Value;

const EXPECTED: &str =
    "expected the number of events that the clause waits for: `when Vote[3] -> handler`";

/// As `CountAboveOne` of flow-core.
const TOO_FEW: &str =
    "the number of events must be at least 2: remove it to take each event by itself";

impl Line {
    /// `[3]` after an event, if it is there.
    pub(super) fn times(input: ParseStream<'_>) -> syn::Result<Option<Times>> {
        if !input.peek(token::Bracket) {
            return Ok(None);
        }
        let inner;
        let bracket = bracketed!(inner in input);
        if inner.is_empty() {
            return Err(syn::Error::new(bracket.span.join(), EXPECTED));
        }
        let at = inner.span();
        let count = Value::parse(&inner, |inner| {
            let number = inner
                .parse()
                .and_then(|number: LitInt| number.base10_parse());
            let number = number.map_err(|_| syn::Error::new(at, EXPECTED))?;
            if number < 2 {
                return Err(syn::Error::new(at, TOO_FEW));
            }
            Ok(number)
        })?;
        if inner.is_empty() {
            Ok(Some(Times { bracket, count }))
        } else {
            Err(inner.error(EXPECTED))
        }
    }
}
