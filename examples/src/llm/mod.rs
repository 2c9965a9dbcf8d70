//! A chat client for any server that speaks the `OpenAI` protocol.
//!
//! ```no_run
//! # async fn chat() -> Result<(), examples::LlmError> {
//! use futures::StreamExt;
//!
//! let llm = examples::Llm::from_env().await?;
//! println!("{}", llm.describe());
//! let mut reply = llm.ask("Hello!").await?;
//! while let Some(text) = reply.next().await {
//!     print!("{}", text?);
//! }
//! # Ok(())
//! # }
//! ```

mod body;
mod conversation;
mod discover;
mod endpoint;
mod error;
mod reply;
mod surrogates;
mod wire;

use std::fmt;
use std::time::Duration;

use self::conversation::Conversation;
use self::endpoint::{Endpoint, Limits};
pub use self::error::LlmError;
pub use self::reply::Reply;
use crate::offline::OfflineModel;

/// A language model, and the conversation held with it so far.
///
/// A question and its reply become part of the conversation once the reply
/// has been read to its end; a reply that fails, is cut or is dropped early
/// leaves the conversation as it was.
pub struct Llm {
    endpoint: Endpoint,
    model: String,
    conversation: Conversation,
    /// The embedded server, which stops when the `Llm` is dropped.
    offline: Option<OfflineModel>,
    /// What [`Llm::describe`] adds about how this model came to be chosen.
    note: Option<&'static str>,
}

impl Llm {
    /// Picks a model from the environment: `OPENAI_BASE_URL`,
    /// `OPENAI_API_KEY` and `OPENAI_MODEL`.
    ///
    /// A key alone means `OpenAI`'s own server. With neither address nor key,
    /// a local Ollama is used if one runs, and the offline model otherwise.
    ///
    /// # Errors
    ///
    /// If a variable cannot be used, or the server it names cannot be used
    /// when asked for its models (which happens only without `OPENAI_MODEL`).
    pub async fn from_env() -> Result<Self, LlmError> {
        discover::from_settings(&discover::Settings::from_env()).await
    }

    /// A model on the server at `base_url`, such as `http://127.0.0.1:8080/v1`.
    ///
    /// # Errors
    ///
    /// If the address or the key cannot be used; the server is not contacted.
    pub fn new(base_url: &str, api_key: Option<&str>, model: &str) -> Result<Self, LlmError> {
        Ok(Self::at(
            Endpoint::new(base_url, api_key, Limits::default())?,
            model,
        ))
    }

    /// The embedded offline model, on a free port of the loopback interface.
    ///
    /// # Errors
    ///
    /// If no port can be opened.
    pub async fn offline() -> Result<Self, LlmError> {
        let server = OfflineModel::start().await.map_err(LlmError::Offline)?;
        let mut llm = Self::new(&server.base_url(), None, OfflineModel::NAME)?;
        llm.offline = Some(server);
        Ok(llm)
    }

    fn at(endpoint: Endpoint, model: &str) -> Self {
        Self {
            endpoint,
            model: model.to_owned(),
            conversation: Conversation::default(),
            offline: None,
            note: None,
        }
    }

    /// Changes how long the server may stay silent before a reply fails;
    /// 120 seconds unless set.
    ///
    /// # Errors
    ///
    /// If the HTTP client cannot be set up again.
    pub fn with_idle_timeout(mut self, idle: Duration) -> Result<Self, LlmError> {
        self.endpoint = self.endpoint.with_idle_timeout(idle)?;
        Ok(self)
    }

    /// One line that says which model is talking and how to choose another.
    #[must_use]
    pub fn describe(&self) -> String {
        let who = if self.offline.is_some() {
            "the built-in offline model, a set of rules rather than a real language model"
                .to_owned()
        } else {
            format!("{} at {}", self.model, self.endpoint.address())
        };
        let note = self.note.map_or(String::new(), |note| format!(" ({note})"));
        format!(
            "Talking to {who}{note}; set OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_MODEL to choose another."
        )
    }

    /// Asks a question; the reply arrives as the model writes it.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or refuses the question. What goes
    /// wrong once the reply has begun is an item of the [`Reply`].
    pub async fn ask(&self, question: &str) -> Result<Reply, LlmError> {
        let messages = self.conversation.with_question(question);
        let response = self.endpoint.chat(&self.model, &messages).await?;
        Reply::receive(&self.endpoint, response, self.conversation.turn(question)).await
    }
}

impl fmt::Debug for Llm {
    // The key stays out: `Endpoint` does not show it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Llm")
            .field("address", &self.endpoint.address())
            .field("model", &self.model)
            .field("offline", &self.offline.is_some())
            .finish_non_exhaustive()
    }
}
