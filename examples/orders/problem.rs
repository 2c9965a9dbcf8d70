//! An error response: a problem as RFC 9457 describes it.

use std::error::Error;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use flow_core::durable::codec::CodecError;
use flow_core::durable::{Refused, RequestError};
use serde_json::{Value, json};

/// After how many seconds a request may be repeated whose outcome is not known.
const RETRY_AFTER_SECONDS: u32 = 1;

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

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.sentence,
        })
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Self::new(status(&error), with_sources(&error))
    }
}

fn status(error: &RequestError) -> StatusCode {
    match error {
        RequestError::NotFound { .. } => StatusCode::NOT_FOUND,
        RequestError::NoPosition(_) => StatusCode::BAD_REQUEST,
        RequestError::NotStarted(_) | RequestError::Refused(Refused::Unreadable(_)) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        RequestError::OtherInput { .. }
        | RequestError::OtherAnswer { .. }
        | RequestError::Refused(_)
        | RequestError::Unfinished { .. } => StatusCode::CONFLICT,
        RequestError::Purged { .. } => StatusCode::GONE,
        RequestError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        RequestError::Unavailable(_) | RequestError::Closed => StatusCode::SERVICE_UNAVAILABLE,
        // The execution has failed or is stuck, or its values cannot be read: it is to be looked
        // into here, and no other request helps.
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The message of an error, and those of its sources.
pub(crate) fn with_sources(error: &(dyn Error + 'static)) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        sentence.extend([": ", &error.to_string()]);
        source = error.source();
    }
    sentence
}

impl From<CodecError> for Problem {
    fn from(error: CodecError) -> Self {
        RequestError::from(error).into()
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = [(CONTENT_TYPE, "application/problem+json")];
        let response = (self.status, json, self.to_json().to_string());
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            ([(RETRY_AFTER, RETRY_AFTER_SECONDS.to_string())], response).into_response()
        } else {
            response.into_response()
        }
    }
}
