//! Names as links that rustdoc resolves, and code in Markdown.

use syn::Path;

use crate::sources::Sources;
use crate::written::written;

/// An event: a type, although a function may have the same name.
pub(super) fn event(path: &Path, sources: &Sources) -> String {
    link(path, "type", sources.has_page(path, false))
}

/// A handler, which is a function, or a named flow, which is a type. The type of a handler is
/// hidden in documentation.
pub(super) fn handler(path: &Path, sources: &Sources) -> String {
    if name(path).starts_with(char::is_uppercase) {
        link(path, "type", true)
    } else {
        link(path, "fn", sources.has_page(path, true))
    }
}

fn link(path: &Path, kind: &str, has_page: bool) -> String {
    let (name, path) = (name(path), written(path));
    // A link cannot contain a raw identifier.
    if !has_page || path.contains("r#") {
        return name;
    }
    format!("[{name}]({kind}@{path})")
}

/// The name at the end of a path.
fn name(path: &Path) -> String {
    let last = path.segments.last();
    last.map(|last| last.ident.to_string()).unwrap_or_default()
}

/// Code in Markdown, between more backticks than it contains.
pub(super) fn code(text: &str) -> String {
    let most = text.split(|c| c != '`').map(str::len).max();
    match most.unwrap_or(0) {
        0 => format!("`{text}`"),
        most => {
            let fence = "`".repeat(most + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{code, link};

    #[test]
    fn code_keeps_its_backticks() {
        assert_eq!(code("A | B"), "`A | B`");
        assert_eq!(code("x == \"`\""), "`` x == \"`\" ``");
    }

    #[test]
    fn a_link_says_which_namespace_it_means() {
        let link = |path, kind| link(&syn::parse_str(path).unwrap(), kind, true);
        assert_eq!(link("events::Loop", "type"), "[Loop](type@events::Loop)");
        assert_eq!(link("get_input", "fn"), "[get_input](fn@get_input)");
        assert_eq!(link("r#type", "type"), "r#type");
    }
}
