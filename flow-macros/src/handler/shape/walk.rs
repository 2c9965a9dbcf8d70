//! Goes through the syntax tree of a body, in the order in which it runs.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    Attribute, BinOp, Block, Expr, ExprBinary, Ident, Item, Label, Local, Pat, PatIdent, Path, Stmt,
};

use crate::handler::shape::items::Items;
use crate::handler::shape::paths::{Alternative, Alternatives, Exit, Paths};
use crate::handler::shape::words::{self, line};

#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the body"
)]
pub(super) struct Walk {
    pub(super) cx: Option<String>,
    /// The declared events.
    pub(super) events: Vec<Path>,
    /// Whether the function may return an `Err`.
    pub(super) may_fail: bool,
    /// Whether the function returns a value.
    pub(super) returns: bool,
    /// The blocks and loops around, from the outermost. `continue` is for loops.
    pub(super) scopes: Vec<Scope>,
    /// How many blocks and loops there were.
    pub(super) scoped: usize,
    /// The `async` block around, which is awaited at once: `return` and `?` leave it.
    pub(super) within: Option<usize>,
    /// The conditions of `#[cfg]` and `cfg!()`.
    pub(super) conditions: Vec<TokenStream>,
    /// The items of the blocks around, from the outermost.
    pub(super) items: Vec<Items>,
    /// The names in patterns that may be those of an event.
    pub(super) bound: Vec<Ident>,
    /// The events that are emitted under names that are not declared.
    pub(super) named: Vec<Named>,
    /// The context is somewhere else, where any event may be emitted.
    pub(super) escape: Option<Escape>,
    /// The names of the macros that are not known.
    pub(super) macros: Vec<String>,
    /// There is a `todo!()`.
    pub(super) unfinished: bool,
    /// A function is called, which may panic or end the process.
    pub(super) calls: bool,
    /// There is code whose purpose may be to end the process.
    pub(super) leaves: bool,
    /// The body may stop the execution, also on a way that comes to no exit.
    pub(super) stops: bool,
    /// The line of a loop that emits and never ends; 0 if there is none.
    pub(super) endless: usize,
}

/// What the function returns, as far as its words show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    Nothing,
    Value,
    /// It may be a `Result`.
    Fallible,
}

/// Where the context leaves the body.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Escape {
    /// 0 if it is unknown.
    pub(crate) line: usize,
    /// The number of the macro that it is passed to, counted from 1; 0 if it is none.
    pub(crate) by: usize,
}

/// An event that is emitted under a name that is not declared.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// The items of the body that the name depends on.
    pub(crate) items: TokenStream,
    /// The event, with fields that are never evaluated.
    pub(crate) made: TokenStream,
    /// Its place in the body.
    pub(crate) at: Span,
}

/// A block or a loop.
pub(super) struct Scope {
    pub(super) label: Option<String>,
    pub(super) number: usize,
    pub(super) is_loop: bool,
}

impl Walk {
    pub(super) fn new(cx: Option<String>, events: Vec<Path>, output: Output) -> Self {
        Self {
            cx,
            events,
            may_fail: output == Output::Fallible,
            returns: output != Output::Nothing,
            scopes: Vec::new(),
            scoped: 0,
            within: None,
            conditions: Vec::new(),
            items: Vec::new(),
            bound: Vec::new(),
            named: Vec::new(),
            escape: None,
            macros: Vec::new(),
            unfinished: false,
            calls: false,
            leaves: false,
            stops: false,
            endless: 0,
        }
    }

    /// The ways through the body of the function, which all lead to an exit.
    pub(super) fn body(&mut self, body: &Block) -> Paths {
        self.block_as(body, true)
    }

    pub(super) fn block(&mut self, block: &Block) -> Paths {
        self.block_as(block, false)
    }

    /// With `is_returned`, the value of the block is that of the function.
    fn block_as(&mut self, block: &Block, is_returned: bool) -> Paths {
        self.items.push(Items::of(block));
        let cx = self.cx.clone();
        let paths = self.statements(block, is_returned);
        self.cx = cx;
        self.items.pop();
        paths
    }

