//! What the text of a closure tells.

use syn::{Expr, Macro, Pat, ReturnType, Stmt, Type};

/// Whether the body of a closure never returns, as that of half-written code, and the closure does
/// not tell the type that it would return.
pub(crate) fn diverges(function: &Expr) -> bool {
    const MACROS: &[&str] = &["todo", "unimplemented", "panic", "unreachable"];
    fn never_returns(mac: &Macro) -> bool {
        let last = mac.path.segments.last();
        last.is_some_and(|last| MACROS.iter().any(|name| last.ident == name))
    }
    fn body(expression: &Expr) -> bool {
        match expression {
            Expr::Macro(of) => never_returns(&of.mac),
            Expr::Paren(of) => body(&of.expr),
            Expr::Block(of) => match of.block.stmts.last() {
                Some(Stmt::Macro(of)) => never_returns(&of.mac),
                Some(Stmt::Expr(expression, _)) => body(expression),
                _ => false,
            },
            _ => false,
        }
    }
    match function {
        Expr::Closure(closure) => {
            matches!(closure.output, ReturnType::Default) && body(&closure.body)
        }
        _ => false,
    }
}

/// The type that a closure has for its parameter.
pub(crate) fn parameter_of(function: &Expr) -> Option<&Type> {
    let Expr::Closure(closure) = function else {
        return None;
    };
    match closure.inputs.first()? {
        Pat::Type(parameter) if !matches!(*parameter.ty, Type::Infer(_)) => Some(&parameter.ty),
        _ => None,
    }
}
