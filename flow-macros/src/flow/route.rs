//! What stands behind an arrow: `a -> (b, c) -> each d[8] -> match { … }`.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Ident, Lit, Pat, PatIdent, Path, Token, braced, bracketed, parenthesized, token};

use crate::flow::parse::{ALONE, Line};
use crate::written::written;

const STAGE: &str = "a handler, `(a, b)`, `each a`, `match { … }`, `end` or `ignore`";

/// Of `each`.
pub(crate) const AT_LEAST_ONE: &str = "`each` runs one at a time at least: `[1]`";

/// One stage after the other.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) stages: Vec<Stage>,
}

#[derive(Clone)]
pub(crate) enum Stage {
    Handler(Path),
    /// `(a, b -> c)`
    Join {
        span: Span,
        branches: Vec<Route>,
    },
    /// `each a[8]`, `each (a -> b)[8]`
    Each {
        keyword: Ident,
        route: Route,
        limit: Option<Box<Expr>>,
    },
    /// `match { pattern => route, … }`
    Match {
        keyword: Token![match],
        arms: Vec<Arm>,
    },
    /// `if condition -> route else route`: only as all of a clause.
    If {
        pattern: Option<Box<Pat>>,
        condition: Box<Expr>,
        then: Route,
        otherwise: Route,
    },
    End(Ident),
    Ignore(Ident),
    /// Only as all of the first clause of `ask E -> …`.
    Ask(Ask),
}

/// A question that goes out.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) keyword: Ident,
    pub(crate) event: Path,
    pub(crate) within: Option<Duration>,
}

#[derive(Clone)]
pub(crate) struct Arm {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<Box<Expr>>,
    pub(crate) route: Route,
}

impl Arm {
    /// When it is taken, as it is written.
    pub(crate) fn condition(&self) -> String {
        let pattern = written(&self.pattern);
        match &self.guard {
            Some(guard) => format!("{pattern} if {}", written(guard)),
            None => pattern,
        }
    }

    /// What the pattern binds, in the order of the text: that is what goes on.
    pub(crate) fn bindings(&self) -> Vec<Ident> {
        bindings(&self.pattern)
    }
}

/// The names that a pattern binds. A lone capitalised name is a constant or a variant.
pub(crate) fn bindings(pattern: &Pat) -> Vec<Ident> {
    struct Bindings(Vec<Ident>);
    impl<'a> Visit<'a> for Bindings {
        fn visit_pat_ident(&mut self, pattern: &'a PatIdent) {
            let name = pattern.ident.unraw().to_string();
            let lower = !name.starts_with(char::is_uppercase);
            // Alternatives bind the same names.
            if (lower || pattern.subpat.is_some()) && !self.0.contains(&pattern.ident) {
                self.0.push(pattern.ident.clone());
            }
            visit::visit_pat_ident(self, pattern);
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut bindings = Bindings(Vec::new());
    bindings.visit_pat(pattern);
    bindings.0
}

impl Route {
    /// The handlers, wherever they are, in the order of the text.
    pub(crate) fn handlers(&self) -> Vec<&Path> {
        let mut handlers = Vec::new();
        self.collect(&mut handlers);
        handlers
    }

    fn collect<'a>(&'a self, into: &mut Vec<&'a Path>) {
        for stage in &self.stages {
            match stage {
                Stage::Handler(handler) => into.push(handler),
                Stage::Join { branches, .. } => {
                    for branch in branches {
                        branch.collect(into);
                    }
                }
                Stage::Each { route, .. } => route.collect(into),
                Stage::Match { arms, .. } => {
                    for arm in arms {
                        arm.route.collect(into);
                    }
                }
                Stage::If {
                    then, otherwise, ..
                } => {
                    then.collect(into);
                    otherwise.collect(into);
                }
                Stage::End(_) | Stage::Ignore(_) | Stage::Ask(_) => {}
            }
        }
    }

    /// Whether it or a branch of it leads to `end`.
    pub(crate) fn ends(&self) -> bool {
        self.stages.iter().any(|stage| match stage {
            Stage::End(_) => true,
            Stage::Handler(_) | Stage::Ignore(_) | Stage::Ask(_) => false,
            Stage::Join { branches, .. } => branches.iter().any(Self::ends),
            Stage::Each { route, .. } => route.ends(),
            Stage::Match { arms, .. } => arms.iter().any(|arm| arm.route.ends()),
            Stage::If {
                then, otherwise, ..
            } => then.ends() || otherwise.ends(),
        })
    }

    /// Whether it leads to `ignore`, on some way.
    pub(crate) fn ignores(&self) -> bool {
        match self.stages.last() {
            Some(Stage::Ignore(_)) => true,
            Some(Stage::Match { arms, .. }) => arms.iter().any(|arm| arm.route.ignores()),
            _ => false,
        }
    }

    /// Whether there is a choice in it.
    pub(crate) fn branches(&self) -> bool {
        let choice = |stage: &Stage| matches!(stage, Stage::Match { .. } | Stage::If { .. });
        self.stages.iter().any(choice)
    }

    /// Whether nothing comes out of it: it leads to `end` or `ignore`, on whichever way.
    pub(crate) fn is_closed(&self) -> bool {
        self.stages.last().is_some_and(Stage::is_closed)
    }
}

impl Stage {
    /// Where it stands: of several words, the last.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Handler(handler) => handler.span(),
            Self::Join { span, .. } => *span,
            Self::Each { keyword, .. } | Self::End(keyword) | Self::Ignore(keyword) => {
                keyword.span()
            }
            Self::Ask(ask) => ask.keyword.span(),
            Self::Match { keyword, .. } => keyword.span,
            Self::If { condition, .. } => condition.span(),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::End(_) | Self::Ignore(_) | Self::Ask(_) => true,
            Self::Match { arms, .. } => arms.iter().all(|arm| arm.route.is_closed()),
            Self::Handler(_) | Self::Join { .. } | Self::Each { .. } | Self::If { .. } => false,
        }
    }
}

