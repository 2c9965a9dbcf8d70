//! A server that follows a script, byte by byte.

// Each test that shares this file uses only a part of it.
#![allow(dead_code)]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The actions of the server on one connection, in order.
#[derive(Default)]
pub(crate) struct Script(VecDeque<Act>);

enum Act {
    /// Read a whole request and remember it.
    Request,
    Send(Vec<u8>),
    Pause(Duration),
    WaitFor(Arc<Notify>),
    Tell(Arc<Notify>),
    /// End the connection with a reset instead of an orderly close.
    Reset,
    /// Keep the connection open until the client closes it.
    Hold,
}

impl Script {
    /// Reads a request without answering yet.
    pub(crate) fn request() -> Self {
        Self::default().then_request()
    }

    /// Reads a request and begins an event stream of chunks.
    pub(crate) fn stream() -> Self {
        Self::request().chunked("text/event-stream; charset=utf-8")
    }

    /// Reads a request and sends a whole event stream, its end included.
    pub(crate) fn events(body: impl AsRef<[u8]>) -> Self {
        Self::stream().chunk(body).end()
    }

    /// Reads a request and answers with a body of known length.
    pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::request().send(format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        ))
    }

    pub(crate) fn then_request(self) -> Self {
        self.act(Act::Request)
    }

    /// The head of an answer with a chunked body.
    pub(crate) fn chunked(self, content_type: &str) -> Self {
        self.send(format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        ))
    }

    /// One chunk. The client's HTTP library hands each over by itself, so
    /// chunks decide where the client sees the body cut.
    pub(crate) fn chunk(self, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("{:x}\r\n", body.len());
        self.send([head.as_bytes(), body, b"\r\n"].concat())
    }

    /// Each byte in its own chunk.
    pub(crate) fn bytewise(self, body: impl AsRef<[u8]>) -> Self {
        let bytes = body.as_ref().iter();
        bytes.fold(self, |script, byte| script.chunk([*byte]))
    }

    /// The end of a chunked body.
    pub(crate) fn end(self) -> Self {
        self.send("0\r\n\r\n")
    }

    pub(crate) fn send(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.act(Act::Send(bytes.into()))
    }

    pub(crate) fn pause(self, pause: Duration) -> Self {
        self.act(Act::Pause(pause))
    }

    pub(crate) fn wait_for(self, notify: &Arc<Notify>) -> Self {
        self.act(Act::WaitFor(Arc::clone(notify)))
    }

    pub(crate) fn tell(self, notify: &Arc<Notify>) -> Self {
        self.act(Act::Tell(Arc::clone(notify)))
    }

    pub(crate) fn reset(self) -> Self {
        self.act(Act::Reset)
    }

    pub(crate) fn hold(self) -> Self {
        self.act(Act::Hold)
    }

    fn act(mut self, act: Act) -> Self {
        self.0.push_back(act);
        self
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The request line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Request {
    /// The texts of the messages, each after its role.
    pub(crate) fn messages(&self) -> Vec<String> {
        let messages = self.body["messages"].as_array().unwrap().iter();
        messages
            .map(|message| {
                let (role, content) = (&message["role"], &message["content"]);
                format!("{}: {}", role.as_str().unwrap(), content.as_str().unwrap())
            })
            .collect()
    }
}

/// Accepts one connection per script.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let scripts: Vec<_> = scripts.into_iter().collect();
        let log = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                // A task for each connection, so that a held one blocks no other.
                tokio::spawn(play(script, stream, Arc::clone(&log)));
            }
            // Connections after the last script are refused.
        });
        Self {
            address,
            requests,
            task,
        }
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far, oldest first.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn play(script: Script, mut stream: TcpStream, log: Arc<Mutex<Vec<Request>>>) {
    stream.set_nodelay(true).unwrap();
    for act in script.0 {
        match act {
            Act::Request => match read_request(&mut stream).await {
                Some(request) => log.lock().unwrap().push(request),
                None => return,
            },
            Act::Send(bytes) => {
                // A client that has read enough may have disconnected.
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::Pause(pause) => tokio::time::sleep(pause).await,
            Act::WaitFor(notify) => notify.notified().await,
            Act::Tell(notify) => notify.notify_one(),
            Act::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Act::Hold => {
                let mut rest = [0; 64];
                while matches!(stream.read(&mut rest).await, Ok(1..)) {}
            }
        }
    }
}

/// The next request, or `None` if the client closes the connection first.
async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Request {
        head,
        body: serde_json::from_slice(&body).unwrap_or_default(),
    })
}

/// An event with this text as its delta.
pub(crate) fn delta(text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!("data: {{\"choices\":[{{\"delta\":{{\"content\":{text}}}}}]}}\n\n")
}

/// The event that ends the reply of the model.
pub(crate) const STOP: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

pub(crate) const DONE: &str = "data: [DONE]\n\n";

/// A whole reply of one delta.
pub(crate) fn short(text: &str) -> Script {
    Script::events(delta(text) + STOP + DONE)
}
