//! `timeout`, `retry` and `concurrency`.

use std::time::Duration;

use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitBool, LitInt, Path, Token, parenthesized, token};

use crate::duration::duration;
use crate::errors::{Errors, did_you_mean};
use crate::limit::Value;
use crate::quoted::path;

/// Examples of each limit.
pub(crate) const TIMEOUT: &str = "timeout = \"30s\"";
const CONCURRENCY: &str = "concurrency = 4";
const SHARED: &str = "concurrency(4, shared)";
const ATTEMPTS: &str = "attempts = 3";
const BACKOFF: &str = "backoff = \"100ms\"";
const MAX: &str = "max = \"10s\"";
const FORM: &str = "retry(attempts = 3)";
const KEYS: &[&str] = &["attempts", "backoff", "max", "jitter", "if"];
/// The `backoff` of a `retry` without one, as in `macro_support/limits/retry.rs` of flow-core.
const DEFAULT_BACKOFF: Duration = Duration::from_millis(100);

/// The limits in the arguments of a handler.
#[derive(Default)]
pub(crate) struct Limits {
    pub(crate) timeout: Option<Value<Duration>>,
    pub(crate) retry: Option<Retry>,
    pub(crate) concurrency: Option<Concurrency>,
    /// The word `once`.
    pub(crate) once: Option<Ident>,
}

/// `concurrency = 4` or `concurrency(4, shared)`
pub(crate) struct Concurrency {
    pub(crate) calls: Value<usize>,
    /// All executions count together.
    pub(crate) is_shared: bool,
}

/// `retry(attempts = 3, backoff = "100ms", max = "10s", jitter = false, if = is_transient)`
pub(crate) struct Retry {
    pub(crate) key: Ident,
    pub(crate) attempts: Value<u32>,
    pub(crate) backoff: Option<Value<Duration>>,
    /// With its key.
    pub(crate) max: Option<(Ident, Value<Duration>)>,
    pub(crate) jitter: Option<Value<bool>>,
    /// A function that decides whether to retry after an error.
    pub(crate) condition: Option<Path>,
}

impl Limits {
    pub(crate) fn are_there(&self) -> bool {
        self.timeout.is_some() || self.retry.is_some() || self.concurrency.is_some()
    }

    /// Parses the rest after the word `retry`.
    pub(crate) fn retry(
        &mut self,
        key: Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new(
                key.span(),
                format!("missing number of attempts: write `{FORM}`"),
            ));
        }
        if self.retry.is_some() {
            return Err(syn::Error::new(key.span(), "duplicate `retry`: remove one"));
        }
        let inside;
        parenthesized!(inside in input);
        let (mut written, mut in_error) = (Written::default(), false);
        while !inside.is_empty() {
            if let Err(error) = written.part(&inside) {
                in_error = true;
                errors.push(error);
            }
            while !inside.is_empty() && !inside.peek(Token![,]) {
                inside.parse::<TokenTree>()?;
            }
            inside.parse::<Option<Token![,]>>()?;
        }
        if !in_error {
            self.retry = Some(written.whole(key)?);
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected `,` before this"));
        }
        Ok(())
    }
}

/// The arguments of a `retry` that were parsed so far.
#[derive(Default)]
struct Written {
    attempts: Option<Value<u32>>,
    backoff: Option<Value<Duration>>,
    max: Option<(Ident, Value<Duration>)>,
    jitter: Option<Value<bool>>,
    condition: Option<Path>,
}

impl Written {
    fn part(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let Ok(key) = input.call(Ident::parse_any) else {
            return Err(input.error(format!("expected a key, such as `attempts`: `{FORM}`")));
        };
        let name = key.to_string();
        let form = match name.as_str() {
            "attempts" => ATTEMPTS,
            "backoff" => BACKOFF,
            "max" => MAX,
            "jitter" => "jitter = false",
            "if" => "if = is_transient",
            _ => {
                let hint = match did_you_mean(&name, KEYS) {
                    hint if hint.is_empty() => {
                        ": expected `attempts`, `backoff`, `max`, `jitter` or `if`".to_owned()
                    }
                    hint => hint,
                };
                let message = format!("unknown key `{name}` in `retry`{hint}");
                return Err(syn::Error::new(key.span(), message));
            }
        };
        let has_value = input.parse::<Option<Token![=]>>()?.is_some();
        if !has_value || input.is_empty() || input.peek(Token![,]) {
            return Err(syn::Error::new(
                key.span(),
                format!("missing value for `{name}`: write `{form}`"),
            ));
        }
        let repeated = match name.as_str() {
            "attempts" => self.attempts.replace(attempts(input)?).is_some(),
            "backoff" => self.backoff.replace(duration(input, form)?).is_some(),
            "max" => {
                let max = (key.clone(), duration(input, form)?);
                self.max.replace(max).is_some()
            }
            "jitter" => self.jitter.replace(yes_or_no(input)?).is_some(),
            _ => {
                const EXPECTED: &str =
                    "expected the path of a function, such as `if = is_transient`";
                let condition = path(input, EXPECTED)?;
                self.condition.replace(condition).is_some()
            }
        };
        if repeated {
            return Err(syn::Error::new(
                key.span(),
                format!("duplicate `{name}`: remove one"),
            ));
        }
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected `,` before this"));
        }
        Ok(())
    }

    fn whole(self, key: Ident) -> syn::Result<Retry> {
        let Some(attempts) = self.attempts else {
            return Err(syn::Error::new(
                key.span(),
                format!("missing number of attempts: write `{FORM}`"),
            ));
        };
        // Those of constants are compared by rustc.
        let known = |value: &Value<Duration>| value.known();
        if let Some((key, max)) = &self.max
            && let Some(max) = known(max)
            && let Some(backoff) = self.backoff.as_ref().map_or(Some(DEFAULT_BACKOFF), known)
            && max < backoff
        {
            return Err(syn::Error::new(
                key.span(),
                "`max`, the longest wait, is shorter than `backoff`, the first one: raise `max`, or lower `backoff`",
            ));
        }
        Ok(Retry {
            key,
            attempts,
            backoff: self.backoff,
            max: self.max,
            jitter: self.jitter,
            condition: self.condition,
        })
    }
}