impl ToTokens for Route {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (index, stage) in self.stages.iter().enumerate() {
            if index > 0 {
                <Token![->]>::default().to_tokens(tokens);
            }
            stage.to_tokens(tokens);
        }
    }
}

impl ToTokens for Stage {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Handler(handler) => handler.to_tokens(tokens),
            Self::Join { span, branches } => token::Paren(*span).surround(tokens, |tokens| {
                for (index, branch) in branches.iter().enumerate() {
                    if index > 0 {
                        <Token![,]>::default().to_tokens(tokens);
                    }
                    branch.to_tokens(tokens);
                }
            }),
            Self::Each {
                keyword,
                route,
                limit,
            } => {
                keyword.to_tokens(tokens);
                match route.stages.as_slice() {
                    [one] => one.to_tokens(tokens),
                    _ => {
                        token::Paren::default().surround(tokens, |tokens| route.to_tokens(tokens));
                    }
                }
                if let Some(limit) = limit {
                    token::Bracket::default().surround(tokens, |tokens| limit.to_tokens(tokens));
                }
            }
            Self::Match { keyword, arms } => {
                keyword.to_tokens(tokens);
                token::Brace::default().surround(tokens, |tokens| {
                    for arm in arms {
                        arm.pattern.to_tokens(tokens);
                        arm.guard.to_tokens(tokens);
                        <Token![=>]>::default().to_tokens(tokens);
                        arm.route.to_tokens(tokens);
                        <Token![,]>::default().to_tokens(tokens);
                    }
                });
            }
            Self::If {
                pattern,
                condition,
                then,
                otherwise,
            } => {
                pattern.to_tokens(tokens);
                condition.to_tokens(tokens);
                then.to_tokens(tokens);
                otherwise.to_tokens(tokens);
            }
            Self::End(keyword) | Self::Ignore(keyword) => keyword.to_tokens(tokens),
            Self::Ask(ask) => ask.keyword.to_tokens(tokens),
        }
    }
}

