//! How people say who they are.

use super::text::plain;

/// The name by which a text introduces its author.
pub(super) fn introduced_name(text: &str) -> Option<String> {
    const SURE: [&[&str]; 4] = [
        &["my", "name", "is"],
        &["my", "name's"],
        &["i", "am", "called"],
        &["i'm", "called"],
    ];
    // After these, only a capital letter makes a word a name.
    const MAYBE: [&[&str]; 3] = [&["call", "me"], &["i", "am"], &["i'm"]];
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain_words: Vec<String> = words
        .iter()
        .map(|word| plain(word).trim().to_owned())
        .collect();
    let after = |phrase: &[&str]| {
        let at = plain_words
            .windows(phrase.len())
            .position(|window| window == phrase)?;
        words.get(at + phrase.len()..)
    };
    let sure = SURE
        .iter()
        .find_map(|phrase| name_at(after(phrase)?, false));
    sure.or_else(|| {
        MAYBE
            .iter()
            .find_map(|phrase| name_at(after(phrase)?, true))
    })
}

fn name_at(words: &[&str], needs_capital: bool) -> Option<String> {
    let (first, rest) = words.split_first()?;
    let name = first.trim_matches(|c: char| !c.is_alphanumeric());
    let no_name = matches!(
        plain(name).trim(),
        "a" | "an" | "the" | "not" | "what" | "so" | "in" | "i" | "" | "it"
    );
    let is_capital = name.starts_with(char::is_uppercase);
    if no_name || !name.starts_with(char::is_alphabetic) || (needs_capital && !is_capital) {
        return None;
    }
    // "I am German and tired" tells no name, "I am Ada." or "I am Ada, hello" does.
    let ends_there = rest.is_empty() || first.ends_with(|c: char| c.is_ascii_punctuation());
    if needs_capital && !ends_there {
        return None;
    }
    let mut letters = name.chars();
    let initial = letters.next()?;
    Some(initial.to_uppercase().chain(letters).collect())
}
