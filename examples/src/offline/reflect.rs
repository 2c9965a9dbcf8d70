//! Says a sentence back from the other side: "I love my dog" becomes "you
//! love your dog".

/// Words that begin sentences and are no names, so that they may lose their
/// capital within another sentence.
const STARTERS: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "at",
    "because",
    "but",
    "everything",
    "he",
    "her",
    "his",
    "how",
    "if",
    "in",
    "it",
    "it's",
    "last",
    "life",
    "most",
    "nobody",
    "nothing",
    "on",
    "our",
    "people",
    "she",
    "so",
    "some",
    "that",
    "that's",
    "the",
    "there",
    "they",
    "this",
    "today",
    "tomorrow",
    "we",
    "what",
    "when",
    "where",
    "who",
    "why",
    "yesterday",
];

/// The words of `sentence`, with the speaker and the listener exchanged and
/// without its closing punctuation.
pub(super) fn reflect(sentence: &str) -> String {
    let sentence = sentence.trim().trim_end_matches(['.', '!', '?', ' ']);
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let mut reflected = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let after = words.get(at + 1);
        // The comma after a word is none of its letters.
        let bare = word.trim_end_matches([',', ';', ':']);
        let tail = word.strip_prefix(bare).unwrap_or_default();
        let plain = plain(bare);
        let exchanged = exchange(
            &plain,
            before.map(|word| self::plain(word)).as_deref(),
            after.map(|word| self::plain(word)).as_deref(),
        );
        reflected.push(match exchanged {
            Some(other) => format!("{other}{tail}"),
            None if at == 0 && STARTERS.contains(&plain.as_str()) => word.to_lowercase(),
            None => (*word).to_owned(),
        });
    }
    reflected.join(" ")
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric())
        .replace('’', "'")
        .to_lowercase()
}

fn exchange(word: &str, before: Option<&str>, after: Option<&str>) -> Option<&'static str> {
    Some(match word {
        "i" | "me" => "you",
        "my" => "your",
        "mine" => "yours",
        "myself" => "yourself",
        "i'm" => "you're",
        "i've" => "you've",
        "i'll" => "you'll",
        "i'd" => "you'd",
        "am" => "are",
        // "you" at the end, or before a linking word, is spoken to.
        "you"
            if matches!(
                after,
                None | Some("and" | "or" | "to" | "for" | "with" | "about" | "because")
            ) =>
        {
            match before {
                None | Some("are" | "do" | "can" | "will") => "I",
                Some(_) => "me",
            }
        }
        "you" => "I",
        "your" => "my",
        "yours" => "mine",
        "yourself" => "myself",
        "you're" => "I'm",
        "you've" => "I've",
        "you'll" => "I'll",
        "you'd" => "I'd",
        "are" if before == Some("you") || after == Some("you") => "am",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaker_and_listener_change_places() {
        for (sentence, expected) in [
            ("I love my dog.", "you love your dog"),
            ("The walk did me good!", "the walk did you good"),
            ("Anna gave it to me", "Anna gave it to you"),
            ("I am tired, I'm late", "you are tired, you're late"),
            ("you are kind to me", "I am kind to you"),
            ("I trust you", "you trust me"),
            ("my friend, mine alone", "your friend, yours alone"),
            ("I’m sure you’ve seen Paris", "you're sure I've seen Paris"),
            ("", ""),
        ] {
            assert_eq!(reflect(sentence), expected);
        }
    }
}
