//! Event streams of servers, and the resulting text.

use std::sync::Arc;

use examples::LlmError;
use futures::StreamExt;
use tokio::sync::Notify;

use crate::script::{DONE, STOP, Script, delta};
use crate::{CUT, ask, assert_passing, broken, chat, complete, no_reply};

/// A stream with these events between a first and a last delta.
fn around(events: &str) -> Script {
    Script::events(delta("Hel") + events + &delta("lo") + STOP + DONE)
}

#[tokio::test]
async fn the_deltas_are_the_reply() {
    let (pieces, error) = ask(around("")).await.unwrap();
    assert_eq!(pieces, ["Hel", "lo"]);
    assert!(error.is_none());
}

#[tokio::test]
async fn text_arrives_while_the_model_still_writes() {
    let gate = Arc::new(Notify::new());
    let script = Script::stream().chunk(delta("first")).wait_for(&gate);
    let (llm, _server) = chat([script.chunk(delta("second") + STOP + DONE).end()]).await;
    let mut reply = llm.ask("question").await.unwrap();
    assert_eq!(reply.next().await.unwrap().unwrap(), "first");
    gate.notify_one();
    assert_eq!(reply.next().await.unwrap().unwrap(), "second");
    assert!(reply.next().await.is_none());
    assert!(reply.next().await.is_none(), "the end is final");
}

#[tokio::test]
async fn first_chunks_without_text_are_no_pieces() {
    for part in [
        r#"{"role":"assistant","content":null}"#,
        r#"{"role":"assistant","content":""}"#,
        r#"{"role":"assistant"}"#,
        "{}",
        "null",
    ] {
        let first = format!("data: {{\"choices\":[{{\"index\":0,\"delta\":{part}}}]}}\n\n");
        let script = Script::events(first + &delta("Hello") + STOP + DONE);
        let (pieces, error) = ask(script).await.unwrap();
        assert_eq!(pieces, ["Hello"], "{part}");
        assert!(error.is_none(), "{part}");
    }
}

#[tokio::test]
async fn reasoning_is_not_part_of_the_reply() {
    let reasoning = r#"data: {"choices":[{"delta":{"reasoning_content":"hm","content":null}}]}"#;
    let only = r#"data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}"#;
    assert_eq!(
        complete(around(&format!("{reasoning}\n\n{only}\n\n"))).await,
        "Hello"
    );
}

#[tokio::test]
async fn usage_is_not_part_of_the_reply() {
    let each = r#"data: {"choices":[{"delta":{"content":"!"},"finish_reason":null}],"usage":null}"#;
    let last = r#"data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    let null = r#"data: {"choices":null,"usage":{"total_tokens":3}}"#;
    let body = format!("{each}\n\n{STOP}{last}\n\n{null}\n\n{DONE}");
    assert_eq!(complete(Script::events(body)).await, "!");
}

#[tokio::test]
async fn text_in_the_finishing_chunk_belongs_to_the_reply() {
    let last = r#"data: {"choices":[{"delta":{"content":"!"},"finish_reason":"length"}]}"#;
    let body = format!("{}{last}\n\n{DONE}", delta("Hello"));
    assert_eq!(complete(Script::events(body)).await, "Hello!");
}

#[tokio::test]
async fn comments_are_ignored() {
    let bare = ":\n\n".repeat(40);
    let named = ": ping\n\n: OPENROUTER PROCESSING\n\n:\n".repeat(20);
    assert_eq!(complete(around(&(bare + &named))).await, "Hello");
    let leading = ": ping\n\n".to_owned() + &delta("Hello") + ": inside\n" + STOP + DONE;
    assert_eq!(complete(Script::events(leading)).await, "Hello");
}

#[tokio::test]
async fn fields_besides_data_and_empty_events_are_ignored() {
    let fields = format!(
        "event: message\nid: 7\nretry: 100\nfuture: x\n{}",
        delta(", ")
    );
    let empty = "event: ping\n\ndata:\n\ndata\n\n";
    assert_eq!(complete(around(&(fields + empty))).await, "Hel, lo");
}

#[tokio::test]
async fn data_without_a_space_after_the_colon_is_read() {
    let body = (delta("Hello") + STOP + DONE).replace("data: ", "data:");
    assert_eq!(complete(Script::events(body)).await, "Hello");
}

#[tokio::test]
async fn data_over_several_lines_is_one_event() {
    let event =
        "data: {\"choices\":\ndata: [{\"delta\":\ndata:{\"content\":\"Hello\"}}\ndata: ]}\n\n";
    assert_eq!(
        complete(Script::events(event.to_owned() + STOP + DONE)).await,
        "Hello"
    );
}

