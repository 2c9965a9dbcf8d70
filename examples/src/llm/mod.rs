//! A chat with any server that speaks the `OpenAI` protocol.
//!
//! `async-openai` speaks it. Here is what it leaves to its users: the conversation, a reply that
//! was cut off, errors that a person can read, and which server to talk to.

#![allow(clippy::missing_errors_doc, reason = "the messages say why")]

mod error;
mod http;

use std::env;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::types::chat::{
    ChatCompletionRequestAssistantMessage as Assistant, ChatCompletionRequestMessage as Message,
    ChatCompletionRequestUserMessage as User, CreateChatCompletionRequest as Request,
};
use async_openai::types::stream::StreamResponse;
use futures::stream::{BoxStream, StreamExt, try_unfold};
use reqwest::header::HeaderValue;
use serde_json::Value;

pub use self::error::LlmError;
use self::http::Fault;
use crate::offline::OfflineModel;

/// A reply, piece by piece as the model writes it; complete if it ends without an error.
pub type Reply = BoxStream<'static, Result<String, LlmError>>;

/// A language model, and the conversation with it.
///
/// A question and its reply join the conversation when the reply has been read to its end.
#[derive(Debug)]
pub struct Llm {
    address: String,
    config: OpenAIConfig,
    model: String,
    http: reqwest::Client,
    conversation: Arc<Mutex<Vec<Message>>>,
    /// The server in this program, which stops when this is dropped.
    offline: Option<OfflineModel>,
}

impl Llm {
    /// The model that `OPENAI_BASE_URL`, `OPENAI_API_KEY` and `OPENAI_MODEL` name.
    ///
    /// A key alone means `OpenAI`'s own server. With neither, it is an Ollama on this machine
    /// (`OLLAMA_HOST`) if one runs, and the offline model otherwise.
    pub async fn from_env() -> Result<Self, LlmError> {
        let set = |name| {
            let value = env::var_os(name)?.to_string_lossy().trim().to_owned();
            Some(value).filter(|value| !value.is_empty())
        };
        let (named, key) = (set("OPENAI_BASE_URL"), set("OPENAI_API_KEY"));
        let model = set("OPENAI_MODEL");
        if let (None, Some(key)) = (&named, &key) {
            let model = model.as_deref().unwrap_or("gpt-4o-mini");
            return Self::new("https://api.openai.com/v1", Some(key), model);
        }
        let host = set("OLLAMA_HOST").unwrap_or("127.0.0.1:11434".to_owned());
        let address = named.clone().unwrap_or(format!("http://{host}/v1"));
        let llm = Self::new(&address, key.as_deref(), "")?;
        let model = match (model, &named) {
            (Some(model), Some(_)) => model,
            (None, Some(_)) => llm.first_model().await?,
            (model, None) => match llm.first_model().await {
                Ok(first) => model.unwrap_or(first),
                Err(_) => return Self::offline().await,
            },
        };
        Ok(Self { model, ..llm })
    }

    /// A model on the server at `address`, such as `http://127.0.0.1:8080/v1`.
    pub fn new(address: &str, key: Option<&str>, model: &str) -> Result<Self, LlmError> {
        let address = address.trim().trim_end_matches('/');
        let key = key.unwrap_or_default().trim();
        let https = address.starts_with("https://");
        let wrong = if !https && !address.starts_with("http://") {
            format!(
                "`{address}` is not the address of a server: set OPENAI_BASE_URL to one like http://127.0.0.1:11434/v1."
            )
        } else if https && !cfg!(feature = "https") {
            format!(
                "`{address}` needs https, which this program was built without: add `--features https` to the command."
            )
        } else if HeaderValue::from_str(key).is_err() {
            "The API key holds a line break or the like: set OPENAI_API_KEY again.".to_owned()
        } else {
            String::new()
        };
        if !wrong.is_empty() {
            return Err(LlmError::Lasting(wrong));
        }
        let config = OpenAIConfig::new().with_org_id("").with_project_id("");
        Ok(Self {
            address: address.to_owned(),
            config: config.with_api_base(address).with_api_key(key),
            model: model.to_owned(),
            http: http::client(address, Duration::from_secs(120))?,
            conversation: Arc::default(),
            offline: None,
        })
    }

    /// The model that is built into this program, on a free port of the loopback interface.
    pub async fn offline() -> Result<Self, LlmError> {
        let server = OfflineModel::start().await.map_err(|error| {
            LlmError::Lasting(format!(
                "The offline model cannot open a port ({error}): set OPENAI_BASE_URL to a model server."
            ))
        })?;
        let mut llm = Self::new(&server.base_url(), None, OfflineModel::NAME)?;
        llm.offline = Some(server);
        Ok(llm)
    }

