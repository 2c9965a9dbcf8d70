//! Tasks that take the context itself instead of a clone. rustc reports their lifetime, in words
//! that cannot be chosen. With any doubt, it does.

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::errors::Errors;
use crate::functions::text_around;
use crate::handler::check::context;
use crate::handler::parse::Function;

/// Functions whose argument must be `'static`, with a text in the file that shows that a shorter
/// path leads there.
const SPAWNING: &[(&[&str], Option<&str>)] = &[
    (&["tokio", "spawn"], None),
    (&["tokio", "task", "spawn"], None),
    (&["tokio", "task", "spawn_blocking"], None),
    (&["tokio", "task", "spawn_local"], None),
    (&["std", "thread", "spawn"], None),
    (&["task", "spawn"], Some("use tokio::task;")),
    (&["task", "spawn_blocking"], Some("use tokio::task;")),
    (&["task", "spawn_local"], Some("use tokio::task;")),
    (&["thread", "spawn"], Some("use std::thread;")),
    (&["spawn"], Some("use tokio::spawn;")),
    (&["spawn"], Some("use tokio::task::spawn;")),
    (&["spawn"], Some("use std::thread::spawn;")),
    (
        &["spawn_blocking"],
        Some("use tokio::task::spawn_blocking;"),
    ),
    (&["spawn_local"], Some("use tokio::task::spawn_local;")),
];

/// Methods whose argument must be `'static`, of a `JoinSet` and of a `Handle`.
const METHODS: &[&str] = &["spawn", "spawn_blocking", "spawn_local"];

/// Words that may precede a parenthesis without making it a call.
const WORDS: &[&str] = &[
    "as", "await", "for", "if", "in", "let", "match", "move", "mut", "ref", "return", "while",
];

/// Reports the first task that takes the context.
pub(super) fn check(function: &Function, errors: &mut Errors) {
    let Some(cx) = context(function) else { return };
    let text = || text_around(function.sig.ident.span());
    let body = &function.body;
    let search = Search {
        cx,
        body,
        text: &text,
    };
    if let Some(error) = search.error() {
        errors.push(error);
    }
}

struct Search<'a> {
    cx: Ident,
    body: &'a TokenStream,
    /// The text of the file.
    text: &'a dyn Fn() -> Rc<str>,
}