#[tokio::test]
async fn every_kind_of_line_end_is_read() {
    for end in ["\n", "\r\n", "\r"] {
        let body = (": ping\n\n".to_owned() + &delta("Hel") + &delta("lo") + STOP + DONE)
            .replace('\n', end);
        assert_eq!(complete(Script::events(&body)).await, "Hello", "{end:?}");
        let bytewise = Script::stream().bytewise(&body).end();
        assert_eq!(complete(bytewise).await, "Hello", "{end:?}");
    }
}

// The parser of `async-openai` panics at it, so the reply is an error instead of being empty.
#[tokio::test]
async fn a_byte_order_mark_at_the_start_is_an_error() {
    let body = "\u{FEFF}".to_owned() + &delta("Hello") + STOP + DONE;
    let (text, error) = broken(Script::events(&body)).await;
    assert!(text.is_empty());
    assert_passing(&error, CUT);
}

#[tokio::test]
async fn cuts_inside_a_character_do_not_harm_it() {
    let text = "naïve – 🌊 日本";
    let body = delta(text) + STOP + DONE;
    assert!(body.contains('🌊'), "written as itself, not escaped");
    assert_eq!(complete(Script::stream().bytewise(&body).end()).await, text);
    for cut in 0..body.len() {
        let (head, tail) = body.as_bytes().split_at(cut);
        let script = if cut == 0 {
            Script::stream().chunk(tail)
        } else {
            Script::stream().chunk(head).chunk(tail)
        };
        assert_eq!(complete(script.end()).await, text, "cut at {cut}");
    }
}

/// A delta whose text is this JSON, including its escapes.
fn raw(json: &str) -> String {
    format!("data: {{\"choices\":[{{\"delta\":{{\"content\":{json}}}}}]}}\n\n")
}

#[tokio::test]
async fn a_surrogate_pair_in_one_delta_is_one_character() {
    let body = raw(r#""a\ud83c\udf0ab""#) + STOP + DONE;
    assert_eq!(complete(Script::events(body)).await, "a🌊b");
}

// JSON that escapes half a character is not a valid string. It is an error instead of being lost.
#[tokio::test]
async fn half_a_surrogate_pair_is_an_error() {
    let body = delta("a") + &raw(r#""\ud83c""#) + &raw(r#""\udf0ab""#) + STOP + DONE;
    let (text, error) = broken(Script::events(body)).await;
    assert_eq!(text, "a");
    let half = r#"{"choices":[{"delta":{"content":"\ud83c"}}]}"#;
    assert_passing(&error, &no_reply(half));
}

#[tokio::test]
async fn an_error_in_the_stream_ends_the_reply_after_its_text() {
    for (event, message) in [
        (
            r#"data: {"error":{"message":"out of memory","code":500}}"#,
            "out of memory",
        ),
        (
            r#"data: {"error":{"message":"out of memory","code":"oom"}}"#,
            "out of memory",
        ),
        (r#"data: {"error":"out of memory"}"#, "out of memory"),
        (
            r#"data: {"object":"error","message":"out of memory","code":400}"#,
            "out of memory",
        ),
        (
            r#"data: {"error":{"message":"lost"},"choices":[{"delta":{"content":""},"finish_reason":"error"}]}"#,
            "lost",
        ),
        (
            "event: error\ndata: {\"detail\":\"out of memory\"}",
            "out of memory",
        ),
    ] {
        let body = format!("{}{event}\n\n{}{DONE}", delta("Hel"), delta("lost"));
        let (text, error) = broken(Script::events(body)).await;
        assert_eq!(text, "Hel", "{event}");
        assert_passing(
            &error,
            &format!("The model server broke off the reply ({message}): ask again."),
        );
    }
}

#[tokio::test]
async fn an_error_at_the_very_start_of_the_stream_is_reported() {
    let (text, error) = broken(Script::events("data: {\"error\":{\"message\":\"no\"}}\n\n")).await;
    assert!(text.is_empty());
    assert_passing(
        &error,
        "The model server broke off the reply (no): ask again.",
    );
}

#[tokio::test]
async fn events_that_are_no_chunk_are_an_error_that_shows_them() {
    for (event, received) in [
        ("data: hello", "hello"),
        ("event: error\ndata: out of memory", "out of memory"),
        ("data: 7", "7"),
        (
            "data: {\"choices\":[{\"delta\":{\"content\":7}}]}",
            "{\"choices\":[{\"delta\":{\"content\":7}}]}",
        ),
    ] {
        let body = delta("Hel") + event + "\n\n" + &delta("lost") + DONE;
        let (text, error) = broken(Script::events(body)).await;
        assert_eq!(text, "Hel");
        assert_passing(&error, &no_reply(received));
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_an_error() {
    let body = [delta("Hel").as_bytes(), b"data: {\"x\":\"\xFF\"}\n\n"].concat();
    let (text, error) = broken(Script::events(body)).await;
    assert_eq!(text, "Hel");
    assert!(matches!(error, LlmError::Passing(_)), "{error:?}");
    assert!(error.to_string().contains("UTF8"), "{error}");
}
