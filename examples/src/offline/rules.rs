//! What the offline model says.

/// A reply to the last of what the user has said, oldest first.
pub(super) fn reply_to(said: &[String]) -> String {
    let Some((last, before)) = said.split_last() else {
        return "Say something, and I will answer.".to_owned();
    };
    let rules = [notice, name, sum];
    let reply = rules.iter().find_map(|rule| rule(last.trim(), before));
    reply.unwrap_or_else(|| {
        format!(
            "You said “{}”. I follow a few rules: tell me your name, ask me for a sum, or start again with OPENAI_BASE_URL and talk to a real model.",
            short(last)
        )
    })
}

fn name(last: &str, before: &[String]) -> Option<String> {
    if let Some(name) = introduced(last) {
        let meet = format!("Nice to meet you, {name}! What would you like to talk about?");
        return Some(meet);
    }
    let asks = ["what is my name", "what's my name", "who am i"];
    let known = || match known_name(before) {
        Some(name) => format!("Your name is {name}; you told me so yourself."),
        None => "You have not told me your name yet. What is it?".to_owned(),
    };
    asks.contains(&plain(last).as_str()).then(known)
}

fn known_name(before: &[String]) -> Option<String> {
    before.iter().rev().find_map(|text| introduced(text))
}

/// The name in “my name is …”.
fn introduced(text: &str) -> Option<String> {
    let beginning = "my name is ";
    let at = text.to_ascii_lowercase().find(beginning)? + beginning.len();
    let name = text.get(at..)?.split_whitespace().next()?;
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    let initial = name.chars().next()?;
    Some(initial.to_uppercase().chain(name.chars().skip(1)).collect())
}

/// “12 * 7” alone, or after “what is”, “what's”, “how much is”.
fn sum(last: &str, _: &[String]) -> Option<String> {
    let starts = ["what is ", "what's ", "how much is ", "calculate "];
    let asked = starts.iter().find_map(|start| after(last, start));
    let asked = asked.unwrap_or(last).trim_end_matches(['?', '=', '.', ' ']);
    let minus = asked.find(" - ").map(|space| space + 1);
    let at = asked.find(['+', '*', '/']).or(minus)?;
    let operator = asked.get(at..=at)?;
    let (left, right) = (asked.get(..at)?.trim(), asked.get(at + 1..)?.trim());
    let (a, b) = (left.parse::<f64>().ok()?, right.parse::<f64>().ok()?);
    let result = match operator {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ => a / b,
    };
    Some(if result.is_finite() {
        format!("{left} {operator} {right} is {result}.")
    } else {
        format!("{left} {operator} {right} has no result.")
    })
}

const ORDER: &str = "write a short notice about ";
const AGAIN: &str = "write it again, and mind this: ";

/// A notice, if one is ordered; each reason for a new draft since then counts.
fn notice(last: &str, before: &[String]) -> Option<String> {
    after(last, ORDER).or_else(|| after(last, AGAIN))?;
    let mut reasons: Vec<&str> = Vec::new();
    let before = before.iter().rev().map(String::as_str);
    for text in [last].into_iter().chain(before) {
        if let Some(topic) = after(text, ORDER) {
            let mut notice = format!(
                "Dear all, this is about {topic}. It concerns every one of you, and you are all welcome."
            );
            for reason in reasons.iter().rev() {
                notice.extend([" And, since it was asked for: ", reason, "."]);
            }
            return Some(notice);
        }
        reasons.extend(after(text, AGAIN));
    }
    None
}

/// What follows `beginning`, in capital letters or small ones, without the punctuation at its end.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (head, rest) = text.trim().split_at_checked(beginning.len())?;
    let rest = rest.trim().trim_end_matches(['.', '!', '?', ' ']);
    (head.eq_ignore_ascii_case(beginning) && !rest.is_empty()).then_some(rest)
}

/// In small letters, without the punctuation at its end.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', '!', '?', ' ']);
    text.to_lowercase()
}

/// The beginning of a text, as a quotation.
fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(said: &[&str]) -> String {
        let said: Vec<_> = said.iter().map(|text| (*text).to_owned()).collect();
        reply_to(&said)
    }

    #[test]
    fn it_does_sums() {
        for (question, answer) in [
            ("what is 12 * 7", "12 * 7 is 84."),
            ("How much is 10/4?", "10 / 4 is 2.5."),
            ("7 - -3", "7 - -3 is 10."),
            ("what is 1 / 0", "1 / 0 has no result."),
        ] {
            assert_eq!(reply(&[question]), answer);
        }
    }

    #[test]
    fn a_notice_minds_all_reasons_in_order_until_another_is_ordered() {
        let said = [
            "Write a short notice about rain",
            "Write it again, and mind this: wind",
            "Write it again, and mind this: snow!",
        ];
        assert!(reply(&said).ends_with("for: wind. And, since it was asked for: snow."));
        let other = reply(&[&said[..], &["write a short notice about cake"]].concat());
        assert!(other.contains("cake") && !other.contains("wind"), "{other}");
    }

    #[test]
    fn it_answers_anything_with_something_short() {
        for text in [
            "",
            "?!",
            "🌊",
            "長長",
            &"word ".repeat(10_000),
            &"長".repeat(10_000),
        ] {
            let answer = reply(&[text]);
            assert!(
                !answer.is_empty() && answer.chars().count() < 400,
                "{text:?}"
            );
        }
    }
}
