//! What the attributes of an item tell.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::Attribute;

/// Attributes that leave a type as it is.
const INERT: &[&str] = &[
    "allow",
    "deprecated",
    "doc",
    "expect",
    "must_use",
    "non_exhaustive",
    "repr",
    "serde",
    "warn",
];

/// Derives that do not make a type an event.
const OTHER_DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Events",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Serialize",
];

/// The events that the arguments of `#[handler]` name by a word alone.
pub(super) fn events(args: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    let args: Vec<_> = args.into_iter().collect();
    for arg in args.split(is_comma) {
        let [TokenTree::Ident(key), TokenTree::Punct(_), value @ ..] = arg else {
            continue;
        };
        if *key != "on" && *key != "emits" {
            continue;
        }
        match value {
            [TokenTree::Group(list)] => {
                let listed: Vec<_> = list.stream().into_iter().collect();
                found.extend(listed.split(is_comma).filter_map(word));
            }
            value => found.extend(word(value)),
        }
    }
    found
}

/// The word, if these tokens are a word or a string with one.
fn word(tokens: &[TokenTree]) -> Option<String> {
    let [TokenTree::Ident(_) | TokenTree::Literal(_)] = tokens else {
        return None;
    };
    tokens
        .first()
        .map(|word| word.to_string().trim_matches('"').to_owned())
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}

pub(super) fn is_called(attribute: &Attribute, name: &str) -> bool {
    let last = attribute.path().segments.last();
    last.is_some_and(|last| last.ident == name)
}

pub(super) fn derives_events(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("derive") {
        let parsed = attribute.parse_nested_meta(|derive| {
            found |= derive
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Events");
            Ok(())
        });
        found &= parsed.is_ok();
    }
    found
}

pub(super) fn is_inert(attribute: &Attribute) -> bool {
    if INERT.iter().any(|name| attribute.path().is_ident(name)) {
        return true;
    }
    let mut others_only = attribute.path().is_ident("derive");
    if others_only {
        let parsed = attribute.parse_nested_meta(|derive| {
            let last = derive.path.segments.last();
            others_only &=
                last.is_some_and(|last| OTHER_DERIVES.iter().any(|name| last.ident == name));
            Ok(())
        });
        others_only &= parsed.is_ok();
    }
    others_only
}
