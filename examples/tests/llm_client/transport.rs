//! The ends of replies, and faults of connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use examples::{Llm, LlmError};
use futures::StreamExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;

#[cfg(feature = "https")]
use crate::script::Server;
use crate::script::{DONE, STOP, Script, delta, short};
use crate::{CUT, assert_one_sentence, assert_passing, broken, chat, complete, read, refused};

/// An event stream that ends with the connection.
fn until_close(body: &str) -> Script {
    Script::request().send(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{body}"
    ))
}

fn assert_cut(error: &LlmError) {
    assert_passing(error, CUT);
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
async fn a_reply_with_done_before_the_model_has_finished_is_cut() {
    let (text, error) = broken(Script::events(delta("Hello") + DONE)).await;
    assert_eq!(text, "Hello");
    assert_cut(&error);
}

#[tokio::test]
async fn the_last_event_may_lack_its_empty_line() {
    for end in ["", "\n"] {
        let body = delta("Hello") + STOP + "data: [DONE]" + end;
        assert_eq!(complete(until_close(&body)).await, "Hello");
    }
}

#[tokio::test]
async fn a_reply_ends_at_done_though_the_connection_stays_open() {
    let script = Script::stream().chunk(delta("Hello") + STOP + DONE + &delta("late"));
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

fn assert_no_answer(error: &LlmError) {
    assert!(matches!(error, LlmError::Passing(_)), "{error:?}");
    let text = error.to_string();
    assert!(
        text.starts_with("The model server gave no answer ("),
        "{text}"
    );
}

/// Checks that a question to this address fails with a message that names the address.
fn assert_nothing_answers(error: &LlmError, address: &str) {
    assert!(matches!(error, LlmError::Lasting(_)), "{error:?}");
    assert_one_sentence(error);
    let text = error.to_string();
    assert!(
        text.starts_with(&format!("Nothing answers at {address}")),
        "{text}"
    );
    assert!(
        text.contains("set OPENAI_BASE_URL to one that runs."),
        "{text}"
    );
}

#[tokio::test]
async fn a_connection_that_ends_before_an_answer_is_an_error() {
    for script in [
        Script::request(),
        Script::request().reset(),
        Script::request().send("HTTP/1.1 20"),
    ] {
        let error = refused(script).await;
        assert_no_answer(&error);
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_http_is_an_error() {
    let error = refused(Script::request().send("220 mail.example ESMTP\r\n")).await;
    assert_no_answer(&error);
}

#[tokio::test]
async fn a_refused_connection_says_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    drop(listener);
    let llm = Llm::new(&url, None, "m").unwrap();
    let error = llm.ask("question").await.err().unwrap();
    assert_nothing_answers(&error, &url);
    assert!(error.to_string().contains("onnection refused"), "{error}");
}

#[tokio::test]
async fn an_unknown_host_says_what_to_do() {
    // Too long for a host name, so it fails immediately on any network.
    let host = "a".repeat(64) + ".invalid";
    let address = format!("http://{host}/v1");
    let llm = Llm::new(&address, None, "m").unwrap();
    let error = llm.ask("question").await.err().unwrap();
    assert_nothing_answers(&error, &address);
}

#[cfg(feature = "https")]
#[tokio::test]
async fn https_to_a_server_that_speaks_http_says_so() {
    let server = Server::start([Script::default()
        .send("HTTP/1.1 400 Bad Request\r\n\r\n")
        .hold()])
    .await;
    let url = format!("https://{}/v1", server.address());
    let llm = Llm::new(&url, None, "m").unwrap();
    let error = llm.ask("question").await.err().unwrap();
    assert_nothing_answers(&error, &url);
}

#[cfg(not(feature = "https"))]
#[test]
fn https_without_the_feature_says_how_to_get_it() {
    let error = Llm::new("https://api.openai.com/v1", Some("key"), "m").unwrap_err();
    assert!(matches!(error, LlmError::Lasting(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "`https://api.openai.com/v1` needs https, which this program was built without: add `--features https` to the command."
    );
}

#[test]
fn a_slash_at_the_end_of_the_address_makes_no_difference() {
    let llm = Llm::new("http://127.0.0.1:1/v1/", None, "m").unwrap();
    let line = llm.describe();
    assert!(
        line.starts_with("Talking to m at http://127.0.0.1:1/v1;"),
        "{line}"
    );
}

#[test]
fn an_address_without_a_scheme_is_refused_with_an_example() {
    let error = Llm::new("localhost:8080/v1", None, "m").unwrap_err();
    assert!(matches!(error, LlmError::Lasting(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "`localhost:8080/v1` is not the address of a server: set OPENAI_BASE_URL to one like http://127.0.0.1:11434/v1."
    );
}

#[test]
fn a_key_with_a_line_break_inside_is_refused_without_showing_it() {
    let error = Llm::new("http://x/v1", Some("sec\nret"), "m").unwrap_err();
    assert!(matches!(error, LlmError::Lasting(_)));
    let text = error.to_string();
    assert!(
        text.contains("OPENAI_API_KEY") && !text.contains("sec"),
        "{text}"
    );
}

#[tokio::test]
async fn headers_and_text_may_come_late() {
    let pause = Duration::from_millis(700);
    let script = Script::request()
        .pause(pause)
        .chunked("text/event-stream")
        .chunk(delta("Hello"));
    let begun = Instant::now();
    assert_eq!(
        complete(script.chunk(STOP.to_owned() + DONE).end()).await,
        "Hello"
    );
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

    let before = llm.ask("question").await.err().unwrap();
    let (pieces, within) = read(llm.ask("question").await.unwrap()).await;
    assert_eq!(pieces, ["Hel"]);
    for error in [before, within.unwrap()] {
        assert_passing(
            &error,
            "The model server has fallen silent: ask again, or choose a faster model.",
        );
    }
}

#[tokio::test]
async fn comments_keep_a_slow_reply_alive() {
    let (idle, step) = (Duration::from_millis(400), Duration::from_millis(100));
    let script = (0..7).fold(Script::stream(), |script, _| {
        script.pause(step).chunk(": ping\n\n")
    });
    let (llm, _server) = chat([script.chunk(delta("Hello") + STOP + DONE).end()]).await;
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
