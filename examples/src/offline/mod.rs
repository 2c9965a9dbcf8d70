//! A few rules that answer like a model, behind a real server of the `OpenAI` protocol.
//!
//! The same conversation always gets the same answer, so the examples can be tried and tested
//! without a key or a network.

mod rules;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// A pause before each word, so that replies are seen to stream.
const WORD_PAUSE: Duration = Duration::from_millis(15);
/// The longest request, in bytes.
const LONGEST: usize = 2 * 1024 * 1024;

/// The running offline model; its server stops when this is dropped.
#[derive(Debug)]
pub struct OfflineModel {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl OfflineModel {
    /// The name under which the server lists its model.
    pub const NAME: &str = "offline";

    /// Starts the server on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve(listener));
        Ok(Self { address, server })
    }

    /// The address to give to a client: `http://127.0.0.1:…/v1`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }
}

impl Drop for OfflineModel {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Ends only when its task is aborted, and the connections with it.
async fn serve(listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                let connection = http1::Builder::new();
                connections.spawn(connection.serve_connection(TokioIo::new(stream), service_fn(answer)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

async fn answer(request: Request<Incoming>) -> Result<Answer, Infallible> {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    Ok(match (method, path.as_str()) {
        (Method::POST, "/v1/chat/completions") => chat(request).await,
        (Method::GET, "/v1/models") => {
            let model = json!({ "id": OfflineModel::NAME, "object": "model", "created": 0 });
            whole(
                StatusCode::OK,
                &json!({ "object": "list", "data": [model] }),
            )
        }
        (method, "/v1/chat/completions" | "/v1/models") => {
            let sentence = format!("{path} does not take {method}.");
            refuse(StatusCode::METHOD_NOT_ALLOWED, &sentence)
        }
        (method, _) => refuse(
            StatusCode::NOT_FOUND,
            &format!("There is no {method} {path}."),
        ),
    })
}

async fn chat(request: Request<Incoming>) -> Answer {
    let body = Limited::new(request.into_body(), LONGEST).collect().await;
    let Ok(body) = body else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "The request is too long.");
    };
    let request: Value = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    let messages = request.get("messages").and_then(Value::as_array);
    let of_user = |message: &&Value| message.get("role").is_some_and(|role| role == "user");
    let said = messages.map(|all| all.iter().filter(of_user).map(text).collect());
    let said: Vec<String> = said.flatten().unwrap_or_default();
    if said.is_empty() {
        let sentence = "The request must be JSON, with messages that hold a text from the user.";
        return refuse(StatusCode::BAD_REQUEST, sentence);
    }
    let reply = rules::reply_to(&said);
    if request.get("stream") == Some(&Value::Bool(true)) {
        let events = events(&reply).map(|data| format!("data: {data}\n\n"));
        return answer_with(StatusCode::OK, "text/event-stream", events);
    }
    let message = json!({ "role": "assistant", "content": reply });
    let choice = json!({ "index": 0, "message": message, "finish_reason": "stop" });
    whole(StatusCode::OK, &completion("chat.completion", &choice))
}

/// The protocol allows a text, or a list of parts of which some are text.
fn text(message: &Value) -> Option<String> {
    match message.get("content")? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
            Some(texts.collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// The events of a streamed reply: its role, its words, its end.
fn events(text: &str) -> impl Stream<Item = String> + Send + use<> {
    let chunk = |delta: Value, finish_reason: Value| {
        let choice = json!({ "index": 0, "delta": delta, "finish_reason": finish_reason });
        completion("chat.completion.chunk", &choice).to_string()
    };
    let role = chunk(json!({ "role": "assistant", "content": "" }), Value::Null);
    let words = text
        .split_inclusive(' ')
        .map(move |word| chunk(json!({ "content": word }), Value::Null));
    let words = stream::iter(words.collect::<Vec<_>>()).then(async |event| {
        tokio::time::sleep(WORD_PAUSE).await;
        event
    });
    let end = [chunk(json!({}), json!("stop")), "[DONE]".to_owned()];
    stream::iter([role]).chain(words).chain(stream::iter(end))
}

fn completion(object: &str, choice: &Value) -> Value {
    json!({
        "id": "chatcmpl-offline", "object": object, "created": 0,
        "model": OfflineModel::NAME, "choices": [choice],
    })
}

fn refuse(status: StatusCode, sentence: &str) -> Answer {
    let error = json!({ "message": sentence, "type": "invalid_request_error" });
    whole(status, &json!({ "error": error }))
}

fn whole(status: StatusCode, body: &Value) -> Answer {
    answer_with(status, "application/json", stream::iter([body.to_string()]))
}

fn answer_with(
    status: StatusCode,
    kind: &'static str,
    body: impl Stream<Item = String> + Send + 'static,
) -> Answer {
    let frames = body.map(|bytes| Ok(Frame::data(Bytes::from(bytes))));
    let mut answer = Response::new(StreamBody::new(frames).boxed_unsync());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}
