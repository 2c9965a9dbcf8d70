//! A reply on its way: server-sent events in, text out.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream, FusedStream, Stream, StreamExt};
use reqwest::Response;
use sse_stream::{Sse, SseByteStream};
use tokio::time::Sleep;

use super::body;
use super::conversation::Turn;
use super::endpoint::{self, Endpoint};
use super::error::LlmError;
use super::surrogates::Joiner;
use super::wire::Completion;

/// How long `[DONE]` may follow the model's last word. Some servers never
/// send it and keep the connection open.
const DONE_GRACE: Duration = Duration::from_millis(500);

/// The text of a reply, piece by piece as the model writes it.
///
/// Pieces are never empty. After an error the stream ends; without one, its
/// end means that the reply is complete.
#[must_use = "a reply that is not read to its end is not remembered"]
pub struct Reply {
    state: State,
    joiner: Joiner,
    turn: Turn,
    idle: Duration,
}

type Body = BoxStream<'static, reqwest::Result<Bytes>>;

enum State {
    /// Events are coming in.
    Receiving(Box<Receiving>),
    /// All text that is left, and how the reply ends after it.
    Ending(String, Option<LlmError>),
    Over,
}

struct Receiving {
    events: SseByteStream<Body>,
    /// Set once the model has said that it is done.
    finished: Option<Pin<Box<Sleep>>>,
}

/// What an event, or the lack of one, means for the reply.
enum Step {
    Text(Vec<u8>),
    Finished(Vec<u8>),
    End(Option<LlmError>),
}

impl Reply {
    /// Takes over an answer whose status was a success.
    pub(super) async fn receive(
        endpoint: &Endpoint,
        response: Response,
        turn: Turn,
    ) -> Result<Self, LlmError> {
        if endpoint::is_web_page(&response) {
            return Err(endpoint.web_page());
        }
        let idle = endpoint.idle_limit();
        let mut joiner = Joiner::default();
        let state = if endpoint::is_json(&response) {
            let text = whole(response, idle).await?;
            let text = joiner.push(&text) + &joiner.finish();
            State::Ending(text, None)
        } else {
            State::Receiving(Box::new(Receiving::new(response)))
        };
        Ok(Self {
            state,
            joiner,
            turn,
            idle,
        })
    }
}

impl Stream for Reply {
    type Item = Result<String, LlmError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let text = match &mut this.state {
                State::Receiving(receiving) => match ready!(receiving.poll_step(cx, this.idle)) {
                    Step::Text(text) => this.joiner.push(&text),
                    Step::Finished(text) => {
                        receiving.finish();
                        this.joiner.push(&text)
                    }
                    Step::End(error) => {
                        // This also closes the connection.
                        this.state = State::Ending(this.joiner.finish(), error);
                        continue;
                    }
                },
                State::Ending(text, _) if !text.is_empty() => std::mem::take(text),
                State::Ending(_, error) => {
                    let error = error.take();
                    this.state = State::Over;
                    if error.is_none() {
                        this.turn.complete();
                    }
                    return Poll::Ready(error.map(Err));
                }
                State::Over => return Poll::Ready(None),
            };
            if !text.is_empty() {
                this.turn.push(&text);
                return Poll::Ready(Some(Ok(text)));
            }
        }
    }
}

impl FusedStream for Reply {
    fn is_terminated(&self) -> bool {
        matches!(self.state, State::Over)
    }
}

impl Receiving {
    fn new(response: Response) -> Self {
        // Servers that close right after the last event may leave out the
        // empty line that ends it.
        let end = stream::once(async { Ok(Bytes::from_static(b"\n\n")) });
        let bytes: Body = response.bytes_stream().chain(end).boxed();
        Self {
            events: SseByteStream::new(bytes),
            finished: None,
        }
    }

    fn finish(&mut self) {
        self.finished
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(DONE_GRACE)));
    }

    fn poll_step(&mut self, cx: &mut Context<'_>, idle: Duration) -> Poll<Step> {
        let event = match self.events.poll_next_unpin(cx) {
            Poll::Ready(event) => event,
            Poll::Pending => {
                let Some(grace) = &mut self.finished else {
                    return Poll::Pending;
                };
                ready!(grace.as_mut().poll(cx));
                None
            }
        };
        let step = match event {
            Some(Ok(event)) => step(&event),
            Some(Err(sse_stream::Error::Body(error))) => {
                let error = error.downcast_ref::<reqwest::Error>();
                Step::End(Some(
                    error.map_or(LlmError::Cut, |error| endpoint::broken(error, idle)),
                ))
            }
            Some(Err(error)) => Step::End(Some(LlmError::Malformed {
                reason: body::one_line(&error.to_string()),
            })),
            None => Step::End(Some(LlmError::Cut)),
        };
        Poll::Ready(match step {
            // Once the model is done, how the connection ends is no matter,
            // unless the server itself reports an error.
            Step::End(Some(error))
                if self.finished.is_some() && !matches!(error, LlmError::InReply { .. }) =>
            {
                Step::End(None)
            }
            step => step,
        })
    }
}

fn step(event: &Sse) -> Step {
    let data = event.data.as_deref().unwrap_or_default().trim();
    if data.is_empty() {
        return Step::Text(Vec::new());
    }
    if data == "[DONE]" {
        return Step::End(None);
    }
    if event.event.as_deref() == Some("error") {
        return Step::End(Some(in_reply(data)));
    }
    match serde_json::from_str::<Completion>(data) {
        Ok(chunk) if chunk.is_error() => Step::End(Some(in_reply(data))),
        Ok(chunk) if chunk.is_finished() => Step::Finished(chunk.delta().to_vec()),
        Ok(chunk) => Step::Text(chunk.delta().to_vec()),
        Err(error) => Step::End(Some(endpoint::malformed(&error))),
    }
}

fn in_reply(data: &str) -> LlmError {
    LlmError::InReply {
        message: body::message(data),
    }
}

/// The text of a reply that was not streamed.
async fn whole(response: Response, idle: Duration) -> Result<Vec<u8>, LlmError> {
    let bytes = response
        .bytes()
        .await
        .map_err(|error| endpoint::broken(&error, idle))?;
    let completion: Completion =
        serde_json::from_slice(&bytes).map_err(|error| endpoint::malformed(&error))?;
    if completion.is_error() {
        return Err(in_reply(&String::from_utf8_lossy(&bytes)));
    }
    match completion.message() {
        Some(text) => Ok(text.to_vec()),
        None => Err(LlmError::Malformed {
            reason: "it holds no message".to_owned(),
        }),
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("turn", &self.turn)
            .finish_non_exhaustive()
    }
}
