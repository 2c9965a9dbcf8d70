//! The functions in the source, and whether they have `#[handler]`: for messages. And its macros:
//! one of the crate's own may have the name of a known one.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{Ident, Span};

use crate::sources::Sources;
use crate::sources::files::{directories, here, rust_files};

/// The functions of some files by their names: `true` if one of that name has the attribute.
type Functions = HashMap<String, bool>;

thread_local! {
    // A cache, because all flows of a crate ask.
    static TEXTS: RefCell<HashMap<PathBuf, Rc<str>>> = RefCell::default();
    static KNOWN: RefCell<HashMap<Vec<PathBuf>, Rc<Functions>>> = RefCell::default();
    static MACROS: RefCell<HashMap<Vec<PathBuf>, Rc<HashSet<String>>>> = RefCell::default();
}

/// Whether the path leads to a function without `#[handler]`, as far as the source shows. This is
/// asked of each handler of each flow, so a scan of the text comes before the file is parsed.
pub(crate) fn is_unmarked(path: &syn::Path) -> bool {
    let Some(last) = path.segments.last().map(|last| &last.ident) else {
        return false;
    };
    let original = match path.get_ident() {
        Some(name) => original(name),
        None => last.to_string(),
    };
    has_attribute(last, &original) == Some(false)
        && Sources::of_this_crate(last.span()).is_plain_function(path, &original)
}

/// Whether a function of this name has `#[handler]`, as far as the source shows.
pub(crate) fn is_handler(path: &syn::Path) -> bool {
    let last = path.segments.last().map(|last| &last.ident);
    last.is_some_and(|last| has_attribute(last, &last.to_string()) == Some(true))
}

/// Whether the functions of this name have `#[handler]`: those of the file, or else of the crate.
fn has_attribute(last: &Ident, name: &str) -> Option<bool> {
    let here = here(last.span())?;
    let name = name.trim_start_matches("r#");
    let of_file = functions_in(vec![here.clone()]).get(name).copied();
    of_file.or_else(|| functions_in(directories(Some(&here))).get(name).copied())
}

/// Whether the crate defines a macro of this name itself, as far as its texts show.
pub(crate) fn defines_macro(place: Span, name: &str) -> bool {
    let Some(here) = here(place) else {
        return false;
    };
    let directories = directories(Some(&here));
    let known = MACROS.with_borrow(|known| known.get(&directories).map(Rc::clone));
    let known = known.unwrap_or_else(|| {
        let mut files = Vec::new();
        for directory in &directories {
            rust_files(directory, &mut files);
        }
        let names = files.iter().flat_map(|file| macros_in(&text_of(file)));
        let names: Rc<HashSet<String>> = Rc::new(names.collect());
        MACROS.with_borrow_mut(|known| known.insert(directories, Rc::clone(&names)));
        names
    });
    known.contains(name)
}

/// The word with which the text begins, behind white space.
pub(crate) fn word_at(text: &str) -> &str {
    let text = text.trim_start();
    let word = text.split(|c| !is_word(c));
    word.into_iter().next().unwrap_or_default()
}

/// The names behind `macro_rules!`.
fn macros_in(text: &str) -> Vec<String> {
    let definitions = text.split("macro_rules!").skip(1);
    definitions.map(|after| word_at(after).to_owned()).collect()
}

/// Whether the file of this word has a handler of this name.
pub(crate) fn is_handler_in_this_file(word: &Ident) -> bool {
    let text = text_around(word.span());
    let function = format!("async fn {word}(");
    text.match_indices(&function).any(|(start, _)| {
        let (before, _) = text.split_at(start);
        is_marked_by(before, |own| {
            own.contains("#[handler") || own.contains("::handler")
        })
    })
}

/// Whether the function at this place is in an `impl` or a `trait`, as far as the lines before it
/// show. An expansion cannot tell.
pub(crate) fn is_associated(place: Span) -> bool {
    let start = place.start();
    // A function of a module that is a file.
    if start.column == 0 {
        return false;
    }
    here(place).is_some_and(|file| is_in_impl(&text_of(&file), start.line, start.column))
}

/// Whether a macro is called at this place for its value, as the text before it shows: `let a =
/// m!();`
pub(crate) fn is_value(place: Span) -> bool {
    let start = place.start();
    let text = text_around(place);
    let lines: Vec<_> = text.lines().take(start.line).collect();
    let Some((own, before)) = lines.split_last() else {
        return false;
    };
    let own: String = own.chars().take(start.column).collect();
    let mut before = before.iter().rev().copied();
    let line = Some(own.as_str()).filter(|own| !own.trim().is_empty());
    let line = line
        .or_else(|| before.find(|line| !line.trim().is_empty() && !line.trim().starts_with("//")));
    line.is_some_and(|line| line.trim_end().ends_with('='))
}

/// The name of what an import of the file gives this name, `use jobs::build as compile`; else the
/// name itself.
pub(crate) fn original(name: &Ident) -> String {
    renamed_in(&text_around(name.span()), &name.to_string())
}