impl Search<'_> {
    fn error(&self) -> Option<syn::Error> {
        let error = self.task(self.body)?;
        self.is_clear(self.body, false).then_some(error)
    }

    /// The error for the first task that takes the context, if the name is that of the context.
    fn task(&self, tokens: &TokenStream) -> Option<syn::Error> {
        let tokens: Vec<_> = tokens.clone().into_iter().collect();
        tokens.iter().enumerate().find_map(|(index, token)| {
            let TokenTree::Group(group) = token else {
                return None;
            };
            let before = tokens.get(..index).unwrap_or_default();
            if before.last().is_some_and(|last| is(last, '!')) {
                return None;
            }
            self.spawned(before, group)
                .or_else(|| self.task(&group.stream()))
        })
    }

    /// The error for this call, if it begins a task with the context.
    fn spawned(&self, before: &[TokenTree], arguments: &Group) -> Option<syn::Error> {
        if arguments.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let called = match path(before) {
            Some(path) if self.is_spawning(&path) => path.join("::"),
            Some(_) => return None,
            None => self.spawning_method(before)?,
        };
        let mut place = called;
        let arguments: Vec<_> = arguments.stream().into_iter().collect();
        let (task, rest) = match arguments.as_slice() {
            [TokenTree::Ident(name)] => {
                place = format!("let {name}");
                (self.bound_future(name)?, String::new())
            }
            [word, rest @ ..] if is_word(word, "async") => match rest {
                [TokenTree::Group(task), ..] => (task.stream(), String::new()),
                [word, TokenTree::Group(task), ..] if is_word(word, "move") => {
                    (task.stream(), String::new())
                }
                _ => return None,
            },
            [first, second, task @ ..] if is(first, '|') && is(second, '|') => {
                (task.iter().cloned().collect(), String::new())
            }
            [word, first, second, task @ ..]
                if is_word(word, "move") && is(first, '|') && is(second, '|') =>
            {
                (task.iter().cloned().collect(), String::new())
            }
            [TokenTree::Ident(name), TokenTree::Group(arguments)] if self.is_async(name) => {
                let call = format!(
                    ", and call `{name}` in `async move {{ … }}`, with `&{}`",
                    self.cx
                );
                let arguments: Vec<_> = arguments.stream().into_iter().collect();
                let passed = arguments.iter().enumerate().find(|(index, token)| {
                    let (before, after) = arguments.split_at(*index);
                    let after = after.get(1..).unwrap_or_default();
                    matches!(token, TokenTree::Ident(word) if *word == self.cx)
                        && is_argument(before, after)
                });
                (
                    passed.map(|(_, token)| token.clone()).into_iter().collect(),
                    call,
                )
            }
            _ => return None,
        };
        let used = self.first(&task)?;
        let cx = &self.cx;
        let message = format!(
            "the task may outlive this handler, from which it borrows `{cx}`: write \
             `let {cx} = {cx}.clone();` before `{place}`{rest}"
        );
        Some(syn::Error::new(used.span(), message))
    }

    /// Whether the path is that of a function that begins a task.
    fn is_spawning(&self, path: &[String]) -> bool {
        let is_known = |(known, text): &(&[&str], Option<&str>)| {
            path == *known && text.is_none_or(|text| (self.text)().contains(text))
        };
        // `use tokio::spawn as go;`
        let is_renamed = || match path {
            [name] => ["tokio::spawn", "tokio::task::spawn", "std::thread::spawn"]
                .iter()
                .any(|known| (self.text)().contains(&format!("use {known} as {name};"))),
            _ => false,
        };
        SPAWNING.iter().any(is_known) || is_renamed()
    }

    /// `set.spawn`, where the body has made the `JoinSet` or the `Handle`.
    fn spawning_method(&self, before: &[TokenTree]) -> Option<String> {
        let [.., TokenTree::Ident(of), dot, TokenTree::Ident(method)] = before else {
            return None;
        };
        if !is(dot, '.') || !METHODS.iter().any(|known| method == known) {
            return None;
        }
        let made = self.bound_once(of)?;
        let text = (self.text)();
        let is_set =
            any(&made, "JoinSet") && text.contains("JoinSet") && !text.contains("struct JoinSet");
        let is_handle =
            any(&made, "Handle") && any(&made, "current") && !text.contains("struct Handle");
        (text.contains("tokio") && (is_set || is_handle)).then(|| format!("{of}.{method}"))
    }

    /// The code of the future that a `let` of the body binds to this name, which is only used once.
    fn bound_future(&self, name: &Ident) -> Option<TokenStream> {
        let value: Vec<_> = self.bound_once(name)?.into_iter().collect();
        let code = match value.as_slice() {
            [word, TokenTree::Group(code)] if is_word(word, "async") => code,
            [word, moved, TokenTree::Group(code)]
                if is_word(word, "async") && is_word(moved, "move") =>
            {
                code
            }
            _ => return None,
        };
        (count(self.body, name) == 2).then(|| code.stream())
    }

    /// What the only `let` with this name binds to it, where nothing else seems to bind it.
    fn bound_once(&self, name: &Ident) -> Option<TokenStream> {
        let mut bound = Vec::new();
        let is_clear = bindings(self.body, name, &mut bound);
        match bound.len() {
            1 if is_clear => bound.pop(),
            _ => None,
        }
    }

    /// Whether this is an `async fn` of the file, whose future borrows what it is given.
    fn is_async(&self, name: &Ident) -> bool {
        let (text, name) = ((self.text)(), name.to_string());
        let is_own = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let mut found = text.match_indices(&name).filter(|(start, _)| {
            let (before, rest) = text.split_at(*start);
            let defined = before.ends_with("fn ") || before.ends_with("::");
            defined && is_own(rest.get(name.len()..).unwrap_or_default())
        });
        let first = found.next().map(|(start, _)| text.split_at(start).0);
        first.is_some_and(|before| before.ends_with("async fn ")) && found.next().is_none()
    }

    /// The first place that names the context.
    fn first(&self, tokens: &TokenStream) -> Option<Ident> {
        let mut is_member = false;
        for token in tokens.clone() {
            let found = match &token {
                TokenTree::Ident(word) if *word == self.cx && !is_member => Some(word.clone()),
                TokenTree::Group(group) => self.first(&group.stream()),
                _ => None,
            };
            if found.is_some() {
                return found;
            }
            is_member = is(&token, '.');
        }
        None
    }

    /// Whether each place that has this name uses it, so that none binds it to something else.
    /// With `is_call`, the tokens are the arguments of a call.
    fn is_clear(&self, tokens: &TokenStream, is_call: bool) -> bool {
        let tokens: Vec<_> = tokens.clone().into_iter().collect();
        tokens.iter().enumerate().all(|(index, token)| {
            let before = tokens.get(..index).unwrap_or_default();
            match token {
                TokenTree::Ident(word) if word == "cfg" || word == "cfg_attr" => false,
                TokenTree::Ident(word) if *word == self.cx => {
                    let after = tokens.get(index + 1..).unwrap_or_default();
                    is_member(before, after) || is_call && is_argument(before, after)
                }
                TokenTree::Group(group) => {
                    let is_call = group.delimiter() == Delimiter::Parenthesis
                        && matches!(before, [.., TokenTree::Ident(name)] if {
                            let name = name.to_string();
                            name.starts_with(char::is_lowercase) && !WORDS.contains(&name.as_str())
                        });
                    self.is_clear(&group.stream(), is_call)
                }
                _ => true,
            }
        })
    }
}

