//! Facts about a handler that the tokens of its body show. The body is not parsed.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::handler::check::context;
use crate::handler::parse::{Args, Function};

/// Methods that only convert a value.
const METHODS: &[&str] = &["as_str", "clone", "into", "len", "to_owned", "to_string"];

/// Associated functions that only create a value of their type.
const MAKERS: &[&str] = &["default", "from", "new"];

/// Macros that only format or print.
const MACROS: &[&str] = &["eprint", "eprintln", "format", "print", "println", "vec"];

/// Words after which the rest of the body may not run, or not immediately.
const TURNS: &[&str] = &[
    "async", "await", "break", "continue", "else", "fn", "for", "if", "loop", "match", "return",
    "while",
];

/// Other words that may precede a parenthesis without making it a call.
const WORDS: &[&str] = &["as", "in", "let", "move", "mut", "ref"];

/// The facts about the body that the checks of a flow need.
pub(super) struct Body {
    /// The names of the events that the body emits without declaring them. The handler reports that
    /// error, and its flows must not add follow-on errors.
    pub(super) undeclared: Vec<String>,
    /// The variant of `Effect`, unless it is the default.
    pub(super) course: Option<&'static str>,
}

impl Body {
    pub(super) fn new(args: &Args, function: &Function) -> Self {
        let mut scan = Scan {
            cx: context(function),
            emits: false,
            emitted: Vec::new(),
            turns: false,
            unknown: false,
        };
        scan.stream(&function.body);
        let emits = args.emits.as_deref().unwrap_or_default();
        let declared = |name: &String| {
            let names = emits.iter().filter_map(|path| path.segments.last());
            names.into_iter().any(|segment| segment.ident == name)
        };
        scan.emitted.retain(|path| !path.iter().any(declared));
        let mut undeclared = scan.emitted.concat();
        undeclared.sort_unstable();
        undeclared.dedup();
        let course = if scan.unknown {
            None
        } else if scan.emits && !scan.turns && emits.len() == 1 {
            Some("AlwaysEmits")
        } else {
            Some("NeverEnds")
        };
        Self { undeclared, course }
    }
}

/// Scans the tokens. Everything that it does not recognise may do anything.
struct Scan {
    cx: Option<Ident>,
    /// There is a `cx.emit(…)`.
    emits: bool,
    /// For each `emit`, the names of types and variants in the path at the start of its argument.
    emitted: Vec<Vec<String>>,
    /// The body may skip code, or wait.
    turns: bool,
    /// The body may end the execution, or pass its context on.
    unknown: bool,
}

impl Scan {
    fn stream(&mut self, tokens: &TokenStream) {
        let tokens: Vec<_> = tokens.clone().into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let before = tokens.get(..index).unwrap_or_default();
            match token {
                TokenTree::Ident(word) => {
                    let after = tokens.get(index + 1..).unwrap_or_default();
                    self.word(&word.to_string(), before, after);
                }
                TokenTree::Punct(punct) => {
                    // A closure or `&&`; a `?` or an attribute.
                    self.turns |= matches!(punct.as_char(), '|' | '&');
                    self.unknown |= matches!(punct.as_char(), '?' | '#');
                }
                TokenTree::Group(group) => {
                    self.group(group, before);
                    self.stream(&group.stream());
                }
                TokenTree::Literal(_) => {}
            }
        }
    }

    fn word(&mut self, word: &str, before: &[TokenTree], after: &[TokenTree]) {
        self.turns |= TURNS.contains(&word);
        self.unknown |= match word {
            "await" => !matches!(before, [.., put, TokenTree::Group(_), dot]
                if is(put, "put") && is_punct(dot, '.')),
            "impl" | "unsafe" => true,
            _ if self.is_context(word) => !matches!(after, [dot, method, ..]
                if is_punct(dot, '.') && (is(method, "emit") || is(method, "put"))),
            _ => false,
        };
    }

    /// A call, an index, or the arguments of a macro, depending on the tokens before the group.
    fn group(&mut self, group: &Group, before: &[TokenTree]) {
        if let [.., TokenTree::Ident(name), bang] = before
            && is_punct(bang, '!')
        {
            self.unknown |= !MACROS.contains(&name.to_string().as_str());
            return;
        }
        match (group.delimiter(), before) {
            (Delimiter::Brace, _) | (_, []) => {}
            (_, [.., TokenTree::Ident(word)]) if is_keyword(word) => {}
            (Delimiter::Parenthesis, [path @ .., TokenTree::Ident(name)]) => {
                self.call(&name.to_string(), path, group);
            }
            (_, [.., TokenTree::Ident(_) | TokenTree::Group(_)]) => self.unknown = true,
            // The end of `call::<T>`.
            (_, [.., punct]) => self.unknown |= is_punct(punct, '>'),
        }
    }

    fn call(&mut self, name: &str, before: &[TokenTree], arguments: &Group) {
        let (is_method, is_path) = match before {
            [.., last] => (is_punct(last, '.'), is_punct(last, ':')),
            [] => (false, false),
        };
        let on_context = matches!(before, [.., TokenTree::Ident(cx), _]
            if is_method && self.is_context(&cx.to_string()));
        match name {
            "emit" if on_context => {
                self.emits = true;
                self.emitted.extend(path(arguments.stream()));
            }
            "put" if on_context => self.turns = true,
            _ if is_method => self.unknown |= !METHODS.contains(&name),
            _ if is_path && MAKERS.contains(&name) => {}
            // A tuple struct, or a variant.
            _ => self.unknown |= !name.starts_with(char::is_uppercase),
        }
    }

    fn is_context(&self, word: &str) -> bool {
        self.cx.as_ref().is_some_and(|cx| cx == word)
    }
}

