//! The functions in the source, and whether they have `#[handler]`: for a message.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use crate::sources::{Sources, directories, here, rust_files};

/// The functions of some files by their names: `true` if one of that name has the attribute.
type Functions = HashMap<String, bool>;

thread_local! {
    // A cache, because all flows of a crate ask.
    static KNOWN: RefCell<HashMap<Vec<PathBuf>, Rc<Functions>>> = RefCell::default();
}

/// Whether the path leads to a function without `#[handler]`, as far as the source shows. This is
/// asked of each handler of each flow, so a scan of the text comes before the file is parsed.
pub(crate) fn is_unmarked(path: &syn::Path) -> bool {
    let Some(last) = path.segments.last() else {
        return false;
    };
    let Some(here) = here(last.ident.span()) else {
        return false;
    };
    let name = last.ident.to_string();
    let name = name.trim_start_matches("r#");
    let is_marked = functions_in(vec![here.clone()])
        .get(name)
        .copied()
        .or_else(|| functions_in(directories(Some(&here))).get(name).copied());
    is_marked == Some(false) && Sources::of_this_crate(last.ident.span()).is_plain_function(path)
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
    for line in before.lines().rev() {
        if line.trim_start().starts_with("//") {
            continue;
        }
        let item = line.rfind(['{', '}', ';']);
        let own = item.map_or(line, |end| line.get(end + 1..).unwrap_or_default());
        if own.contains("handler") {
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
    fn of_several_functions_with_a_name_one_with_the_attribute_is_enough() {
        let found = functions("async fn run() {} mod inner { #[handler] async fn run() {} }");
        assert_eq!(found.get("run"), Some(&true));
    }
}
