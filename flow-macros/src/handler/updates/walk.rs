//! Follows the paths through a body, with what each name holds of a state.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ExprIf, ExprMatch, ExprMethodCall, Macro, Member, Pat, Stmt};

use crate::handler::updates::assigned::overwrites;
use crate::handler::updates::reads::{Env, Read, add, age, inexact, parameter, read};

pub(super) struct Walk {
    /// The names of the states; empty where another variable hides one.
    states: Vec<String>,
    lost: Vec<bool>,
    env: Env,
    /// The paths that leave the loop around.
    exits: Vec<Env>,
    /// How many times it waited so far.
    waits: usize,
}

impl Walk {
    pub(super) fn new(states: Vec<String>) -> Self {
        Self {
            lost: vec![false; states.len()],
            states,
            env: Env::default(),
            exits: Vec::new(),
            waits: 0,
        }
    }

    /// Which states are written back.
    pub(super) fn body(mut self, body: &Block) -> Vec<bool> {
        self.block(body);
        self.lost
    }

    fn block(&mut self, block: &Block) -> Vec<Read> {
        let known = self.env.names.len();
        let mut value = Vec::new();
        for stmt in &block.stmts {
            value = self.stmt(stmt);
        }
        self.env.names.truncate(known);
        value
    }

    fn stmt(&mut self, stmt: &Stmt) -> Vec<Read> {
        match stmt {
            Stmt::Local(local) => {
                let Some(init) = &local.init else {
                    self.bind(&local.pat, &[]);
                    return Vec::new();
                };
                if let Some(parts) = self.parts(&local.pat, &init.expr) {
                    for (pat, reads) in parts {
                        self.bind(pat, &reads);
                    }
                    return Vec::new();
                }
                let reads = self.expr(&init.expr);
                if let Some((_, diverge)) = &init.diverge {
                    let before = self.env.clone();
                    self.expr(diverge);
                    self.env = before;
                }
                self.bind(&local.pat, &reads);
                Vec::new()
            }
            Stmt::Expr(expr, semi) => {
                let reads = self.expr(expr);
                if semi.is_none() { reads } else { Vec::new() }
            }
            Stmt::Macro(call) => self.macro_call(&call.mac),
            Stmt::Item(_) => Vec::new(),
        }
    }

