//! A route: `a -> (b, c) -> each d[8] -> e else f -> match { … }`.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Pat, Token, braced, bracketed, parenthesized, token};

use crate::errors::{did_you_mean, nearest};
use crate::flow::asks::is_ask as is_generated;
use crate::flow::parse::first::at_first;
use crate::flow::parse::glue;
use crate::flow::parse::line::{ALONE, Line, is_of_stage};
use crate::flow::parse::meant;
use crate::flow::parse::words::{KEYWORDS, is_ask};
use crate::flow::route::closure::diverges;
use crate::flow::route::{AT_LEAST_ONE, Arm, Each, Else, End, Route, Stage};
use crate::functions::is_handler_in_this_file;
use crate::handler::RESERVED;
use crate::written::written;

const ONE_STAND_IN: &str = "what stands in for a stage is a handler, a closure, a chain in parentheses, `else (a -> b)`, or `skip`";
const STAND_IN: &str = "a handler, a closure such as `|_| 0`, a chain in parentheses, or `skip`";
const EMIT_NO_STAND_IN: &str = "`emit` cannot stand in for a stage because it has no value: write it \
                                after the stand-in";
const EMIT_ENDS: &str = "`emit` ends its route, and cannot fail: remove what follows";
const EACH_EMIT: &str = "`emit` emits all events of a collection: write `-> emit`";
const EACH_CLOSURE: &str = "`each` needs parentheses around a closure: `each (|n| n + 1)[8]`";
const STAGE: &str = "a handler, a closure, `(a, b)`, `first (a, b)`, `each a`, `match { … }`, `end`, `emit` \
                     or `ignore`";

/// `end`, `end now`
fn end(input: ParseStream<'_>) -> syn::Result<Stage> {
    let keyword = input.call(Ident::parse_any)?;
    let now = match input.fork().call(Ident::parse_any) {
        Ok(word) if word == "now" => Some(input.call(Ident::parse_any)?),
        _ => None,
    };
    advise(input, meant::by_end(input))?;
    Ok(Stage::End(End { keyword, now }))
}

/// `emit`, as the last stage
fn emit(input: ParseStream<'_>) -> syn::Result<Stage> {
    let keyword = input.call(Ident::parse_any)?;
    if input.peek(Token![->]) || is_of_stage(input) {
        return Err(syn::Error::new(keyword.span(), EMIT_ENDS));
    }
    advise(input, meant::by_emit(input))?;
    Ok(Stage::Emit(keyword))
}

/// An error here, if there is advice.
fn advise(input: ParseStream<'_>, advice: Option<&str>) -> syn::Result<()> {
    advice.map_or(Ok(()), |advice| Err(input.error(advice)))
}

impl Line {
    /// `-> stage -> stage …`
    pub(super) fn arrow_and_route(
        &mut self,
        input: ParseStream<'_>,
        form: &str,
    ) -> syn::Result<(Token![->], Route)> {
        if input.is_empty() {
            return Err(self.missing("`-> handler`", form));
        }
        if !input.peek(Token![->]) {
            advise(input, meant::by_arrow(input))?;
            return Err(input.error(format!("expected `->` before this: `{form}`")));
        }
        self.has_route = true;
        Ok((input.parse()?, self.route(input, form)?))
    }

