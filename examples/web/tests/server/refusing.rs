//! Requests that are rejected, each with a message.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::browser::{FOR_EVER, Server};

#[tokio::test]
async fn an_unknown_execution_is_reported() {
    let server = Server::start(FOR_EVER).await;
    for id in ["1", "x"] {
        for (method, path) in [
            (Method::GET, format!("/executions/{id}/events")),
            (Method::DELETE, format!("/executions/{id}")),
            (Method::POST, format!("/executions/{id}/answers/0")),
        ] {
            let verdict = Some(json!({ "verdict": "publish" }));
            let refused = server.refused(method, &path, verdict).await;
            let sentence = format!(
                "There is no execution `{id}`: the server was restarted since, or has forgotten it."
            );
            assert_eq!(refused, (StatusCode::NOT_FOUND, sentence));
        }
    }
}

#[tokio::test]
async fn an_invalid_topic_is_rejected() {
    let server = Server::start(FOR_EVER).await;
    for (body, part) in [
        (
            json!({ "topic": "  " }),
            "The topic is empty: say something.",
        ),
        (
            json!({ "topic": "x".repeat(501) }),
            "The topic is 501 bytes long: 500 have to do.",
        ),
        (json!({}), "missing field `topic`"),
    ] {
        let (status, sentence) = server
            .refused(Method::POST, "/executions", Some(body))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sentence.contains(part), "{sentence}");
    }
    // The request of a form on another site.
    let (status, _) = server.refused(Method::POST, "/executions", None).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(server.list().await, json!([]));
}

#[tokio::test]
async fn a_position_must_be_a_number() {
    let server = Server::start(FOR_EVER).await;
    let id = server.begin().await;
    let path = format!("/executions/{id}/events?after=x");
    let refused = server.refused(Method::GET, &path, None).await;
    let sentence = "`x` is no position: it is the `id` of an event, a number.".to_owned();
    assert_eq!(refused, (StatusCode::BAD_REQUEST, sentence));
}

#[tokio::test]
async fn other_addresses_and_methods_are_reported() {
    let server = Server::start(FOR_EVER).await;
    let refused = server.refused(Method::GET, "/nowhere", None).await;
    let sentence = "There is no GET /nowhere.".to_owned();
    assert_eq!(refused, (StatusCode::NOT_FOUND, sentence));
    let refused = server.refused(Method::PUT, "/executions", None).await;
    let sentence = "/executions does not take PUT.".to_owned();
    assert_eq!(refused, (StatusCode::METHOD_NOT_ALLOWED, sentence));
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let server = Server::start(FOR_EVER).await;
    let response = server.send(Method::GET, "/", None).await;
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(
        policy.starts_with("default-src 'none'; connect-src 'self';"),
        "{policy}"
    );
    let page = response.text().await.unwrap();
    assert!(page.starts_with("<!doctype html>"), "{page}");
    // One of the two is the namespace of the icon.
    assert_eq!(page.matches("://").count(), 1, "{page}");
}
