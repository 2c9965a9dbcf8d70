//! Calls of functions and methods, and what becomes of the context in them.

use syn::{Expr, ExprCall, ExprMethodCall, Ident, Path};

use crate::handler::shape::paths::{Alternative, Alternatives, Paths};
use crate::handler::shape::walk::{Walk, unwrapped};
use crate::handler::shape::words;

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
            "stop" => arguments.then(&Paths::through(Alternatives::of([Alternative {
                stops: true,
                ..Alternative::default()
            }]))),
            _ => arguments,
        }
    }

    /// Whether it is a method of the context, which gives the context to nothing else.
    pub(super) fn is_of_the_context(&self, call: &ExprMethodCall) -> bool {
        let is_context = matches!(unwrapped(&call.receiver), Expr::Path(path)
            if self.is_context(&path.path));
        is_context && words::is_of_the_context(&call.method.to_string())
    }

    /// The index of the declared event that is certainly emitted.
    fn event(&self, call: &ExprMethodCall) -> Option<usize> {
        if self.events.len() == 1 {
            return Some(0);
        }
        if self.renames {
            return None;
        }
        match unwrapped(call.args.first()?) {
            Expr::Call(made) => match unwrapped(&made.func) {
                Expr::Path(path) => self.named(&path.path),
                _ => None,
            },
            Expr::Struct(made) => self.named(&made.path),
            Expr::Path(path) => self.named(&path.path),
            _ => None,
        }
    }

    /// The event that is the only one of this name, or that has this variant.
    fn named(&self, path: &Path) -> Option<usize> {
        let names: Vec<_> = path.segments.iter().map(|part| &part.ident).collect();
        let is_variant = matches!(names.as_slice(), [.., last]
            if last.to_string().starts_with(char::is_uppercase));
        self.only(&names).or_else(|| match names.as_slice() {
            [owner @ .., _] if is_variant && !owner.is_empty() => self.only(owner),
            _ => None,
        })
    }

    /// The only event with the last one of these names, unless the modules differ.
    fn only(&self, names: &[&Ident]) -> Option<usize> {
        let mut known = self.events.iter().enumerate().filter(|(_, event)| {
            let last = event.segments.last();
            last.is_some_and(|last| names.last().is_some_and(|name| **name == last.ident))
        });
        let (index, event) = known.next()?;
        let segments = &event.segments;
        let may_be_same = names.len() == 1
            || segments.len() == 1
            || segments
                .iter()
                .map(|part| &part.ident)
                .eq(names.iter().copied());
        (may_be_same && known.next().is_none()).then_some(index)
    }
}
