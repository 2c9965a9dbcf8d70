//! Calls of macros. What is known of one by its name is where the code in it is and when it runs.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Block, Expr, Macro, Pat, Token};

use crate::handler::shape::paths::{Alternative, Alternatives, Exit, Paths};
use crate::handler::shape::walk::Walk;
use crate::handler::shape::words::{self, line};

/// `pattern = future, if condition => handler`
struct Branch {
    pattern: Option<Pat>,
    future: Option<Expr>,
    condition: Option<Expr>,
    handler: Expr,
}

impl Walk {
    pub(super) fn called_macro(&mut self, called: &Macro) -> Paths {
        let Some(kind) = words::Kind::of(&called.path) else {
            return self.unknown_macro(called);
        };
        match kind {
            words::Kind::Select => self.select(called),
            words::Kind::Join => match arguments(&called.tokens) {
                // Each future runs to its end.
                Some(futures) => futures
                    .iter()
                    .map(|future| self.awaited(future))
                    .fold(Self::waits(), |all, future| all.then(&future)),
                None => Self::waits().then(&self.unknown_in(&called.tokens)),
            },
            words::Kind::TryJoin => self.evaluated(&called.tokens).then(&Self::waits()),
            words::Kind::Text => Paths::nothing(),
            words::Kind::Matches => self.matched(&called.tokens),
            words::Kind::Value => self.evaluated(&called.tokens),
            words::Kind::Log => self.evaluated(&logged(&called.tokens)).or_not(),
            words::Kind::Assert(count) => self.asserted(&called.tokens, count),
            words::Kind::DebugAssert(count) => self.asserted(&called.tokens, count).or_not(),
            words::Kind::Bail => {
                let failed = Paths::to(self.failed());
                self.evaluated(&called.tokens).then(&failed)
            }
            words::Kind::Ensure => {
                let failed = Paths::to(self.failed()).at(line(&called.path));
                self.evaluated(&called.tokens).then(&failed.or_not())
            }
            words::Kind::Panic | words::Kind::Todo => {
                self.unfinished |= kind == words::Kind::Todo;
                self.leaves = true;
                self.evaluated(&called.tokens).then(&Paths::nowhere())
            }
        }
    }

