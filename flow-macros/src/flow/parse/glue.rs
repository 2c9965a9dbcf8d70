//! Closures and constructors as stages: `|n: u32| n + 1`, `Some`.

use proc_macro2::{Delimiter, Literal, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{
    Expr, ExprAsync, ExprAwait, ExprBinary, ExprCall, ExprClosure, ExprField, ExprIndex,
    ExprMethodCall, ExprPath, ExprTry, ExprUnary, Ident, ItemConst, ItemFn, ItemStatic, Macro, Pat,
    PatIdent, Token,
};

use crate::flow::route::Stage;
use crate::patterns::{bindings, tuple_of};
use crate::types::{is_captured, is_variable};

/// Whether a closure follows.
pub(super) fn at_closure(input: ParseStream<'_>) -> bool {
    let bar = |input: ParseStream<'_>| input.peek(Token![|]) || input.peek(Token![||]);
    let fork = input.fork();
    while fork.peek(Token![move]) || fork.peek(Token![async]) || fork.peek(Token![static]) {
        if fork.call(Ident::parse_any).is_err() {
            return false;
        }
    }
    bar(&fork)
}

/// `|n| n + 1`, and what it must not contain.
pub(super) fn closure(input: ParseStream<'_>) -> syn::Result<Stage> {
    let at = input.span();
    let ends_after_bars = leads_on_after_bars(&input.fork());
    let closure: ExprClosure = input.parse().map_err(|error: syn::Error| {
        if ends_after_bars {
            let message = "this closure has no body: write it before the `->`";
            return syn::Error::new(at, message);
        }
        let message = format!("expected a closure, such as `|n| n + 1`: {error}");
        syn::Error::new(
            if error.span().start() < at.start() {
                at
            } else {
                error.span()
            },
            message,
        )
    })?;
    let mut errors = Vec::new();
    let mut error = |at: Span, message: &str| errors.push(syn::Error::new(at, message));
    let body = match &*closure.body {
        Expr::Async(body) => Some(body.async_token),
        _ => None,
    };
    let is_async = closure.asyncness.or(body);
    if let Some(keyword) = &is_async {
        error(
            keyword.span(),
            "a closure in a route cannot be `async`: write a handler",
        );
    }
    if let Some(keyword) = &closure.capture {
        error(
            keyword.span(),
            "a closure in a route captures nothing: remove `move`",
        );
    }
    match closure.inputs.len() {
        1 => {}
        0 => error(
            at,
            "a closure in a route takes the value that arrives: write `|_| …` to drop it",
        ),
        _ => error(
            closure.inputs.span(),
            "a closure in a route takes one value: write `|(a, b)| …` for a tuple",
        ),
    }
    if is_async.is_none() {
        errors.extend(Inside::errors(&closure));
    }
    let mut errors = errors.into_iter();
    if let Some(mut first) = errors.next() {
        errors.for_each(|error| first.combine(error));
        return Err(first);
    }
    Ok(Stage::Glue(Box::new(Expr::Closure(closure))))
}

/// Whether `->` follows the parameters, as it does before the type of a closure with braces.
fn leads_on_after_bars(input: ParseStream<'_>) -> bool {
    let next = || input.parse::<TokenTree>().is_ok();
    let mut bars = 0;
    while bars < 2 && !input.is_empty() {
        bars += usize::from(input.peek(Token![|]));
        if !next() {
            return false;
        }
    }
    input.peek(Token![->])
}

/// `Some`, `Ok` or `Err`.
pub(super) fn constructor(input: ParseStream<'_>) -> syn::Result<Stage> {
    Ok(Stage::Glue(Box::new(Expr::Path(input.parse()?))))
}

/// The pattern of an event as a closure, which passes on what the pattern binds.
pub(super) fn bindings_of(pattern: &Pat) -> syn::Result<Stage> {
    let bound = tuple_of(&bindings(pattern));
    let closure = syn::parse2(quote!(|#pattern| #bound))?;
    Ok(Stage::Glue(Box::new(closure)))
}

/// The message for a variable from outside of a closure.
fn captured(name: &Ident) -> syn::Error {
    syn::Error::new(
        name.span(),
        format!(
            "a closure in a route captures nothing, and `{}` is not in it: take it as a resource \
             or a state in a handler",
            name.unraw()
        ),
    )
}

/// What a closure contains.
struct Inside {
    /// The names that it binds.
    bound: Vec<String>,
    /// The names of arguments of the format that is being visited: `format!("{n}", n = 1)`.
    arguments: Vec<String>,
    errors: Vec<syn::Error>,
    /// In a closure or an `async` block of its own, whose `?` and `.await` are theirs.
    is_inner: bool,
}

impl Inside {
    fn errors(closure: &ExprClosure) -> Vec<syn::Error> {
        let mut names = Names(Vec::new());
        names.visit_expr_closure(closure);
        let mut inside = Self {
            bound: names.0,
            arguments: Vec::new(),
            errors: Vec::new(),
            is_inner: false,
        };
        inside.visit_expr(&closure.body);
        inside.errors
    }

    fn inner(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.is_inner, true);
        visit(self);
        self.is_inner = outer;
    }

    /// The value is used as no function could be, so it is a variable, unless it is a constant.
    fn used(&mut self, value: &Expr) {
        let Expr::Path(path) = value else { return };
        let Some(name) = path.path.get_ident() else {
            return;
        };
        let text = name.unraw().to_string();
        if !text.starts_with(char::is_uppercase) && !self.bound.contains(&text) {
            self.report(name);
        }
    }

    /// Reports the name once.
    fn report(&mut self, name: &Ident) {
        self.errors.push(captured(name));
        self.bound.push(name.unraw().to_string());
    }

    /// The name may be that of a function, so that only the source shows a variable.
    fn named(&mut self, name: &Ident) {
        let text = name.unraw().to_string();
        let is_known = text.starts_with(char::is_uppercase) || self.bound.contains(&text);
        if !is_known && (is_captured(name) || is_variable(name)) {
            self.report(name);
        }
    }

    /// The names in the braces of a format.
    fn formatted(&mut self, text: &Literal) {
        let written = text.to_string();
        for after in written.split('{').skip(1) {
            let end = after.find(['}', ':']).unwrap_or_default();
            let name = syn::parse_str::<Ident>(after.get(..end).unwrap_or_default());
            if let Ok(name) = name
                && !self.arguments.contains(&name.unraw().to_string())
            {
                self.named(&Ident::new(&name.to_string(), text.span()));
            }
        }
    }

    /// The names in the input of a macro whose input is values.
    fn words(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let mut is_member = false;
        while let Some(token) = tokens.next() {
            let next = tokens.peek();
            match &token {
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Ident(name) if !is_member => {
                    let is_other = match next {
                        Some(TokenTree::Punct(next)) => "!:=".contains(next.as_char()),
                        Some(TokenTree::Group(group)) => {
                            group.delimiter() == Delimiter::Parenthesis
                        }
                        _ => false,
                    };
                    if !is_other {
                        self.named(name);
                    }
                }
                TokenTree::Literal(text) => self.formatted(text),
                _ => {}
            }
            is_member =
                matches!(&token, TokenTree::Punct(punct) if ".:'".contains(punct.as_char()));
        }
    }
}

impl<'a> Visit<'a> for Inside {
    fn visit_expr_await(&mut self, expr: &'a ExprAwait) {
        if !self.is_inner {
            self.errors.push(syn::Error::new(
                expr.await_token.span,
                "a closure in a route cannot wait: write a handler for what has an `.await`",
            ));
        }
        visit::visit_expr_await(self, expr);
    }

    fn visit_expr_try(&mut self, expr: &'a ExprTry) {
        if !self.is_inner {
            self.errors.push(syn::Error::new(
                expr.question_token.span(),
                "a closure in a route cannot fail: write a handler for what has a `?`",
            ));
        }
        visit::visit_expr_try(self, expr);
    }

    fn visit_expr_closure(&mut self, closure: &'a ExprClosure) {
        self.inner(|inside| inside.visit_expr(&closure.body));
    }

    fn visit_expr_async(&mut self, block: &'a ExprAsync) {
        self.inner(|inside| visit::visit_expr_async(inside, block));
    }

    fn visit_item_fn(&mut self, _: &'a ItemFn) {}

    fn visit_expr_binary(&mut self, expr: &'a ExprBinary) {
        self.used(&expr.left);
        self.used(&expr.right);
        visit::visit_expr_binary(self, expr);
    }

    fn visit_expr_unary(&mut self, expr: &'a ExprUnary) {
        self.used(&expr.expr);
        visit::visit_expr_unary(self, expr);
    }

    fn visit_expr_method_call(&mut self, expr: &'a ExprMethodCall) {
        self.used(&expr.receiver);
        visit::visit_expr_method_call(self, expr);
    }

    fn visit_expr_call(&mut self, expr: &'a ExprCall) {
        match &*expr.func {
            // The name is that of a function, unless the source shows a variable.
            Expr::Path(function) => {
                let name = function.path.get_ident();
                let is_bound = |name: &&Ident| self.bound.contains(&name.unraw().to_string());
                if let Some(name) = name.filter(|name| is_captured(name) && !is_bound(name)) {
                    self.report(name);
                }
            }
            function => self.visit_expr(function),
        }
        for argument in &expr.args {
            self.visit_expr(argument);
        }
    }

    fn visit_expr_path(&mut self, expr: &'a ExprPath) {
        if let Some(name) = expr.path.get_ident() {
            self.named(name);
        }
    }

    fn visit_macro(&mut self, mac: &'a Macro) {
        const OF_VALUES: &[&str] = &[
            "assert",
            "assert_eq",
            "assert_ne",
            "dbg",
            "eprint",
            "eprintln",
            "format",
            "panic",
            "print",
            "println",
            "todo",
            "unreachable",
            "vec",
            "write",
            "writeln",
        ];
        if OF_VALUES.iter().any(|name| mac.path.is_ident(name)) {
            let outside = std::mem::replace(&mut self.arguments, named_arguments(&mac.tokens));
            self.words(mac.tokens.clone());
            self.arguments = outside;
        }
    }

    fn visit_expr_field(&mut self, expr: &'a ExprField) {
        self.used(&expr.base);
        visit::visit_expr_field(self, expr);
    }

    fn visit_expr_index(&mut self, expr: &'a ExprIndex) {
        self.used(&expr.expr);
        visit::visit_expr_index(self, expr);
    }
}

/// The names before a `=` in the input of a macro.
fn named_arguments(tokens: &TokenStream) -> Vec<String> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let named = tokens.windows(2).filter_map(|tokens| match tokens {
        [TokenTree::Ident(name), TokenTree::Punct(equals)]
            if equals.as_char() == '=' && equals.spacing() == Spacing::Alone =>
        {
            Some(name.unraw().to_string())
        }
        _ => None,
    });
    named.collect()
}

/// The names that are bound or defined anywhere in a closure.
struct Names(Vec<String>);

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, pattern: &'a PatIdent) {
        self.0.push(pattern.ident.unraw().to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_item_const(&mut self, item: &'a ItemConst) {
        self.0.push(item.ident.unraw().to_string());
    }

    fn visit_item_static(&mut self, item: &'a ItemStatic) {
        self.0.push(item.ident.unraw().to_string());
    }
}
