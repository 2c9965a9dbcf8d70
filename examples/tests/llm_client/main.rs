//! The chat client against scripted servers over real sockets.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod answers;
mod conversation;
mod failures;
mod offline;
#[path = "../scripted_server/mod.rs"]
mod script;
mod streams;
mod transport;

use std::time::Duration;

use examples::{Llm, LlmError, Reply};
use futures::StreamExt;

use self::script::{Script, Server};

/// A chat with a server that answers each connection with the next script.
async fn chat(scripts: impl IntoIterator<Item = Script>) -> (Llm, Server) {
    let server = Server::start(scripts).await;
    let llm = Llm::new(&server.base_url(), Some("test-key"), "test-model").unwrap();
    (llm, server)
}

/// All pieces of a reply, and the error at its end.
async fn read(reply: Reply) -> (Vec<String>, Option<LlmError>) {
    let mut pieces = Vec::new();
    let mut error = None;
    for item in reply.collect::<Vec<_>>().await {
        assert!(error.is_none(), "something follows the error");
        match item {
            Ok(text) => {
                assert!(!text.is_empty(), "an empty piece");
                pieces.push(text);
            }
            Err(end) => error = Some(end),
        }
    }
    (pieces, error)
}

/// The result of one question that `script` answers.
async fn ask(script: Script) -> Result<(Vec<String>, Option<LlmError>), LlmError> {
    let (llm, _server) = chat([script]).await;
    let turn = async { Ok(read(llm.ask("question").await?).await) };
    // A reply that hangs must fail its test and not the whole run.
    tokio::time::timeout(Duration::from_secs(20), turn)
        .await
        .expect("the reply hangs")
}

/// The text of a reply, which must be complete.
async fn complete(script: Script) -> String {
    let (pieces, error) = ask(script).await.unwrap();
    assert!(error.is_none(), "{error:?} after {pieces:?}");
    pieces.concat()
}

/// The text of a reply that fails after its beginning, and the error.
async fn broken(script: Script) -> (String, LlmError) {
    let (pieces, error) = ask(script).await.unwrap();
    (pieces.concat(), error.expect("the reply is complete"))
}

/// The error of a question without a reply. Checks the form of the message.
async fn refused(script: Script) -> LlmError {
    let error = ask(script).await.expect_err("the question was answered");
    assert_one_sentence(&error);
    error
}

/// Checks that the error is temporary, and its message.
fn assert_passing(error: &LlmError, sentence: &str) {
    assert!(matches!(error, LlmError::Passing(_)), "{error:?}");
    assert_eq!(error.to_string(), sentence);
}

const CUT: &str = "The reply was cut off before its end: ask again.";

fn no_reply(received: &str) -> String {
    format!(
        "The model server sent no chat reply ({received}): ask again, or check OPENAI_BASE_URL."
    )
}

fn assert_one_sentence(error: &LlmError) {
    let text = error.to_string();
    assert!(text.ends_with('.') && !text.contains('\n'), "{text:?}");
    for debug in ["Error {", "Some(", "Kind(", "\\\""] {
        assert!(!text.contains(debug), "{text:?}");
    }
}
