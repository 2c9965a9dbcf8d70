//! The routes, over any durable flow wherever its executions are kept: values are JSON here.

use std::sync::Arc;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use flow_core::durable::{
    Encoded, ExecutionsById, ListExecutions, OpenQuestion, Position, RequestError, Status,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::events;
use crate::problem::{Problem, with_sources};

/// How many executions are listed, unless the request says it.
const LISTED: usize = 100;

/// At most.
const MOST_LISTED: usize = 1_000;

struct Server {
    executions: Arc<dyn ExecutionsById>,
    /// Closed when the server is told to stop.
    stop: watch::Receiver<()>,
}

type Shared = State<Arc<Server>>;

/// The executions of a flow below `/` and this name. Streams of events end when the sender of
/// `stop` is dropped.
pub(crate) fn router(
    name: &str,
    executions: Arc<dyn ExecutionsById>,
    stop: watch::Receiver<()>,
) -> Router {
    Router::new()
        .route(&format!("/{name}"), get(list))
        .route(&format!("/{name}/{{id}}"), get(status).post(start))
        .route(&format!("/{name}/{{id}}/items"), get(items))
        .route(&format!("/{name}/{{id}}/answers/{{number}}"), post(answer))
        .route(&format!("/{name}/{{id}}/retry"), post(retry))
        .fallback(unknown_url)
        .method_not_allowed_fallback(wrong_method)
        .with_state(Arc::new(Server { executions, stop }))
}

/// Once this has responded, the execution survives everything. The same request again is the same
/// execution.
async fn start(
    State(server): Shared,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<impl IntoResponse, Problem> {
    let Json(input) = body?;
    server.executions.start(&id, Encoded::from(input)).await?;
    let location = [(LOCATION, uri.path().to_owned())];
    Ok((StatusCode::ACCEPTED, location, Json(json!({ "id": id }))))
}

async fn status(State(server): Shared, Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    match server.executions.status(&id).await? {
        Status::Purged => Err(RequestError::Purged { id }.into()),
        Status::Unfinished => {
            let open = server.executions.questions(&id).await?;
            let questions: Vec<_> = open.iter().map(asked).collect::<Result<_, _>>()?;
            Ok(Json(
                json!({ "id": id, "status": "unfinished", "questions": questions }),
            ))
        }
        status => shown(&id, &status).map(Json),
    }
}

/// What is known of an execution.
pub(crate) fn shown(id: &str, status: &Status) -> Result<Value, Problem> {
    Ok(match status {
        Status::Unfinished => json!({ "id": id, "status": "unfinished" }),
        Status::Done(output) => {
            json!({ "id": id, "status": "done", "output": output.to_json()? })
        }
        Status::Failed(error) => {
            json!({ "id": id, "status": "failed", "reason": with_sources(error) })
        }
        Status::Purged => json!({ "id": id, "status": "purged" }),
        Status::Blocked { reason } => {
            json!({ "id": id, "status": "blocked", "reason": with_sources(reason) })
        }
        Status::Poisoned { loads } => {
            json!({ "id": id, "status": "poisoned", "loads": loads })
        }
        _ => json!({ "id": id }),
    })
}

fn asked(open: &OpenQuestion) -> Result<Value, Problem> {
    let deadline = open.deadline.and_then(events::seconds);
    Ok(json!({
        "number": open.number,
        "name": open.name,
        "question": open.question.to_json()?,
        "deadline": deadline,
    }))
}

async fn answer(
    State(server): Shared,
    Path((id, number)): Path<(String, String)>,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<StatusCode, Problem> {
    let Ok(number) = number.parse() else {
        let sentence = format!("`{number}` is no question: it has a number.");
        return Err(Problem::new(StatusCode::NOT_FOUND, sentence));
    };
    let Json(answer) = body?;
    let answer = Encoded::from(answer);
    server.executions.answer(&id, number, answer).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tries once more to go on with an execution that is blocked or poisoned.
async fn retry(State(server): Shared, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    server.lists()?.retry(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
    limit: Option<usize>,
}

/// The executions after this id, in the order of the ids.
async fn list(
    State(server): Shared,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(After { after, limit }) = query?;
    let list = server.lists()?;
    let at_most = limit.unwrap_or(LISTED).min(MOST_LISTED);
    let listed = list.list(after.as_deref(), at_most).await?;
    let listed = listed
        .iter()
        .map(|listed| shown(&listed.id, &listed.status));
    Ok(Json(listed.collect::<Result<Vec<_>, _>>()?.into()))
}

/// The items of an execution as they come, each with its position as the `id`: all of them, or
/// those after the last one that the reader has seen.
async fn items(
    State(server): Shared,
    Path(id): Path<String>,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let Query(After { after, .. }) = query?;
    // A browser that comes back sends it, and it overrides the address.
    let last_seen = headers.get("last-event-id");
    let last_seen = last_seen.map(|seen| String::from_utf8_lossy(seen.as_bytes()).into_owned());
    let after = last_seen.or(after).map(Position::new);
    // What is known to be wrong is told by the status of the response.
    let status = server.executions.status(&id).await?;
    if matches!(status, Status::Purged) {
        return Err(RequestError::Purged { id }.into());
    }
    let executions = Arc::clone(&server.executions);
    Ok(events::response(executions, id, after, server.stop.clone()))
}

impl Server {
    fn lists(&self) -> Result<&dyn ListExecutions, Problem> {
        let sentence = "What keeps these executions does not list them.";
        let list = self.executions.list();
        list.ok_or_else(|| Problem::new(StatusCode::NOT_IMPLEMENTED, sentence))
    }
}

async fn unknown_url(method: Method, uri: Uri) -> Problem {
    let sentence = format!("There is no {method} {}.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, sentence)
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    let sentence = format!("{} does not take {method}.", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, sentence)
}
