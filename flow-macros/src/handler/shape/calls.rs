//! Calls of functions and methods, and what becomes of the context in them.

use syn::{Expr, ExprCall, ExprMethodCall};

use crate::handler::context;
use crate::handler::shape::paths::{Alternative, Alternatives, Paths};
use crate::handler::shape::walk::{Walk, unwrapped};

impl Walk {
    pub(super) fn call(&mut self, call: &ExprCall) -> Paths {
        self.expr(&call.func).then(&self.all(&call.args))
    }

    pub(super) fn method(&mut self, call: &ExprMethodCall) -> Paths {
        if !self.is_of_the_context(call) {
            return self.expr(&call.receiver).then(&self.all(&call.args));
        }
        let arguments = self.all(&call.args);
        match call.method.to_string().as_str() {
            "emit" => {
                let emitted = match self.event(call) {
                    Some(event) => Alternatives::of([Alternative::one(event)]),
                    None if self.events.is_empty() => Alternatives::nothing(),
                    None => Alternatives::of((0..self.events.len()).map(Alternative::one)),
                };
                arguments.then(&Paths::through(emitted))
            }
            "stop" => {
                self.stops = true;
                arguments.then(&Paths::through(Alternatives::of([Alternative {
                    stops: true,
                    ..Alternative::default()
                }])))
            }
            _ => arguments,
        }
    }

    /// Whether it is a method of the context, which gives the context to nothing else.
    pub(super) fn is_of_the_context(&self, call: &ExprMethodCall) -> bool {
        let is_context = matches!(unwrapped(&call.receiver), Expr::Path(path)
            if self.is_context(&path.path));
        is_context && context::keeps(&call.method.to_string())
    }
}
