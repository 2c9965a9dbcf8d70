//! How replies end, and what connections do meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use examples::{Llm, LlmError};
use futures::StreamExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::script::{DONE, STOP, Script, Server, delta, short};
use crate::{assert_one_sentence, broken, chat, complete, read, refused};

/// An event stream whose end is the end of the connection.
fn until_close(body: &str) -> Script {
    Script::request().send(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{body}"
    ))
}

fn assert_cut(error: &LlmError) {
    assert!(matches!(error, LlmError::Cut), "{error:?}");
    assert!(error.server_is_usable());
    assert_eq!(
        error.to_string(),
        "The reply was cut off before its end: ask again."
    );
}

#[tokio::test]
async fn a_reply_cut_before_done_is_an_error_after_its_text() {
    let body = delta("Hel") + &delta("lo");
    for script in [
        Script::events(&body),
        until_close(&body),
        // The body itself breaks off.
        Script::stream().chunk(&body),
    ] {
        let (text, error) = broken(script).await;
        assert_eq!(text, "Hello");
        assert_cut(&error);
    }
}

#[tokio::test]
async fn a_reply_cut_inside_an_event_is_an_error_after_its_text() {
    let event = delta("lost");
    for length in 1..event.len() - 2 {
        let body = delta("Hello") + &event[..length];
        let (text, error) = broken(until_close(&body)).await;
        assert_eq!(text, "Hello", "{body:?}");
        assert_cut(&error);
    }
}

#[tokio::test]
async fn a_reply_of_no_events_is_cut() {
    let (text, error) = broken(Script::events(": ping\n\n")).await;
    assert!(text.is_empty());
    assert_cut(&error);
}

#[tokio::test]
async fn a_reply_without_done_is_complete_once_the_model_has_finished() {
    let body = delta("Hello") + STOP;
    for script in [
        Script::events(&body),
        until_close(&body),
        until_close(&(body.clone() + "data: [DO")),
        Script::stream().chunk(&body),
    ] {
        assert_eq!(complete(script).await, "Hello");
    }
}

#[tokio::test]
async fn done_alone_completes_a_reply() {
    assert_eq!(
        complete(Script::events(delta("Hello") + DONE)).await,
        "Hello"
    );
}

#[tokio::test]
async fn the_last_event_may_lack_its_empty_line() {
    for end in ["", "\n"] {
        let body = delta("Hello") + "data: [DONE]" + end;
        assert_eq!(complete(until_close(&body)).await, "Hello");
    }
}

#[tokio::test]
async fn a_reply_ends_at_done_though_the_connection_stays_open() {
    let script = Script::stream().chunk(delta("Hello") + DONE + &delta("late"));
    assert_eq!(complete(script.hold()).await, "Hello");
}

#[tokio::test]
async fn a_finished_reply_does_not_wait_long_for_done() {
    let script = Script::stream().chunk(delta("Hello") + STOP);
    let begun = Instant::now();
    assert_eq!(complete(script.hold()).await, "Hello");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_connection_reset_midway_cuts_the_reply() {
    let gate = Arc::new(Notify::new());
    let script = Script::stream().chunk(delta("Hel")).wait_for(&gate);
    let (llm, _server) = chat([script.reset()]).await;
    let mut reply = llm.ask("question").await.unwrap();
    assert_eq!(reply.next().await.unwrap().unwrap(), "Hel");
    gate.notify_one();
    assert_cut(&reply.next().await.unwrap().unwrap_err());
    assert!(reply.next().await.is_none());
}

#[tokio::test]
async fn a_connection_that_ends_before_an_answer_is_an_error() {
    for script in [
        Script::request(),
        Script::request().reset(),
        Script::request().send("HTTP/1.1 20"),
    ] {
        let error = refused(script).await;
        assert!(matches!(error, LlmError::NoAnswer { .. }), "{error}");
        assert!(error.server_is_usable());
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_http_is_an_error() {
    let error = refused(Script::request().send("220 mail.example ESMTP\r\n")).await;
    assert!(matches!(error, LlmError::NoAnswer { .. }), "{error}");
}

#[tokio::test]
async fn a_refused_connection_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let error = Llm::new(&url, None, "m")
        .unwrap()
        .ask("question")
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "Nothing answers at {url}: start a model server there, or set OPENAI_BASE_URL to one that runs."
        )
    );
    assert!(!error.server_is_usable());
}

