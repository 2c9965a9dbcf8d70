//! A server, and a client in the role of the browser.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use sse_stream::SseByteStream;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::executions::Executions;
use crate::server::router;

/// A limit for hangs, so that they fail their test and not the whole run.
const GUARD: Duration = Duration::from_secs(30);

/// A pause after each word that outlasts the test.
pub(crate) const FOR_EVER: Duration = Duration::from_secs(3600);

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(GUARD, future).await;
    waited.expect("it hangs")
}

/// A server with one browser.
pub(crate) struct Server {
    address: String,
    client: Client,
    running: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    /// The pause after each word.
    pub(crate) async fn start(pause: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (running, mut stop) = watch::channel(());
        let router = router(Executions::new(pause), stop.clone());
        let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
            stop.changed().await.unwrap_err();
        });
        Self {
            address,
            client: Client::new(),
            running,
            task: tokio::spawn(async move { serving.await.unwrap() }),
        }
    }

    /// Stops the server, and waits until it has stopped.
    pub(crate) async fn stop(self) {
        drop(self.running);
        soon(self.task).await.unwrap();
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Response {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.address));
        if let Some(body) = body {
            request = request.json(&body);
        }
        soon(request.send()).await.unwrap()
    }

    /// The status and the message of a rejected request.
    pub(crate) async fn refused(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, String) {
        let response = self.send(method, path, body).await;
        let status = response.status();
        let problem: Value = response.json().await.unwrap();
        (status, problem["error"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn list(&self) -> Value {
        let response = self.send(Method::GET, "/executions", None).await;
        response.json().await.unwrap()
    }

    /// Starts an execution about rivers.
    pub(crate) async fn begin(&self) -> u64 {
        let topic = Some(json!({ "topic": " rivers " }));
        let response = self.send(Method::POST, "/executions", topic).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let id = response.json::<Value>().await.unwrap()["id"]
            .as_u64()
            .unwrap();
        assert_eq!(location, format!("/executions/{id}"));
        id
    }

    pub(crate) async fn cancel(&self, id: u64) {
        let path = format!("/executions/{id}");
        let response = self.send(Method::DELETE, &path, None).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }

    /// Answers the first question.
    pub(crate) async fn publish(&self, id: u64) {
        assert!(self.tries_to_publish(id).await);
    }

    /// Answers the first question, if there is one.
    pub(crate) async fn tries_to_publish(&self, id: u64) -> bool {
        let path = format!("/executions/{id}/answers/0");
        let verdict = Some(json!({ "verdict": "publish" }));
        let status = self.send(Method::POST, &path, verdict).await.status();
        assert!(
            matches!(status, StatusCode::NO_CONTENT | StatusCode::CONFLICT),
            "{status}"
        );
        status == StatusCode::NO_CONTENT
    }

    /// Follows an execution from its start.
    pub(crate) async fn follow(&self, id: u64) -> Events {
        self.events(id, "", None).await
    }

    /// Reconnects after receiving the item at this position.
    pub(crate) async fn come_back(&self, id: u64, position: u64) -> Events {
        self.events(id, "", Some(&position)).await
    }

    pub(crate) async fn events(&self, id: u64, query: &str, last: Option<&dyn Display>) -> Events {
        let path = format!("{}/executions/{id}/events{query}", self.address);
        let mut request = self.client.get(path);
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last.to_string());
        }
        let response = soon(request.send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut events = Events(SseByteStream::new(response.bytes_stream().boxed()));
        // The first event only sets the delay before a reconnection.
        let first = soon(events.0.next()).await.unwrap().unwrap();
        assert_eq!((first.retry, first.data), (Some(500), None));
        events
    }
}

/// An open connection with events.
pub(crate) struct Events(SseByteStream<BoxStream<'static, reqwest::Result<Bytes>>>);

/// An event with a position or a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Received {
    pub(crate) position: Option<u64>,
    pub(crate) name: Option<String>,
    pub(crate) data: Value,
}

impl Received {
    pub(crate) fn kind(&self) -> &str {
        self.data["kind"].as_str().unwrap_or_default()
    }
}

impl Events {
    pub(crate) async fn next(&mut self) -> Option<Received> {
        let event = soon(self.0.next()).await?.unwrap();
        Some(Received {
            position: event.id.map(|id| id.parse().unwrap()),
            name: event.event,
            data: serde_json::from_str(&event.data.unwrap()).unwrap(),
        })
    }

    pub(crate) async fn some(&mut self, count: usize) -> Vec<Received> {
        let mut seen = Vec::new();
        for _ in 0..count {
            seen.push(self.next().await.expect("the events have ended"));
        }
        seen
    }

    /// All events up to and including the first of this kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<Received> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await.expect("the events have ended");
            let last = event.kind() == kind;
            seen.push(event);
            if last {
                return seen;
            }
        }
    }

    /// All remaining events.
    pub(crate) async fn rest(mut self) -> Vec<Received> {
        let mut seen = Vec::new();
        while let Some(event) = self.next().await {
            seen.push(event);
        }
        seen
    }
}

/// The last event of a stream.
pub(crate) fn end(outcome: &str) -> Received {
    Received {
        position: None,
        name: Some("end".to_owned()),
        data: json!({ "outcome": outcome }),
    }
}

/// Checks that no item is missing or duplicated, from this position to the end.
pub(crate) fn assert_gapless(seen: &[Received], from: u64) {
    let (last, items) = seen.split_last().unwrap();
    assert_eq!(last.name.as_deref(), Some("end"), "{seen:?}");
    let positions: Vec<_> = items.iter().map(|seen| seen.position.unwrap()).collect();
    let expected: Vec<_> = (from..).take(items.len()).collect();
    assert_eq!(positions, expected);
}