    /// `stage -> stage …`
    fn route(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Route> {
        let mut stages = Punctuated::new();
        loop {
            let mut stage = self.stage(input, form)?;
            while is_of_stage(input) {
                stage = self.stand_in(None, Route::of(stage), input)?;
            }
            if let Some(Stage::Glue(function)) = stages.last() {
                has_type(function, &stage)?;
            }
            let closed = stage.is_closed();
            stages.push_value(stage);
            if !input.peek(Token![->]) {
                return Ok(Route { stages });
            }
            if closed {
                return Err(
                    input.error("unexpected `->`: the route ends before it, so remove the rest")
                );
            }
            stages.push_punct(input.parse()?);
        }
    }

    fn stage(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        if input.is_empty() {
            return Err(self.missing("a handler", form));
        }
        if input.peek(token::Paren) {
            return self.join(input, form);
        }
        if input.peek(Token![match]) {
            return self.choice(input, form);
        }
        if input.peek(Token![if]) {
            return Err(input.error(
                "`if` must follow an event, as in `when E(x) if x > 3 -> a else -> b`: \
                 to test a value, write `match { x if x > 3 => a, x => b }`",
            ));
        }
        if glue::at_closure(input) {
            return glue::closure(input);
        }
        if is_ask(input) {
            return self.ask_stage(input);
        }
        advise(input, meant::by_stage(input))?;
        let lone = !input.peek2(Token![::]);
        if lone
            && let Ok(keyword) = input.fork().call(Ident::parse_any)
            && !is_refused_handler(&keyword, input)
        {
            match keyword.to_string().as_str() {
                "end" => return end(input),
                "first" if at_first(input) => return self.first(input, form),
                "ignore" => return Ok(Stage::Ignore(input.call(Ident::parse_any)?)),
                "emit" => return emit(input),
                "Some" | "Ok" | "Err" => {
                    let stage = glue::constructor(input)?;
                    advise(input, meant::by_constructor(input))?;
                    return Ok(stage);
                }
                "skip" => return Ok(Stage::Skip(input.call(Ident::parse_any)?)),
                "each" => {
                    let keyword = input.call(Ident::parse_any)?;
                    return self.each(input, keyword);
                }
                word => no_handler(word, keyword.span(), input)?,
            }
        }
        if let Some(word) = reserved(input) {
            let message = format!(
                "`{word}` is a word of Rust: name the handler otherwise, or write `r#{word}`"
            );
            return Err(syn::Error::new(word.span(), message));
        }
        let handler = self.handler(input, STAGE, form)?;
        if let Some(name) = handler.get_ident()
            && let Some(error) = meant::word_behind(name, input)
        {
            return Err(error);
        }
        if input.peek(token::Paren) {
            let message = meant::by_parentheses(input).unwrap_or(ALONE);
            return Err(syn::Error::new(handler.span(), message));
        }
        if input.peek(token::Bracket) {
            let name = written(&handler);
            let message = format!(
                "only an `each` has a number in brackets: write `each {name}[8]`, or remove it"
            );
            return Err(input.error(message));
        }
        Ok(Stage::Handler(handler))
    }

    fn join(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        let inner;
        let paren = parenthesized!(inner in input);
        let mut branches = self.branches(&inner, form)?;
        if branches.len() == 1
            && is_of_stage(input)
            && let Some(chain) = branches.pop()
        {
            return self.stand_in(Some(paren), chain, input);
        }
        if branches.len() < 2 {
            return Err(syn::Error::new(
                paren.span.join(),
                "a join has at least two branches, `(a, b)`: add one, or remove the parentheses",
            ));
        }
        Ok(Stage::Join { paren, branches })
    }

    /// `else handler`, `else (a -> b)` or `else skip`, after the stage that it stands in for.
    pub(super) fn stand_in(
        &mut self,
        paren: Option<token::Paren>,
        tried: Route,
        input: ParseStream<'_>,
    ) -> syn::Result<Stage> {
        const FORM: &str = "work else stand_in";
        let keyword: Token![else] = input.parse()?;
        if input.is_empty() {
            return Err(self.missing("a handler", FORM));
        }
        let stand_in = if input.peek(token::Paren) {
            let inner;
            let paren = parenthesized!(inner in input);
            let mut branches = self.branches(&inner, FORM)?;
            match (branches.pop(), branches.is_empty()) {
                (Some(chain), true) => (Some(paren), chain),
                _ => return Err(syn::Error::new(paren.span.join(), ONE_STAND_IN)),
            }
        } else if glue::at_closure(input) {
            (None, Route::of(glue::closure(input)?))
        } else {
            let lone = !input.peek2(Token![::]);
            let word = input.fork().call(Ident::parse_any).ok().filter(|_| lone);
            match word.map(|word| word.to_string()).as_deref() {
                Some("first") if at_first(input) => return Err(input.error(ONE_STAND_IN)),
                Some("skip") => (None, Route::of(Stage::Skip(input.call(Ident::parse_any)?))),
                Some("emit") => return Err(input.error(EMIT_NO_STAND_IN)),
                Some("end" | "ignore" | "each" | "match" | "Some" | "Ok" | "Err") => {
                    return Err(input.error(ONE_STAND_IN));
                }
                _ => (
                    None,
                    Route::of(Stage::Handler(self.handler(input, STAND_IN, FORM)?)),
                ),
            }
        };
        let skips = matches!(stand_in.1.only(), Some(Stage::Skip(_)));
        if stand_in.1.is_closed() && !skips {
            return Err(syn::Error::new(
                stand_in.1.end_span().unwrap_or(keyword.span),
                "what stands in for a stage must return its value: end the clause after it",
            ));
        }
        let choice = Else {
            paren,
            tried,
            keyword,
            stand_in,
            question: None,
        };
        if let Some(advice) = misplaced(&choice, input) {
            return Err(syn::Error::new(keyword.span, advice));
        }
        Ok(Stage::Else(Box::new(choice)))
    }

    pub(super) fn branches(
        &mut self,
        inner: ParseStream<'_>,
        form: &str,
    ) -> syn::Result<Punctuated<Route, Token![,]>> {
        let mut branches = Punctuated::new();
        while !inner.is_empty() {
            branches.push_value(self.route(inner, form)?);
            if inner.is_empty() {
                break;
            }
            branches.push_punct(inner.parse().map_err(|error: syn::Error| {
                syn::Error::new(error.span(), "expected `,` before this: `(a, b)`")
            })?);
        }
        Ok(branches)
    }

    fn each(&mut self, input: ParseStream<'_>, keyword: Ident) -> syn::Result<Stage> {
        let (paren, route) = self.each_route(input)?;
        let limit = if input.peek(token::Bracket) {
            Some(each_limit(input)?)
        } else {
            None
        };
        Ok(Stage::Each(Each {
            keyword,
            paren,
            route,
            limit,
        }))
    }

    /// `handler`, `(a -> b)` or `(a, b)`
    fn each_route(&mut self, input: ParseStream<'_>) -> syn::Result<(Option<token::Paren>, Route)> {
        const FORM: &str = "each handler[8]";
        if !input.peek(token::Paren) {
            if glue::at_closure(input) {
                return Err(input.error(EACH_CLOSURE));
            }
            if at_lone_word(input, "emit") {
                return Err(input.error(EACH_EMIT));
            }
            if let Some(advice) = meant::by_item(input) {
                return Err(input.error(advice));
            }
            if input.peek(Token![match])
                || input
                    .fork()
                    .call(Ident::parse_any)
                    .is_ok_and(|word| word == "each")
            {
                return Err(
                    input.error("`each` needs parentheses around this: `each (each handler)`")
                );
            }
            if at_first(input) {
                let message = "`each` needs parentheses around this: `each (first (a, b))[8]`";
                return Err(input.error(message));
            }
            let handler = self.handler(input, "a handler", FORM)?;
            advise(input, meant::by_each(input))?;
            return Ok((None, Route::of(Stage::Handler(handler))));
        }
        let inner;
        let paren = parenthesized!(inner in input);
        let mut branches = self.branches(&inner, FORM)?;
        if branches.len() > 1 {
            return Ok((None, Route::of(Stage::Join { paren, branches })));
        }
        match branches.pop() {
            Some(branch) => match branch.stages.first() {
                Some(Stage::Emit(keyword)) => Err(syn::Error::new(keyword.span(), EACH_EMIT)),
                _ => Ok((Some(paren), branch)),
            },
            None => Err(syn::Error::new(
                paren.span.join(),
                "expected a handler in these parentheses: `each (a -> b)[8]`",
            )),
        }
    }

    fn choice(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        let keyword: Token![match] = input.parse()?;
        if !input.peek(token::Brace) {
            return Err(syn::Error::new(
                keyword.span,
                "expected `{` after this `match`: `match { pattern => handler, … }`",
            ));
        }
        let inner;
        let brace = braced!(inner in input);
        let mut arms = Punctuated::new();
        while !inner.is_empty() {
            arms.push_value(self.arm(&inner, form)?);
            if inner.is_empty() {
                break;
            }
            arms.push_punct(inner.parse().map_err(|error: syn::Error| {
                syn::Error::new(
                    error.span(),
                    "expected `,` before this arm: `match { pattern => handler, … }`",
                )
            })?);
        }
        if arms.is_empty() {
            return Err(syn::Error::new(
                brace.span.join(),
                "this `match` has no arms: add one for each case, `pattern => handler`",
            ));
        }
        Ok(Stage::Match {
            keyword,
            brace,
            arms,
        })
    }

    fn arm(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Arm> {
        let at = input.span();
        let pattern = Pat::parse_multi_with_leading_vert(input).map_err(|_| {
            syn::Error::new(at, "expected a pattern: `match { pattern => handler, … }`")
        })?;
        let guard = if let Some(keyword) = input.parse::<Option<Token![if]>>()? {
            let condition = input.parse().map_err(|error: syn::Error| {
                let message = "expected a condition: `match { pattern if x > 3 => handler, … }`";
                syn::Error::new(error.span(), message)
            })?;
            Some((keyword, Box::new(condition)))
        } else {
            None
        };
        if input.peek(Token![->]) {
            return Err(input.error("expected `=>` in an arm: `pattern => handler`"));
        }
        Ok(Arm {
            pattern,
            guard,
            arrow: input.parse()?,
            route: self.route(input, form)?,
        })
    }
}

/// A word of Rust in place of the name of a handler.
fn reserved(input: ParseStream<'_>) -> Option<Ident> {
    let next = input.fork();
    let word = next.call(Ident::parse_any).ok()?;
    let mut paths = ["crate", "self", "super", "Self", "_"].iter();
    let is_whole = next.is_empty() || next.peek(Token![->]);
    (is_whole && !input.peek(Ident) && !paths.any(|first| word == first)).then_some(word)
}

/// Whether the word is alone, and the name of a handler in this file, which is an error there.
fn is_refused_handler(word: &Ident, input: ParseStream<'_>) -> bool {
    let next = input.fork();
    next.call(Ident::parse_any).is_ok()
        && (next.is_empty() || next.peek(Token![->]))
        && RESERVED.iter().any(|reserved| word == reserved)
        && is_handler_in_this_file(word)
}

/// Rejects a closure that never returns where the stage after it does not tell the type.
fn has_type(function: &Expr, next: &Stage) -> syn::Result<()> {
    let (word, ty) = match next {
        Stage::Emit(_) => ("emit", "Event"),
        Stage::Each(_) => ("each", "Vec<Item>"),
        Stage::Handler(handler) if is_generated(handler) => ("ask", "Question"),
        _ => return Ok(()),
    };
    let Expr::Closure(closure) = function else {
        return Ok(());
    };
    if !diverges(function) {
        return Ok(());
    }
    let body = match &*closure.body {
        Expr::Block(_) => written(&closure.body),
        body => format!("{{ {} }}", written(body)),
    };
    let message = format!(
        "`{word}` cannot tell what this closure will return: write its type, `|{}| -> {ty} {body}`",
        written(&closure.inputs)
    );
    Err(syn::Error::new_spanned(closure, message))
}

/// Whether this word follows, and is not the first of a path.
fn at_lone_word(input: ParseStream<'_>, word: &str) -> bool {
    let next = input.fork().call(Ident::parse_any);
    next.is_ok_and(|next| next == word) && !input.peek2(Token![::])
}

/// Why the `else` cannot be where it is, and where it goes.
fn misplaced(choice: &Else, input: ParseStream<'_>) -> Option<String> {
    let stand_in = Choice(choice);
    if choice.paren.is_some() {
        return choice.tried.is_closed().then(|| {
            "the stage before this `else` has no value because its route ends: \
             end the clause after the `else`"
                .to_owned()
        });
    }
    match choice.tried.only()? {
        Stage::Handler(_) | Stage::First(_) | Stage::Else(_) | Stage::If(_) | Stage::Ask(_) => None,
        Stage::Each(each) => {
            let limit = each.limit.as_ref().map(|(_, limit)| written(limit));
            // `each work else gap[8]`
            let later = || each_limit(input).ok().map(|(_, limit)| written(&limit));
            let limit = limit.or_else(|| input.peek(token::Bracket).then(later)?);
            let limit = limit.map(|limit| format!("[{limit}]")).unwrap_or_default();
            let item = stand_in.after(&each.route);
            Some(format!(
                "an `else` stands in for one item, not for the whole `each`: \
                 write `each ({item}){limit}`"
            ))
        }
        Stage::Join { branches, .. } => {
            let branches = branches.iter().map(|branch| stand_in.after(branch));
            let branches = branches.collect::<Vec<_>>().join(", ");
            Some(format!(
                "an `else` stands in for one branch, not for the whole join: \
                 write it in each branch that may fail, `({branches})`"
            ))
        }
        Stage::Match { .. } => Some(
            "an `else` stands in for a handler, and a `match` has several: \
             write it in each arm that may fail, `pattern => work else stand_in`"
                .to_owned(),
        ),
        Stage::Glue(_) => Some(
            "a closure cannot fail: write the `else` right after the handler that may".to_owned(),
        ),
        Stage::End(End { keyword: word, .. })
        | Stage::Ignore(word)
        | Stage::Emit(word)
        | Stage::Skip(word) => Some(format!(
            "`{word}` cannot fail: write the `else` right after the handler that may"
        )),
    }
}

struct Choice<'a>(&'a Else);

impl Choice<'_> {
    /// The `else` behind another stage, as written.
    fn after(&self, tried: &Route) -> String {
        let (paren, stand_in) = &self.0.stand_in;
        let stand_in = match paren {
            Some(_) => format!("({})", written(stand_in)),
            None => written(stand_in),
        };
        match tried.only() {
            Some(Stage::Handler(handler)) => format!("{} else {stand_in}", written(handler)),
            Some(Stage::Else(_)) => written(tried),
            _ => format!("({}) else {stand_in}", written(tried)),
        }
    }
}