/// Adds the values that each `let` with this name binds, and tells whether all other places use it.
fn bindings(tokens: &TokenStream, name: &Ident, bound: &mut Vec<TokenStream>) -> bool {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().all(|(index, token)| {
        let before = tokens.get(..index).unwrap_or_default();
        let after = tokens.get(index + 1..).unwrap_or_default();
        match token {
            TokenTree::Group(group) => bindings(&group.stream(), name, bound),
            TokenTree::Ident(word) if word == name => {
                let before = match before {
                    [before @ .., word] if is_word(word, "mut") => before,
                    before => before,
                };
                match before.last() {
                    Some(last) if is_word(last, "let") => {
                        let value = after.split(|token| is(token, ';')).next();
                        let mut value = value.unwrap_or_default().iter().cloned();
                        // Without the `=`, unless there is a type before it.
                        if after.first().is_some_and(|next| is(next, '=')) {
                            value.next();
                        }
                        bound.push(value.collect());
                        true
                    }
                    Some(last) if is(last, '&') || is(last, '.') => true,
                    Some(last) if is(last, '|') || is_word(last, "for") => false,
                    _ => after.first().is_none_or(|next| is(next, '.')),
                }
            }
            _ => true,
        }
    })
}

/// How many times the word is in the tokens.
fn count(tokens: &TokenStream, name: &Ident) -> usize {
    let counts = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Ident(word) => usize::from(word == *name),
        TokenTree::Group(group) => count(&group.stream(), name),
        _ => 0,
    });
    counts.sum()
}

/// Whether the word is among the tokens outside of groups.
fn any(tokens: &TokenStream, word: &str) -> bool {
    tokens
        .clone()
        .into_iter()
        .any(|token| is_word(&token, word))
}

/// `cx.` or `.cx`
fn is_member(before: &[TokenTree], after: &[TokenTree]) -> bool {
    after.first().is_some_and(|next| is(next, '.'))
        || before.last().is_some_and(|last| is(last, '.'))
}

/// `cx` or `&cx`, between commas.
fn is_argument(before: &[TokenTree], after: &[TokenTree]) -> bool {
    let mut before = before.iter().rev().skip_while(|token| is(token, '&'));
    before.next().is_none_or(|last| is(last, ',')) && after.first().is_none_or(|next| is(next, ','))
}

/// The path at the end of the tokens, unless it is a method.
fn path(tokens: &[TokenTree]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = tokens;
    loop {
        let [before @ .., TokenTree::Ident(name)] = rest else {
            return None;
        };
        names.push(name.to_string());
        match before {
            [before @ .., first, second] if is(first, ':') && is(second, ':') => {
                rest = before;
                // `::tokio::spawn`
                if !matches!(rest, [.., TokenTree::Ident(_)]) {
                    break;
                }
            }
            [.., last] if is(last, '.') || is_word(last, "fn") => return None,
            _ => break,
        }
    }
    names.reverse();
    Some(names)
}

