//! What is meant by text that stands where it cannot: words in another order, or of another
//! language. Each function returns the advice, if there is one.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Lit, PathArguments, Token, Type, parenthesized, token};

use crate::errors::nearest;
use crate::flow::parse::words::{KEYWORDS, is_ask};
use crate::written::written;

/// Behind a lone word of a route, which is read as a handler's name.
pub(super) fn by_word(word: &str, input: ParseStream<'_>) -> Option<&'static str> {
    let after = input.fork();
    after.call(Ident::parse_any).ok()?;
    match word {
        "within" if after.peek(Lit) => Some(
            "only a question, `drain` and `finally` have a `within`: limit a handler by \
             `#[handler(timeout = \"5s\")]`, and the flow by `timeout \"5m\";`",
        ),
        "first" if after.peek(token::Bracket) || at_name(&after) => {
            Some("`first` has its branches in parentheses: `first (a, b)`")
        }
        "every" if after.peek(Lit) => Some(
            "`every` begins a clause, and is no stage: end this one by `;`, and write \
             `every \"1s\" -> handler`",
        ),
        "now" if at_word(&after, &["end"]) => Some("the words are in another order: `end now`"),
        "ask" if after.peek(token::Paren) => {
            Some("`ask` has no parentheses: write `ask Question within \"24h\" else handler`")
        }
        "when" | "rescue" if at_name(&after) => {
            Some("this begins a clause: end the one before it by `;` instead of `->`")
        }
        _ => None,
    }
}

/// The word of the language that is meant by the name of a handler or by what follows it.
pub(super) fn word_behind(handler: &Ident, input: ParseStream<'_>) -> Option<syn::Error> {
    let near = |word: &Ident, known| {
        let text = word.to_string();
        let meant = nearest(&text, &[known]).filter(|known| *known != text)?;
        let message = format!("unknown word `{word}`: did you mean `{meant}`?");
        Some(syn::Error::new(word.span(), message))
    };
    if input.peek(token::Brace) {
        return near(handler, "match");
    }
    if input.peek(token::Paren) {
        return by_parentheses(input).and_then(|_| near(handler, "first"));
    }
    let next = input.fork();
    let word = next.call(Ident::parse_any).ok()?;
    let begins_clause = KEYWORDS.contains(&word.to_string().as_str());
    if begins_clause || word == "if" || word == "else" {
        return None;
    }
    let advise = |advice: &str| Some(syn::Error::new(word.span(), advice));
    match word.to_string().as_str() {
        "or" | "catch" | "otherwise" | "fallback" => {
            return advise(&format!("unknown word `{word}`: did you mean `else`?"));
        }
        "retry" => {
            return advise(
                "a handler declares that it is repeated: `#[handler(retry(attempts = 3))]`",
            );
        }
        _ => {}
    }
    if next.peek(Lit) {
        return nearest(&word.to_string(), &["within", "timeout"]).map(|_| {
            let message = "a time limit is not in the route: write `ask Question within \"72h\" -> \
                           handler` for a question, and `#[handler(timeout = \"30s\")]` for a handler";
            syn::Error::new(word.span(), message)
        });
    }
    near(&word, "else")
}

/// Where a clause with a route should end.
pub(super) fn by_end_of_route(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(Token![,]) {
        return Some(
            "expected `;` or `->` instead of this `,`: the stages of a route are joined by `->`, \
             and `(a, b)` runs both at the same time",
        );
    }
    if let Some(advice) = by_arrow(input) {
        return Some(advice);
    }
    if input.peek(Token![&]) {
        return Some("`&` is between events: write `(a, b)` to run both stages at the same time");
    }
    if input.peek(Token![|]) {
        return Some(
            "`|` is between events: write `first (a, b)` for the stage that succeeds first, or \
             `a else b` for what stands in",
        );
    }
    if input.peek(Token![!]) {
        return Some("a macro is no stage: call it in a handler");
    }
    if input.peek(Token![?]) {
        return Some(
            "a route goes on with the value of an `Ok`, and needs no `?`: remove it, or write \
             `else stand_in`",
        );
    }
    if at_word(input, &["within", "timeout"]) {
        return Some(
            "only a question, `drain` and `finally` have a `within`: limit a handler by \
             `#[handler(timeout = \"5s\")]`, and the flow by `timeout \"5m\";`",
        );
    }
    if input.peek(Token![.]) && input.peek2(Token![await]) {
        return Some("the flow waits for its handlers: remove `.await`");
    }
    input
        .peek(Token![.])
        .then_some("a method is no stage: call it in a closure, `-> |value| value.method()`")
}

/// A word of Rust that begins no clause.
pub(super) fn by_rust(word: &str) -> Option<&'static str> {
    Some(match word {
        "let" | "const" | "static" => {
            "a stage passes its value to the next one, `a -> b`, and `state Type;` is what handlers share"
        }
        "loop" | "while" => {
            "a handler that emits an event which leads back to it makes a loop: `when Event -> handler`"
        }
        "for" => {
            "`each` is a stage that runs a handler for each item: `start -> list -> each handler`"
        }
        "if" => "a condition follows an event: `when E(x) if x > 3 -> a else -> b`",
        "match" => "it is a stage: `start -> handler -> match { … }`",
        "fn" | "async" => "write the function before the flow, with `#[handler]`",
        _ => return None,
    })
}

