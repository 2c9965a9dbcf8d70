//! The server's side of the protocol's JSON.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::OfflineModel;

/// A chat request, as far as the offline model heeds it.
#[derive(Debug, Deserialize)]
pub(super) struct ChatRequest {
    pub(super) messages: Vec<Message>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
}

#[derive(Debug, Deserialize)]
struct StreamOptions {
    include_usage: Option<bool>,
}

/// One message of the conversation.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) role: String,
    content: Option<Content>,
}

/// The protocol allows text, or a list of parts of which some are text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Deserialize)]
struct Part {
    text: Option<String>,
}

impl ChatRequest {
    pub(super) fn wants_stream(&self) -> bool {
        self.stream.unwrap_or(false)
    }

    pub(super) fn wants_usage(&self) -> bool {
        self.stream_options
            .as_ref()
            .and_then(|options| options.include_usage)
            .unwrap_or(false)
    }

    /// What the user has said so far, oldest first.
    pub(super) fn user_texts(&self) -> Vec<String> {
        let from_user = self
            .messages
            .iter()
            .filter(|message| message.role == "user");
        from_user.map(Message::text).collect()
    }
}

impl Message {
    pub(super) fn text(&self) -> String {
        match &self.content {
            Some(Content::Text(text)) => text.clone(),
            Some(Content::Parts(parts)) => {
                let texts: Vec<_> = parts
                    .iter()
                    .filter_map(|part| part.text.as_deref())
                    .collect();
                texts.join(" ")
            }
            None => String::new(),
        }
    }
}

/// How much was read and written, counted in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    pub(super) prompt: usize,
    pub(super) completion: usize,
}

impl Usage {
    fn json(self) -> Value {
        json!({
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
        })
    }
}

/// A reply that is sent whole.
pub(super) fn completion(text: &str, usage: Usage) -> Value {
    json!({
        "id": "chatcmpl-offline",
        "object": "chat.completion",
        "created": 0,
        "model": OfflineModel::NAME,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": text },
            "finish_reason": "stop",
        }],
        "usage": usage.json(),
    })
}

/// The chunks of a streamed reply.
pub(super) mod chunk {
    use super::{OfflineModel, Usage, Value, json};

    pub(in crate::offline) fn role() -> Value {
        choice(&json!({ "role": "assistant", "content": "" }), &Value::Null)
    }

    pub(in crate::offline) fn word(word: &str) -> Value {
        choice(&json!({ "content": word }), &Value::Null)
    }

    pub(in crate::offline) fn finish() -> Value {
        choice(&json!({}), &json!("stop"))
    }

    pub(in crate::offline) fn usage(usage: Usage) -> Value {
        chunk(&json!([]), &usage.json())
    }

    fn choice(delta: &Value, finish_reason: &Value) -> Value {
        let choices = json!([{ "index": 0, "delta": delta, "finish_reason": finish_reason }]);
        chunk(&choices, &Value::Null)
    }

    fn chunk(choices: &Value, usage: &Value) -> Value {
        json!({
            "id": "chatcmpl-offline",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": OfflineModel::NAME,
            "choices": choices,
            "usage": usage,
        })
    }
}

/// The list of models, of which there is one.
pub(super) fn models() -> Value {
    json!({
        "object": "list",
        "data": [{
            "id": OfflineModel::NAME,
            "object": "model",
            "created": 0,
            "owned_by": "examples",
        }],
    })
}

/// An error in the protocol's shape.
#[derive(Debug)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl ApiError {
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let error = json!({
            "error": {
                "message": self.message,
                "type": "invalid_request_error",
                "param": null,
                "code": null,
            },
        });
        (self.status, Json(error)).into_response()
    }
}
