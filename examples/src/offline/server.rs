//! The HTTP server of the offline model.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{Method, StatusCode, Uri};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::stream::{self, Stream, StreamExt};
use serde_json::Value;

use super::protocol::{ApiError, ChatRequest, Message, Usage, chunk, completion, models};
use super::rules;

/// A pause before each word, so that replies are seen to stream.
const WORD_PAUSE: Duration = Duration::from_millis(15);

pub(super) fn router() -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/models", get(async || Json(models())))
        .fallback(unknown_url)
        .method_not_allowed_fallback(wrong_method)
}

async fn chat(body: Result<Bytes, BytesRejection>) -> Result<Response, ApiError> {
    let body = body.map_err(|rejection| ApiError {
        status: rejection.status(),
        message: rejection.body_text(),
    })?;
    let request: ChatRequest = serde_json::from_slice(&body).map_err(|error| {
        ApiError::bad_request(format!("The request is not a valid chat request: {error}"))
    })?;
    let said = request.user_texts();
    if said.is_empty() {
        return Err(ApiError::bad_request(
            "The messages must hold at least one from the user.",
        ));
    }
    let text = rules::reply_to(&said);
    let words: Vec<String> = text.split_inclusive(' ').map(str::to_owned).collect();
    let read = request.messages.iter().map(Message::text);
    let usage = Usage {
        prompt: read.map(|text| text.split_whitespace().count()).sum(),
        completion: words.len(),
    };
    if request.wants_stream() {
        let usage = request.wants_usage().then_some(usage);
        Ok(Sse::new(events(words, usage)).into_response())
    } else {
        Ok(Json(completion(&text, usage)).into_response())
    }
}

fn events(
    words: Vec<String>,
    usage: Option<Usage>,
) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    let words = stream::iter(words).then(async |word| {
        tokio::time::sleep(WORD_PAUSE).await;
        chunk::word(&word)
    });
    stream::iter([chunk::role()])
        .chain(words)
        .chain(stream::iter([chunk::finish()]))
        .chain(stream::iter(usage.map(chunk::usage)))
        .map(|chunk: Value| chunk.to_string())
        .chain(stream::iter(["[DONE]".to_owned()]))
        .map(|data| Ok(Event::default().data(data)))
}

async fn unknown_url(method: Method, uri: Uri) -> ApiError {
    ApiError {
        status: StatusCode::NOT_FOUND,
        message: format!("There is no {method} {}.", uri.path()),
    }
}

async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    ApiError {
        status: StatusCode::METHOD_NOT_ALLOWED,
        message: format!("{} does not take {method}.", uri.path()),
    }
}
