//! The chat with its input and output in pipes.

use std::sync::Arc;

use examples::OfflineModel;
use tokio::sync::Notify;

use crate::run::{Ended, PROMPT, Running, chat, first_line, run};
use crate::script::{DONE, STOP, Script, Server, delta, short};

/// Runs a chat that must succeed, and returns its output after the first line.
async fn said(server: &Server, input: impl Into<Vec<u8>>) -> String {
    let ended = run(chat(&server.base_url()), input).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let said = ended.stdout.strip_prefix(&first_line(&server.base_url()));
    said.unwrap_or_else(|| panic!("{ended:?}")).to_owned()
}

#[tokio::test]
async fn a_conversation_can_be_piped() {
    let model = OfflineModel::start().await.unwrap();
    let ended = run(
        chat(&model.base_url()),
        "My name is Ada.\nwhat is 12 * 7?\nWhat is my name?\nexit\nnever asked\n",
    )
    .await;
    let expected = first_line(&model.base_url())
        + "Question (type 'exit' to stop): \n\
           [user] My name is Ada.\n\
           [assistant] Nice to meet you, Ada! What would you like to talk about?\n\n\
           Question (type 'exit' to stop): \n\
           [user] what is 12 * 7?\n\
           [assistant] 12 * 7 is 84.\n\n\
           Question (type 'exit' to stop): \n\
           [user] What is my name?\n\
           [assistant] Your name is Ada; you told me so yourself.\n\n\
           Question (type 'exit' to stop): \n";
    assert_eq!(
        ended,
        Ended {
            code: Some(0),
            stdout: expected,
            stderr: String::new()
        }
    );
}

#[tokio::test]
async fn exit_and_the_end_of_the_input_end_the_chat_alike() {
    let server = Server::start([]).await;
    for input in ["exit\n", "exit", "  EXIT \r\n", ""] {
        assert_eq!(
            said(&server, input).await,
            format!("{PROMPT}\n"),
            "{input:?}"
        );
    }
}

#[tokio::test]
async fn an_empty_line_is_no_question() {
    let server = Server::start([]).await;
    let said = said(&server, "\n  \n\t\r\n").await;
    assert_eq!(said, PROMPT.repeat(4) + "\n");
}

#[tokio::test]
async fn a_last_line_without_its_end_is_a_question() {
    let server = Server::start([short("Hello.")]).await;
    assert_eq!(
        said(&server, "Hi").await,
        format!("{PROMPT}\n[user] Hi\n[assistant] Hello.\n\n{PROMPT}\n")
    );
}

#[tokio::test]
async fn bytes_that_are_no_text_are_shown_and_sent_as_such() {
    let server = Server::start([short("Hello.")]).await;
    let said = said(&server, b"H\xFFi\n").await;
    assert!(
        said.contains("[user] H\u{FFFD}i\n[assistant] Hello."),
        "{said}"
    );
    let [request] = &server.requests()[..] else {
        panic!("one question is one request");
    };
    assert_eq!(request.messages(), ["user: H\u{FFFD}i"]);
}

#[tokio::test]
async fn a_very_long_line_is_one_question() {
    let server = Server::start([short("I see.")]).await;
    let line = "word ".repeat(400_000);
    let said = said(&server, line.clone() + "\n").await;
    assert!(said.contains("\n[assistant] I see.\n"));
    let [request] = &server.requests()[..] else {
        panic!("one question is one request");
    };
    assert!(request.messages() == [format!("user: {}", line.trim())]);
}

#[tokio::test]
async fn words_appear_as_they_are_made() {
    let gate = Arc::new(Notify::new());
    let script = Script::stream()
        .chunk(delta("Hel"))
        .wait_for(&gate)
        .chunk(delta("lo.") + STOP + DONE)
        .end();
    let server = Server::start([script]).await;
    let mut chat = Running::start(chat(&server.base_url()));
    chat.wait_for(PROMPT).await;
    chat.send("Hi\n").await;
    chat.wait_for("[assistant] Hel").await;
    gate.notify_one();
    chat.wait_for("[assistant] Hello.\n\n").await;
    assert_eq!(chat.end().await.code, Some(0));
}

#[tokio::test]
async fn a_closed_pipe_ends_the_chat_quietly() {
    let server = Server::start([short("Hello.")]).await;
    let mut chat = Running::start(chat(&server.base_url()));
    chat.wait_for(PROMPT).await;
    chat.stop_reading();
    chat.send("Hi\n").await;
    let ended = chat.end().await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}