impl Line {
    /// `-> stage -> stage …`, and nothing after it but what `stops` it.
    pub(crate) fn arrow_and_route(
        &mut self,
        input: ParseStream<'_>,
        form: &str,
    ) -> syn::Result<Route> {
        if input.is_empty() {
            return Err(self.missing("`-> handler`", form));
        }
        if !input.peek(Token![->]) {
            if input.peek(Token![=>]) {
                return Err(input.error("a clause has a thin arrow: `->`"));
            }
            return Err(input.error(format!("expected `->` before this: `{form}`")));
        }
        input.parse::<Token![->]>()?;
        self.route(input, form)
    }

    /// `stage -> stage …`
    fn route(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Route> {
        let mut stages = Vec::new();
        loop {
            let stage = self.stage(input, form)?;
            let closed = stage.is_closed();
            stages.push(stage);
            if !input.peek(Token![->]) {
                return Ok(Route { stages });
            }
            if closed {
                return Err(input.error("nothing goes on from here: take the rest away"));
            }
            input.parse::<Token![->]>()?;
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
                "`if` asks about an event: `when E(x) if x > 3 -> a else -> b`; \
                 about a value, write `match { x if x > 3 => a, x => b }`",
            ));
        }
        let lone = !input.peek2(Token![::]);
        if lone && let Ok(keyword) = input.fork().call(Ident::parse_any) {
            match keyword.to_string().as_str() {
                "end" => return Ok(Stage::End(input.call(Ident::parse_any)?)),
                "ignore" => return Ok(Stage::Ignore(input.call(Ident::parse_any)?)),
                "each" => {
                    let keyword = input.call(Ident::parse_any)?;
                    return self.each(input, keyword);
                }
                _ => {}
            }
        }
        let handler = self.path(input, STAGE, form)?;
        if input.peek(token::Paren) {
            return Err(syn::Error::new(handler.span(), ALONE));
        }
        Ok(Stage::Handler(handler))
    }

    fn join(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        let inner;
        let paren = parenthesized!(inner in input);
        let branches = self.branches(&inner, form)?;
        let span = paren.span.join();
        if branches.len() < 2 {
            return Err(syn::Error::new(
                span,
                "a join has two branches or more: `(a, b)`; take the parentheses away",
            ));
        }
        Ok(Stage::Join { span, branches })
    }

    fn branches(&mut self, inner: ParseStream<'_>, form: &str) -> syn::Result<Vec<Route>> {
        let mut branches = Vec::new();
        while !inner.is_empty() {
            branches.push(self.route(inner, form)?);
            if inner.is_empty() {
                break;
            }
            inner.parse::<Token![,]>().map_err(|error| {
                syn::Error::new(error.span(), "expected `,` before this: `(a, b)`")
            })?;
        }
        Ok(branches)
    }

    fn each(&mut self, input: ParseStream<'_>, keyword: Ident) -> syn::Result<Stage> {
        const FORM: &str = "each handler[8]";
        let route = if input.peek(token::Paren) {
            let inner;
            let paren = parenthesized!(inner in input);
            let mut branches = self.branches(&inner, FORM)?;
            match (branches.pop(), branches.is_empty()) {
                (Some(route), true) => route,
                (Some(last), false) => {
                    branches.push(last);
                    let span = paren.span.join();
                    Route {
                        stages: vec![Stage::Join { span, branches }],
                    }
                }
                (None, _) => {
                    return Err(syn::Error::new(
                        paren.span.join(),
                        "expected a handler in here: `each (a -> b)[8]`",
                    ));
                }
            }
        } else {
            if input.peek(Token![match])
                || input
                    .fork()
                    .call(Ident::parse_any)
                    .is_ok_and(|word| word == "each")
            {
                return Err(input.error("put this in parentheses: `each (each handler)`"));
            }
            let handler = self.path(input, "a handler", FORM)?;
            Route {
                stages: vec![Stage::Handler(handler)],
            }
        };
        let limit = if input.peek(token::Bracket) {
            let inner;
            let bracket = bracketed!(inner in input);
            let expected = "expected how many run at a time: `each handler[8]`";
            let limit = inner
                .parse()
                .map_err(|_| syn::Error::new(bracket.span.join(), expected))?;
            if !inner.is_empty() {
                return Err(inner.error(expected));
            }
            if let Expr::Lit(literal) = &limit {
                match &literal.lit {
                    Lit::Int(number) if number.base10_digits() != "0" => {}
                    Lit::Int(_) => return Err(syn::Error::new_spanned(limit, AT_LEAST_ONE)),
                    _ => return Err(syn::Error::new_spanned(limit, expected)),
                }
            }
            Some(Box::new(limit))
        } else {
            None
        };
        Ok(Stage::Each {
            keyword,
            route,
            limit,
        })
    }

    fn choice(&mut self, input: ParseStream<'_>, form: &str) -> syn::Result<Stage> {
        let keyword: Token![match] = input.parse()?;
        if !input.peek(token::Brace) {
            return Err(syn::Error::new(
                keyword.span,
                "`match` is about the value that arrives: `match { pattern => handler, … }`",
            ));
        }
        let inner;
        let brace = braced!(inner in input);
        let mut arms = Vec::new();
        while !inner.is_empty() {
            let at = inner.span();
            let pattern = Pat::parse_multi_with_leading_vert(&inner).map_err(|_| {
                syn::Error::new(at, "expected a pattern: `match { pattern => handler, … }`")
            })?;
            let guard = if inner.parse::<Option<Token![if]>>()?.is_some() {
                Some(Box::new(inner.parse().map_err(|error: syn::Error| {
                    let message =
                        "expected a condition: `match { pattern if x > 3 => handler, … }`";
                    syn::Error::new(error.span(), message)
                })?))
            } else {
                None
            };
            if inner.peek(Token![->]) {
                return Err(inner.error("an arm has a thick arrow: `pattern => handler`"));
            }
            inner.parse::<Token![=>]>()?;
            let route = self.route(&inner, form)?;
            arms.push(Arm {
                pattern,
                guard,
                route,
            });
            if inner.is_empty() {
                break;
            }
            inner.parse::<Token![,]>().map_err(|error| {
                syn::Error::new(error.span(), "expected `,` between the arms, before this")
            })?;
        }
        if arms.is_empty() {
            return Err(syn::Error::new(
                brace.span.join(),
                "a `match` has an arm for each case: `match { pattern => handler, … }`",
            ));
        }
        Ok(Stage::Match { keyword, arms })
    }

    /// `if condition -> route else -> route`, behind an event.
    pub(crate) fn condition(
        &mut self,
        input: ParseStream<'_>,
        pattern: Option<Pat>,
    ) -> syn::Result<Stage> {
        const FORM: &str = "when E(x) if x > 3 -> a else -> b";
        let keyword: Token![if] = input.parse()?;
        let condition = input
            .call(Expr::parse_without_eager_brace)
            .map_err(|error| {
                syn::Error::new(error.span(), format!("expected a condition: `{FORM}`"))
            })?;
        let then = self.arrow_and_route(input, FORM)?;
        if !input.peek(Token![else]) {
            return Err(syn::Error::new(
                keyword.span,
                "an `if` says what happens otherwise, too: add `else -> handler`, \
                 or `else -> ignore` if nothing does",
            ));
        }
        input.parse::<Token![else]>()?;
        let otherwise = if input.peek(Token![if]) {
            Route {
                stages: vec![self.condition(input, pattern.clone())?],
            }
        } else {
            self.arrow_and_route(input, FORM)?
        };
        Ok(Stage::If {
            pattern: pattern.map(Box::new),
            condition: Box::new(condition),
            then,
            otherwise,
        })
    }

    /// `(x)` or `{ x, .. }` behind an event's path, as the pattern of the whole.
    pub(crate) fn pattern(input: ParseStream<'_>, event: &Path) -> syn::Result<Option<Pat>> {
        if !input.peek(token::Paren) && !input.peek(token::Brace) {
            return Ok(None);
        }
        let group: proc_macro2::TokenTree = input.parse()?;
        let mut tokens = event.to_token_stream();
        group.to_tokens(&mut tokens);
        let span = group.span();
        syn::parse::Parser::parse2(Pat::parse_single, tokens)
            .map(Some)
            .map_err(|_| syn::Error::new(span, "expected a pattern, such as `Event(x)`"))
    }
}
