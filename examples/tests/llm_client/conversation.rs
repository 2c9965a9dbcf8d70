//! The messages of a request, and the turns that are remembered.

use std::sync::Arc;

use examples::Llm;
use futures::StreamExt;
use serde_json::json;
use tokio::sync::Notify;

use crate::script::{DONE, STOP, Script, Server, delta, short};
use crate::{chat, read};

#[tokio::test]
async fn a_question_is_sent_in_the_form_of_the_protocol() {
    let (llm, server) = chat([short("Hello")]).await;
    read(llm.ask("Hi!").await.unwrap()).await;
    let [request] = &server.requests()[..] else {
        panic!("one question is one request");
    };
    assert!(
        request
            .head
            .starts_with("post /v1/chat/completions http/1.1\r\n"),
        "{}",
        request.head
    );
    assert!(
        request
            .head
            .contains("\r\nauthorization: bearer test-key\r\n"),
        "{}",
        request.head
    );
    assert!(
        request
            .head
            .contains("\r\ncontent-type: application/json\r\n"),
        "{}",
        request.head
    );
    assert_eq!(
        request.body,
        json!({
            "model": "test-model",
            "messages": [{ "role": "user", "content": "Hi!" }],
            "stream": true,
        })
    );
}

#[tokio::test]
async fn without_a_key_none_is_sent() {
    for key in [None, Some(""), Some("  ")] {
        let server = Server::start([short("Hello")]).await;
        let llm = Llm::new(&server.base_url(), key, "m").unwrap();
        read(llm.ask("Hi!").await.unwrap()).await;
        assert!(!server.requests()[0].head.contains("authorization"));
    }
}

#[tokio::test]
async fn complete_turns_are_sent_with_the_next_question() {
    let first = Script::events(delta("a ") + &delta("reply") + STOP + DONE);
    let (llm, server) = chat([first, short("b"), short("c")]).await;
    for question in ["one", "two", "three"] {
        read(llm.ask(question).await.unwrap()).await;
    }
    assert_eq!(
        server.requests()[2].messages(),
        [
            "user: one",
            "assistant: a reply",
            "user: two",
            "assistant: b",
            "user: three"
        ]
    );
}

#[tokio::test]
async fn a_turn_that_fails_is_not_remembered() {
    let (llm, server) = chat([
        short("kept"),
        Script::answer("500 Oops", "", ""),
        Script::events(delta("cut")),
        Script::events(delta("lost") + "data: {\"error\":\"no\"}\n\n" + DONE),
        Script::answer("200 OK", "Content-Type: application/json\r\n", "{}"),
        short("last"),
    ])
    .await;
    for question in ["good", "status", "cut", "error", "malformed", "last"] {
        if let Ok(reply) = llm.ask(question).await {
            read(reply).await;
        }
    }
    assert_eq!(
        server.requests()[5].messages(),
        ["user: good", "assistant: kept", "user: last"]
    );
}

#[tokio::test]
async fn a_reply_dropped_before_its_end_is_not_remembered() {
    let endless = || Script::stream().chunk(delta("begun")).hold();
    let (llm, server) = chat([endless(), endless(), short("last")]).await;
    drop(llm.ask("never read").await.unwrap());
    let mut reply = llm.ask("read a little").await.unwrap();
    assert_eq!(reply.next().await.unwrap().unwrap(), "begun");
    drop(reply);
    read(llm.ask("last").await.unwrap()).await;
    assert_eq!(server.requests()[2].messages(), ["user: last"]);
}

#[tokio::test]
async fn questions_may_overlap_and_are_remembered_as_their_replies_end() {
    let gate = Arc::new(Notify::new());
    let slow = Script::stream()
        .chunk(delta("slow"))
        .wait_for(&gate)
        .chunk(STOP.to_owned() + DONE)
        .end();
    let (llm, server) = chat([slow, short("fast"), short("last")]).await;
    let slow = llm.ask("first").await.unwrap();
    read(llm.ask("second").await.unwrap()).await;
    gate.notify_one();
    read(slow).await;
    read(llm.ask("third").await.unwrap()).await;
    assert_eq!(
        server.requests()[2].messages(),
        [
            "user: second",
            "assistant: fast",
            "user: first",
            "assistant: slow",
            "user: third"
        ]
    );
}

#[tokio::test]
async fn a_reply_may_outlive_the_chat_and_move_between_threads() {
    fn assert_send_sync<T: Send + Sync>(_: &T) {}
    fn assert_reply<T: Send + Unpin + 'static>(_: &T) {}
    let (llm, _server) = chat([short("Hello")]).await;
    assert_send_sync(&llm);
    let reply = llm.ask("Hi!").await.unwrap();
    assert_reply(&reply);
    drop(llm);
    let (pieces, error) = tokio::spawn(read(reply)).await.unwrap();
    assert_eq!((pieces.concat().as_str(), error.is_none()), ("Hello", true));
}

#[test]
fn the_key_is_not_shown() {
    let llm = Llm::new("http://127.0.0.1:1/v1", Some("very-secret"), "m").unwrap();
    assert!(!format!("{llm:?} {}", llm.describe()).contains("very-secret"));
}
