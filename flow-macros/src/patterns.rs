//! Patterns.

use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Expr, Ident, Pat, PatIdent};

/// The names that a pattern binds, in the order of the text. A lone capitalised name is a constant
/// or a variant.
pub(crate) fn bindings(pattern: &Pat) -> Vec<Ident> {
    struct Bindings(Vec<Ident>);
    impl<'a> Visit<'a> for Bindings {
        fn visit_pat_ident(&mut self, pattern: &'a PatIdent) {
            let name = pattern.ident.unraw().to_string();
            let lower = !name.starts_with(char::is_uppercase);
            // Alternatives bind the same names.
            if (lower || pattern.subpat.is_some()) && !self.0.contains(&pattern.ident) {
                self.0.push(pattern.ident.clone());
            }
            visit::visit_pat_ident(self, pattern);
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut bindings = Bindings(Vec::new());
    bindings.visit_pat(pattern);
    bindings.0
}

/// Whether the pattern binds references.
pub(crate) fn borrows(pattern: &Pat) -> bool {
    struct References(bool);
    impl<'a> Visit<'a> for References {
        fn visit_pat_ident(&mut self, pattern: &'a PatIdent) {
            self.0 |= pattern.by_ref.is_some();
            visit::visit_pat_ident(self, pattern);
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut references = References(false);
    references.visit_pat(pattern);
    references.0
}
