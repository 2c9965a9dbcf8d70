//! The offline model's jokes.

const JOKES: [&str; 4] = [
    "Why do programmers mix up Halloween and Christmas? Because Oct 31 equals Dec 25.",
    "A Rust programmer walks into a bar. The borrow checker asks who will be holding the glass.",
    "There are two hard things in computing: naming things, caching, and off-by-one errors.",
    "I would tell you a joke about UDP, but you might not get it.",
];

/// A joke; another number gives another one, until they begin again.
pub(super) fn joke(number: usize) -> &'static str {
    JOKES
        .iter()
        .cycle()
        .nth(number % JOKES.len())
        .unwrap_or(&"")
}