fn renamed_in(text: &str, name: &str) -> String {
    let form = format!(" as {name}");
    let renames = text.match_indices(&form).find_map(|(at, form)| {
        let (before, after) = text.split_at(at);
        let is_whole = !after.get(form.len()..)?.starts_with(is_word);
        let of = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
        // A cast is not in an import.
        let line = before.rsplit(';').next().unwrap_or_default();
        (is_whole && !of.is_empty() && line.contains("use ")).then_some(of)
    });
    renames.unwrap_or(name).to_owned()
}

/// The text of the file of this place.
pub(crate) fn text_around(place: Span) -> Rc<str> {
    here(place).map_or_else(|| "".into(), |file| text_of(&file))
}

/// The text of a file.
fn text_of(file: &Path) -> Rc<str> {
    let known = TEXTS.with_borrow(|known| known.get(file).map(Rc::clone));
    known.unwrap_or_else(|| {
        let text: Rc<str> = fs::read_to_string(file).unwrap_or_default().into();
        TEXTS.with_borrow_mut(|known| known.insert(file.to_owned(), Rc::clone(&text)));
        text
    })
}

/// Whether the line, counted from 1, and the column are in an `impl` or a `trait`.
fn is_in_impl(text: &str, line: usize, column: usize) -> bool {
    let lines: Vec<_> = text.lines().take(line).collect();
    let Some((own, before)) = lines.split_last() else {
        return false;
    };
    // The documentation of a method has examples.
    if own.trim_start().starts_with("//") {
        return false;
    }
    let own: String = own.chars().take(column).collect();
    if let Some((opening, _)) = own.rsplit_once('{') {
        return opens_impl(opening.rsplit(['{', '}', ';']).next().unwrap_or_default());
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut below = indent(&own).min(column);
    for line in before.iter().rev() {
        let text = line.trim();
        let is_item = !text.is_empty() && !text.starts_with("//") && !text.starts_with('#');
        if !is_item || indent(line) >= below {
            continue;
        }
        // The last lines of an `impl` with a `where` clause.
        if text != "{" && !text.starts_with("where") {
            // A line may open several: `impl App { fn run() {`.
            let opening = text.strip_suffix('{').unwrap_or(text);
            let last = opening.rsplit(['{', '}', ';']).next();
            return opens_impl(last.unwrap_or_default());
        }
        below = indent(line) + 1;
    }
    false
}

/// The type of the `impl` around this place, as far as the lines before it show.
pub(crate) fn type_around(place: Span) -> Option<String> {
    impl_around(&text_around(place), place.start().line)
}

/// The type of the `impl` around a line, which is counted from 1.
fn impl_around(text: &str, line: usize) -> Option<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<_> = text.lines().take(line).collect();
    let (own, before) = lines.split_last()?;
    let mut below = indent(own);
    for line in before.iter().rev() {
        let text = line.trim();
        let is_code = !text.is_empty() && !text.starts_with("//") && !text.starts_with('#');
        if !is_code || indent(line) >= below {
            continue;
        }
        below = indent(line);
        if let Some(opened) = text.strip_prefix("impl ") {
            let opened = opened.strip_suffix('{')?;
            let ty = opened.rsplit_once(" for ").map_or(opened, |(_, ty)| ty);
            return Some(ty.trim().to_owned());
        }
        if opens_impl(text) {
            return None;
        }
    }
    None
}

/// Whether a line begins an `impl` or a `trait`.
fn opens_impl(line: &str) -> bool {
    let words = line.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let mut words = words.skip_while(|word| ["pub", "crate", "super", "unsafe"].contains(word));
    words
        .next()
        .is_some_and(|word| word == "impl" || word == "trait")
}

/// The functions of these files, and of all files below these directories.
fn functions_in(paths: Vec<PathBuf>) -> Rc<Functions> {
    let known = KNOWN.with_borrow(|known| known.get(&paths).map(Rc::clone));
    known.unwrap_or_else(|| {
        let mut files = Vec::new();
        for path in &paths {
            rust_files(path, &mut files);
        }
        let mut found = Functions::new();
        for text in files
            .iter()
            .filter_map(|file| fs::read_to_string(file).ok())
        {
            functions(&text, &mut found);
        }
        let found = Rc::new(found);
        KNOWN.with_borrow_mut(|known| known.insert(paths, Rc::clone(&found)));
        found
    })
}

/// Adds the functions in a text.
fn functions(text: &str, into: &mut Functions) {
    for (start, _) in text.match_indices("fn ") {
        let (before, after) = text.split_at(start);
        if before.ends_with(is_word) {
            continue;
        }
        let name = after.trim_start_matches("fn").trim_start();
        let name = name.trim_start_matches("r#");
        let name = name.split(|c| !is_word(c)).next().unwrap_or_default();
        *into.entry(name.to_owned()).or_default() |= is_marked(before);
    }
}

/// Whether the text before a function ends with its attribute.
fn is_marked(before: &str) -> bool {
    is_marked_with("handler", before)
}

