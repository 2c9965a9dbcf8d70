//! What is known of functions, methods and macros by their names alone.

use proc_macro2::{Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Path};

use crate::functions::defines_macro;

/// Methods that only compute a value, and never panic.
const METHODS: &[&str] = &[
    "abs",
    "as_deref",
    "as_mut",
    "as_ref",
    "as_str",
    "chars",
    "checked_add",
    "checked_div",
    "checked_mul",
    "checked_sub",
    "clone",
    "cloned",
    "contains",
    "copied",
    "ends_with",
    "into",
    "is_empty",
    "is_err",
    "is_none",
    "is_ok",
    "is_some",
    "iter",
    "len",
    "lines",
    "max",
    "min",
    "ok",
    "saturating_add",
    "saturating_mul",
    "saturating_sub",
    "starts_with",
    "to_lowercase",
    "to_owned",
    "to_string",
    "to_uppercase",
    "to_vec",
    "trim",
    "unwrap_or",
    "unwrap_or_default",
    "wrapping_add",
    "wrapping_mul",
    "wrapping_sub",
];

/// Associated functions that only create a value of their type.
const MAKERS: &[&str] = &[
    "default",
    "from",
    "from_micros",
    "from_millis",
    "from_nanos",
    "from_secs",
    "new",
    "now",
];

/// A macro of which it is known where its arguments are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It evaluates nothing.
    Text,
    /// It evaluates its first argument, which patterns may follow.
    Matches,
    /// It evaluates its arguments, and yields a value or prints it.
    Value,
    /// It awaits all futures.
    Join,
    /// It awaits all futures, or some of them.
    TryJoin,
    /// It awaits one future, and runs the code of its branch.
    Select,
    /// It may evaluate them.
    Log,
    /// It evaluates so many arguments; those behind them only before it panics.
    Assert(usize),
    /// The same, in a build with debug assertions.
    DebugAssert(usize),
    /// It returns an error.
    Bail,
    /// It returns an error unless its first argument is true.
    Ensure,
    Panic,
    /// A panic in place of code that is still to be written.
    Todo,
}

impl Kind {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let mut names = path
            .segments
            .iter()
            .rev()
            .map(|part| part.ident.to_string());
        let name = names.next()?;
        let module = names.next();
        if module.is_none() && defines_macro(path.span(), &name) {
            return None;
        }
        let is_of = |modules: &[&str]| module.as_deref().is_none_or(|name| modules.contains(&name));
        let is_std = is_of(&["std", "core", "alloc"]);
        let is_async = is_of(&["tokio", "futures", "futures_util"]);
        let is_error = is_of(&["anyhow", "eyre", "color_eyre"]);
        let is_log = is_of(&["tracing", "log"]);
        Some(match name.as_str() {
            "debug" | "error" | "info" | "trace" | "warn" if is_log => Self::Log,
            "debug_span" | "error_span" | "event" | "info_span" | "span" | "trace_span"
            | "warn_span"
                if is_log =>
            {
                Self::Log
            }
            "join" if is_async => Self::Join,
            "try_join" if is_async => Self::TryJoin,
            "select" | "select_biased" if is_async => Self::Select,
            "pin" if is_std || is_async || module.as_deref() == Some("pin") => Self::Value,
            "bail" if is_error => Self::Bail,
            "ensure" if is_error => Self::Ensure,
            "anyhow" | "eyre" if is_error => Self::Value,
            "json" if is_of(&["serde_json"]) => Self::Value,
            _ if !is_std => return None,
            "cfg" | "column" | "concat" | "env" | "file" | "include_bytes" | "include_str"
            | "line" | "module_path" | "option_env" | "stringify" => Self::Text,
            "matches" => Self::Matches,
            "dbg" | "eprint" | "eprintln" | "format" | "format_args" | "print" | "println"
            | "vec" | "write" | "writeln" => Self::Value,
            "assert" => Self::Assert(1),
            "assert_eq" | "assert_ne" => Self::Assert(2),
            "debug_assert" => Self::DebugAssert(1),
            "debug_assert_eq" | "debug_assert_ne" => Self::DebugAssert(2),
            "panic" | "unreachable" => Self::Panic,
            "todo" | "unimplemented" => Self::Todo,
            _ => return None,
        })
    }
}

/// Whether it is `cfg!`.
pub(super) fn is_cfg(path: &Path) -> bool {
    let last = path.segments.last();
    last.is_some_and(|last| last.ident == "cfg") && Kind::of(path) == Some(Kind::Text)
}

pub(super) fn is_harmless_method(method: &str) -> bool {
    METHODS.contains(&method)
}

/// Whether it is a function that may do anything: no tuple struct or variant, and none that makes a
/// value.
pub(super) fn is_unknown_function(called: &Expr) -> bool {
    let path = match called {
        Expr::Paren(inner) => return is_unknown_function(&inner.expr),
        Expr::Group(inner) => return is_unknown_function(&inner.expr),
        Expr::Path(path) => &path.path,
        _ => return true,
    };
    path.segments.last().is_none_or(|last| {
        let name = last.ident.to_string();
        let is_maker = path.segments.len() > 1 && MAKERS.contains(&name.as_str());
        !is_maker && name != "drop" && !name.starts_with(char::is_uppercase)
    })
}

/// Whether the code names a function that ends the process, or panics.
pub(super) fn ends_the_process(tokens: &TokenStream) -> bool {
    any(tokens, &|word| {
        ["abort", "exit", "panic"].iter().any(|name| word == name)
    })
}

/// Whether the code goes on after it, unless it panics: it leaves nothing, and calls no macro that may.
pub(super) fn goes_on(tokens: &TokenStream) -> bool {
    // What a `?` or a `!` comes after is a value or the name of a macro; else it is an operator.
    let mut before: Option<TokenTree> = None;
    for token in tokens.clone() {
        let goes_on = match &token {
            TokenTree::Ident(word) => !["break", "continue", "return"]
                .iter()
                .any(|name| word == name),
            TokenTree::Group(group) => goes_on(&group.stream()),
            TokenTree::Punct(mark) => match (mark.as_char(), &before) {
                ('?', Some(TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_))) => {
                    false
                }
                ('!', Some(TokenTree::Ident(name))) => {
                    mark.spacing() == Spacing::Joint || goes_on_after(name)
                }
                ('?', Some(TokenTree::Punct(mark))) => mark.as_char() != '?',
                _ => true,
            },
            TokenTree::Literal(_) => true,
        };
        if !goes_on {
            return false;
        }
        before = Some(token);
    }
    true
}

/// Whether a `!` after this word is an operator, or that of a macro that only runs the code in it.
fn goes_on_after(name: &Ident) -> bool {
    if syn::parse2::<Ident>(name.to_token_stream()).is_err() {
        return true;
    }
    let kind = Kind::of(&Path::from(name.clone()));
    !matches!(kind, None | Some(Kind::Bail | Kind::Ensure))
}

/// Whether any word fits.
pub(super) fn any(tokens: &TokenStream, fits: &impl Fn(&Ident) -> bool) -> bool {
    find(tokens, fits).is_some()
}

/// The first word that fits.
pub(super) fn find(tokens: &TokenStream, fits: &impl Fn(&Ident) -> bool) -> Option<Ident> {
    tokens.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(word) => fits(&word).then_some(word),
        TokenTree::Group(group) => find(&group.stream(), fits),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}

/// The line on which it begins.
pub(super) fn line(code: &impl Spanned) -> usize {
    code.span().start().line
}
