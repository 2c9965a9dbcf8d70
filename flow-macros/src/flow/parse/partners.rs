//! Parses what makes events wait for others in a `when`: `Vote[3]`, and `by .order`.

use syn::parse::ParseStream;
use syn::{Ident, Index, LitFloat, LitInt, Member, Token, bracketed, token};

use crate::flow::parse::line::Line;
use crate::flow::parse::meant;
use crate::flow::tree::{By, Times};
use crate::limit::Value;

const EXPECTED: &str =
    "expected the number of events that the clause waits for: `when Vote[3] -> handler`";

const BY: &str = "when A & B by .field -> handler";

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

    /// `by .order` after the events, if it is there. `waits`: one event waits for others.
    pub(super) fn by(&self, input: ParseStream<'_>, waits: bool) -> syn::Result<Option<By>> {
        let word = input.fork().parse::<Ident>();
        if word.is_ok_and(|word| word != "by") || !input.peek(Ident) {
            return Ok(None);
        }
        let keyword: Ident = input.parse()?;
        if !waits {
            let message = "`by` matches several events, and this clause takes each by itself: \
                           remove it, or write `when A & B by .field` or `when A[2] by .field`";
            return Err(syn::Error::new(keyword.span(), message));
        }
        if input.is_empty() {
            return Err(self.missing("a field", BY));
        }
        if !input.peek(Token![.]) {
            return Err(input.error(format!("expected `.` and a field before this: `{BY}`")));
        }
        let mut fields = Vec::new();
        while input.peek(Token![.]) {
            let dot: Token![.] = input.parse()?;
            let members = members(input)?.into_iter();
            fields.extend(members.map(|member| (dot, member)));
        }
        if input.peek(token::Paren) {
            return Err(input.error("the key is a field, not a call: remove the parentheses"));
        }
        match meant::by_field(input) {
            Some(advice) => Err(input.error(advice)),
            None => Ok(Some(By { keyword, fields })),
        }
    }
}

/// `order`, `0`, or `0.1`, which is a single token.
fn members(input: ParseStream<'_>) -> syn::Result<Vec<Member>> {
    let expected = |at| syn::Error::new(at, format!("expected a field: `{BY}`"));
    if !input.peek(LitFloat) {
        let at = input.span();
        let member = input.parse().map_err(|_| expected(at))?;
        return Ok(vec![member]);
    }
    let number: LitFloat = input.parse()?;
    let text = number.to_string();
    let members = text.split('.').map(|index| {
        let index = index.parse().map_err(|_| expected(number.span()))?;
        Ok(Member::Unnamed(Index {
            index,
            span: number.span(),
        }))
    });
    members.collect()
}
