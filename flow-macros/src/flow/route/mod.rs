//! The tree of a route: `a -> (b, c) -> each d[8] -> match { … }`.

pub(crate) mod closure;
pub(crate) mod places;
mod tokens;

use std::time::Duration;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Ident, Pat, Path, PathArguments, Token, Type, token};

use crate::flow::route::closure::diverges;
use crate::limit::Value;
use crate::written::written;

/// The message for an `each` that would run nothing.
pub(crate) const AT_LEAST_ONE: &str =
    "`each` must run at least one item at a time: `each handler[1]`";

/// One stage after the other.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) stages: Punctuated<Stage, Token![->]>,
}

#[derive(Clone)]
pub(crate) enum Stage {
    Handler(Path),
    /// `(a, b -> c)`
    Join {
        paren: token::Paren,
        branches: Punctuated<Route, Token![,]>,
    },
    /// `first (a, b -> c)`
    First(First),
    Each(Each),
    /// `match { pattern => route, … }`
    Match {
        keyword: Token![match],
        brace: token::Brace,
        arms: Punctuated<Arm, Token![,]>,
    },
    /// `if condition -> route else -> route`: only as the whole of a clause.
    If(Box<If>),
    /// `a else b`, `(a -> b) else (c -> d)`, `a else skip`
    Else(Box<Else>),
    /// `|n| n + 1`, `Some`
    Glue(Box<Expr>),
    End(End),
    Ignore(Ident),
    /// `emit`: emits the events in the value.
    Emit(Ident),
    /// `skip`: leaves the item of an `each` out.
    Skip(Ident),
    /// Only as the whole of the first clause of `ask E -> …`.
    Ask(Ask),
}

/// `first (a, b -> c)`: the branch that succeeds first.
#[derive(Clone)]
pub(crate) struct First {
    pub(crate) keyword: Ident,
    pub(crate) paren: token::Paren,
    pub(crate) branches: Punctuated<Route, Token![,]>,
}

/// `end`, `end now`
#[derive(Clone)]
pub(crate) struct End {
    pub(crate) keyword: Ident,
    /// What is under way is dropped.
    pub(crate) now: Option<Ident>,
}

/// `each a[8]`, `each (a -> b)[8]`
#[derive(Clone)]
pub(crate) struct Each {
    pub(crate) keyword: Ident,
    pub(crate) paren: Option<token::Paren>,
    pub(crate) route: Route,
    pub(crate) limit: Option<(token::Bracket, Box<Expr>)>,
}

/// A stage that may fail, and what stands in for it.
#[derive(Clone)]
pub(crate) struct Else {
    pub(crate) paren: Option<token::Paren>,
    pub(crate) tried: Route,
    pub(crate) keyword: Token![else],
    pub(crate) stand_in: (Option<token::Paren>, Route),
    /// The question, if the stand-in answers it.
    pub(crate) question: Option<Path>,
}

/// What takes an error, in a rescue or in an `else`.
pub(crate) struct Taker {
    pub(crate) takes: Taken,
    /// What decides the cause that comes with it.
    pub(crate) cause: Option<Taken>,
}

/// A handler decides what it takes, and a closure has the type in its text.
pub(crate) enum Taken {
    By(Path),
    Type(Box<Type>),
}

#[derive(Clone)]
pub(crate) struct If {
    pub(crate) keyword: Token![if],
    pub(crate) condition: Expr,
    pub(crate) then: (Token![->], Route),
    pub(crate) else_token: Token![else],
    /// There is no arrow if another `if` follows.
    pub(crate) otherwise: (Option<Token![->]>, Route),
}

/// A question to the outside.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) keyword: Ident,
    pub(crate) event: Path,
    pub(crate) within: Option<Value<Duration>>,
}

#[derive(Clone)]
pub(crate) struct Arm {
    pub(crate) pattern: Pat,
    pub(crate) guard: Option<(Token![if], Box<Expr>)>,
    pub(crate) arrow: Token![=>],
    pub(crate) route: Route,
}

impl Arm {
    /// The pattern and the guard, as written.
    pub(crate) fn condition(&self) -> String {
        let pattern = written(&self.pattern);
        match &self.guard {
            Some((_, guard)) => format!("{pattern} if {}", written(guard)),
            None => pattern,
        }
    }
}