/// Whether the text before an item ends with attributes that contain the word.
pub(crate) fn is_marked_with(attribute: &str, before: &str) -> bool {
    is_marked_by(before, |own| own.contains(attribute))
}

/// Whether the text before an item ends with attributes of which one line is such.
pub(crate) fn is_marked_by(before: &str, marks: impl Fn(&str) -> bool) -> bool {
    for line in before.lines().rev() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        let item = line.rfind(['{', '}', ';']);
        let own = item.map_or(line, |end| line.get(end + 1..).unwrap_or_default());
        if marks(own) {
            return true;
        }
        if item.is_some() {
            return false;
        }
    }
    false
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::Functions;

    fn functions(text: &str) -> Functions {
        let mut found = Functions::new();
        super::functions(text, &mut found);
        found
    }

    #[test]
    fn a_function_is_marked_by_an_attribute_above_it() {
        let found = functions(
            "use flow_core::handler;
            #[handler] async fn bare() {}
            #[flow_core::handler(on = A, emits = [B, C])]
            // First this; then {that}.
            pub(crate) async fn with_arguments<T>() { fn inner() {} }
            #[tracing::instrument] async fn traced() {}
            /// Not a handler.
            struct A; async fn plain() {}
            const F: fn() = plain;",
        );
        let of = |name| found.get(name).copied();
        assert_eq!(of("bare"), Some(true));
        assert_eq!(of("with_arguments"), Some(true));
        assert_eq!(of("inner"), Some(false));
        assert_eq!(of("traced"), Some(false));
        assert_eq!(of("plain"), Some(false));
        assert_eq!(of("nowhere"), None);
    }

    #[test]
    fn a_function_is_in_the_impl_that_the_lines_before_it_open() {
        let is_in_impl = |text: &str| {
            let (before, _) = text.split_once("async fn go").unwrap();
            let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
            super::is_in_impl(text, before.matches('\n').count() + 1, column)
        };
        for within in [
            "impl S { #[handler] async fn go() {} }",
            "impl<T> S<T>\nwhere\n    T: Copy,\n{\n    const A: u8 = 1;\n\n    #[handler]\n    async fn go() {}\n}",
            "pub(crate) trait T {\n    // A comment.\n    fn other() {\n    }\n    #[handler]\n    async fn go() {}\n}",
        ] {
            assert!(is_in_impl(within), "{within}");
        }
        for outside in [
            "mod m { #[handler] async fn go() {} }",
            "impl S {\n    fn f() {\n        #[handler]\n        async fn go() {}\n    }\n}",
            "impl S {\n    fn f(\n        a: u8,\n    ) {\n        #[handler]\n        async fn go() {}\n    }\n}",
            "impl S {}\nmod tests {\n    #[handler]\n    async fn go() {}\n}",
            "impl S { fn f() { #[handler] async fn go() {} } }",
            "impl S { fn f() {\n    #[handler]\n    async fn go() {}\n} }",
            "impl S {\n    /// ```\n    /// #[handler]\n    /// async fn go() {}\n    /// ```\n    fn f() {}\n}",
        ] {
            assert!(!is_in_impl(outside), "{outside}");
        }
    }

    #[test]
    fn the_impl_around_a_line_names_its_type() {
        let around = |text: &str| {
            let (before, _) = text.split_once("Self").unwrap();
            super::impl_around(text, before.matches('\n').count() + 1)
        };
        for (text, ty) in [
            (
                "impl Order {\n    fn f() {\n        flow! { start(Self) }",
                "Order",
            ),
            (
                "impl Order {\n    fn f(\n        self,\n    ) {\n        flow! {\n            with Self;",
                "Order",
            ),
            (
                "mod m {\n    impl fmt::Display for Vec<Order> {\n        fn f() {\n            Self",
                "Vec<Order>",
            ),
        ] {
            assert_eq!(around(text).as_deref(), Some(ty), "{text}");
        }
        for text in [
            "impl<T> Order<T> {\n    fn f() {\n        flow! { start(Self) }",
            "trait Order {\n    fn f() {\n        flow! { start(Self) }",
            "impl Order\nwhere\n    A: B,\n{\n    fn f() {\n        Self",
            "impl Order { fn f() { Self } }",
            "impl Order {\n}\nfn f() {\n    Self",
        ] {
            assert_eq!(around(text), None, "{text}");
        }
    }

    #[test]
    fn an_import_tells_what_a_name_stands_for() {
        let text = "use jobs::{build as compile, test};
            use a::b::load as fetch_all;
            fn f() { let n = x as fetch; }";
        let original = |name| super::renamed_in(text, name);
        assert_eq!(original("compile"), "build");
        assert_eq!(original("test"), "test");
        assert_eq!(original("fetch_all"), "load");
        assert_eq!(original("fetch"), "fetch");
        assert_eq!(original("nothing"), "nothing");
    }

    #[test]
    fn of_several_functions_with_a_name_one_with_the_attribute_is_enough() {
        let found = functions("async fn run() {} mod inner { #[handler] async fn run() {} }");
        assert_eq!(found.get("run"), Some(&true));
    }
}
