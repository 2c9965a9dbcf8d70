//! Detects in the tokens of a handler's body whether it may put items.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::handler::check::context;
use crate::handler::context::puts_nothing;
use crate::handler::parse::Function;

/// Whether the body calls `put` on its context or on a clone of it, or passes the context on, such
/// as to another function or to a macro, which may put items then.
pub(super) fn puts(function: &Function) -> bool {
    context(function).is_some_and(|cx| {
        let contexts = HashSet::from([cx.to_string()]);
        let parameter = cx.span();
        let mut search = Search {
            contexts,
            parameter,
        };
        search.stream(function.body.clone())
    })
}

struct Search {
    /// The names of the context and of its clones.
    contexts: HashSet<String>,
    /// The place of the context among the parameters.
    parameter: Span,
}

impl Search {
    fn stream(&mut self, tokens: TokenStream) -> bool {
        let tokens: Vec<_> = tokens.into_iter().collect();
        // The names that stand for something else after the next `;`.
        let mut hidden = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            let before = tokens.get(..index).unwrap_or_default();
            match token {
                // The pattern, whose names are bound by the time it is searched.
                TokenTree::Group(_) if matches!(before, [.., word] if is_let(word)) => {}
                // `let (one, other) = (cx.clone(), cx.clone());`
                TokenTree::Group(group) if matches!(before, [.., equals] if is(equals, '=')) => {
                    let values: Vec<_> = group.stream().into_iter().collect();
                    let mut values = values.split(|token| is(token, ','));
                    if values.any(|value| {
                        !self.is_context(value) && self.stream(value.iter().cloned().collect())
                    }) {
                        return true;
                    }
                }
                TokenTree::Group(group)
                    if matches!(before, [.., TokenTree::Ident(called)] if called == "drop")
                        && self.is_context(&group.stream().into_iter().collect::<Vec<_>>()) => {}
                TokenTree::Group(group) if self.group(group) => return true,
                TokenTree::Ident(word) if word == "put" && self.is_on_context(before) => {
                    return true;
                }
                TokenTree::Ident(word) if self.contexts.contains(&word.to_string()) => {
                    let after = tokens.get(index + 1..).unwrap_or_default();
                    if passes_on(before, after) {
                        return true;
                    }
                }
                TokenTree::Ident(word) if word == "let" => {
                    let after = tokens.get(index + 1..).unwrap_or_default();
                    hidden = self.clones(after);
                    if is_condition(before) {
                        hidden.clear();
                    }
                }
                TokenTree::Punct(mark) if mark.as_char() == ';' => {
                    for name in hidden.drain(..) {
                        self.contexts.remove(&name);
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// What a block binds is bound in it alone.
    fn group(&mut self, group: &Group) -> bool {
        let outside = self.contexts.clone();
        let puts = self.stream(group.stream());
        if group.delimiter() == Delimiter::Brace {
            self.contexts = outside;
        }
        puts
    }

    /// `cx.`, `self.cx.`, `cx.clone().`, `(&cx).` or `Cx::`, before `put`.
    fn is_on_context(&self, before: &[TokenTree]) -> bool {
        match before {
            [.., TokenTree::Ident(cx), first, second] if is(first, ':') && is(second, ':') => {
                cx == "Cx"
            }
            [
                ..,
                TokenTree::Ident(cx),
                dot,
                TokenTree::Ident(clone),
                TokenTree::Group(_),
                last,
            ] if is(dot, '.') && clone == "clone" && is(last, '.') => {
                self.contexts.contains(&cx.to_string())
            }
            [rest @ .., TokenTree::Group(group), dot] if is(dot, '.') => {
                // After a name or a group, this group is the arguments of a call.
                !matches!(rest.last(), Some(TokenTree::Ident(_) | TokenTree::Group(_)))
                    && self.is_context(&group.stream().into_iter().collect::<Vec<_>>())
            }
            [.., TokenTree::Ident(cx), dot] if is(dot, '.') => {
                self.contexts.contains(&cx.to_string())
            }
            _ => false,
        }
    }

    /// `name = cx.clone();`, after `let`. Returns the names of contexts that it gives to other
    /// values.
    fn clones(&mut self, after: &[TokenTree]) -> Vec<String> {
        let mut hidden = Vec::new();
        let mut parts = after.splitn(2, |token| is(token, '='));
        if let (Some(pattern), Some(value)) = (parts.next(), parts.next()) {
            let pattern = pattern.split(|token| is(token, ':')).next();
            let value = value.split(|token| is(token, ';')).next();
            let (pattern, value) = (pattern.unwrap_or_default(), value.unwrap_or_default());
            self.bind(pattern, value, &mut hidden);
        }
        hidden
    }

    /// A name, or a tuple of them.
    fn bind(&mut self, pattern: &[TokenTree], value: &[TokenTree], hidden: &mut Vec<String>) {
        match (pattern, value) {
            ([TokenTree::Ident(word), pattern @ ..], _) if word == "mut" => {
                self.bind(pattern, value, hidden);
            }
            ([TokenTree::Ident(name)], _) if self.is_context(value) => {
                self.contexts.insert(name.to_string());
            }
            ([TokenTree::Ident(name)], _) if self.is_written_here(name) => {
                hidden.push(name.to_string());
            }
            ([TokenTree::Group(names)], [TokenTree::Group(values)]) => {
                let names: Vec<_> = names.stream().into_iter().collect();
                let values: Vec<_> = values.stream().into_iter().collect();
                let names = names.split(|token| is(token, ','));
                for (name, value) in names.zip(values.split(|token| is(token, ','))) {
                    self.bind(name, value, hidden);
                }
            }
            _ => {}
        }
    }

    /// Whether the name comes after the parameters. One that a `macro_rules!` adds to a body that
    /// it is given may be another name, although it reads the same.
    fn is_written_here(&self, name: &Ident) -> bool {
        let (name, parameter) = (name.span().start(), self.parameter.start());
        (name.line, name.column) > (parameter.line, parameter.column)
    }

    /// `cx`, `&cx` or `cx.clone()`
    fn is_context(&self, value: &[TokenTree]) -> bool {
        let borrowed = value.iter().take_while(|token| is(token, '&')).count();
        let known = |name: &TokenTree| self.contexts.contains(&name.to_string());
        match value.get(borrowed..).unwrap_or_default() {
            [name] => known(name),
            [name, dot, clone, TokenTree::Group(_)] => {
                known(name) && is(dot, '.') && clone.to_string() == "clone"
            }
            _ => false,
        }
    }
}

/// Whether the context between these tokens is passed on. A name that is bound to it is searched
/// for instead.
fn passes_on(before: &[TokenTree], after: &[TokenTree]) -> bool {
    let borrowed = before
        .iter()
        .rev()
        .take_while(|token| is(token, '&'))
        .count();
    let before = before.get(..before.len() - borrowed).unwrap_or_default();
    if matches!(before, [.., equals] if is(equals, '=')) {
        return false;
    }
    match after {
        // A name that a pattern or a field has, or the method of another value.
        [next, ..] if is(next, ':') || is(next, '=') => false,
        _ if matches!(before, [.., dot] if is(dot, '.')) => false,
        [dot, TokenTree::Ident(clone), TokenTree::Group(_), rest @ ..]
            if is(dot, '.') && clone == "clone" =>
        {
            passes_on(&[], rest)
        }
        [dot, TokenTree::Ident(method), TokenTree::Group(_), ..] if is(dot, '.') => {
            !puts_nothing(&method.to_string())
        }
        _ => true,
    }
}

/// Whether a `let` after this is that of a condition.
fn is_condition(before: &[TokenTree]) -> bool {
    match before.last() {
        Some(TokenTree::Ident(word)) => word == "if" || word == "while",
        Some(token) => is(token, '&'),
        None => false,
    }
}

fn is_let(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(word) if word == "let")
}

fn is(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

#[cfg(test)]
mod tests {
    use super::puts;

    fn body(body: &str) -> bool {
        let function = format!("async fn save(cx: &Cx, bucket: Res<Bucket>) {{ {body} }}");
        puts(&syn::parse_str(&function).unwrap())
    }

    #[test]
    fn a_put_on_the_context_or_on_a_clone_of_it_counts() {
        for puts in [
            "cx.put(\"saved\").await",
            "for n in 0..3 { cx . put(n).await; }",
            "let out = cx.clone(); tokio::spawn(async move { out.put(1).await });",
            "let out = &cx; let mut again = out.clone(); again.put(1).await;",
            "let (out, mut other) = (cx.clone(), 1); out.put(1).await",
            "cx.clone().put(1).await",
            "(&cx).put(1).await",
            "Writer { cx: cx.clone() }.run().await; writer.cx.put(1).await",
            "flow_core::Cx::put(cx, 1).await",
            "select! { _ = cx.put(1) => {} }",
            "let cx: &Cx<_, _> = &cx; cx.put(1).await",
            "{ let cx = Bucket; cx.put(1) } cx.put(2).await",
            "let (n, cx) = (1, cx.clone()); cx.put(n).await",
            "if let cx = 1 { 2; } cx.put(3).await",
            "let cx = match first(cx) { n => n }; bucket.put(cx)",
        ] {
            assert!(body(puts), "{puts}");
        }
    }

    #[test]
    fn a_context_that_is_passed_on_counts() {
        for puts in [
            "helper(cx).await",
            "helper(&cx.clone()).await",
            "say!(cx, \"a{}\", 1)",
            "bucket.put(cx.key()).await",
            "let out = cx.clone(); Writer { out }.run().await",
            "tokio::spawn(helper(cx.clone()))",
            "let (out, store) = (cx.clone(), open(cx)); store.put(\"key\")",
            "(|| cx)()",
            "Helper::run(cx)",
            "drop(helper(cx))",
        ] {
            assert!(body(puts), "{puts}");
        }
    }

    #[test]
    fn a_put_on_anything_else_does_not() {
        for other in [
            "bucket.put(\"key\").await",
            "bucket.put(cx.attempt()).await",
            "bucket.put(cx.execution_id()).await",
            "timeout(wait, cx.ending()).await; helper((cx.clone().attempt(), &cx.execution_id()))",
            "select! { () = cx.ending() => {} }",
            "let out = cx.clone(); out.emit(1); cx.clone().stop()",
            "let out = cx.clone(); out.emit(1); drop(out); std::mem::drop(cx.clone())",
            "let (left, mut right) = (cx.clone(), &cx); left.emit(1); right.emit(2)",
            "let cx2 = &cx; tokio::spawn(async move { cx2.emit(1); bucket.put(1) });",
            "Writer { cx: 3 }.cx.len()",
            "Bucket::put(&bucket, \"key\")",
            "let cx = Bucket; cx.put(1)",
            "let mut cx: Map<Key = u32> = Map { list: [1; 2] }; { cx.put(cx.attempt()) }",
            "let cx = cx.attempt(); helper(cx)",
            "let (cx, n) = (Bucket, cx.attempt()); cx.put(n)",
        ] {
            assert!(!body(other), "{other}");
        }
        let without = "async fn save(bucket: Res<Bucket>) { bucket.put(1) }";
        assert!(!puts(&syn::parse_str(without).unwrap()));
    }
}
