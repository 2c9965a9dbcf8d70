//! What a `with` assigns to the state.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{
    Expr, ExprAssign, ExprClosure, ExprIf, ExprMatch, ExprTry, ExprWhile, Local, Macro, Pat,
};

use crate::handler::updates::reads::{Env, names, parameter, place};

/// Whether the closure assigns what was read of the state before an `.await`, and nothing in it
/// depends on what the state is now.
pub(super) fn overwrites(closure: &ExprClosure, state: usize, env: &Env) -> bool {
    let Some(param) = parameter(closure) else {
        return false;
    };
    let mut all = Assigned {
        param: &param,
        state,
        env: env.clone(),
        current: vec![param.clone()],
        overwrites: false,
        compares: false,
    };
    all.env.names.push((param.clone(), Vec::new()));
    all.visit_expr(&closure.body);
    all.overwrites && !all.compares
}

struct Assigned<'a> {
    /// The name of the state's value.
    param: &'a str,
    state: usize,
    env: Env,
    /// The names that hold something of the state as it is now.
    current: Vec<String>,
    overwrites: bool,
    /// It asks what the state is now.
    compares: bool,
}

impl Assigned<'_> {
    fn asks(&mut self, condition: &impl ToTokens) {
        self.compares |= self.is_current(condition);
    }

    /// Whether it depends on what the state is now.
    fn is_current(&self, tokens: &impl ToTokens) -> bool {
        self.current.iter().any(|name| names(tokens, name))
    }
}

impl<'a> Visit<'a> for Assigned<'_> {
    fn visit_expr_assign(&mut self, assign: &'a ExprAssign) {
        if let Some(written) = place(&assign.left, self.param)
            && !self.is_current(&assign.right)
        {
            let reads = self.env.mentioned(assign.right.to_token_stream());
            self.overwrites |= reads.iter().any(|read| {
                read.state == self.state && read.stale && read.place.starts_with(&written)
            });
        }
        visit::visit_expr_assign(self, assign);
    }

    fn visit_local(&mut self, local: &'a Local) {
        visit::visit_local(self, local);
        let Some(init) = &local.init else {
            return;
        };
        if init.diverge.is_some() {
            self.asks(&init.expr);
        }
        let Pat::Ident(name) = &local.pat else {
            return;
        };
        let name = name.ident.to_string();
        let mut reads = self.env.mentioned(init.expr.to_token_stream());
        if self.is_current(&init.expr) {
            self.current.push(name.clone());
            reads.clear();
        }
        self.env.names.push((name, reads));
    }

    fn visit_expr_if(&mut self, branch: &'a ExprIf) {
        self.asks(&branch.cond);
        visit::visit_expr_if(self, branch);
    }

    fn visit_expr_while(&mut self, branch: &'a ExprWhile) {
        self.asks(&branch.cond);
        visit::visit_expr_while(self, branch);
    }

    fn visit_expr_match(&mut self, branch: &'a ExprMatch) {
        self.asks(&branch.expr);
        visit::visit_expr_match(self, branch);
    }

    fn visit_expr_try(&mut self, tried: &'a ExprTry) {
        self.asks(&tried.expr);
        visit::visit_expr_try(self, tried);
    }

    fn visit_macro(&mut self, call: &'a Macro) {
        self.asks(&call.tokens);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        // What may run at another time, or not at all.
        if !matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
            visit::visit_expr(self, expr);
        }
    }
}
