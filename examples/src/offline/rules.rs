//! The rules by which the offline model answers.
//!
//! The answer depends on nothing but what the user has said so far.

use super::arithmetic::calculation;
use super::jokes::joke;
use super::names::introduced_name;
use super::notices::notice;
use super::reflect::reflect;
use super::text::{is_question, plain, quote, shorten, verb};

/// At most so many earlier questions are told at once.
const MOST_QUOTES: usize = 5;

/// A rule answers a question, or leaves it to the rules after it.
type Rule = fn(&Talk<'_>) -> Option<String>;

/// The first rule that fits answers; `reflection` always does.
const RULES: [Rule; 15] = [
    silence,
    notices,
    introduction,
    name,
    earlier,
    arithmetic,
    connection,
    identity,
    abilities,
    feelings_of_its_own,
    jokes,
    world,
    courtesy,
    greeting,
    feelings,
];

/// The reply to the last of what the user has said, oldest first.
pub(super) fn reply_to(said: &[String]) -> String {
    let Some((question, before)) = said.split_last() else {
        return "I am listening: what would you like to talk about?".to_owned();
    };
    let talk = Talk {
        question: question.trim(),
        plain: plain(question),
        before,
        name: said.iter().rev().find_map(|text| introduced_name(text)),
    };
    RULES
        .iter()
        .find_map(|rule| rule(&talk))
        .unwrap_or_else(|| reflection(&talk))
}

/// The conversation as the rules see it.
struct Talk<'a> {
    question: &'a str,
    /// The question in small letters, between spaces and without punctuation,
    /// so that whole words can be looked for.
    plain: String,
    before: &'a [String],
    name: Option<String>,
}

impl Talk<'_> {
    /// Whether any of these phrases occurs, as whole words.
    fn has(&self, phrases: &[&str]) -> bool {
        phrases
            .iter()
            .any(|phrase| self.plain.contains(&format!(" {phrase} ")))
    }

    fn begins_with(&self, phrases: &[&str]) -> bool {
        phrases
            .iter()
            .any(|phrase| self.plain.starts_with(&format!(" {phrase} ")))
    }

    fn word_count(&self) -> usize {
        self.plain.split_whitespace().count()
    }

    /// What follows the first of these beginnings that fits, as it was written.
    fn after(&self, beginnings: &[&str]) -> Option<String> {
        let beginning = beginnings
            .iter()
            .find(|phrase| self.begins_with(&[phrase]))?;
        let skip = beginning.split(' ').count();
        let rest: Vec<_> = self.question.split_whitespace().skip(skip).collect();
        (!rest.is_empty()).then(|| rest.join(" "))
    }

    /// One of several ways to say something, another one every turn.
    fn pick<T: Copy>(&self, ways: &[T]) -> Option<T> {
        ways.iter().cycle().nth(self.before.len()).copied()
    }

    /// ", Ada" once the name is known.
    fn comma_name(&self) -> String {
        self.name
            .as_ref()
            .map_or(String::new(), |name| format!(", {name}"))
    }
}

fn silence(talk: &Talk<'_>) -> Option<String> {
    talk.plain
        .trim()
        .is_empty()
        .then(|| "I am listening: say anything you like.".to_owned())
}

fn notices(talk: &Talk<'_>) -> Option<String> {
    notice(talk.before, talk.question)
}

fn introduction(talk: &Talk<'_>) -> Option<String> {
    let name = introduced_name(talk.question)?;
    let known = talk
        .before
        .iter()
        .rev()
        .find_map(|text| introduced_name(text));
    Some(match known {
        Some(known) if known == name => format!("Yes, {name}, I remember. What is on your mind?"),
        Some(known) => {
            format!("So you are {name}, not {known}? I shall call you {name} from now on.")
        }
        None => format!("Nice to meet you, {name}! What would you like to talk about?"),
    })
}

fn name(talk: &Talk<'_>) -> Option<String> {
    if !talk.has(&["my name", "who am i", "who i am"]) {
        return None;
    }
    Some(match &talk.name {
        Some(name) => format!("Your name is {name}; you told me so yourself."),
        None => "You have not told me your name yet. What is it?".to_owned(),
    })
}

