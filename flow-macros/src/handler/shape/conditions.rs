//! Code under `#[cfg]`, and branches on `cfg!()`: of the ways through it, rustc keeps those that the
//! condition leaves.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Block, Expr, Meta, Stmt, UnOp};

use crate::handler::shape::paths::{Exit, Paths};
use crate::handler::shape::walk::{Walk, attrs, unwrapped};
use crate::handler::shape::words;

/// What an attribute says of the code under it.
enum Under {
    /// It is there if the condition with this number is met, or is not.
    Condition(usize, bool),
    /// It may be there.
    Unknown,
}

impl Walk {
    /// What is under a condition may not be there.
    pub(super) fn under(
        &mut self,
        attrs: &[Attribute],
        paths: impl FnOnce(&mut Self) -> Paths,
    ) -> Paths {
        let mut all = paths(self);
        for attr in attrs {
            all = match self.attribute(attr) {
                None => all,
                Some(Under::Unknown) => all.or_not(),
                Some(Under::Condition(condition, is_met)) => {
                    let absent = Paths::nothing().assuming(condition, !is_met);
                    all.assuming(condition, is_met).or(&absent)
                }
            };
        }
        all
    }

    /// Code that only exists under these attributes, beside other code.
    pub(super) fn only_under(&mut self, attrs: &[Attribute], paths: Paths) -> Paths {
        attrs
            .iter()
            .fold(paths, |paths, attr| match self.attribute(attr) {
                Some(Under::Condition(condition, is_met)) => paths.assuming(condition, is_met),
                Some(Under::Unknown) | None => paths,
            })
    }

    fn attribute(&mut self, attr: &Attribute) -> Option<Under> {
        let Meta::List(list) = &attr.meta else {
            return None;
        };
        if attr.path().is_ident("cfg") {
            let (condition, is_met) = self.condition(list.tokens.clone());
            return Some(Under::Condition(condition, is_met));
        }
        // It may add a `cfg`.
        let is_cfg = attr.path().is_ident("cfg_attr")
            && words::any(&list.tokens, &|word| word == "cfg" || word == "cfg_attr");
        is_cfg.then_some(Under::Unknown)
    }

    /// The number of the condition, and whether it is meant to be met.
    fn condition(&mut self, tokens: TokenStream) -> (usize, bool) {
        let mut words = tokens.clone().into_iter();
        if let (Some(TokenTree::Ident(not)), Some(TokenTree::Group(inner)), None) =
            (words.next(), words.next(), words.next())
            && not == "not"
        {
            let (condition, is_met) = self.condition(inner.stream());
            return (condition, !is_met);
        }
        let text = tokens.to_string();
        let mut known = self.conditions.iter();
        let index = known.position(|known| known.to_string() == text);
        let index = index.unwrap_or_else(|| {
            self.conditions.push(tokens);
            self.conditions.len() - 1
        });
        (index, true)
    }

    /// `then` and `other` are the branches of an `if` with this condition, which has run before.
    pub(super) fn either(&mut self, condition: &Expr, then: Paths, other: Paths) -> Paths {
        match self.asked(condition) {
            Some((condition, is_met)) => {
                let other = other.assuming(condition, !is_met);
                then.assuming(condition, is_met).or(&other)
            }
            None => then.or(&other),
        }
    }

    /// The condition that `cfg!(…)` asks for.
    fn asked(&mut self, expr: &Expr) -> Option<(usize, bool)> {
        match unwrapped(expr) {
            Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => {
                let (condition, is_met) = self.asked(&unary.expr)?;
                Some((condition, !is_met))
            }
            Expr::Macro(called) if words::is_cfg(&called.mac.path) => {
                Some(self.condition(called.mac.tokens.clone()))
            }
            _ => None,
        }
    }

    /// The ways through the statements at the end of a block, each of which is its value if the
    /// ones after it are not there.
    pub(super) fn values(&mut self, values: &[&Expr]) -> Paths {
        // None of the values is there, and some are.
        let mut none = Paths::nothing();
        let mut some = Paths::nowhere();
        for value in values.iter().rev() {
            let returned = self.returned_bare(value);
            let runs = self.bare(value).then(&some);
            let present = none.clone().then(&returned).or(&runs);
            let present = self.only_under(attrs(value), present);
            let absent = self.under(attrs(value), |_| Paths::nowhere());
            some = present.or(&absent.clone().then(&some));
            none = absent.then(&none);
        }
        some.or(&none.exiting(&[Exit::Success]))
    }

    /// The values at the end of the block that are under a condition.
    pub(super) fn conditional_values(block: &Block) -> Vec<&Expr> {
        let values = block.stmts.iter().rev().map_while(|stmt| match stmt {
            Stmt::Expr(value, None) if attrs(value).iter().any(is_condition) => Some(value),
            _ => None,
        });
        let mut values: Vec<_> = values.collect();
        values.reverse();
        values
    }
}

fn is_condition(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")
}
