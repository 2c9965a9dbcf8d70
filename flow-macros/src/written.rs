//! Tokens as text, spaced as they are in the source.

use proc_macro2::{Delimiter, LineColumn, TokenStream, TokenTree};
use quote::ToTokens;

/// As it is written, on one line.
pub(crate) fn written(tokens: &impl ToTokens) -> String {
    let mut text = Written::default();
    text.stream(tokens.to_token_stream());
    text.text
}

/// The same for the same tokens, wherever they are and however they are spaced.
pub(crate) fn key(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

#[derive(Default)]
struct Written {
    text: String,
    /// Where the last token ends.
    end: Option<LineColumn>,
}

impl Written {
    fn stream(&mut self, tokens: TokenStream) {
        for token in tokens {
            let TokenTree::Group(group) = &token else {
                let at = token.span();
                self.token(&token.to_string(), at.start(), at.end());
                continue;
            };
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            // A group that `syn` has put together again has the span of the whole at both ends.
            let (start, end) = (group.span().start(), group.span().end());
            let (mut inside, mut last) = (start, end);
            if start != end {
                inside.column += open.len();
                last.column = last.column.saturating_sub(close.len());
            }
            if group.stream().is_empty() {
                self.token(&format!("{open}{close}"), start, end);
                continue;
            }
            self.token(open, start, inside);
            self.stream(group.stream());
            self.token(close, last, end);
        }
    }

    fn token(&mut self, token: &str, start: LineColumn, end: LineColumn) {
        if token.is_empty() {
            return;
        }
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let gap = self.end.is_some_and(|end| end != start);
        // Words never touch, even if a macro made them and they are nowhere in the source.
        if gap || self.text.ends_with(word) && token.starts_with(word) {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.end = Some(end);
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn spaces_are_those_of_the_source() {
        for text in [
            "n if n > 90 && list.len() == 0",
            "Answer::No { why, .. } | Answer::Later",
            "note == \"a  & b\" || map[&Key::<u8>(-1)].0",
        ] {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            assert_eq!(written(&tokens), text);
            if let Ok(parsed) = syn::parse2::<syn::Expr>(tokens) {
                assert_eq!(written(&parsed), text);
            }
        }
        let broken: proc_macro2::TokenStream = "a\n    && b".parse().unwrap();
        assert_eq!(written(&broken), "a && b");
    }

    #[test]
    fn what_a_macro_made_keeps_its_words_apart() {
        assert_eq!(written(&quote::quote!(n if n)), "n if n");
    }
}
