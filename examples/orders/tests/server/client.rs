//! A server on a store in memory, and a client of it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::{ExecutionsById, Host, MemoryStore};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::bank::Bank;
use crate::order::{Pace, Shop};
use crate::server::router;

/// A limit for hangs, so that they fail their test and not the whole run.
const GUARD: Duration = Duration::from_secs(30);

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(GUARD, future).await;
    waited.expect("it hangs")
}

pub(crate) struct Server {
    pub(crate) store: MemoryStore,
    pub(crate) orders: Arc<dyn ExecutionsById>,
    address: String,
    client: Client,
    _bank: TempDir,
    /// Its drop ends the streams.
    running: watch::Sender<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = MemoryStore::new();
        let bank = Bank::new(&directory.path().join("charges.log"), Duration::ZERO);
        let flow = Shop::new().with(bank).with(Pace(Duration::ZERO));
        let orders = Host::new(store.clone()).register(flow);
        let orders = Arc::clone(orders.by_id());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (running, stop) = watch::channel(());
        let router = router("orders", Arc::clone(&orders), stop);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            store,
            orders,
            address,
            client: Client::new(),
            _bank: directory,
            running,
        }
    }

    /// Tells the server to stop.
    pub(crate) fn stop(self) {
        drop(self.running);
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

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.send(Method::GET, path, None).await;
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// The status and the message of a rejected request.
    pub(crate) async fn refused(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, String) {
        let response = self.send(method, path, body).await;
        let status = response.status();
        let headers = response.headers();
        assert_eq!(headers["content-type"], "application/problem+json");
        let is_to_be_repeated = status == StatusCode::SERVICE_UNAVAILABLE;
        assert_eq!(headers.contains_key("retry-after"), is_to_be_repeated);
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["status"], status.as_u16());
        assert_eq!(problem["title"], status.canonical_reason().unwrap());
        let detail = problem["detail"].as_str().unwrap();
        (status.as_u16(), detail.to_owned())
    }

    /// Starts an order, and waits until it is over or asks.
    pub(crate) async fn order(&self, id: &str, cents: u32) {
        let path = format!("/orders/{id}");
        let response = self.send(Method::POST, &path, Some(order(cents))).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
        assert_eq!(response.headers()["location"].to_str().unwrap(), path);
        soon(async {
            loop {
                let status = self.get(&path).await;
                let asks = status["questions"].as_array();
                if asks.is_none_or(|questions| !questions.is_empty()) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

pub(crate) fn order(cents: u32) -> Value {
    json!({ "customer": "Ada", "lines": [{ "article": "desk", "cents": cents }] })
}