impl Route {
    /// A route of this stage alone.
    pub(crate) fn of(stage: Stage) -> Self {
        Self {
            stages: std::iter::once(stage).collect(),
        }
    }

    /// Whether several of its calls may run at the same time.
    pub(crate) fn has_branches(&self) -> bool {
        self.stages.iter().any(Stage::has_branches)
    }

    /// Its stage, if it has only one.
    pub(crate) fn only(&self) -> Option<&Stage> {
        self.stages.first().filter(|_| self.stages.len() == 1)
    }

    /// Calls `visit` with every stage, each before those within it, in the order of the text.
    pub(crate) fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Stage)) {
        for stage in &self.stages {
            visit(stage);
            for inner in stage.routes() {
                inner.walk(visit);
            }
        }
    }

    fn any(&self, mut is: impl FnMut(&Stage) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |stage| found |= is(stage));
        found
    }

    /// The handlers, wherever they are, in the order of the text.
    pub(crate) fn handlers(&self) -> Vec<&Path> {
        let mut handlers = Vec::new();
        self.walk(&mut |stage| {
            if let Stage::Handler(handler) = stage {
                handlers.push(handler);
            }
        });
        handlers
    }

    /// The handler that takes the value that arrives, if there is a single one.
    pub(crate) fn first_handler(&self) -> Option<&Path> {
        match self.stages.first()? {
            Stage::Handler(handler) => Some(handler),
            Stage::Else(choice) => choice.tried.first_handler(),
            _ => None,
        }
    }

    /// The only handler whose error leaves it, if it consists of stages with an `else` alone.
    pub(crate) fn failing_handler(&self) -> Option<&Path> {
        match self.only()? {
            Stage::Handler(handler) => Some(handler),
            Stage::Else(choice) => choice.stand_in.1.failing_handler(),
            _ => None,
        }
    }

    /// Whether it leaves items of the `each` out that it is the route of.
    pub(crate) fn skips(&self) -> bool {
        self.stages.iter().any(|stage| match stage {
            Stage::Skip(_) => true,
            Stage::Each(_) => false,
            stage => stage.routes().into_iter().any(Self::skips),
        })
    }

    /// Whether it or a branch of it leads to `end`.
    pub(crate) fn ends(&self) -> bool {
        self.any(|stage| matches!(stage, Stage::End(_)))
    }

    /// Whether it or a branch of it leads to `end now`.
    pub(crate) fn ends_now(&self) -> bool {
        self.any(|stage| matches!(stage, Stage::End(end) if end.now.is_some()))
    }

    /// The places of its `emit`s, in the order of the text.
    pub(crate) fn emits(&self) -> Vec<&Ident> {
        let mut emits = Vec::new();
        self.walk(&mut |stage| {
            if let Stage::Emit(keyword) = stage {
                emits.push(keyword);
            }
        });
        emits
    }

    /// Whether it or a branch of it comes to its end without a value, at `ignore` or `emit`.
    pub(crate) fn ends_without_value(&self) -> bool {
        let ignores = |stage: &&Stage| matches!(stage, Stage::Ignore(_) | Stage::Emit(_));
        self.stages
            .last()
            .is_some_and(|last| last.last_stages().iter().any(ignores))
    }

    /// Whether it contains a choice.
    pub(crate) fn branches(&self) -> bool {
        let choice = |stage: &Stage| matches!(stage, Stage::Match { .. } | Stage::If(_));
        self.stages.iter().any(choice)
    }

    /// How many futures of joins, `first`, `each` and chains with an `else` are within one another,
    /// in its deepest stage.
    pub(crate) fn depth(&self) -> usize {
        let stages = self.stages.iter().map(|stage| {
            let inner = stage.routes().into_iter().map(Self::depth).max();
            let is_future = match stage {
                Stage::Join { .. } | Stage::First(_) | Stage::Each(_) => true,
                Stage::Else(choice) => choice.handler().is_none(),
                _ => false,
            };
            inner.unwrap_or(0) + usize::from(is_future)
        });
        stages.max().unwrap_or(0)
    }

    /// Whether it yields no value, because all its branches lead to `end`, `ignore`, `emit` or
    /// `skip`.
    pub(crate) fn is_closed(&self) -> bool {
        self.stages.last().is_some_and(Stage::is_closed)
    }

    /// Whether it never comes to its end, because all its branches lead to `end` or `skip`.
    pub(crate) fn leaves(&self) -> bool {
        let leaves = |stage: &&Stage| matches!(stage, Stage::End(_) | Stage::Skip(_));
        self.stages
            .last()
            .is_some_and(|last| last.last_stages().iter().all(leaves))
    }

    /// The cause that its first stage takes, if that is a closure with a `Failed<E, Cause>`.
    pub(crate) fn cause_of_closure(&self) -> Option<&Type> {
        let Some(Stage::Glue(function)) = self.stages.first() else {
            return None;
        };
        let Expr::Closure(closure) = &**function else {
            return None;
        };
        let Some(Pat::Type(parameter)) = closure.inputs.first() else {
            return None;
        };
        let Type::Path(ty) = &*parameter.ty else {
            return None;
        };
        let last = ty
            .path
            .segments
            .last()
            .filter(|last| last.ident == "Failed")?;
        match &last.arguments {
            PathArguments::AngleBracketed(arguments) => match arguments.args.iter().nth(1)? {
                GenericArgument::Type(cause) => Some(cause),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it ends with `ignore`.
    pub(crate) fn is_ignored(&self) -> bool {
        matches!(self.stages.last(), Some(Stage::Ignore(_)))
    }

    /// Whether it ends with a closure that never returns.
    pub(crate) fn diverges(&self) -> bool {
        matches!(self.stages.last(), Some(Stage::Glue(function)) if diverges(function))
    }

    /// The span of its end.
    pub(crate) fn end_span(&self) -> Option<Span> {
        self.stages.last().map(Stage::span)
    }
}

impl Stage {
    /// The routes within it, in the order of the text.
    pub(crate) fn routes(&self) -> Vec<&Route> {
        match self {
            Self::Handler(_)
            | Self::Glue(_)
            | Self::End(_)
            | Self::Ignore(_)
            | Self::Emit(_)
            | Self::Skip(_)
            | Self::Ask(_) => Vec::new(),
            Self::Join { branches, .. } => branches.iter().collect(),
            Self::First(first) => first.branches.iter().collect(),
            Self::Each(each) => vec![&each.route],
            Self::Match { arms, .. } => arms.iter().map(|arm| &arm.route).collect(),
            Self::If(choice) => vec![&choice.then.1, &choice.otherwise.1],
            Self::Else(choice) => vec![&choice.tried, &choice.stand_in.1],
        }
    }

    /// Whether several of its calls may run at the same time.
    fn has_branches(&self) -> bool {
        let is_parallel = matches!(self, Self::Join { .. } | Self::First(_) | Self::Each(_));
        is_parallel || self.routes().into_iter().any(Route::has_branches)
    }

    /// Its last stages: for a `match`, those of all arms.
    fn last_stages(&self) -> Vec<&Stage> {
        match self {
            Self::Match { arms, .. } => {
                let arms = arms.iter().filter_map(|arm| arm.route.stages.last());
                arms.flat_map(Stage::last_stages).collect()
            }
            stage => vec![stage],
        }
    }

    /// Whether it yields no value.
    pub(crate) fn is_closed(&self) -> bool {
        let closes = |stage: &&Stage| {
            matches!(
                stage,
                Stage::End(_) | Stage::Ignore(_) | Stage::Emit(_) | Stage::Skip(_) | Stage::Ask(_)
            )
        };
        self.last_stages().iter().all(closes)
    }

    /// Its span: that of the last word, if there are several.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Handler(handler) => handler.span(),
            Self::Join { paren, .. } => paren.span.join(),
            Self::First(first) => first.keyword.span(),
            Self::Each(each) => each.keyword.span(),
            Self::Glue(function) => function.span(),
            Self::End(end) => end.keyword.span(),
            Self::Ignore(keyword) | Self::Emit(keyword) | Self::Skip(keyword) => keyword.span(),
            Self::Ask(ask) => ask.keyword.span(),
            Self::Match { keyword, .. } => keyword.span,
            Self::If(choice) => choice.condition.span(),
            Self::Else(choice) => choice.tried.end_span().unwrap_or(choice.keyword.span),
        }
    }
}

impl Else {
    /// Its stage, if that is a handler.
    pub(crate) fn handler(&self) -> Option<&Path> {
        match self.tried.only() {
            Some(Stage::Handler(handler)) => Some(handler),
            _ => None,
        }
    }
}
