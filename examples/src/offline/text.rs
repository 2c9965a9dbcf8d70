//! Looks at what was said, and says it again.

/// Quotes of what was said are cut after this many words.
const LONGEST_QUOTE: usize = 16;
/// And where words are not parted by spaces, after so many letters for each.
const LONGEST_WORD: usize = 12;

/// Whether a text asks, by its mark or by its first word.
pub(super) fn is_question(text: &str) -> bool {
    const QUESTION_WORDS: [&str; 20] = [
        "what", "what's", "who", "who's", "whose", "where", "when", "why", "how", "which", "is",
        "are", "do", "does", "did", "can", "could", "should", "will", "would",
    ];
    let first = plain(text);
    let first = first.split_whitespace().next().unwrap_or_default();
    text.trim_end().ends_with('?') || QUESTION_WORDS.contains(&first)
}

/// What was done with a text: "asked" or "said".
pub(super) fn verb(text: &str) -> &'static str {
    if is_question(text) { "asked" } else { "said" }
}

/// The text between quotation marks, and not too long.
pub(super) fn quote(text: &str) -> String {
    format!("“{}”", shorten(text))
}

/// The first words of a text.
pub(super) fn shorten(text: &str) -> String {
    let mut words = text.split_whitespace();
    let mut kept = words
        .by_ref()
        .take(LONGEST_QUOTE)
        .collect::<Vec<_>>()
        .join(" ");
    let mut more = words.next().is_some();
    if let Some((end, _)) = kept.char_indices().nth(LONGEST_QUOTE * LONGEST_WORD) {
        kept.truncate(end);
        more = true;
    }
    if more { kept + " …" } else { kept }
}

/// A text in small letters, between spaces and without punctuation.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for word in text.replace('’', "'").to_lowercase().split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            plain.push_str(word);
            plain.push(' ');
        }
    }
    plain
}
