//! The items of an execution as server-sent events.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use flow_core::durable::{ExecutionsById, Logged, Position, RequestError};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, Stream, StreamExt};
use serde_json::json;
use tokio::sync::watch;

use crate::problem::Problem;
use crate::server::shown;

/// How long a browser waits before it comes back.
const COME_BACK_AFTER: Duration = Duration::from_millis(500);

/// A stream that a restart of the program interrupts, and that goes on with the last `id`.
pub(crate) fn response(
    executions: Arc<dyn ExecutionsById>,
    id: String,
    after: Option<Position>,
    mut stop: watch::Receiver<()>,
) -> impl IntoResponse {
    let come_back = stream::iter([Ok(Event::default().retry(COME_BACK_AFTER))]);
    let stopped = async move { stop.changed().map(drop).await };
    let events = events(executions, id, after).take_until(stopped);
    Sse::new(come_back.chain(events)).keep_alive(KeepAlive::default())
}

enum Reading {
    Items(BoxStream<'static, Result<Logged, RequestError>>),
    Over,
}

/// The entries, and then one last event with the name `end`, or `problem`.
fn events(
    executions: Arc<dyn ExecutionsById>,
    id: String,
    after: Option<Position>,
) -> impl Stream<Item = Result<Event, axum::Error>> {
    let items = Reading::Items(executions.items(&id, after));
    stream::unfold(items, move |reading| {
        let (executions, id) = (Arc::clone(&executions), id.clone());
        async move {
            let Reading::Items(mut items) = reading else {
                return None;
            };
            match items.next().await {
                Some(Ok(entry)) => Some((entry_event(entry), Reading::Items(items))),
                // The program ends, or is about to: the reader comes back to the next one.
                Some(Err(RequestError::Closed | RequestError::Unavailable(_))) => None,
                Some(Err(RequestError::Failed(_))) | None => {
                    Some((end_event(&*executions, &id).await, Reading::Over))
                }
                Some(Err(error)) => Some((problem_event(&error.into()), Reading::Over)),
            }
        }
    })
}

fn entry_event(entry: Logged) -> Result<Event, axum::Error> {
    match entry {
        Logged::Item { position, item } => match item.to_json() {
            Ok(item) => Event::default().id(position.to_string()).json_data(item),
            Err(error) => problem_event(&error.into()),
        },
        Logged::Restarted { call } => {
            let restarted = json!({ "call": call });
            Event::default().event("restarted").json_data(restarted)
        }
        _ => Event::default().event("missed").json_data(json!({})),
    }
}

/// What has become of the execution.
async fn end_event(executions: &dyn ExecutionsById, id: &str) -> Result<Event, axum::Error> {
    let status = executions.status(id).await.map_err(Problem::from);
    match status.and_then(|status| shown(id, &status)) {
        Ok(end) => Event::default().event("end").json_data(end),
        Err(problem) => problem_event(&problem),
    }
}

fn problem_event(problem: &Problem) -> Result<Event, axum::Error> {
    Event::default()
        .event("problem")
        .json_data(problem.to_json())
}

/// A time in seconds since 1970.
pub(crate) fn seconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}