    /// Of `let (a, b) = state.with(|s| (s.a, s.b))`: what each name holds.
    fn parts<'a>(&self, pat: &'a Pat, expr: &Expr) -> Option<Vec<(&'a Pat, Vec<Read>)>> {
        let (Pat::Tuple(tuple), Expr::MethodCall(call)) = (pat, expr) else {
            return None;
        };
        let state = self.state(call)?;
        let Some(Expr::Closure(closure)) = call.args.first() else {
            return None;
        };
        let (Expr::Tuple(values), Some(param)) = (&*closure.body, parameter(closure)) else {
            return None;
        };
        let parts = tuple.elems.iter().zip(&values.elems);
        let parts = parts.map(|(pat, value)| (pat, read(state, &param, value)));
        (tuple.elems.len() == values.elems.len()).then(|| parts.collect())
    }

    fn bind(&mut self, pat: &Pat, reads: &[Read]) {
        if let Pat::Struct(pat) = pat
            && reads.iter().all(|read| read.exact)
        {
            for field in &pat.fields {
                let mut reads = reads.to_vec();
                for read in &mut reads {
                    read.place.push(member(&field.member));
                }
                self.bind(&field.pat, &reads);
            }
            return;
        }
        let mut bound = Bound::default();
        bound.visit_pat(pat);
        // Which of several names holds what is not known.
        let is_one = bound.0.len() == 1;
        for name in bound.0 {
            if let Some(state) = self.states.iter_mut().find(|state| **state == name) {
                state.clear();
            }
            let reads = if is_one { reads.to_vec() } else { Vec::new() };
            let is_whole = matches!(pat, Pat::Ident(_));
            let reads = if is_whole { reads } else { inexact(reads) };
            self.env.names.push((name, reads));
        }
    }

    /// The state whose `with` is called.
    fn state(&self, call: &ExprMethodCall) -> Option<usize> {
        let Expr::Path(receiver) = &*call.receiver else {
            return None;
        };
        let name = receiver.path.get_ident()?.to_string();
        let is_with = call.method == "with" && call.args.len() == 1;
        let mut states = self.states.iter();
        states.position(|state| *state == name).filter(|_| is_with)
    }

    fn with(&mut self, state: usize, closure: &Expr) -> Vec<Read> {
        let Expr::Closure(closure) = closure else {
            let is_copy = closure.to_token_stream().to_string().ends_with("clone");
            return vec![Read {
                state,
                place: Vec::new(),
                exact: is_copy,
                stale: false,
            }];
        };
        if !self.env.dead && overwrites(closure, state, &self.env) {
            self.lost
                .iter_mut()
                .skip(state)
                .take(1)
                .for_each(|lost| *lost = true);
        }
        let param = parameter(closure);
        param.map_or_else(Vec::new, |param| read(state, &param, &closure.body))
    }

    /// What the value of the expression holds.
    fn expr(&mut self, expr: &Expr) -> Vec<Read> {
        match expr {
            Expr::Await(awaited) => {
                let mut reads = self.expr(&awaited.base);
                self.wait(&mut reads);
                reads
            }
            Expr::MethodCall(call) => {
                if let (Some(state), Some(closure)) = (self.state(call), call.args.first()) {
                    return self.with(state, closure);
                }
                let reads = self.expr(&call.receiver);
                if call.method == "clone" {
                    return reads;
                }
                self.all(reads, &mut call.args.iter())
            }
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                let reads = name.and_then(|name| self.env.get(&name).map(<[_]>::to_vec));
                reads.unwrap_or_default()
            }
            Expr::Field(field) => {
                let mut reads = self.expr(&field.base);
                for read in reads.iter_mut().filter(|read| read.exact) {
                    read.place.push(member(&field.member));
                }
                reads
            }
            Expr::Paren(inner) => self.expr(&inner.expr),
            Expr::Group(inner) => self.expr(&inner.expr),
            Expr::Reference(inner) => self.expr(&inner.expr),
            Expr::Unary(inner) => self.expr(&inner.expr),
            Expr::Try(inner) => inexact(self.expr(&inner.expr)),
            Expr::Cast(inner) => inexact(self.expr(&inner.expr)),
            Expr::Call(call) => {
                let reads = self.expr(&call.func);
                self.all(reads, &mut call.args.iter())
            }
            Expr::Tuple(tuple) => self.all(Vec::new(), &mut tuple.elems.iter()),
            Expr::Array(array) => self.all(Vec::new(), &mut array.elems.iter()),
            Expr::Struct(made) => {
                self.all(Vec::new(), &mut made.fields.iter().map(|field| &field.expr))
            }
            Expr::Index(index) => {
                let reads = self.expr(&index.expr);
                self.all(reads, &mut std::iter::once(&*index.index))
            }
            Expr::Binary(binary) => {
                if is_assignment(&binary.op) {
                    let right = self.expr(&binary.right);
                    self.changed(&binary.left, right);
                    return Vec::new();
                }
                self.all(Vec::new(), &mut [&*binary.left, &*binary.right].into_iter())
            }
            Expr::Assign(assign) => {
                let reads = self.expr(&assign.right);
                if let Expr::Path(path) = &*assign.left
                    && let Some(name) = path.path.get_ident()
                    && let Some(held) = self.env.get_mut(&name.to_string())
                {
                    *held = reads;
                } else {
                    self.changed(&assign.left, reads);
                }
                Vec::new()
            }
            Expr::Let(condition) => {
                let reads = self.expr(&condition.expr);
                self.bind(&condition.pat, &reads);
                Vec::new()
            }
            Expr::If(branch) => self.branch(branch),
            Expr::Match(branch) => self.arms(branch),
            Expr::Block(block) => self.block(&block.block),
            Expr::Unsafe(block) => self.block(&block.block),
            Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => self.repeated(expr),
            Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => self.left(expr),
            Expr::Async(later) => {
                // It may run at another time, or not at all.
                let (env, exits) = (self.env.clone(), std::mem::take(&mut self.exits));
                self.block(&later.block);
                (self.env, self.exits) = (env, exits);
                self.env.mentioned(later.block.to_token_stream())
            }
            Expr::Closure(closure) => self.env.mentioned(closure.body.to_token_stream()),
            Expr::Macro(call) => self.macro_call(&call.mac),
            Expr::Lit(_) => Vec::new(),
            other => self.tokens(other.to_token_stream()),
        }
    }

    fn repeated(&mut self, expr: &Expr) -> Vec<Read> {
        match expr {
            Expr::Loop(repeated) => self.repeat(false, |walk| {
                walk.block(&repeated.body);
            }),
            Expr::While(repeated) => self.repeat(true, |walk| {
                walk.expr(&repeated.cond);
                walk.block(&repeated.body);
            }),
            Expr::ForLoop(repeated) => {
                let reads = self.expr(&repeated.expr);
                self.repeat(true, |walk| {
                    walk.bind(&repeated.pat, &inexact(reads.clone()));
                    walk.block(&repeated.body);
                })
            }
            _ => Vec::new(),
        }
    }

    fn left(&mut self, expr: &Expr) -> Vec<Read> {
        let value = match expr {
            Expr::Return(left) => &left.expr,
            Expr::Break(left) => &left.expr,
            _ => &None,
        };
        if let Some(value) = value {
            self.expr(value);
        }
        if matches!(expr, Expr::Break(_)) {
            self.exits.push(self.env.clone());
        }
        self.env.dead = true;
        Vec::new()
    }

    /// What is computed of these, and of what is read before them.
    fn all(&mut self, mut reads: Vec<Read>, all: &mut dyn Iterator<Item = &Expr>) -> Vec<Read> {
        for expr in all {
            let before = self.waits;
            let more = self.expr(expr);
            if self.waits > before {
                age(&mut reads);
            }
            add(&mut reads, more);
        }
        inexact(reads)
    }

    /// An `.await`, after which what is read may have changed.
    fn wait(&mut self, reads: &mut [Read]) {
        self.env.age();
        age(reads);
        self.waits += 1;
    }

    /// A part of the variable, or its value, depends on these as well.
    fn changed(&mut self, mut left: &Expr, reads: Vec<Read>) {
        loop {
            left = match left {
                Expr::Field(field) => &field.base,
                Expr::Index(index) => &index.expr,
                Expr::Paren(inner) => &inner.expr,
                Expr::Unary(inner) => &inner.expr,
                Expr::Path(path) => {
                    let name = path.path.get_ident().map(ToString::to_string);
                    if let Some(held) = name.and_then(|name| self.env.get_mut(&name)) {
                        add(held, inexact(reads));
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    fn branch(&mut self, branch: &ExprIf) -> Vec<Read> {
        let known = self.env.names.len();
        self.expr(&branch.cond);
        let mut otherwise = self.env.clone();
        otherwise.names.truncate(known);
        let mut reads = self.block(&branch.then_branch);
        self.env.names.truncate(known);
        let then = std::mem::replace(&mut self.env, otherwise);
        if let Some((_, other)) = &branch.else_branch {
            let more = self.expr(other);
            add(&mut reads, more);
        }
        let other = std::mem::take(&mut self.env);
        self.env = then.or(other);
        inexact(reads)
    }

    fn arms(&mut self, branch: &ExprMatch) -> Vec<Read> {
        let known = self.env.names.len();
        let of = self.expr(&branch.expr);
        let before = self.env.clone();
        let (mut after, mut reads) = (None::<Env>, Vec::new());
        for arm in &branch.arms {
            self.env = before.clone();
            self.bind(&arm.pat, &of);
            if let Pat::Guard(guarded) = &arm.pat {
                self.expr(&guarded.guard);
            }
            let more = self.expr(&arm.body);
            add(&mut reads, more);
            self.env.names.truncate(known);
            let env = std::mem::take(&mut self.env);
            after = Some(match after {
                Some(after) => after.or(env),
                None => env,
            });
        }
        self.env = after.unwrap_or(before);
        inexact(reads)
    }

    /// Walks a loop twice: what it holds at its end, it holds where it begins again.
    fn repeat(&mut self, may_end: bool, mut body: impl FnMut(&mut Self)) -> Vec<Read> {
        let known = self.env.names.len();
        let outer = std::mem::take(&mut self.exits);
        let before = self.env.clone();
        for _ in 0..2 {
            let start = self.env.clone();
            body(self);
            self.env.names.truncate(known);
            let end = std::mem::take(&mut self.env);
            self.env = start.or(end);
        }
        if !may_end {
            self.env.dead = true;
        }
        self.env.dead |= before.dead;
        for mut exit in std::mem::replace(&mut self.exits, outer) {
            exit.names.truncate(known);
            let env = std::mem::take(&mut self.env);
            self.env = env.or(exit);
        }
        Vec::new()
    }

    fn macro_call(&mut self, call: &Macro) -> Vec<Read> {
        let last = call.path.segments.last();
        let waits = last.is_some_and(|last| {
            ["join", "try_join", "select"]
                .iter()
                .any(|name| last.ident == name)
        });
        let mut reads = self.tokens(call.tokens.clone());
        if waits {
            self.wait(&mut reads);
        }
        reads
    }

    fn tokens(&mut self, tokens: TokenStream) -> Vec<Read> {
        let mut reads = self.env.mentioned(tokens.clone());
        if waits(tokens) {
            self.wait(&mut reads);
        }
        reads
    }
}

/// The names that a pattern binds.
#[derive(Default)]
struct Bound(Vec<String>);

impl<'a> Visit<'a> for Bound {
    fn visit_pat_ident(&mut self, pat: &'a syn::PatIdent) {
        let name = pat.ident.to_string();
        // `None` and a constant are no names.
        if !name.starts_with(char::is_uppercase) {
            self.0.push(name);
        }
        visit::visit_pat_ident(self, pat);
    }
}

fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

fn is_assignment(op: &BinOp) -> bool {
    let op = op.to_token_stream().to_string();
    op.ends_with('=') && !["==", "!=", "<=", ">="].contains(&op.as_str())
}

/// Whether the tokens have an `.await`.
fn waits(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "await",
        TokenTree::Group(group) => waits(group.stream()),
        _ => false,
    })
}
