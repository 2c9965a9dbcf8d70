//! What the flows of a file name: events, handlers, and the variables that are in scope there.

use proc_macro2::{TokenStream, TokenTree};
use syn::Pat;
use syn::ext::IdentExt;

use crate::patterns::bindings;
use crate::types::parsed::Parsed;

/// The words of a flow before an event.
const BEFORE_EVENTS: &[&str] = &["when", "ask", "external", "ignore"];

impl Parsed {
    /// Calls `visit` with these variables in scope.
    pub(super) fn within(&mut self, patterns: &[&Pat], visit: impl FnOnce(&mut Self)) {
        let outside = self.scope.len();
        for pattern in patterns {
            self.bind(pattern);
        }
        visit(self);
        self.scope.truncate(outside);
    }

    pub(super) fn bind(&mut self, pattern: &Pat) {
        let bound = bindings(pattern).into_iter();
        self.scope
            .extend(bound.map(|name| name.unraw().to_string()));
    }

    /// Sorts the words of a flow into variables and others.
    pub(super) fn variables(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => self.variable(word.unraw().to_string()),
                TokenTree::Group(group) => self.variables(group.stream()),
                // A format names variables in braces.
                TokenTree::Literal(text) => {
                    for after in text.to_string().split('{').skip(1) {
                        let end = after.find(|c: char| !c.is_alphanumeric() && c != '_');
                        let name = after.get(..end.unwrap_or_default()).unwrap_or_default();
                        self.variable(name.to_owned());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }

    fn variable(&mut self, word: String) {
        if self.scope.contains(&word) {
            self.captured.insert(word);
        } else {
            self.not_captured.insert(word);
        }
    }

    pub(super) fn flow(&mut self, tokens: TokenStream) {
        let tokens: Vec<_> = tokens.into_iter().map(|token| token.to_string()).collect();
        for path in tokens.windows(4) {
            if let [ty, first, second, name] = path
                && first == ":"
                && second == ":"
            {
                self.paths_in_flows.insert((ty.clone(), name.clone()));
            }
        }
        let mut is_event = false;
        for (index, word) in tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| tokens.get(before));
            let is_first = before.is_some_and(|before| BEFORE_EVENTS.contains(&before.as_str()));
            is_event = is_first || is_event && before.is_some_and(|before| before == "|");
            let is_alone = tokens.get(index + 1).is_none_or(|after| after != ":");
            if is_event && is_alone {
                self.in_flows.insert(word.clone());
            }
            // `when A | B`
            is_event |= word == "|" && before.is_some_and(|before| self.in_flows.contains(before));
        }
    }
}