    fn statements(&mut self, block: &Block, is_returned: bool) -> Paths {
        let mut paths = Paths::nothing();
        let last = block.stmts.len().checked_sub(1);
        let values = if is_returned {
            Self::conditional_values(block)
        } else {
            Vec::new()
        };
        let before = block.stmts.len() - values.len();
        for (index, stmt) in block.stmts.iter().take(before).enumerate() {
            match stmt {
                Stmt::Expr(value, None) if is_returned && last == Some(index) => {
                    return paths.then(&self.returned(value));
                }
                Stmt::Macro(value)
                    if is_returned && last == Some(index) && value.semi_token.is_none() =>
                {
                    let value = self.under(&value.attrs, |walk| walk.called_macro(&value.mac));
                    return paths.then(&value.exiting(self.unclear()));
                }
                Stmt::Local(Local {
                    init: Some(init), ..
                }) if self.is_hidden(block, index) => {
                    paths = paths.then(&self.expr(&init.expr));
                    self.cx = None;
                }
                stmt => paths = paths.then(&self.stmt(stmt)),
            }
        }
        if is_returned {
            paths.then(&self.values(&values))
        } else {
            paths
        }
    }

    /// Whether the rest of the block means another value by the name of the context, since this
    /// statement: `let cx = …;`. A name that a `macro_rules!` takes from elsewhere may be another
    /// one, although it reads the same.
    fn is_hidden(&self, block: &Block, index: usize) -> bool {
        let Some(Stmt::Local(local)) = block.stmts.get(index) else {
            return false;
        };
        let pattern = match &local.pat {
            Pat::Type(typed) => &*typed.pat,
            pattern => pattern,
        };
        let (Pat::Ident(name), Some(init)) = (pattern, &local.init) else {
            return false;
        };
        let is_plain = name.subpat.is_none() && local.attrs.is_empty() && init.diverge.is_none();
        let is_this = self.cx.as_ref().is_some_and(|cx| name.ident == cx);
        let place = |span: Span| (span.start().line, span.start().column);
        let all = place(name.ident.span())..place(block.brace_token.span.close());
        let rest = block.stmts.iter().skip(index + 1);
        let rest: TokenStream = rest.map(ToTokens::to_token_stream).collect();
        let is_elsewhere = |word: &Ident| *word == name.ident && !all.contains(&place(word.span()));
        is_plain && is_this && !words::any(&rest, &is_elsewhere)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Paths {
        match stmt {
            Stmt::Local(local) => self.under(&local.attrs, |walk| {
                let bound = walk.pat(&local.pat);
                let Some(init) = &local.init else {
                    return bound;
                };
                let value = walk.expr(&init.expr);
                match &init.diverge {
                    Some((keyword, other)) => {
                        let other = walk.expr(other).at(line(keyword));
                        value.then(&bound.or(&other))
                    }
                    None => value.then(&bound),
                }
            }),
            Stmt::Item(Item::Macro(item)) => {
                self.mentions(&item.mac.tokens);
                Paths::nothing()
            }
            Stmt::Item(_) => Paths::nothing(),
            Stmt::Expr(value, _) => {
                self.has_an_effect(value);
                self.expr(value)
            }
            Stmt::Macro(stmt) => self.under(&stmt.attrs, |walk| walk.called_macro(&stmt.mac)),
        }
    }

    /// A call for its effect alone, which may be to end the process.
    pub(super) fn has_an_effect(&mut self, value: &Expr) {
        if let Expr::Call(call) = unwrapped(value) {
            self.leaves |= words::is_unknown_function(&call.func);
        }
    }

    /// The value of the function.
    pub(super) fn returned(&mut self, value: &Expr) -> Paths {
        let paths = self.returned_bare(value);
        self.only_under(attrs(value), paths)
    }

    /// Without its attributes.
    pub(super) fn returned_bare(&mut self, value: &Expr) -> Paths {
        if !self.returns {
            self.has_an_effect(value);
        }
        match value {
            Expr::Paren(inner) => self.returned(&inner.expr),
            Expr::Group(inner) => self.returned(&inner.expr),
            Expr::Block(block) if block.label.is_none() => self.block_as(&block.block, true),
            Expr::Unsafe(block) => self.block_as(&block.block, true),
            Expr::If(choice) => {
                let condition = self.expr(&choice.cond);
                let then = self.block_as(&choice.then_branch, true);
                let then = then.at(line(&choice.if_token));
                let other = match &choice.else_branch {
                    Some((keyword, other)) => self.returned(other).at(line(keyword)),
                    None => Paths::to(Exit::Success).at(line(&choice.if_token)),
                };
                condition.then(&self.either(&choice.cond, then, other))
            }
            Expr::Match(choice) => self.arms(choice, Self::returned),
            Expr::Call(call) => {
                let exits = match constructor(&call.func) {
                    Some(name) if name == "Ok" => &[Exit::Success],
                    Some(name) if name == "Err" && self.may_fail => &[Exit::Failure],
                    _ => self.unclear(),
                };
                self.expr(value).exiting(exits)
            }
            Expr::Array(_)
            | Expr::Assign(_)
            | Expr::Binary(_)
            | Expr::Lit(_)
            | Expr::Range(_)
            | Expr::Reference(_)
            | Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Tuple(_) => self.expr(value).exiting(&[Exit::Success]),
            value => self.expr(value).exiting(self.unclear()),
        }
    }

    /// Where a value leads to that may be an `Err`.
    pub(super) const fn unclear(&self) -> &'static [Exit] {
        if self.may_fail {
            &[Exit::Success, Exit::Failure]
        } else {
            &[Exit::Success]
        }
    }

