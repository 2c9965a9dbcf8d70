//! What can go wrong in a chat, each in one sentence.

use std::error::Error;

use serde_json::Value;

/// Why a question got no reply, or only a part of one: what happened, and what to do.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LlmError {
    /// Another question may succeed on the same server with the same settings.
    #[error("{0}")]
    Passing(String),
    /// Every question fails until a setting or the server changes.
    #[error("{0}")]
    Lasting(String),
}

/// For a status that is not a success.
pub(super) fn refused(status: u16, body: &str) -> LlmError {
    let said = serde_json::from_str(body).map_or(Some(one_line(body)), |json| message(&json));
    let said = format!("{status}: {}", said.unwrap_or_default());
    let said = said.trim_end_matches(": ");
    match status {
        401..=405 => LlmError::Lasting(format!(
            "The model server refuses this ({said}): check OPENAI_API_KEY, OPENAI_MODEL, and OPENAI_BASE_URL, which usually ends in /v1."
        )),
        _ => LlmError::Passing(format!(
            "The model server failed ({said}): ask again a little later, or differently."
        )),
    }
}

/// For a request without an answer, or with a part of one.
pub(super) fn broken(error: &reqwest::Error) -> LlmError {
    let reason = cause(error);
    if error.is_timeout() {
        let sentence = "The model server has fallen silent: ask again, or choose a faster model.";
        LlmError::Passing(sentence.to_owned())
    } else if error.is_body() || error.is_decode() {
        cut()
    } else if error.is_request() && !error.is_connect() {
        LlmError::Passing(format!(
            "The model server gave no answer ({reason}): ask again."
        ))
    } else {
        let address = error.url().map_or("this address", |url| url.as_str());
        LlmError::Lasting(format!(
            "Nothing answers at {address} ({reason}): start a model server there, or set OPENAI_BASE_URL to one that runs."
        ))
    }
}

pub(super) fn cut() -> LlmError {
    LlmError::Passing("The reply was cut off before its end: ask again.".to_owned())
}

pub(super) fn no_reply(received: &str) -> LlmError {
    let received = one_line(received);
    LlmError::Passing(format!(
        "The model server sent no chat reply ({received}): ask again, or check OPENAI_BASE_URL."
    ))
}

/// What `{"error": {"message": …}}`, or another shape that servers use, says to a person.
pub(super) fn message(json: &Value) -> Option<String> {
    let names = ["error", "message", "detail", "msg"];
    match json {
        Value::String(text) => Some(one_line(text)),
        Value::Array(items) => items.iter().find_map(message),
        json => names.iter().find_map(|name| message(json.get(name)?)),
    }
}

/// The innermost cause of an error.
fn cause(error: &(dyn Error + 'static)) -> String {
    let source = error.source();
    source.map_or_else(|| one_line(&error.to_string()), cause)
}

/// One line of bounded length, which fits into a sentence.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(300).collect();
    line.trim_end_matches('.').to_owned()
}