    /// The arguments, as those of an array: `a, b` or `a; n`. Where one is more than an expression,
    /// such as `%error` or a pattern, they are not followed.
    fn evaluated(&mut self, tokens: &TokenStream) -> Paths {
        if let Ok(arguments) = syn::parse2::<Expr>(quote!([#tokens])) {
            return self.expr(&arguments);
        }
        self.calls = true;
        self.unknown_in(tokens)
    }

    /// The first `count` arguments. What follows is the message of the panic.
    fn asserted(&mut self, tokens: &TokenStream, count: usize) -> Paths {
        self.calls = true;
        self.leaves = true;
        let Some(arguments) = arguments(tokens) else {
            return self.unknown_in(tokens);
        };
        let asserted = arguments.iter().take(count);
        asserted.fold(Paths::nothing(), |all, argument| {
            all.then(&self.expr(argument))
        })
    }

    /// The first argument, which may be followed by a pattern.
    fn matched(&mut self, tokens: &TokenStream) -> Paths {
        let first = |input: ParseStream<'_>| {
            let first: Expr = input.parse()?;
            let rest: TokenStream = input.parse()?;
            Ok((first, rest))
        };
        match first.parse2(tokens.clone()) {
            Ok((first, rest)) => self.expr(&first).then(&self.unknown_in(&rest)),
            Err(_) => self.unknown_in(tokens),
        }
    }

    /// It may return, and emit if it is given the context.
    fn unknown_macro(&mut self, called: &Macro) -> Paths {
        let (tokens, line) = (&called.tokens, line(&called.path));
        let name = called.path.segments.last();
        self.macros.extend(name.map(|last| last.ident.to_string()));
        let number = self.macros.len();
        if self.names_the_context(tokens) {
            self.escape(line, number);
        }
        self.leaving(Alternative {
            left_by: number,
            line,
            ..Self::waiting()
        })
    }

    /// Code that is not followed, of a macro that goes on by itself.
    fn unknown_in(&mut self, tokens: &TokenStream) -> Paths {
        self.mentions(tokens);
        if words::goes_on(tokens) {
            Paths::nothing()
        } else {
            self.unknown()
        }
    }

    /// One branch of a `select!` runs, when its future is ready.
    fn select(&mut self, called: &Macro) -> Paths {
        self.calls = true;
        let Ok(branches) = branches.parse2(called.tokens.clone()) else {
            self.leaves = true;
            return Self::waits().then(&self.unknown_in(&called.tokens));
        };
        let mut futures = Paths::nothing();
        let mut all = Paths::nowhere();
        for branch in &branches {
            for part in branch.future.iter().chain(&branch.condition) {
                futures = futures.then(&self.expr(part).or_not());
            }
            let bound = branch.pattern.as_ref().map(|pattern| self.pat(pattern));
            self.has_an_effect(&branch.handler);
            let ran = self.expr(&branch.handler);
            let ran = bound.unwrap_or_else(Paths::nothing).then(&ran);
            let at = branch
                .pattern
                .as_ref()
                .map_or_else(|| line(&branch.handler), line);
            all = all.or(&ran.at(at));
        }
        futures.then(&Self::waits()).then(&all.branched())
    }

    fn waits() -> Paths {
        Paths::through(Alternatives::of([Self::waiting()]))
    }

    fn waiting() -> Alternative {
        Alternative {
            waits: true,
            ..Alternative::default()
        }
    }

    /// Code that may go anywhere from here.
    pub(super) fn unknown(&mut self) -> Paths {
        self.leaving(Self::waiting())
    }

    /// Code that goes on, or leaves the body or what is around in it in this way.
    fn leaving(&mut self, way: Alternative) -> Paths {
        self.calls = true;
        self.leaves = true;
        let anywhere = Paths::through(Alternatives::of([way]));
        let mut exits = vec![self.failed()];
        if self.within.is_none() {
            exits.extend(self.unclear());
        }
        for scope in &self.scopes {
            exits.push(Exit::Break(scope.number));
            if scope.is_loop {
                exits.push(Exit::Continue(scope.number));
            }
        }
        anywhere.exiting(&exits).or(&Self::waits())
    }
}

/// The values of a log, without their names and the `%` or `?` before them: `user = %name`.
fn logged(tokens: &TokenStream) -> TokenStream {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let is = |token: Option<&TokenTree>, mark| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let is_alone = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.spacing() == Spacing::Alone);
    let mut values = TokenStream::new();
    for argument in tokens.split(|token| is(Some(token), ',')) {
        let name = argument.iter().take_while(|token| match token {
            TokenTree::Ident(_) | TokenTree::Literal(_) => true,
            token => is(Some(token), '.'),
        });
        let (name, rest) = argument.split_at(name.count());
        let value = match rest {
            // `target: "disk"`
            [mark, value @ ..] if is(Some(mark), ':') && is_alone(mark) => value,
            // The `=` of `user=%name` is joined to what follows.
            [mark, value @ ..]
                if is(Some(mark), '=') && !is(value.first(), '=') && !name.is_empty() =>
            {
                value
            }
            _ => argument,
        };
        let value = match value {
            [mark, value @ ..] if is(Some(mark), '%') || is(Some(mark), '?') => value,
            value => value,
        };
        values.extend(value.iter().cloned());
        values.extend(quote!(,));
    }
    values
}

fn arguments(tokens: &TokenStream) -> Option<Vec<Expr>> {
    match syn::parse2::<Expr>(quote!([#tokens])) {
        Ok(Expr::Array(array)) => Some(array.elems.into_iter().collect()),
        Ok(_) | Err(_) => None,
    }
}

/// The branches of a `select!` of tokio or of futures.
fn branches(input: ParseStream<'_>) -> syn::Result<Vec<Branch>> {
    mod word {
        syn::custom_keyword!(biased);
        syn::custom_keyword!(complete);
    }
    if input.peek(word::biased) && input.peek2(Token![;]) {
        input.parse::<word::biased>()?;
        input.parse::<Token![;]>()?;
    }
    let mut branches = Vec::new();
    while !input.is_empty() {
        let mut branch = Branch {
            pattern: None,
            future: None,
            condition: None,
            handler: Expr::Block(syn::parse_quote!({})),
        };
        if input.peek(Token![else]) {
            input.parse::<Token![else]>()?;
        } else if input.peek(word::complete) && input.peek2(Token![=>]) {
            input.parse::<word::complete>()?;
        } else if input.peek(Token![default]) && input.peek2(Token![=>]) {
            input.parse::<Token![default]>()?;
        } else {
            branch.pattern = Some(Pat::parse_multi_with_leading_vert(input)?);
            input.parse::<Token![=]>()?;
            branch.future = Some(input.parse()?);
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                branch.condition = Some(input.parse()?);
            }
        }
        input.parse::<Token![=>]>()?;
        if input.peek(syn::token::Brace) {
            // `{ … }.await` is one expression, and `{ … } pattern = …` is not.
            let block: Block = input.parse()?;
            branch.handler = Expr::Block(syn::parse_quote!(#block));
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
        } else {
            branch.handler = input.parse()?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        branches.push(branch);
    }
    Ok(branches)
}