/// The names of types and variants in the path at the beginning, if there are any.
fn path(tokens: TokenStream) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name.to_string()),
            TokenTree::Punct(colon) if colon.as_char() == ':' => {}
            _ => break,
        }
    }
    names.retain(|name| name.starts_with(char::is_uppercase));
    (!names.is_empty()).then_some(names)
}

fn is(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_keyword(word: &Ident) -> bool {
    let word = word.to_string();
    TURNS.contains(&word.as_str()) || WORDS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::Body;
    use crate::errors::Errors;
    use crate::handler::parse;

    /// The facts about a handler with this body that declares to emit `Tick`.
    fn body(body: &str) -> Body {
        let args = parse::args("emits = [Tick]".parse().unwrap(), &mut Errors::default());
        let function =
            format!("async fn again(Tick(n): Tick, cx: &Cx, hub: Res<Hub>) {{ {body} }}");
        Body::new(&args, &syn::parse_str(&function).unwrap())
    }

    #[test]
    fn a_body_that_always_emits_and_never_waits_is_straight() {
        for straight in [
            "cx.emit(Tick(0))",
            "let next = n + 1; println!(\"{next}\"); cx.emit(Tick(next));",
            "cx.emit(Tick(Default::default()));",
            "{ cx.emit(Tick::from(n.clone())) }",
            "let (n, m) = (n, String::new()); cx.emit(Tick { n, m, hub: [0; 3] });",
        ] {
            assert_eq!(body(straight).course, Some("AlwaysEmits"), "{straight}");
        }
    }

    #[test]
    fn one_that_may_not_emit_or_waits_for_its_reader_is_harmless() {
        for harmless in [
            "",
            "if n > 0 { cx.emit(Tick(n)) }",
            "let Some(n) = n else { return }; cx.emit(n)",
            "for n in 0..n { cx.emit(Tick(n)) }",
            "cx.put(format!(\"{n}\")).await; cx.emit(Tick(n));",
            "let _later = || cx.emit(Tick(n));",
            "n > 0 && { cx.emit(Tick(n)); true };",
        ] {
            assert_eq!(body(harmless).course, Some("NeverEnds"), "{harmless}");
        }
    }

    #[test]
    fn of_one_that_does_anything_else_nothing_is_known() {
        for open in [
            "cx.emit(Tick(n)); cx.stop();",
            "cx.emit(Tick(n)); sleep(n).await;",
            "cx.emit(Tick(n)); done.await;",
            "cx.emit(Tick(next(n)));",
            "cx.emit(Tick(hub.next()));",
            "cx.emit(Tick(n?));",
            "cx.emit(Tick(all[n]));",
            "cx.emit(Tick(n)); std::process::exit(0)",
            "cx.emit(Tick(n)); todo!()",
            "cx.emit(Tick(n)); let cx = cx.clone();",
            "cx.emit(Tick(n)); hand_on::<Tick>(n)",
            "#[cfg(test)] cx.emit(Tick(n));",
            "Cx::emit(cx, Tick(n));",
            "hub.emit(Tick(n));",
        ] {
            assert_eq!(body(open).course, None, "{open}");
        }
    }

    #[test]
    fn what_is_emitted_and_not_declared_is_noted_by_name() {
        let undeclared = |text| body(text).undeclared;
        assert_eq!(
            undeclared("cx.emit(Tick(n)); cx.emit(events::Tick::new(n))"),
            [""; 0]
        );
        assert_eq!(undeclared("cx.emit(tick)"), [""; 0]);
        assert_eq!(undeclared("if n { cx.emit(events::Tock { n }) }"), ["Tock"]);
        assert_eq!(
            undeclared("cx.emit(Reply::Yes(n)); cx.emit(Tock)"),
            ["Reply", "Tock", "Yes"]
        );
    }
}