    /// Changes how long the server may be silent before a reply fails; 120 seconds unless set.
    pub fn with_idle_timeout(self, idle: Duration) -> Result<Self, LlmError> {
        let http = http::client(&self.address, idle)?;
        Ok(Self { http, ..self })
    }

    /// One line about the model, and how to choose another.
    #[must_use]
    pub fn describe(&self) -> String {
        let model = match self.offline {
            Some(_) => "the built-in offline model, which follows a few rules".to_owned(),
            None => format!("{} at {}", self.model, self.address),
        };
        format!(
            "Talking to {model}; set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to choose another."
        )
    }

    /// Asks a question; the reply arrives as the model writes it.
    pub async fn ask(&self, question: &str) -> Result<Reply, LlmError> {
        let question = Message::User(User::from(question));
        let mut messages = lock(&self.conversation).clone();
        messages.push(question.clone());
        let request = Request {
            model: self.model.clone(),
            messages,
            stream: Some(true),
            ..Request::default()
        };
        let fault = Fault::default();
        let client = self.client(&fault);
        let chunks = client.chat().create_stream_byot(request).await;
        let receiving = Receiving {
            chunks: chunks.map_err(|error| reason(&fault, &error))?,
            fault,
            finished: false,
            question,
            reply: String::new(),
            conversation: Arc::clone(&self.conversation),
        };
        let pieces = try_unfold(receiving, async |mut receiving| {
            let piece = receiving.next().await?;
            Ok(piece.map(|piece| (piece, receiving)))
        });
        Ok(pieces.boxed())
    }

    async fn first_model(&self) -> Result<String, LlmError> {
        let fault = Fault::default();
        let list = self.client(&fault).models().list_byot().await;
        let list: Value = list.map_err(|error| reason(&fault, &error))?;
        let first = list.pointer("/data/0/id").and_then(Value::as_str);
        let none = format!("{} lists no model: set OPENAI_MODEL.", self.address);
        Ok(first.ok_or(LlmError::Lasting(none))?.to_owned())
    }

    fn client(&self, fault: &Fault) -> async_openai::Client<OpenAIConfig> {
        let client = async_openai::Client::build(self.http.clone(), self.config.clone());
        let (http, fault) = (self.http.clone(), Arc::clone(fault));
        let send = move |request| http::send(http.clone(), request, Arc::clone(&fault));
        client.with_http_service(tower::service_fn(send))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why a request failed: because of a fault, or because of what `async-openai` has found.
fn reason(fault: &Fault, found: &OpenAIError) -> LlmError {
    let found = || match found {
        OpenAIError::JSONDeserialize(_, received) => error::no_reply(received),
        found => error::no_reply(&found.to_string()),
    };
    fault.get().cloned().unwrap_or_else(found)
}

/// A reply on its way.
struct Receiving {
    chunks: StreamResponse<Value>,
    fault: Fault,
    /// Whether the model has said that it is done.
    finished: bool,
    question: Message,
    reply: String,
    conversation: Arc<Mutex<Vec<Message>>>,
}

impl Receiving {
    /// The next piece of text, until the reply is complete and remembered.
    async fn next(&mut self) -> Result<Option<String>, LlmError> {
        // Some servers never send `[DONE]`, and keep the connection open.
        while !self.finished {
            match self.chunks.next().await {
                Some(Ok(chunk)) => {
                    let text = self.read(&chunk)?;
                    if !text.is_empty() {
                        self.reply.push_str(text);
                        return Ok(Some(text.to_owned()));
                    }
                }
                // An event without data.
                Some(Err(OpenAIError::JSONDeserialize(_, data))) if data.trim().is_empty() => {}
                Some(Err(error)) => return Err(reason(&self.fault, &error)),
                None => return Err(error::cut()),
            }
        }
        let reply = Message::Assistant(Assistant::from(self.reply.as_str()));
        lock(&self.conversation).extend([self.question.clone(), reply]);
        Ok(None)
    }

    /// The text of a chunk, which is empty in one about usage and the like.
    fn read<'a>(&mut self, chunk: &'a Value) -> Result<&'a str, LlmError> {
        let no_reply = || error::no_reply(&chunk.to_string());
        let error = chunk.get("error").is_some_and(|error| !error.is_null());
        if error || chunk.get("choices").is_none() {
            let message = error::message(chunk).ok_or_else(no_reply)?;
            return Err(LlmError::Passing(format!(
                "The model server broke off the reply ({message}): ask again."
            )));
        }
        let why = chunk.pointer("/choices/0/finish_reason");
        // Some gateways send an empty reason with every chunk.
        self.finished = why.is_some_and(|why| !why.is_null() && why != "");
        match chunk.pointer("/choices/0/delta/content") {
            None | Some(Value::Null) => Ok(""),
            Some(text) => text.as_str().ok_or_else(no_reply),
        }
    }
}
