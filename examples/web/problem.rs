//! An error response: a status, and a sentence as JSON.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flow_core::AnswerError;
use serde_json::json;

#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    sentence: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
        }
    }
}

/// The question was answered already, or its time is over.
impl<A> From<AnswerError<A>> for Problem {
    fn from(error: AnswerError<A>) -> Self {
        Self::new(StatusCode::CONFLICT, error.to_string())
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.sentence }))).into_response()
    }
}
