//! What names hold of a state, and which part of it an expression reads.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Member, Pat, UnOp};

/// What a value holds of a part of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The state's number.
    pub(super) state: usize,
    /// The fields that lead to the part.
    pub(super) place: Vec<String>,
    /// The value is a copy of the part, so that its fields are those of the state.
    pub(super) exact: bool,
    /// An `.await` came since.
    pub(super) stale: bool,
}

/// The names in scope, the last of which hides others, with what they hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    pub(super) names: Vec<(String, Vec<Read>)>,
    /// The path does not lead here.
    pub(super) dead: bool,
}

impl Env {
    pub(super) fn get(&self, name: &str) -> Option<&[Read]> {
        let mut names = self.names.iter().rev();
        let (_, reads) = names.find(|(known, _)| known == name)?;
        Some(reads)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Vec<Read>> {
        let mut names = self.names.iter_mut().rev();
        let (_, reads) = names.find(|(known, _)| known == name)?;
        Some(reads)
    }

    pub(super) fn age(&mut self) {
        for (_, reads) in &mut self.names {
            age(reads);
        }
    }

    /// What holds where two paths meet, which have the same names in scope.
    pub(super) fn or(mut self, other: Self) -> Self {
        if self.dead {
            return other;
        }
        if other.dead {
            return self;
        }
        for ((_, reads), (_, others)) in self.names.iter_mut().zip(other.names) {
            add(reads, others);
        }
        self
    }

    /// What the names in the tokens hold, fields followed.
    pub(super) fn mentioned(&self, tokens: TokenStream) -> Vec<Read> {
        let mut all = Vec::new();
        variables(tokens, &mut |name, fields| {
            for read in self.get(name).unwrap_or_default() {
                let mut read = read.clone();
                if read.exact {
                    read.place.extend_from_slice(fields);
                }
                add(&mut all, [read]);
            }
        });
        inexact(all)
    }
}

pub(super) fn add(all: &mut Vec<Read>, others: impl IntoIterator<Item = Read>) {
    for read in others {
        if !all.contains(&read) {
            all.push(read);
        }
    }
}

pub(super) fn age(reads: &mut [Read]) {
    for read in reads {
        read.stale = true;
    }
}

/// What is computed from these.
pub(super) fn inexact(mut reads: Vec<Read>) -> Vec<Read> {
    for read in &mut reads {
        read.exact = false;
    }
    reads
}

/// Calls `each` for each variable in the tokens, with the fields after it.
pub(super) fn variables(tokens: TokenStream, each: &mut impl FnMut(&str, &[String])) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_punct = |index: usize, mark| {
        let token: Option<&TokenTree> = tokens.get(index);
        matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
    };
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => variables(group.stream(), each),
            TokenTree::Ident(name) => {
                let is_member = index > 0
                    && is_punct(index - 1, '.')
                    && !(index > 1 && is_punct(index - 2, '.'));
                // The name of a field in `Total { count: n }`, or a part of a path.
                let is_label = is_punct(index + 1, ':');
                if is_member || is_label {
                    continue;
                }
                let (mut fields, mut next) = (Vec::new(), index + 1);
                while is_punct(next, '.') {
                    let field = match tokens.get(next + 1) {
                        Some(TokenTree::Ident(field)) => field.to_string(),
                        Some(TokenTree::Literal(number)) => number.to_string(),
                        _ => break,
                    };
                    let is_method = matches!(
                        tokens.get(next + 2),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
                    ) || is_punct(next + 2, ':');
                    if is_method {
                        break;
                    }
                    fields.push(field);
                    next += 2;
                }
                each(&name.to_string(), &fields);
            }
            _ => {}
        }
    }
}

/// Whether the variable is named in what follows.
pub(super) fn names(tokens: &impl ToTokens, variable: &str) -> bool {
    let mut found = false;
    variables(tokens.to_token_stream(), &mut |name, _| {
        found |= name == variable;
    });
    found
}

/// The name of the one parameter of a closure.
pub(super) fn parameter(closure: &syn::ExprClosure) -> Option<String> {
    let mut inputs = closure.inputs.iter();
    let (Some(only), None) = (inputs.next(), inputs.next()) else {
        return None;
    };
    let only = match only {
        Pat::Type(typed) => &*typed.pat,
        pat => pat,
    };
    match only {
        Pat::Ident(name) => Some(name.ident.to_string()),
        _ => None,
    }
}

/// The fields of the variable that the expression is, such as `*t` or `t.count`.
pub(super) fn place(expr: &Expr, variable: &str) -> Option<Vec<String>> {
    match expr {
        Expr::Paren(inner) => place(&inner.expr, variable),
        Expr::Group(inner) => place(&inner.expr, variable),
        Expr::Unary(inner) if matches!(inner.op, UnOp::Deref(_)) => place(&inner.expr, variable),
        Expr::Path(path) => path.path.is_ident(variable).then(Vec::new),
        Expr::Field(field) => {
            let mut fields = place(&field.base, variable)?;
            fields.push(match &field.member {
                Member::Named(name) => name.to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            });
            Some(fields)
        }
        _ => None,
    }
}

/// The same of a copy, such as `t.name.clone()`.
fn copied(expr: &Expr, variable: &str) -> Option<Vec<String>> {
    match expr {
        Expr::MethodCall(call) if call.method == "clone" || call.method == "to_owned" => {
            copied(&call.receiver, variable)
        }
        Expr::Block(block) => match &*block.block.stmts {
            [syn::Stmt::Expr(only, None)] => copied(only, variable),
            _ => None,
        },
        expr => place(expr, variable),
    }
}

/// What an expression in a `with` reads of the state, whose value has this name there.
pub(super) fn read(state: usize, variable: &str, expr: &Expr) -> Vec<Read> {
    let of = |place, exact| Read {
        state,
        place,
        exact,
        stale: false,
    };
    if let Some(place) = copied(expr, variable) {
        return vec![of(place, true)];
    }
    let mut reads = Vec::new();
    variables(expr.to_token_stream(), &mut |name, fields| {
        if name == variable {
            add(&mut reads, [of(fields.to_vec(), false)]);
        }
    });
    reads
}
