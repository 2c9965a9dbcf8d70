//! The words that begin clauses.

use syn::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

/// The words that begin clauses.
pub(super) const KEYWORDS: &[&str] = &[
    "start",
    "when",
    "ask",
    "every",
    "rescue",
    "streams",
    "with",
    "state",
    "external",
    "ignore",
    "timeout",
    "idle_timeout",
    "drain",
    "finally",
    "max_events",
    "max_pending",
    "concurrency",
    "sound",
    "durable",
    "crate",
    "flow",
];

/// Whether `ask` is the word here, and not a handler of that name: a question follows.
pub(super) fn is_ask(input: ParseStream<'_>) -> bool {
    let next = input.fork();
    next.call(Ident::parse_any).is_ok_and(|word| word == "ask")
        && next.call(Ident::parse_any).is_ok_and(|next| {
            let next = next.to_string();
            next != "if" && next != "else" && !KEYWORDS.contains(&next.as_str())
        })
}
