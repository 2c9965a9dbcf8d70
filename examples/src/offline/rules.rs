//! What the offline model says.

/// A reply to the last of what the user has said, oldest first.
pub(super) fn reply_to(said: &[String]) -> String {
    let Some((last, before)) = said.split_last() else {
        return "Say something, and I will answer.".to_owned();
    };
    let rules = [notice, asked_before, name, sum, connect, greeting];
    let reply = rules.iter().find_map(|rule| rule(last.trim(), before));
    reply.unwrap_or_else(|| format!("You said “{}”. I only follow a few rules: ask me for a sum, for your name, or how to connect a real model.", short(last)))
}

fn greeting(last: &str, before: &[String]) -> Option<String> {
    let greets = ["hello", "hi", "hey", "good morning", "good evening"];
    greets
        .contains(&plain(last).as_str())
        .then(|| match known_name(before) {
            Some(name) => format!("Hello, {name}! What would you like to talk about?"),
            None => "Hello! I am the offline model. What would you like to talk about?".to_owned(),
        })
}

fn name(last: &str, before: &[String]) -> Option<String> {
    if let Some(name) = introduced(last) {
        return Some(format!(
            "Nice to meet you, {name}! What would you like to talk about?"
        ));
    }
    if !matches!(
        plain(last).as_str(),
        "what is my name" | "what's my name" | "who am i"
    ) {
        return None;
    }
    Some(match known_name(before) {
        Some(name) => format!("Your name is {name}; you told me so yourself."),
        None => "You have not told me your name yet. What is it?".to_owned(),
    })
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

fn asked_before(last: &str, before: &[String]) -> Option<String> {
    let asks = plain(last);
    if !(asks.starts_with("what did i ") && asks.ends_with(" before")) {
        return None;
    }
    Some(match before.last() {
        Some(text) => format!("Just before, you asked “{}”.", short(text)),
        None => "Nothing yet: this is the first thing you have said to me.".to_owned(),
    })
}

fn connect(last: &str, _: &[String]) -> Option<String> {
    let asks = plain(last);
    let asks = asks.contains("connect") || asks.contains("real model") || asks == "who are you";
    asks.then(|| "I am the offline model, a few rules inside this program. Start an Ollama on this machine, or set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL, and start again.".to_owned())
}

/// “12 * 7” alone, or after “what is”, “what's”, “how much is”.
fn sum(last: &str, _: &[String]) -> Option<String> {
    let starts = ["what is ", "what's ", "how much is ", "calculate "];
    let asked = starts.iter().find_map(|start| after(last, start));
    let asked = asked.unwrap_or(last).trim_end_matches(['?', '=', '.', ' ']);
    let at = asked
        .find(|c: char| "+*/x×÷".contains(c))
        .or_else(|| asked.rfind(" - "))?;
    let (left, rest) = asked.split_at_checked(at)?;
    let rest = rest.trim_start();
    let operator = rest.chars().next()?;
    let right = rest.trim_start_matches(operator).trim();
    let (left, a) = (left.trim(), left.trim().parse::<f64>().ok()?);
    let b = right.parse::<f64>().ok()?;
    let (operator, result) = match operator {
        '+' => ('+', a + b),
        '-' => ('-', a - b),
        '/' | '÷' => ('/', a / b),
        _ => ('*', a * b),
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
    for text in [last]
        .into_iter()
        .chain(before.iter().rev().map(String::as_str))
    {
        if let Some(topic) = after(text, ORDER) {
            let mut notice = format!(
                "Dear all, this is about {topic}. It concerns every one of you, and you are all welcome."
            );
            for reason in reasons.iter().rev() {
                notice.push_str(" And, since it was asked for: ");
                notice.push_str(reason);
                notice.push('.');
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
    text.trim()
        .trim_end_matches(['.', '!', '?', ' '])
        .to_lowercase()
}

/// The beginning of a text, as a quotation.
fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
