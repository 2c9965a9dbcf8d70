//! The program, and a client of it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use sse_stream::SseByteStream;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A limit for hangs, so that they fail their test and not the whole run.
const GUARD: Duration = Duration::from_secs(30);

/// How often something is looked for that does not tell when it is there.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How long a charge and a parcel take: nothing, or longer than the test.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    AtOnce,
    ForEver,
}

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(GUARD, future).await;
    waited.expect("it hangs")
}

/// The path of the example, next to the directory of the tests.
fn path() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("examples");
    let path = built.join(format!("orders{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "first run `cargo build --examples`");
    path
}

fn command(directory: &Path, port: &str) -> Command {
    let mut command = Command::new(path());
    command
        .arg(port)
        .arg(directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs it to its end, which comes at once. Returns what it says, and whether it has ended well.
pub(crate) async fn fails(directory: &Path, port: &str) -> (Vec<String>, bool) {
    let output = soon(command(directory, port).output()).await.unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    let said = said.lines().map(str::to_owned).collect();
    (said, output.status.success())
}

/// The program while it runs.
pub(crate) struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
    client: Client,
}

impl Program {
    /// Starts it on the orders in this directory.
    pub(crate) async fn start(directory: &Path, pace: Pace) -> Self {
        let pace = match pace {
            Pace::AtOnce => "0",
            Pace::ForEver => "3600000",
        };
        let mut command = command(directory, "0");
        command.env("PACE", pace);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = soon(lines.next_line()).await.unwrap();
        let first = first.expect("it begins with its address");
        let address = first.split_once(", kept in ").unwrap().0.to_owned();
        Self {
            child,
            lines,
            address,
            client: Client::new(),
        }
    }

    /// `kill -9`. Its last words are not read: it has none.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells it to end, and returns what it says, and whether it has ended well.
    #[cfg(unix)]
    pub(crate) async fn stop(mut self) -> (Vec<String>, bool) {
        let id = self.child.id().unwrap().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(told.unwrap().success());
        let output = soon(self.child.wait_with_output()).await.unwrap();
        let mut said = Vec::new();
        while let Some(line) = self.lines.next_line().await.unwrap() {
            said.push(line);
        }
        let errors = String::from_utf8(output.stderr).unwrap();
        said.extend(errors.lines().map(str::to_owned));
        (said, output.status.success())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        let request = self.client.post(format!("{}/{path}", self.address));
        soon(request.json(body).send()).await.unwrap()
    }

    /// Orders a lamp, which is cheap, and this.
    pub(crate) async fn order(&self, id: &str, article: &str, cents: u32) {
        let order = json!({
            "customer": "Ada",
            "lines": [
                { "article": "lamp", "cents": 4900 },
                { "article": article, "cents": cents },
            ],
        });
        let response = self.post(id, &order).await;
        assert_eq!(response.status(), StatusCode::ACCEPTED);
    }

    pub(crate) async fn approve(&self, id: &str, number: u64) {
        let approved = json!({ "approved": true });
        let response = self
            .post(&format!("{id}/answers/{number}"), &approved)
            .await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }

    pub(crate) async fn status(&self, id: &str) -> Value {
        let request = self.client.get(format!("{}/{id}", self.address));
        let response = soon(request.send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// Waits for the question of an order.
    pub(crate) async fn asked(&self, id: &str) -> Value {
        soon(async {
            loop {
                let mut status = self.status(id).await;
                if !status["questions"].as_array().unwrap().is_empty() {
                    return status["questions"][0].take();
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        })
        .await
    }

    /// Follows an order from its start, or after the item with this position.
    pub(crate) async fn items(&self, id: &str, last: Option<&str>) -> Events {
        let mut request = self.client.get(format!("{}/{id}/items", self.address));
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last);
        }
        let response = soon(request.send()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Events(SseByteStream::new(response.bytes_stream().boxed()))
    }
}

/// An open connection with events.
pub(crate) struct Events(SseByteStream<BoxStream<'static, reqwest::Result<Bytes>>>);

/// An item, or an event with a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Received {
    pub(crate) position: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) data: Value,
}

impl Received {
    /// What it is, in a word or two.
    pub(crate) fn text(&self) -> String {
        let kind = self.data["kind"].as_str().or(self.name.as_deref());
        let of = self.data["article"].as_str();
        let of = of.or(self.data["call"].as_str()).unwrap_or_default();
        format!("{} {of}", kind.unwrap()).trim_end().to_owned()
    }
}

impl Events {
    /// The next event. `None` if the connection has ended, in whatever way.
    pub(crate) async fn next(&mut self) -> Option<Received> {
        loop {
            let event = soon(self.0.next()).await?.ok()?;
            // The first event only sets the delay before a reconnection.
            if let Some(data) = event.data {
                return Some(Received {
                    position: event.id,
                    name: event.event,
                    data: serde_json::from_str(&data).unwrap(),
                });
            }
        }
    }

    /// All events up to and including this one.
    pub(crate) async fn until(&mut self, text: &str) -> Vec<Received> {
        let mut seen = Vec::new();
        loop {
            let event = self.next().await.expect("the events have ended");
            let is_last = event.text() == text;
            seen.push(event);
            if is_last {
                return seen;
            }
        }
    }

    /// All that are left.
    pub(crate) async fn rest(mut self) -> Vec<Received> {
        let mut seen = Vec::new();
        while let Some(event) = self.next().await {
            seen.push(event);
        }
        seen
    }
}

pub(crate) fn texts(events: &[Received]) -> Vec<String> {
    events.iter().map(Received::text).collect()
}

/// What the bank has written, without the keys, after the number of different ones.
pub(crate) fn bank(directory: &Path) -> (usize, Vec<String>) {
    let log = std::fs::read_to_string(directory.join("charges.log")).unwrap_or_default();
    let lines = log.lines().map(|line| line.split_once(" for ").unwrap());
    let (texts, mut keys): (Vec<_>, Vec<_>) = lines.unzip();
    keys.sort_unstable();
    keys.dedup();
    let texts = texts.into_iter().map(str::to_owned).collect();
    (keys.len(), texts)
}

/// Waits until the bank has written so many lines.
pub(crate) async fn bank_has(directory: &Path, count: usize) {
    soon(async {
        while bank(directory).1.len() < count {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    })
    .await;
}
