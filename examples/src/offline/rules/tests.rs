//! What the offline model says.

use super::reply_to;

/// The reply to the last of what is said.
fn reply(said: &[&str]) -> String {
    let said: Vec<_> = said.iter().map(|text| (*text).to_owned()).collect();
    reply_to(&said)
}

#[test]
fn it_greets_and_greets_by_name_once_it_knows_it() {
    assert_eq!(
        reply(&["Hello!"]),
        "Hello! I am the offline model. What would you like to talk about?"
    );
    assert_eq!(
        reply(&["My name is Ada", "Hello!"]),
        "Hello, Ada! What would you like to talk about?"
    );
}

#[test]
fn it_says_what_it_is_and_how_to_connect_a_real_model() {
    assert!(reply(&["Who are you?"]).contains("offline model"));
    let how = reply(&["How do I connect a real model?"]);
    for name in [
        "OPENAI_BASE_URL",
        "OPENAI_API_KEY",
        "OPENAI_MODEL",
        "ollama",
    ] {
        assert!(how.contains(name), "{name} in {how}");
    }
}

#[test]
fn it_does_sums() {
    assert_eq!(reply(&["what is 12 * 7"]), "12 * 7 is 84.");
    assert_eq!(reply(&["How much is 10 divided by 4?"]), "10 / 4 is 2.5.");
    assert!(reply(&["what is 1 / 0"]).contains("no result"));
}

#[test]
fn it_remembers_the_name_in_whatever_way_it_was_told() {
    for introduction in [
        "my name is ada",
        "Hi, my name's Ada.",
        "I am called Ada, by the way",
        "I'm Ada",
        "Hello, I am Ada!",
        "Please call me Ada.",
    ] {
        assert!(reply(&[introduction]).contains("Ada"), "{introduction}");
        assert_eq!(
            reply(&[introduction, "What is my name?"]),
            "Your name is Ada; you told me so yourself.",
            "{introduction}"
        );
    }
}

#[test]
fn it_does_not_take_other_words_for_names() {
    for text in [
        "I am tired",
        "I'm not sure",
        "I am German and tired",
        "call me later",
        "My name is not important",
    ] {
        assert_eq!(
            reply(&[text, "What is my name?"]),
            "You have not told me your name yet. What is it?",
            "{text}"
        );
    }
}

#[test]
fn a_new_name_replaces_the_old_one() {
    assert_eq!(
        reply(&["My name is Ada", "My name is Grace"]),
        "So you are Grace, not Ada? I shall call you Grace from now on."
    );
    assert!(reply(&["My name is Ada", "My name is Grace", "What's my name?"]).contains("Grace"));
}

#[test]
fn it_remembers_what_was_asked_before() {
    let said = ["My name is Ada", "what is 12 * 7?"];
    let then = |question| reply(&[&said[..], &[question]].concat());
    assert_eq!(
        then("What did I ask before?"),
        "Just before, you asked “what is 12 * 7?”."
    );
    assert_eq!(
        then("What was the first thing I said?"),
        "The first thing you said was “My name is Ada”."
    );
    assert_eq!(
        then("What have I asked so far?"),
        "So far you said “My name is Ada”, then “what is 12 * 7?”."
    );
    assert_eq!(
        reply(&["What did I ask before?"]),
        "Nothing yet: this is the first thing you have said to me."
    );
}

#[test]
fn it_tells_another_joke_each_time() {
    let first = reply(&["Tell me a joke"]);
    assert_ne!(first, reply(&["Tell me a joke", "Tell me a joke"]));
    assert_ne!(first, reply(&["Tell me a joke", "another one"]));
    assert_eq!(first, reply(&["Tell me a joke"; 5]));
    assert!(reply(&["Hello", "another one"]).starts_with("You tell me: another one."));
}

#[test]
fn it_reflects_what_it_has_no_rule_for() {
    for (text, expected) in [
        (
            "I feel lost without my cat",
            "What do you think makes you feel lost without your cat?",
        ),
        (
            "I am late for my train.",
            "How long have you been late for your train?",
        ),
        (
            "I want to learn Rust",
            "What would it change for you to get this: to learn Rust?",
        ),
        (
            "My garden is full of roses.",
            "So your garden is full of roses. What matters most to you about it?",
        ),
        (
            "Why is the sky blue?",
            "“Why is the sky blue?” is a question for a real model; I only follow a few rules. What would you guess?",
        ),
        ("no", "Why not?"),
    ] {
        assert_eq!(reply(&[text]), expected);
    }
}

#[test]
fn it_notices_what_is_said_twice() {
    assert_eq!(
        reply(&["Why is the sky blue?", "why is the sky blue"]),
        "You asked that before, in the same words. What brings you back to it?"
    );
}

#[test]
fn it_answers_anything_with_something_and_always_alike() {
    for text in [
        "",
        "   ",
        "?!",
        "🌊",
        "ÄÖÜ ß",
        "\u{0}",
        "x",
        "i am",
        "call me",
        &"word ".repeat(10_000),
        &"長".repeat(10_000),
        &format!("I feel {}", "so ".repeat(10_000)),
    ] {
        let answer = reply(&[text]);
        assert!(!answer.trim().is_empty(), "{text:?}");
        assert!(answer.chars().count() < 400, "{text:?}");
        assert_eq!(answer, reply(&[text]));
    }
    assert!(!reply_to(&[]).is_empty());
}