fn earlier(talk: &Talk<'_>) -> Option<String> {
    let about_asking = talk.has(&[
        "did i ask",
        "did i just ask",
        "have i asked",
        "i asked",
        "i've asked",
        "did i say",
        "did i just say",
        "i said",
        "have i said",
        "did i tell you",
        "have i told you",
        "first question",
        "last question",
        "previous question",
        "earlier question",
        "earlier questions",
        "previous questions",
        "my questions",
    ]);
    if !about_asking {
        return None;
    }
    let Some((last, others)) = talk.before.split_last() else {
        return Some("Nothing yet: this is the first thing you have said to me.".to_owned());
    };
    if talk.has(&["first"]) {
        let first = talk.before.first()?;
        return Some(format!(
            "The first thing you {} was {}.",
            verb(first),
            quote(first)
        ));
    }
    if !others.is_empty() && talk.has(&["all", "questions", "so far", "everything"]) {
        let skipped = talk.before.len().saturating_sub(MOST_QUOTES);
        let quotes: Vec<_> = talk
            .before
            .iter()
            .skip(skipped)
            .map(|text| quote(text))
            .collect();
        let since = if skipped == 0 { "So far" } else { "Lately" };
        return Some(format!("{since} you said {}.", quotes.join(", then ")));
    }
    Some(format!("Just before, you {} {}.", verb(last), quote(last)))
}

fn arithmetic(talk: &Talk<'_>) -> Option<String> {
    let found = calculation(talk.question)?;
    Some(match found.result {
        Some(result) => format!("{} is {result}.", found.expression),
        None => format!(
            "{} has no result that I could write down.",
            found.expression
        ),
    })
}

fn connection(talk: &Talk<'_>) -> Option<String> {
    let asked = talk.has(&[
        "real model",
        "real language model",
        "real llm",
        "another model",
        "other model",
        "different model",
        "better model",
        "connect",
        "ollama",
        "openai",
        "openai_base_url",
        "openai_api_key",
        "openai_model",
        "api key",
        "chatgpt",
        "llama.cpp",
    ]);
    asked.then(|| {
        "To talk to a real model, start Ollama on this machine (`ollama pull qwen2.5:7b`, then `ollama serve`), \
         or set OPENAI_BASE_URL to any server that speaks the OpenAI protocol, with OPENAI_API_KEY and OPENAI_MODEL \
         if it needs them; then start this program again."
            .to_owned()
    })
}

fn identity(talk: &Talk<'_>) -> Option<String> {
    if talk.has(&["your name"]) {
        return Some("I have no name but “offline model”. What is yours?".to_owned());
    }
    let asked = talk.has(&[
        "who are you",
        "what are you",
        "who is this",
        "who am i talking to",
        "which model are you",
        "what model are you",
        "are you real",
        "are you human",
        "are you a human",
        "are you a person",
        "are you a bot",
        "are you a robot",
        "are you an ai",
        "are you ai",
        "are you a machine",
        "are you alive",
        "about yourself",
    ]);
    asked.then(|| {
        "I am the offline model: a few rules in this program that answer when no language model is connected. \
         Ask me how to connect a real one."
            .to_owned()
    })
}

fn abilities(talk: &Talk<'_>) -> Option<String> {
    let asked = talk.has(&[
        "what can you do",
        "what do you know",
        "can you help",
        "help me",
        "how do you work",
    ]) || talk.plain == " help ";
    asked.then(|| {
        "I can do small sums (“what is 12 * 7?”), remember your name and what you asked before, tell a joke, and \
         explain how to connect a real model. For the rest I am a good listener."
            .to_owned()
    })
}

fn feelings_of_its_own(talk: &Talk<'_>) -> Option<String> {
    if talk.has(&[
        "how are you",
        "how do you do",
        "how is it going",
        "how's it going",
    ]) {
        return Some(format!(
            "All my rules are in order, thank you. And how are you{}?",
            talk.comma_name()
        ));
    }
    let asked = talk.has(&[
        "do you feel",
        "do you like",
        "do you love",
        "do you think",
        "do you dream",
        "are you happy",
    ]);
    asked
        .then(|| "I follow rules and neither like nor dislike anything. What about you?".to_owned())
}

fn jokes(talk: &Talk<'_>) -> Option<String> {
    let asks = |plain: &str| {
        let phrases = [" joke ", " jokes ", " make me laugh "];
        phrases.iter().any(|phrase| plain.contains(phrase))
    };
    let again = |plain: &str| {
        matches!(
            plain,
            " another " | " another one " | " one more " | " again "
        )
    };
    // "Another one" means a joke right after one, and only there.
    let mut told = 0;
    let mut told_last = false;
    for text in talk.before {
        let plain = plain(text);
        told_last = asks(&plain) || (told_last && again(&plain));
        told += usize::from(told_last);
    }
    let asked = asks(&talk.plain) || (told_last && again(&talk.plain));
    asked.then(|| joke(told).to_owned())
}