/// Rejects a lone word that cannot be meant as a handler.
fn no_handler(word: &str, span: Span, input: ParseStream<'_>) -> syn::Result<()> {
    if let Some(advice) = meant::by_word(word, input) {
        return Err(syn::Error::new(span, advice));
    }
    // In a route, a word is followed by another only if the first is meant as a keyword, or if the
    // `;` before a clause is missing.
    let next = input.fork();
    next.call(Ident::parse_any)?;
    let next_word = next.call(Ident::parse_any).ok();
    let next_word = next_word.map(|next| next.to_string());
    // `fetch within "3s"`
    let before_another = !next.peek(Lit)
        && next_word.as_ref().is_some_and(|next| {
            next != "if" && next != "else" && !KEYWORDS.contains(&next.as_str())
        });
    // `fetch esle cached`
    let may_be_else = next_word.is_some_and(|next| {
        let to = |word: &str, known| strsim::damerau_levenshtein(word, known);
        let is_near = nearest(&next, &["else"]).is_some();
        is_near && to(&next, "else") <= to(word, "each")
            || ["or", "catch", "otherwise", "fallback", "retry"].contains(&next.as_str())
    });
    let message = match word {
        "None" => "`None` takes no value: write `|_| None`".to_owned(),
        "foreach" | "for_each" if before_another => {
            format!("unknown word `{word}` before a handler: did you mean `each`?")
        }
        _ => match did_you_mean(word, &["each", "match"]) {
            hint if before_another && !may_be_else && !hint.is_empty() => {
                format!("unknown word `{word}` before a handler{hint}")
            }
            _ => return Ok(()),
        },
    };
    Err(syn::Error::new(span, message))
}

/// `[8]`
fn each_limit(input: ParseStream<'_>) -> syn::Result<(token::Bracket, Box<Expr>)> {
    const EXPECTED: &str = "expected the number of items that run at a time: `each handler[8]`";
    let inner;
    let bracket = bracketed!(inner in input);
    let limit = inner
        .parse()
        .map_err(|_| syn::Error::new(bracket.span.join(), EXPECTED))?;
    if !inner.is_empty() {
        return Err(inner.error(EXPECTED));
    }
    if let Expr::Lit(literal) = &limit {
        match &literal.lit {
            Lit::Int(number) if number.base10_digits() != "0" => {}
            Lit::Int(_) => return Err(syn::Error::new_spanned(limit, AT_LEAST_ONE)),
            _ => return Err(syn::Error::new_spanned(limit, EXPECTED)),
        }
    }
    Ok((bracket, Box::new(limit)))
}