fn attempts(input: ParseStream<'_>) -> syn::Result<Value<u32>> {
    const EXPECTED: &str = "expected the number of attempts: `attempts = 3`";
    Value::parse(input, |input| {
        let (literal, attempts) = number::<u32>(input, EXPECTED)?;
        if attempts < 2 {
            return Err(syn::Error::new(
                literal.span(),
                "`attempts` must be at least 2 because the first call counts: \
                 raise it, or remove `retry`",
            ));
        }
        Ok(attempts)
    })
}

/// `concurrency = 4`, after the `=`.
pub(crate) fn concurrency(input: ParseStream<'_>) -> syn::Result<Concurrency> {
    Ok(Concurrency {
        calls: calls(input, CONCURRENCY)?,
        is_shared: false,
    })
}

/// `concurrency(4, shared)`, after the key.
pub(crate) fn shared_concurrency(key: &Ident, input: ParseStream<'_>) -> syn::Result<Concurrency> {
    let inside;
    parenthesized!(inside in input);
    let calls = shared_calls(key, &inside);
    // Tokens that are left would be an error of their own.
    while !inside.is_empty() {
        inside.parse::<TokenTree>()?;
    }
    Ok(Concurrency {
        calls: calls?,
        is_shared: true,
    })
}

/// `4, shared`
fn shared_calls(key: &Ident, input: ParseStream<'_>) -> syn::Result<Value<usize>> {
    let first = input.fork().call(Ident::parse_any);
    if input.is_empty() || first.is_ok_and(|first| first == "shared") {
        let message = format!("missing number of calls: write `{SHARED}`");
        return Err(syn::Error::new(key.span(), message));
    }
    let calls = calls(input, SHARED)?;
    if input.is_empty() {
        let message = format!(
            "missing `shared`: write `{SHARED}` for all executions together, or `{CONCURRENCY}` \
             for each"
        );
        return Err(syn::Error::new(key.span(), message));
    }
    let has_comma = input.parse::<Option<Token![,]>>()?.is_some();
    let at = input.span();
    let word = input.call(Ident::parse_any);
    if !has_comma || !word.is_ok_and(|word| word == "shared") {
        let message = format!("expected `shared` after a comma: write `{SHARED}`");
        return Err(syn::Error::new(at, message));
    }
    input.parse::<Option<Token![,]>>()?;
    if !input.is_empty() {
        return Err(input.error(format!("unexpected after `shared`: write `{SHARED}`")));
    }
    Ok(calls)
}

fn calls(input: ParseStream<'_>, form: &str) -> syn::Result<Value<usize>> {
    let expected = format!("expected the number of calls that run at the same time: `{form}`");
    Value::parse(input, |input| {
        let (literal, calls) = number::<usize>(input, &expected)?;
        if calls == 0 {
            return Err(syn::Error::new(
                literal.span(),
                format!("`concurrency` must be greater than zero, for example `{form}`"),
            ));
        }
        Ok(calls)
    })
}

fn number<N: std::str::FromStr<Err: std::fmt::Display>>(
    input: ParseStream<'_>,
    expected: &str,
) -> syn::Result<(LitInt, N)> {
    let at = input.span();
    let literal: LitInt = input.parse().map_err(|_| syn::Error::new(at, expected))?;
    let number = literal
        .base10_parse()
        .map_err(|_| syn::Error::new(at, expected))?;
    Ok((literal, number))
}

fn yes_or_no(input: ParseStream<'_>) -> syn::Result<Value<bool>> {
    let at = input.span();
    Value::parse(input, |input| match input.parse::<LitBool>() {
        Ok(literal) => Ok(literal.value),
        Err(_) => Err(syn::Error::new(
            at,
            "expected `true` or `false`: `jitter = false`",
        )),
    })
}
