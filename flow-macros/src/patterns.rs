//! Patterns.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Ident, Pat, PatIdent, Path};

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

/// The bindings of a pattern as one value: a single one as itself, several as a tuple.
pub(crate) fn tuple_of(bindings: &[Ident]) -> TokenStream {
    match bindings {
        [] => quote!(()),
        [one] => quote!(#one),
        several => quote!((#(#several,)*)),
    }
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

/// The part of the pattern of an event that does not match each value of its type, as far as the
/// text shows it. `is_only` tells whether a variant may be the only one of its enum.
pub(crate) fn refutable(pattern: &Pat, is_only: &dyn Fn(&Path) -> bool) -> Option<Span> {
    struct Parts<'a>(Option<Span>, &'a dyn Fn(&Path) -> bool);
    impl Parts<'_> {
        fn path(&mut self, path: &Path) {
            let mut words = path.segments.iter().rev();
            let is_known = |word: &Ident| ["Some", "None", "Ok", "Err"].iter().any(|of| word == of);
            let last = words.next().is_some_and(|last| is_known(&last.ident));
            let of_enum = words.next().is_some_and(|of| {
                let of = of.ident.unraw().to_string();
                of.starts_with(char::is_uppercase)
            });
            if (last || of_enum) && !(self.1)(path) {
                self.0.get_or_insert(path.span());
            }
        }
    }
    impl<'a> Visit<'a> for Parts<'_> {
        fn visit_pat(&mut self, pattern: &'a Pat) {
            match pattern {
                Pat::Lit(_) | Pat::Range(_) => {
                    self.0.get_or_insert(pattern.span());
                }
                Pat::TupleStruct(of) => self.path(&of.path),
                Pat::Struct(of) => self.path(&of.path),
                Pat::Path(of) => self.path(&of.path),
                Pat::Ident(of) => self.path(&of.ident.clone().into()),
                _ => {}
            }
            visit::visit_pat(self, pattern);
        }
        fn visit_expr(&mut self, _: &'a Expr) {}
    }
    let mut parts = Parts(None, is_only);
    parts.visit_pat(pattern);
    parts.0
}