/// What makes a state, if it is a value instead of a function.
pub(super) fn by_made(ty: &Type, make: &Expr) -> Option<String> {
    match make {
        Expr::Array(_)
        | Expr::Binary(_)
        | Expr::Cast(_)
        | Expr::Lit(_)
        | Expr::Struct(_)
        | Expr::Tuple(_)
        | Expr::Unary(_) => {
            let (ty, make) = (written(ty), written(make));
            Some(format!(
                "a state is made by a function of the input: write `state {ty} = |_| {make}`"
            ))
        }
        _ => None,
    }
}

/// Where an arrow is expected: another sign for it.
pub(super) fn by_arrow(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(Token![=>]) {
        return Some("expected `->`: only an arm of a `match` has `=>`");
    }
    if input.peek(Token![-]) && input.peek2(Token![->]) {
        return Some("the arrow is `->`: remove one `-`");
    }
    input
        .peek(Token![>>])
        .then_some("the arrow between stages is `->`")
}

/// Behind a type that a clause declares.
pub(super) fn by_type(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(Token![:]) {
        return Some("what a flow declares has no name: write the type alone, `with Type;`");
    }
    input
        .peek(Token![,])
        .then_some("a clause declares one type: write one for each, `with A; with B;`")
}

/// At parentheses behind the name of a handler.
pub(super) fn by_parentheses(input: ParseStream<'_>) -> Option<&'static str> {
    let is_list = inside(input).is_some_and(|inside| {
        let is_comma =
            |token: TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
        inside.into_iter().any(is_comma)
    });
    is_list.then_some(
        "a stage has no arguments: write `(a, b)` to run both, or `first (a, b)` for the \
         one that succeeds first",
    )
}

/// Behind the word `end`.
pub(super) fn by_end(input: ParseStream<'_>) -> Option<&'static str> {
    if at_name(input) {
        return Some("`now` is the only word that follows `end`: write `end` or `end now`");
    }
    let inside = inside(input)?.to_string();
    Some(match inside.as_str() {
        "now" => "`now` follows `end` without parentheses: `end now`",
        _ => "`end` has no parentheses: the value that arrives is the result",
    })
}

/// Behind the word `emit`.
pub(super) fn by_emit(input: ParseStream<'_>) -> Option<&'static str> {
    (at_name(input) || input.peek(token::Paren)).then_some(
        "`emit` emits the events in the value that arrives, and names none: remove what follows",
    )
}

/// Behind `Some`, `Ok` or `Err`.
pub(super) fn by_constructor(input: ParseStream<'_>) -> Option<&'static str> {
    input.peek(token::Paren).then_some(
        "this takes the value that arrives, without parentheses: write `handler -> Some`",
    )
}

/// Behind an `each`: what is no handler.
pub(super) fn by_item(input: ParseStream<'_>) -> Option<String> {
    if input.peek2(Token![::]) {
        return None;
    }
    let after = input.fork();
    let word = after.call(Ident::parse_any).ok()?;
    let word = word.to_string();
    Some(match word.as_str() {
        "Some" | "Ok" | "Err" => {
            format!("`each` needs parentheses around this: `each ({word})[8]`")
        }
        "ask" if is_ask(input) => {
            "`each` needs parentheses around this: `each (ask Question)[8]`".to_owned()
        }
        "end" => "`end` takes the whole value, and not each item: write `-> end`, or \
                  `each (handler -> end now)` to end with the first"
            .to_owned(),
        "ignore" => "`ignore` drops the whole value: write `-> ignore`".to_owned(),
        "skip" => "`skip` leaves an item out where its handler fails, or in an arm: write \
                   `each (handler else skip)`"
            .to_owned(),
        _ => return None,
    })
}

/// Behind the handler of an `each`.
pub(super) fn by_each(input: ParseStream<'_>) -> Option<&'static str> {
    if !at_word(input, &["limit", "max", "concurrency", "parallel"]) {
        syn::parse2::<Lit>(inside(input)?).ok()?;
    }
    Some("the limit of an `each` is in brackets: `each handler[8]`")
}

/// Behind the word `start`.
pub(super) fn by_start(input: ParseStream<'_>) -> Option<&'static str> {
    let is_type = input.fork().call(Ident::parse_any).is_ok_and(|word| {
        let word = word.to_string();
        let primitives = [
            "bool", "char", "i32", "i64", "u8", "u32", "u64", "usize", "f64",
        ];
        word.starts_with(char::is_uppercase) || primitives.contains(&word.as_str())
    });
    (is_type || input.peek(Token![<]))
        .then_some("the type of the input is in parentheses: `start(Input) -> handler`")
}

/// For a type that a clause declares, but that is not what handlers take.
pub(super) fn by_declared(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Reference(reference) if reference.lifetime.is_none() => {
            Some("what a flow declares is not borrowed: write the type without `&`")
        }
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            let is_generic = matches!(last.arguments, PathArguments::AngleBracketed(_));
            match last.ident.to_string().as_str() {
                "Res" if is_generic => {
                    Some("handlers take a `Res<T>`, and the flow declares the `T`: write `with T;`")
                }
                "State" if is_generic => Some(
                    "handlers take a `State<T>`, and the flow declares the `T`: write `state T;`",
                ),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Where a stage begins.
pub(super) fn by_stage(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(Token![return]) {
        return Some("the value that arrives at `end` is the result: write `-> end`");
    }
    if input.peek(Token![for]) {
        return Some("`each` runs a handler for each item: `each handler`");
    }
    if input.peek(token::Bracket) {
        return Some("stages that run at the same time are in parentheses: `(a, b)`");
    }
    if input.peek(token::Brace) {
        return Some("a stage has no braces: write the name of the handler, or `match { … }`");
    }
    input
        .peek(Token![.])
        .then_some("a method is no stage: call it in a closure, `|value| value.method()`")
}

/// Where the event of a `when` begins.
pub(super) fn by_event(input: ParseStream<'_>) -> Option<&'static str> {
    if input.peek(token::Bracket) || input.peek(Lit) {
        return Some("the number of events follows their name: `when Event[3] -> handler`");
    }
    input
        .peek(token::Paren)
        .then_some("events have no parentheses: `when A & B -> handler`, `when A | B -> handler`")
}

/// Behind the events of a `when`.
pub(super) fn by_events(input: ParseStream<'_>) -> Option<&'static str> {
    if at_word(input, &["and", "with"]) || input.peek(Token![+]) {
        return Some("write `&` between events that wait for each other: `when A & B -> handler`");
    }
    if at_word(input, &["or"]) || input.peek(Token![,]) {
        return Some("write `|` between events, one of which is enough: `when A | B -> handler`");
    }
    if at_word(input, &["where", "unless"]) {
        return Some("a condition begins with `if`: `when E(x) if x > 3 -> a else -> b`");
    }
    if input.peek(Token![.]) {
        return Some("the field follows all events: `when A & B by .field -> handler`");
    }
    if at_word(input, &["within", "timeout"]) {
        return Some(
            "a `when` has no time limit: limit the flow, `timeout \"5m\";`, or wait in a handler",
        );
    }
    let mut after = input.fork();
    let is_times = after.parse::<Option<Token![*]>>().ok()?.is_some()
        || at_word(&after, &["x", "times"]) && after.call(Ident::parse_any).is_ok();
    after = if is_times { after } else { input.fork() };
    after
        .peek(Lit)
        .then_some("the number of events is in brackets: `when Event[3] -> handler`")
}

/// Behind the field of a `by`.
pub(super) fn by_field(input: ParseStream<'_>) -> Option<&'static str> {
    (input.peek(Token![=]) || input.peek(Token![&]) || input.peek(Token![,]))
        .then_some("`by` names one field, which each event has: `when A & B by .field -> handler`")
}

/// Whether a name follows that begins no clause and belongs to no condition.
fn at_name(input: ParseStream<'_>) -> bool {
    let next = input.fork().call(Ident::parse_any);
    next.is_ok_and(|next| {
        let next = next.to_string();
        next != "if" && next != "else" && !KEYWORDS.contains(&next.as_str())
    })
}

fn at_word(input: ParseStream<'_>, words: &[&str]) -> bool {
    let next = input.fork().call(Ident::parse_any);
    next.is_ok_and(|next| words.contains(&next.to_string().as_str()))
}

/// What is in the parentheses here.
fn inside(input: ParseStream<'_>) -> Option<TokenStream> {
    fn read(input: ParseStream<'_>) -> syn::Result<TokenStream> {
        let inner;
        parenthesized!(inner in input);
        inner.parse()
    }
    read(&input.fork()).ok()
}
