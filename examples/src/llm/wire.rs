//! The protocol's JSON: what is sent, and as much as is needed of what comes.

use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::conversation::Message;

/// The body of a chat request.
#[derive(Debug, Serialize)]
pub(super) struct ChatRequest<'a> {
    pub(super) model: &'a str,
    pub(super) messages: &'a [Message],
    pub(super) stream: bool,
    pub(super) stream_options: StreamOptions,
}

/// The options of a streamed request.
#[derive(Debug, Serialize)]
pub(super) struct StreamOptions {
    pub(super) include_usage: bool,
}

/// A chunk of a streamed reply, or a whole reply that was not streamed.
#[derive(Debug, Deserialize)]
pub(super) struct Completion {
    choices: Option<Vec<Choice>>,
    error: Option<Value>,
    object: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    delta: Option<Part>,
    message: Option<Part>,
    finish_reason: Option<String>,
}

// `reasoning_content` and the like are not part of the reply.
#[derive(Debug, Deserialize)]
struct Part {
    content: Option<Wtf8>,
}

impl Completion {
    /// Whether this reports an error instead of a piece of the reply.
    pub(super) fn is_error(&self) -> bool {
        // vLLM puts the error's fields at the top, under "object": "error".
        self.error.is_some() || (self.choices.is_none() && self.object.as_deref() == Some("error"))
    }

    /// The next piece of a streamed reply; chunks of other kinds have none.
    pub(super) fn delta(&self) -> &[u8] {
        content(self.choice().and_then(|choice| choice.delta.as_ref()))
    }

    /// The text of a whole reply, or `None` if this is no reply.
    pub(super) fn message(&self) -> Option<&[u8]> {
        let message = self.choice()?.message.as_ref()?;
        Some(content(Some(message)))
    }

    /// Whether the model has said that it is done.
    pub(super) fn is_finished(&self) -> bool {
        // Some gateways send an empty reason with every chunk.
        self.choice()
            .and_then(|choice| choice.finish_reason.as_deref())
            .is_some_and(|reason| !reason.is_empty())
    }

    fn choice(&self) -> Option<&Choice> {
        self.choices.as_deref()?.first()
    }
}

fn content(part: Option<&Part>) -> &[u8] {
    part.and_then(|part| part.content.as_ref())
        .map_or(&[], |content| &content.0)
}

/// A JSON string that may hold lone UTF-16 surrogates, as WTF-8.
#[derive(Debug)]
struct Wtf8(Vec<u8>);

impl<'de> Deserialize<'de> for Wtf8 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Wtf8;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Wtf8, E> {
                Ok(Wtf8(bytes.to_vec()))
            }
        }
        // Asked for bytes, serde_json lets lone surrogates pass.
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The answer to a request for the server's models.
#[derive(Debug, Deserialize)]
pub(super) struct ModelList {
    // Ollama without any model answers `null`.
    data: Option<Vec<Model>>,
}

#[derive(Debug, Deserialize)]
struct Model {
    id: String,
}

impl ModelList {
    pub(super) fn into_names(self) -> Vec<String> {
        let models = self.data.unwrap_or_default();
        models.into_iter().map(|model| model.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completion(json: &str) -> Completion {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_lone_surrogate_is_kept_as_wtf8() {
        let chunk = completion(r#"{"choices":[{"delta":{"content":"\ud83c"}}]}"#);
        assert_eq!(chunk.delta(), b"\xED\xA0\xBC");
    }

    #[test]
    fn an_empty_finish_reason_does_not_finish_the_reply() {
        for (reason, finished) in [
            (r#""stop""#, true),
            (r#""length""#, true),
            (r#""""#, false),
            ("null", false),
        ] {
            let chunk = completion(&format!(r#"{{"choices":[{{"finish_reason":{reason}}}]}}"#));
            assert_eq!(chunk.is_finished(), finished, "{reason}");
        }
    }

    #[test]
    fn an_error_that_is_null_is_none() {
        assert!(!completion(r#"{"choices":[],"error":null}"#).is_error());
        assert!(completion(r#"{"object":"error","message":"no"}"#).is_error());
    }

    #[test]
    fn a_list_of_models_may_be_null() {
        let list: ModelList = serde_json::from_str(r#"{"object":"list","data":null}"#).unwrap();
        assert!(list.into_names().is_empty());
    }
}
