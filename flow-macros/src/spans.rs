//! Spans for generated tokens.
//!
//! rustc underlines from the first token of a construct to the last one. An editor goes from a word
//! to everything that has exactly its span. So generated tokens are right before a word or right
//! after it: together they cover it, and none of them is it.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// Tokens that cover the word at `span`: `make` gets the span of all of them, and the first one is
/// moved to right before the word.
pub(crate) fn over(span: Span, make: impl FnOnce(Span) -> TokenStream) -> TokenStream {
    between(span, span, make)
}

/// Tokens that cover the words from `first` to `last`.
pub(crate) fn between(
    first: Span,
    last: Span,
    make: impl FnOnce(Span) -> TokenStream,
) -> TokenStream {
    let mut tokens = make(after(last)).into_iter();
    let begin = tokens.next().map(|mut token| {
        let start = before(first).resolved_at(token.span());
        match &mut token {
            // The closing bracket must keep its place unless it is the last token.
            TokenTree::Group(group) => group.set_span(first.resolved_at(group.span())),
            token => token.set_span(start),
        }
        token
    });
    begin.into_iter().chain(tokens).collect()
}

/// The empty place where a word begins.
fn before(span: Span) -> Span {
    if proc_macro::is_available() {
        span.unwrap().start().into()
    } else {
        span
    }
}

/// The empty place where a word ends.
pub(crate) fn after(span: Span) -> Span {
    if proc_macro::is_available() {
        span.unwrap().end().into()
    } else {
        span
    }
}

/// The same tokens, each with a span right before its own, so that an editor does not go to them.
/// For copies, such as those in documentation.
pub(crate) fn beside(tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut moved = Group::new(group.delimiter(), beside(group.stream()));
            moved.set_span(group.span());
            moved.into()
        }
        TokenTree::Ident(mut word) => {
            word.set_span(before(word.span()));
            word.into()
        }
        token => token,
    });
    tokens.collect()
}
