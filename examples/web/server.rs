//! The routes of the server.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use flow_core::{FlowError, FlowErrorKind, ItemPosition, Reader, Received};
use futures::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::article::{Item, Verdict};
use crate::executions::{Executions, Known, Summary, TooMany};
use crate::problem::Problem;

/// How long a browser waits before it comes back.
const COME_BACK_AFTER: Duration = Duration::from_millis(500);

/// The page needs nothing from elsewhere.
const ONLY_FROM_HERE: &str = "default-src 'none'; connect-src 'self'; img-src data:; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The longest topic or reason, in bytes.
const LONGEST: usize = 500;

struct Server {
    executions: Executions,
    /// Closed when the server is told to stop.
    stop: watch::Receiver<()>,
}

type Shared = State<Arc<Server>>;

/// Streams of events end when the sender of `stop` is dropped.
pub(crate) fn router(executions: Executions, stop: watch::Receiver<()>) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/executions", get(list).post(start))
        .route("/executions/{id}", delete(cancel))
        .route("/executions/{id}/events", get(events))
        .route("/executions/{id}/answers/{question}", post(answer))
        .fallback(unknown_url)
        .method_not_allowed_fallback(wrong_method)
        .with_state(Arc::new(Server { executions, stop }))
}

async fn page() -> impl IntoResponse {
    let policy = [(CONTENT_SECURITY_POLICY, ONLY_FROM_HERE)];
    (policy, Html(include_str!("index.html")))
}

async fn list(State(server): Shared) -> Json<Vec<Summary>> {
    Json(server.executions.list())
}

#[derive(Deserialize)]
struct Start {
    topic: String,
}

#[derive(Serialize)]
struct Started {
    id: u64,
}

async fn start(
    State(server): Shared,
    body: Result<Json<Start>, JsonRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Json(Start { topic }) = body?;
    let topic = text(&topic, "The topic")?;
    let id = server.executions.start(topic).map_err(|TooMany| {
        let sentence = "There are too many executions: wait for one to end, or cancel one.";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, sentence)
    })?;
    let location = [(LOCATION, format!("/executions/{id}"))];
    Ok((StatusCode::CREATED, location, Json(Started { id })))
}

async fn cancel(State(server): Shared, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    server.known(&id)?.cancel();
    Ok(StatusCode::NO_CONTENT)
}

async fn answer(
    State(server): Shared,
    Path((id, question)): Path<(String, String)>,
    body: Result<Json<Verdict>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let known = server.known(&id)?;
    let Ok(question) = question.parse() else {
        let sentence =
            format!("`{question}` is no question: its number is in the item that asked.");
        return Err(Problem::new(StatusCode::NOT_FOUND, sentence));
    };
    let Json(verdict) = body?;
    let verdict = match verdict {
        Verdict::Publish => Verdict::Publish,
        Verdict::Redraft { reason } => Verdict::Redraft {
            reason: text(&reason, "The reason")?,
        },
    };
    known.answer(question, verdict)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The items of an execution as they come, each with its position as the `id`: all of them, or
/// those after the last one that the browser has seen.
async fn events(
    State(server): Shared,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let known = server.known(&id)?;
    let reader = match last_seen(&headers, &uri)? {
        Some(position) => known.items.subscribe_after(position),
        None => known.items.subscribe_from(ItemPosition::START),
    };
    let come_back = Event::default().retry(COME_BACK_AFTER);
    let mut stop = server.stop.clone();
    let events = stream::iter([Ok(come_back)])
        .chain(as_events(reader))
        .take_until(async move { stop.changed().await });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// A browser that comes back sends `Last-Event-ID`, which overrides the address.
fn last_seen(headers: &HeaderMap, uri: &Uri) -> Result<Option<ItemPosition>, Problem> {
    let header = headers.get("last-event-id");
    let given = match header {
        Some(header) => Some(String::from_utf8_lossy(header.as_bytes())),
        None => uri
            .query()
            .and_then(|query| query.strip_prefix("after="))
            .map(Into::into),
    };
    let position = given.map(|given| {
        given.parse().map_err(|_| {
            let sentence =
                format!("`{given}` is no position: it is the `id` of an event, a number.");
            Problem::new(StatusCode::BAD_REQUEST, sentence)
        })
    });
    position.transpose()
}

/// The reader's items, and then one last event with the name `end`.
fn as_events(reader: Reader<Item>) -> impl Stream<Item = Result<Event, axum::Error>> {
    stream::unfold(Some(reader), async |reader| {
        let mut reader = reader?;
        Some(match reader.next().await {
            Some(Ok(seen)) => (seen_event(seen), Some(reader)),
            Some(Err(error)) => (end_event(&End::from(&error)), None),
            None => (end_event(&End::Done), None),
        })
    })
}

fn seen_event(seen: Received<Item>) -> Result<Event, axum::Error> {
    match seen {
        Received::Item { position, item } => {
            Event::default().id(position.to_string()).json_data(item)
        }
        Received::Lagged(items) => Event::default().event("missed").json_data(items),
    }
}

fn end_event(end: &End) -> Result<Event, axum::Error> {
    Event::default().event("end").json_data(end)
}

/// How an execution has ended.
#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum End {
    Done,
    Cancelled,
    Failed { reason: String },
}

impl From<&FlowError> for End {
    fn from(error: &FlowError) -> Self {
        match error.kind() {
            FlowErrorKind::Cancelled => Self::Cancelled,
            _ => Self::Failed {
                reason: error.to_string(),
            },
        }
    }
}

impl Server {
    fn known(&self, id: &str) -> Result<Arc<Known>, Problem> {
        let known = id.parse().ok().and_then(|id| self.executions.get(id));
        known.ok_or_else(|| {
            let sentence = format!(
                "There is no execution `{id}`: the server was restarted since, or has forgotten it."
            );
            Problem::new(StatusCode::NOT_FOUND, sentence)
        })
    }
}

/// A text from a person, without the space around it.
fn text(typed: &str, what: &str) -> Result<String, Problem> {
    let text = typed.trim();
    let sentence = match text.len() {
        0 => format!("{what} is empty: say something."),
        1..=LONGEST => return Ok(text.to_owned()),
        length => format!("{what} is {length} bytes long: {LONGEST} have to do."),
    };
    Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence))
}

async fn unknown_url(method: Method, uri: Uri) -> Problem {
    let sentence = format!("There is no {method} {}.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, sentence)
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let sentence = format!("{} does not take {method}.", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, sentence)
}
