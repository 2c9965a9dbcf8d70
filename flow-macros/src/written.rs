//! Tokens as text, spaced as they are in the source.

use proc_macro2::{Delimiter, LineColumn, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens as written, on one line.
pub(crate) fn written(tokens: &impl ToTokens) -> String {
    let mut text = Written::default();
    text.stream(tokens.to_token_stream());
    text.text
}

/// The tokens on one line, with the usual spaces. Faster, because it does not read the source.
pub(crate) fn spaced(tokens: &impl ToTokens) -> String {
    let mut text = Written {
        is_nowhere: true,
        ..Written::default()
    };
    text.stream(tokens.to_token_stream());
    text.text
}

/// Equal for equal tokens, wherever they are and however they are spaced.
pub(crate) fn key(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// [`key`] without the modules in paths: what may be equal under other names.
pub(crate) fn without_modules(tokens: &impl ToTokens) -> String {
    fn add(tokens: TokenStream, to: &mut Vec<String>) {
        for token in tokens {
            let is_path =
                matches!(to.as_slice(), [.., first, second] if first == ":" && second == ":");
            match token {
                TokenTree::Group(group) => {
                    to.push(format!("{:?}", group.delimiter()));
                    add(group.stream(), to);
                    to.push(")".to_owned());
                }
                TokenTree::Ident(name) if is_path => {
                    to.truncate(to.len() - 2);
                    // A word of the clause comes before a path that begins with `::`.
                    let is_module = |before: &String| {
                        before.starts_with(word) && !["when", "each"].contains(&before.as_str())
                    };
                    if to.last().is_some_and(is_module) {
                        to.pop();
                    }
                    to.push(name.to_string());
                }
                token => to.push(token.to_string()),
            }
        }
    }
    let mut words = Vec::new();
    add(tokens.to_token_stream(), &mut words);
    words.join(" ")
}

#[derive(Default)]
struct Written {
    text: String,
    /// Treat all tokens as if they were at the same place.
    is_nowhere: bool,
    /// The start and the end of the last token.
    start: Option<LineColumn>,
    end: Option<LineColumn>,
}

impl Written {
    fn stream(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter();
        while let Some(token) = tokens.next() {
            let TokenTree::Group(group) = &token else {
                let start = self.place(&token, Span::start);
                let (mut text, mut last) = (token.to_string(), token);
                // An operator of several characters.
                while let TokenTree::Punct(punct) = &last
                    && punct.spacing() == Spacing::Joint
                    && let Some(next) = tokens.next()
                {
                    text.push_str(&next.to_string());
                    last = next;
                }
                let end = self.place(&last, Span::end);
                self.token(&text, start, end);
                continue;
            };
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            // A group that `syn` has rebuilt has the span of the whole at both ends.
            let (start, end) = (
                self.place(&token, Span::start),
                self.place(&token, Span::end),
            );
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

    fn place(&self, token: &TokenTree, place: impl Fn(&Span) -> LineColumn) -> LineColumn {
        if self.is_nowhere {
            return LineColumn { line: 0, column: 0 };
        }
        place(&token.span())
    }

    fn token(&mut self, token: &str, start: LineColumn, end: LineColumn) {
        if token.is_empty() {
            return;
        }
        // The span of a word may be empty, at its beginning.
        let mut end = end;
        if start == end {
            end.column += token.chars().count();
        }
        let gap = if self.start == Some(start) {
            self.is_spaced(token)
        } else {
            self.end.is_some_and(|end| end != start)
        };
        // Words never touch, even if a macro made them and they are not in the source.
        if gap || self.text.ends_with(word) && token.starts_with(word) {
            self.text.push(' ');
        }
        self.text.push_str(token);
        (self.start, self.end) = (Some(start), Some(end));
    }

    /// Whether to write a space before a token whose place is unknown, as it always is in
    /// rust-analyzer.
    fn is_spaced(&self, token: &str) -> bool {
        const SPACED: &[&str] = &["->", "=>", "=", "==", "!=", "&&", "||", "|", "{", "}"];
        let is_closed = self.text.ends_with(',') && ![")", "]", ">"].contains(&token);
        let is_typed = self.text.ends_with(':') && !self.text.ends_with("::");
        let after = |op: &&str| self.text.ends_with(*op) && !self.text.ends_with("||");
        let is_word = token.starts_with(word) && self.text.ends_with([')', ']', '}']);
        !self.text.is_empty()
            && (is_closed
                || is_word
                || is_typed
                || SPACED.contains(&token)
                || SPACED.iter().any(after))
            && token != ","
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{spaced, written};

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
    fn paths_are_alike_up_to_their_modules() {
        let alike = |text: &str| {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            super::without_modules(&tokens)
        };
        assert_eq!(
            alike("when A -> self::b -> (c, d)"),
            alike("when ::x::A -> b -> (m::n::c, d)")
        );
        assert_ne!(alike("when A -> b"), alike("when A -> c"));
        assert_ne!(alike("a -> (b, c)"), alike("a -> b, c"));
    }

    #[test]
    fn tokens_without_a_place_are_spaced_as_usual() {
        for text in [
            "n if n",
            "Result<(), Vec<Vec<u8>>>",
            "reply: Option<&'static events::Reply>",
            "each a[8] -> match { Some(n) | Other(n) if n == 3 => c, _ => d }",
        ] {
            let tokens: proc_macro2::TokenStream = text.parse().unwrap();
            assert_eq!(spaced(&tokens), text);
        }
    }
}