    /// Where a `?` leads to.
    pub(super) fn failed(&self) -> Exit {
        match self.within {
            Some(number) => Exit::Break(number),
            None if self.may_fail => Exit::Failure,
            None => Exit::Success,
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Paths {
        self.under(attrs(expr), |walk| walk.bare(expr))
    }

    pub(super) fn all<'a, I: IntoIterator<Item = &'a Expr>>(&mut self, exprs: I) -> Paths {
        let mut paths = Paths::nothing();
        for expr in exprs {
            paths = paths.then(&self.expr(expr));
        }
        paths
    }

    /// Without its attributes.
    pub(super) fn bare(&mut self, expr: &Expr) -> Paths {
        match expr {
            Expr::Path(path) => {
                if self.is_context(&path.path) {
                    self.escape(line(path), 0);
                }
                Paths::nothing()
            }
            Expr::Infer(_) | Expr::Lit(_) => Paths::nothing(),
            Expr::Async(_) | Expr::Closure(_) => {
                let tokens = expr.to_token_stream();
                self.mentions(&tokens);
                self.leaves |= words::ends_the_process(&tokens);
                Paths::nothing()
            }
            Expr::Await(awaited) => self.awaited(&awaited.base),
            Expr::Array(array) => self.all(&array.elems),
            Expr::Assign(assign) => self.all([&*assign.right, &*assign.left]),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Const(block) => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::TryBlock(block) => {
                self.mentions(&block.to_token_stream());
                self.unknown()
            }
            Expr::Call(call) => {
                self.calls |= words::is_unknown_function(&call.func);
                self.leaves |= words::ends_the_process(&call.func.to_token_stream());
                self.call(call)
            }
            Expr::MethodCall(call) => {
                self.calls |= !self.is_of_the_context(call)
                    && !words::is_harmless_method(&call.method.to_string());
                self.method(call)
            }
            Expr::Cast(cast) => self.expr(&cast.expr),
            Expr::Field(field) => self.expr(&field.base),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::RawAddr(inner) => self.expr(&inner.expr),
            Expr::Reference(inner) => self.expr(&inner.expr),
            Expr::Unary(inner) => self.expr(&inner.expr),
            // The value is made once, and copied.
            Expr::Repeat(repeat) => self.expr(&repeat.expr),
            Expr::Index(index) => {
                self.calls = true;
                self.all([&*index.expr, &*index.index])
            }
            Expr::Range(range) => {
                let ends = range.start.iter().chain(&range.end);
                self.all(ends.map(|end| &**end))
            }
            Expr::Tuple(tuple) => self.all(&tuple.elems),
            Expr::Struct(value) => {
                let mut paths = Paths::nothing();
                for field in &value.fields {
                    paths = paths.then(&self.under(&field.attrs, |walk| walk.expr(&field.expr)));
                }
                paths.then(&self.all(value.rest.as_deref()))
            }
            Expr::Let(value) => {
                let bound = self.pat(&value.pat);
                self.expr(&value.expr).then(&bound)
            }
            Expr::Macro(called) => self.called_macro(&called.mac),
            expr => self.control(expr),
        }
    }

    /// The right side of `&&` and `||` may not run.
    fn binary(&mut self, binary: &ExprBinary) -> Paths {
        let left = self.expr(&binary.left);
        let right = self.expr(&binary.right);
        match binary.op {
            BinOp::And(_) | BinOp::Or(_) => left.then(&right.or_not()),
            _ => left.then(&right),
        }
    }

    pub(super) fn awaited(&mut self, base: &Expr) -> Paths {
        let waits = Paths::through(Alternatives::of([Alternative {
            waits: true,
            ..Alternative::default()
        }]));
        let value = match base {
            Expr::Paren(inner) => return self.awaited(&inner.expr),
            Expr::Group(inner) => return self.awaited(&inner.expr),
            Expr::Async(block) => {
                let number = self.enter(None, false);
                let scopes = std::mem::take(&mut self.scopes);
                let outer = self.within.replace(number);
                let paths = self.block(&block.block);
                self.within = outer;
                self.scopes = scopes;
                self.scopes.pop();
                paths.caught(Exit::Break(number))
            }
            Expr::Call(call) => self.call(call),
            Expr::MethodCall(call) => self.method(call),
            base => self.expr(base),
        };
        value.then(&waits)
    }

    /// The guard of a pattern. A name that is that of the context hides it.
    pub(super) fn pat(&mut self, pat: &Pat) -> Paths {
        struct Names<'a> {
            cx: Option<&'a str>,
            is_bound: bool,
        }
        impl Visit<'_> for Names<'_> {
            fn visit_pat_ident(&mut self, name: &PatIdent) {
                self.is_bound |= self.cx.is_some_and(|cx| name.ident == cx);
                visit::visit_pat_ident(self, name);
            }
        }
        let mut names = Names {
            cx: self.cx.as_deref(),
            is_bound: false,
        };
        names.visit_pat(pat);
        if names.is_bound {
            self.escape(line(pat), 0);
        }
        match pat {
            Pat::Guard(guarded) => self.expr(&guarded.guard),
            _ => Paths::nothing(),
        }
    }

    pub(super) fn enter(&mut self, label: Option<&Label>, is_loop: bool) -> usize {
        self.scoped += 1;
        self.scopes.push(Scope {
            label: label.map(|label| label.name.ident.to_string()),
            number: self.scoped,
            is_loop,
        });
        self.scoped
    }

    pub(super) fn is_context(&self, path: &Path) -> bool {
        self.cx.as_ref().is_some_and(|cx| path.is_ident(cx))
    }

    /// Notes whether code that is not followed names the context.
    pub(super) fn mentions(&mut self, tokens: &TokenStream) {
        if let Some(cx) = self.cx.as_ref()
            && let Some(word) = words::find(tokens, &|word| word == cx)
        {
            self.escape(line(&word), 0);
        }
    }

    pub(super) fn names_the_context(&self, tokens: &TokenStream) -> bool {
        let mut cx = self.cx.iter();
        cx.any(|cx| words::any(tokens, &|word| word == cx))
    }

    /// The context leaves the body on this line, into the macro with this number if it is not 0.
    pub(super) fn escape(&mut self, line: usize, by: usize) {
        self.escape.get_or_insert(Escape { line, by });
    }
}

/// Without parentheses, `&` and the invisible groups of a `macro_rules!`.
pub(super) fn unwrapped(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => unwrapped(&inner.expr),
        Expr::Group(inner) => unwrapped(&inner.expr),
        Expr::Reference(inner) => unwrapped(&inner.expr),
        expr => expr,
    }
}

/// The last name of the path that is called.
pub(super) fn constructor(called: &Expr) -> Option<String> {
    match unwrapped(called) {
        Expr::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

pub(super) fn attrs(expr: &Expr) -> &[Attribute] {
    macro_rules! attrs {
        ($($kind:ident)*) => {
            match expr {
                $(Expr::$kind(expr) => &expr.attrs,)*
                _ => &[],
            }
        };
    }
    attrs!(
        Array Assign Async Await Binary Block Break Call Cast Closure Const Continue Field ForLoop
        Group If Index Infer Let Lit Loop Macro Match MethodCall Paren Path Range RawAddr Reference
        Repeat Return Struct Try TryBlock Tuple Unary Unsafe While Yield
    )
}