fn world(talk: &Talk<'_>) -> Option<String> {
    if talk.has(&[
        "what time",
        "the time",
        "what day",
        "the date",
        "today's date",
        "what year",
    ]) {
        return Some("I have no clock and no calendar; yours will know better.".to_owned());
    }
    if talk.has(&["weather", "the news", "temperature outside"]) {
        return Some("I have no window and no network, so I cannot know. What does it look like where you are?".to_owned());
    }
    None
}

fn courtesy(talk: &Talk<'_>) -> Option<String> {
    let name = talk.comma_name();
    if talk.has(&["thanks", "thank you", "thx"]) {
        return Some(format!("You are welcome{name}. Is there anything else?"));
    }
    let leaves = talk.has(&[
        "bye",
        "goodbye",
        "good bye",
        "good night",
        "see you",
        "farewell",
    ]);
    if leaves && talk.word_count() <= 6 {
        return Some(format!("Goodbye{name}! It was good to talk."));
    }
    if talk.has(&["sorry"]) && talk.word_count() <= 4 {
        return Some("There is nothing to be sorry for. Do go on.".to_owned());
    }
    None
}

fn greeting(talk: &Talk<'_>) -> Option<String> {
    let greets = talk.begins_with(&[
        "hello",
        "hi",
        "hey",
        "hiya",
        "howdy",
        "greetings",
        "good morning",
        "good afternoon",
        "good evening",
        "good day",
        "moin",
        "hallo",
    ]);
    // A longer sentence says something besides.
    if !greets || talk.word_count() > 4 {
        return None;
    }
    let again = talk.before.iter().any(|text| plain(text) == talk.plain);
    let hello = if again { "Hello again" } else { "Hello" };
    Some(match &talk.name {
        Some(name) => format!("{hello}, {name}! What would you like to talk about?"),
        None => format!("{hello}! I am the offline model. What would you like to talk about?"),
    })
}

fn feelings(talk: &Talk<'_>) -> Option<String> {
    let rest = |beginnings: &[&str]| Some(shorten(&reflect(&talk.after(beginnings)?)));
    if let Some(feeling) = rest(&["i feel", "i'm feeling", "i am feeling"]) {
        return Some(format!("What do you think makes you feel {feeling}?"));
    }
    if let Some(state) = rest(&["i am", "i'm"]) {
        let ways = [
            "How long have you been",
            "How does it feel to be",
            "Why do you think you are",
        ];
        return Some(format!("{} {state}?", talk.pick(&ways)?));
    }
    if let Some(wish) = rest(&["i want", "i need", "i would like", "i'd like", "i wish"]) {
        return Some(format!("What would it change for you to get this: {wish}?"));
    }
    if let Some(thought) = rest(&["i think", "i believe", "i guess"]) {
        return Some(format!("What makes you think {thought}?"));
    }
    if let Some(thing) = rest(&["i love", "i like", "i enjoy"]) {
        return Some(format!("What do you like most about {thing}?"));
    }
    if let Some(thing) = rest(&["i hate", "i don't like", "i dislike"]) {
        return Some(format!("What is it that bothers you about {thing}?"));
    }
    if let Some(deed) = rest(&["can you", "could you", "will you", "would you", "please"]) {
        return Some(format!(
            "I would, but my few rules do not reach as far as “{deed}”. A real model could try; ask me how to connect one."
        ));
    }
    if talk.begins_with(&["yes", "yeah", "yep", "sure"]) && talk.word_count() <= 3 {
        return Some("I see. Can you tell me a little more?".to_owned());
    }
    if talk.begins_with(&["no", "nope", "nah", "not really"]) && talk.word_count() <= 3 {
        return Some("Why not?".to_owned());
    }
    talk.begins_with(&["because"])
        .then(|| "Is that the only reason?".to_owned())
}

/// The last resort: to say back what was said, and to ask on.
fn reflection(talk: &Talk<'_>) -> String {
    if talk.before.iter().any(|text| plain(text) == talk.plain) {
        return format!(
            "You {} that before, in the same words. What brings you back to it?",
            verb(talk.question)
        );
    }
    if is_question(talk.question) {
        let question = quote(talk.question);
        return match talk.before.len() % 3 {
            0 => format!(
                "{question} is a question for a real model; I only follow a few rules. What would you guess?"
            ),
            1 => format!("I cannot look up {question}. What do you know about it so far?"),
            _ => format!("What kind of answer to {question} would help you most?"),
        };
    }
    let reflected = shorten(&reflect(talk.question));
    match talk.before.len() % 3 {
        0 => format!("So {reflected}. What matters most to you about it?"),
        1 => format!("You tell me: {reflected}. How did that come about?"),
        _ => format!("And if {reflected}, what follows from it?"),
    }
}

#[cfg(test)]
mod tests;
