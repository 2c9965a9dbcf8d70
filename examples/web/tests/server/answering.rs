//! Answers to the question whether to publish an article.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::browser::{Server, end};

#[tokio::test]
async fn a_redraft_takes_the_reason_into_account_and_asks_again() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    let asked = events.until("asked").await.pop().unwrap();
    assert_eq!(asked.data["question"], "0");
    assert!(asked.data["until"].is_u64(), "{asked:?}");

    let reason = json!({ "verdict": "redraft", "reason": " mention the bridge " });
    let path = format!("/executions/{id}/answers/0");
    let response = server.send(Method::POST, &path, Some(reason)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let answered = events.next().await.unwrap();
    assert_eq!(
        answered.data,
        json!({
            "kind": "answered",
            "verdict": { "verdict": "redraft", "reason": "mention the bridge" },
        })
    );
    let asked = events.until("asked").await.pop().unwrap();
    assert_eq!(asked.data["question"], "1");

    let path = format!("/executions/{id}/answers/1");
    let verdict = Some(json!({ "verdict": "publish" }));
    server.send(Method::POST, &path, verdict).await;
    let published = events.until("published").await.pop().unwrap();
    let text = published.data["text"].as_str().unwrap();
    assert!(
        text.ends_with("since the editor asked: mention the bridge."),
        "{text}"
    );
    assert_eq!(events.rest().await, [end("done")]);
}

#[tokio::test]
async fn the_second_answer_comes_too_late() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    let path = format!("/executions/{id}/answers/0");
    let redraft = json!({ "verdict": "redraft", "reason": "longer" });
    let response = server.send(Method::POST, &path, Some(redraft)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);

    let publish = json!({ "verdict": "publish" });
    let refused = server.refused(Method::POST, &path, Some(publish)).await;
    let sentence = "the question is not waiting for an answer: it was answered before, \
        its time limit has passed, or it was never asked";
    assert_eq!(refused, (StatusCode::CONFLICT, sentence.to_owned()));
}

#[tokio::test]
async fn an_answer_after_the_end_comes_too_late() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    server.publish(id).await;
    events.rest().await;
    let path = format!("/executions/{id}/answers/0");
    let publish = json!({ "verdict": "publish" });
    let refused = server.refused(Method::POST, &path, Some(publish)).await;
    let sentence = "the execution that asked this question has ended".to_owned();
    assert_eq!(refused, (StatusCode::CONFLICT, sentence));
}

#[tokio::test]
async fn a_question_that_was_not_asked_cannot_be_answered() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    server.follow(id).await.until("asked").await;
    let publish = json!({ "verdict": "publish" });
    let path = format!("/executions/{id}/answers/1");
    let (status, _) = server
        .refused(Method::POST, &path, Some(publish.clone()))
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let path = format!("/executions/{id}/answers/first");
    let refused = server.refused(Method::POST, &path, Some(publish)).await;
    let sentence = "`first` is no question: its number is in the item that asked.".to_owned();
    assert_eq!(refused, (StatusCode::NOT_FOUND, sentence));
}

#[tokio::test]
async fn an_invalid_verdict_is_rejected_and_the_question_keeps_waiting() {
    let server = Server::start(Duration::ZERO).await;
    let id = server.begin().await;
    let mut events = server.follow(id).await;
    events.until("asked").await;
    let path = format!("/executions/{id}/answers/0");
    for (verdict, part) in [
        (
            json!({ "verdict": "maybe" }),
            "unknown variant `maybe`, expected `publish` or `redraft`",
        ),
        (json!({ "verdict": "redraft" }), "missing field `reason`"),
        (
            json!({ "verdict": "redraft", "reason": "  " }),
            "The reason is empty: say something.",
        ),
        (
            json!({ "verdict": "redraft", "reason": "x".repeat(501) }),
            "The reason is 501 bytes long: 500 have to do.",
        ),
    ] {
        let (status, sentence) = server.refused(Method::POST, &path, Some(verdict)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sentence.contains(part), "{sentence}");
    }
    server.publish(id).await;
    assert_eq!(events.rest().await.last(), Some(&end("done")));
}