#[tokio::test]
async fn an_unknown_host_says_what_to_do() {
    // Too long for a name: it fails at once, on any network.
    let host = "a".repeat(64) + ".invalid";
    let llm = Llm::new(&format!("http://{host}/v1"), None, "m").unwrap();
    let error = llm.ask("question").await.unwrap_err();
    assert!(matches!(error, LlmError::UnknownHost { .. }), "{error:?}");
    assert_one_sentence(&error);
    assert!(!error.server_is_usable());
}

#[tokio::test]
async fn https_to_a_server_that_speaks_http_says_so() {
    let server = Server::start([Script::default()
        .send("HTTP/1.1 400 Bad Request\r\n\r\n")
        .hold()])
    .await;
    let url = format!("https://{}/v1", server.address());
    let error = Llm::new(&url, None, "m")
        .unwrap()
        .ask("question")
        .await
        .unwrap_err();
    assert!(matches!(error, LlmError::Tls { .. }), "{error:?}");
    assert_one_sentence(&error);
    assert!(!error.server_is_usable());
}

#[tokio::test]
async fn headers_and_text_may_come_late() {
    let pause = Duration::from_millis(700);
    let script = Script::request()
        .pause(pause)
        .chunked("text/event-stream")
        .chunk(delta("Hello"));
    let begun = Instant::now();
    assert_eq!(complete(script.chunk(DONE).end()).await, "Hello");
    assert!(begun.elapsed() >= pause);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_an_error_of_its_own() {
    let idle = Duration::from_millis(200);
    let (llm, _server) = chat([
        Script::request().hold(),
        Script::stream().chunk(delta("Hel")).hold(),
    ])
    .await;
    let llm = llm.with_idle_timeout(idle).unwrap();

    let before = llm.ask("question").await.unwrap_err();
    let (pieces, within) = read(llm.ask("question").await.unwrap()).await;
    assert_eq!(pieces, ["Hel"]);
    for error in [before, within.unwrap()] {
        assert!(
            matches!(error, LlmError::Silent { waited } if waited == idle),
            "{error:?}"
        );
        assert!(error.server_is_usable());
        assert_eq!(
            error.to_string(),
            "The model server has sent nothing for 200 milliseconds: ask again, or choose a faster model."
        );
    }
}

#[tokio::test]
async fn comments_keep_a_slow_reply_alive() {
    let (idle, step) = (Duration::from_millis(400), Duration::from_millis(100));
    let script = (0..7).fold(Script::stream(), |script, _| {
        script.pause(step).chunk(": ping\n\n")
    });
    let (llm, _server) = chat([script.chunk(delta("Hello") + DONE).end()]).await;
    let llm = llm.with_idle_timeout(idle).unwrap();
    let (pieces, error) = read(llm.ask("question").await.unwrap()).await;
    assert_eq!((pieces, error.is_none()), (vec!["Hello".to_owned()], true));
}

#[tokio::test]
async fn a_connection_closed_between_questions_does_not_matter() {
    // Closed right after the reply.
    let (llm, _server) = chat([short("one"), short("two")]).await;
    for expected in ["one", "two"] {
        let (pieces, error) = read(llm.ask("question").await.unwrap()).await;
        assert_eq!(
            (pieces.concat().as_str(), error.is_none()),
            (expected, true)
        );
    }
    // Closed just as the next question would arrive on it.
    let (llm, _server) = chat([short("one").then_request(), short("two")]).await;
    for expected in ["one", "two"] {
        let (pieces, error) = read(llm.ask("question").await.unwrap()).await;
        assert_eq!(
            (pieces.concat().as_str(), error.is_none()),
            (expected, true)
        );
    }
}