fn is(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Ident, Span};

    use super::Search;

    const FILE: &str = "use tokio::{spawn as start, task}; use tokio::spawn as go; use tokio::task::JoinSet; use tokio::task::spawn; use std::thread;
        use tokio::task; async fn work(n: u8, cx: &Cx) {} fn begin(cx: &Cx) -> Job { … }
        async fn twice(cx: &Cx) {} mod other { fn twice(cx: &Cx) -> Job { … } }
        fn later() { other::elsewhere() } async fn elsewhere() {}";

    fn error(body: &str) -> Option<String> {
        let cx = Ident::new("cx", Span::call_site());
        let search = Search {
            cx,
            body: &body.parse().unwrap(),
            text: &|| FILE.into(),
        };
        let error = search.error();
        error.map(|error| error.to_string())
    }

    #[test]
    fn a_task_with_the_context_itself_is_found() {
        for body in [
            "tokio::spawn(async move { cx.put(1).await; });",
            "::tokio::spawn(async { cx.emit(A) }.instrument(span));",
            "let task = tokio::task::spawn_local(async move { work(1, &cx).await });",
            "if n > 0 { spawn(async move { let out = cx.clone(); out.put(1).await }) }",
            "task::spawn_blocking(move || cx.emit(A))",
            "thread::spawn(|| { for n in 0..3 { cx.emit(n) } })",
            "cx.put(1).await; let tasks = [1].map(|n| tokio::spawn(async move { cx.emit(n) }));",
            "tokio::spawn(async move { helper(2, cx).await; println!(\"{}\", cx.attempt()) });",
            "tokio::spawn(work(1, cx));",
            "let mut set = JoinSet::new(); set.spawn(async move { cx.emit(1) }); set.join_all().await;",
            "let set: JoinSet<()> = Default::default(); work(&mut set); set.spawn(async { cx.emit(1) });",
            "let h = tokio::runtime::Handle::current(); h.spawn(async move { cx.emit(1) });",
            "let f = async move { cx.emit(1) }; tokio::spawn(f);",
            "go(async move { cx.emit(1) });",
        ] {
            assert!(error(body).is_some(), "{body}");
        }
    }

    #[test]
    fn the_message_says_what_to_write() {
        assert_eq!(
            error("tokio::spawn(async move { cx.emit(A) });").as_deref(),
            Some(
                "the task may outlive this handler, from which it borrows `cx`: \
                 write `let cx = cx.clone();` before `tokio::spawn`"
            )
        );
        assert_eq!(
            error("tokio::spawn(work(1, cx));").as_deref(),
            Some(
                "the task may outlive this handler, from which it borrows `cx`: \
                 write `let cx = cx.clone();` before `tokio::spawn`, \
                 and call `work` in `async move { … }`, with `&cx`"
            )
        );
    }

    #[test]
    fn with_any_doubt_nothing_is_found() {
        for body in [
            // A clone of the same name.
            "let cx = cx.clone(); tokio::spawn(async move { cx.put(1).await });",
            "tokio::spawn({ let cx = cx.clone(); async move { cx.put(1).await } });",
            "let (n, cx) = (1, cx.clone()); tokio::spawn(async move { cx.emit(n) });",
            "for (n, cx) in all { tokio::spawn(async move { cx.emit(n) }); }",
            "with(|cx| tokio::spawn(async move { cx.emit(1) }));",
            "with(|n, cx: Cx| tokio::spawn(async move { cx.emit(1) }));",
            "if let Some(cx) = other { tokio::spawn(async move { cx.emit(1) }); }",
            "match other { cx => tokio::spawn(async move { cx.emit(1) }) }",
            "let Job { cx } = job; tokio::spawn(async move { cx.emit(1) });",
            "clone!(cx); tokio::spawn(async move { cx.emit(1) });",
            "fn inner(cx: &Cx) { tokio::spawn(async move { cx.emit(1) }); }",
            // A clone in the argument.
            "tokio::spawn(work(1, cx.clone()));",
            "tokio::spawn(begin(cx));",
            "tokio::spawn(twice(cx));",
            "tokio::spawn(elsewhere(cx));",
            "tokio::spawn(other::work(cx));",
            "tokio::spawn(wrap(async move { cx.emit(1) }));",
            // Another name, another function, another macro.
            "let out = cx.clone(); tokio::spawn(async move { out.emit(1); job.cx.stop() });",
            "tokio::spawn(async move { 1 });",
            "set.spawn(async move { cx.emit(1) });",
            "let mut set = Scope::new(); set.spawn(async move { cx.emit(1) });",
            "let set = JoinSet::new(); with(|set| set.spawn(async move { cx.emit(1) }));",
            "let set = JoinSet::new(); let set = other; set.spawn(async move { cx.emit(1) });",
            "let set = JoinSet::new(); match n { set => set.spawn(async move { cx.emit(1) }) };",
            "let f = async move { cx.emit(1) }; f.await; tokio::spawn(f);",
            "let f = async move { 1 }; tokio::spawn(f); cx.emit(1);",
            "let f = wrap(async move { cx.emit(1) }); tokio::spawn(f);",
            "let f = async move { cx.emit(1) }; { let f = other; tokio::spawn(f) }; f.await;",
            "scope.task().spawn(async move { cx.emit(1) });",
            "local::spawn(async move { cx.emit(1) });",
            "start(async move { cx.emit(1) });",
            "thread::scope(|scope| { scope.spawn(|| cx.emit(1)); });",
            "moved! { tokio::spawn(async move { cx.emit(1) }) }",
            "#[cfg(never)] tokio::spawn(async move { cx.emit(1) });",
        ] {
            assert_eq!(error(body), None, "{body}");
        }
    }
}
