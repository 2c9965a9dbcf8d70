//! What a client does not get, and why.

use flow_core::durable::Fault;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::client::{Server, order, soon};

#[tokio::test]
async fn an_order_that_does_not_exist() {
    let server = Server::start().await;
    let answer = Some(json!({ "approved": true }));
    for (method, path, body) in [
        (Method::GET, "/orders/42", None),
        (Method::GET, "/orders/42/items", None),
        (Method::POST, "/orders/42/answers/0", answer),
        (Method::POST, "/orders/42/retry", None),
    ] {
        let refused = server.refused(method, path, body).await;
        let sentence = "there is no execution `42`: start it first";
        assert_eq!(refused, (404, sentence.to_owned()), "{path}");
    }
    let refused = server.refused(Method::GET, "/", None).await;
    assert_eq!(refused, (404, "There is no GET /.".to_owned()));
    let (status, _) = server.refused(Method::DELETE, "/orders", None).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn what_is_no_order() {
    let server = Server::start().await;
    let body = Some(json!({ "customer": "Ada" }));
    let (status, detail) = server.refused(Method::POST, "/orders/42", body).await;
    assert_eq!(status, 422);
    assert!(detail.contains("missing field `lines`"), "{detail}");
    let (status, _) = server.refused(Method::POST, "/orders/42", None).await;
    assert_eq!(status, 415);
}

#[tokio::test]
async fn what_is_too_large() {
    let server = Server::start().await;
    let path = format!("/orders/{}", "4".repeat(1025));
    let refused = server.refused(Method::POST, &path, Some(order(700))).await;
    assert_eq!(refused.0, 413);
    let customer = "A".repeat(1 << 20);
    let large = json!({ "customer": customer, "lines": [{ "article": "desk", "cents": 700 }] });
    let (status, detail) = server
        .refused(Method::POST, "/orders/42", Some(large))
        .await;
    assert_eq!(status, 413);
    assert!(detail.starts_with("the input has "), "{detail}");
}

#[tokio::test]
async fn another_order_with_the_same_name() {
    let server = Server::start().await;
    server.order("42", 700).await;
    server.order("42", 700).await;
    let other = Some(order(701));
    let (status, detail) = server.refused(Method::POST, "/orders/42", other).await;
    assert_eq!(status, 409);
    assert!(detail.starts_with("the execution `42` was started with `"));
}

#[tokio::test]
async fn another_answer_and_none_that_was_asked_for() {
    let server = Server::start().await;
    server.order("42", 20_001).await;
    let path = "/orders/42/answers/0";
    let (yes, no) = (json!({ "approved": true }), json!({ "approved": false }));
    let (status, detail) = server
        .refused(Method::POST, path, Some(json!({ "approved": 1 })))
        .await;
    assert_eq!(status, 422, "{detail}");
    assert!(
        detail.starts_with("the value cannot be read: it is no `"),
        "{detail}"
    );
    let answered = server.send(Method::POST, path, Some(yes.clone())).await;
    assert_eq!(answered.status(), StatusCode::NO_CONTENT);
    let (status, detail) = server.refused(Method::POST, path, Some(no)).await;
    assert_eq!(status, 409);
    assert!(detail.starts_with("the question 0 was answered with `"));
    let never = server.refused(Method::POST, "/orders/42/answers/7", Some(yes.clone()));
    assert_eq!(never.await.0, 409);
    let nothing = server.refused(Method::POST, "/orders/42/answers/x", Some(yes));
    assert_eq!(nothing.await.0, 404);
}

#[tokio::test]
async fn what_was_purged() {
    let server = Server::start().await;
    server.order("42", 700).await;
    let purge = server.orders.purge().unwrap();
    soon(purge.purge("42")).await.unwrap();
    for (method, path, body) in [
        (Method::GET, "/orders/42", None),
        (Method::GET, "/orders/42/items", None),
        (Method::POST, "/orders/42", Some(order(700))),
    ] {
        let refused = server.refused(method, path, body).await;
        let sentence = "what was kept of the execution `42` was removed";
        assert_eq!(refused, (410, sentence.to_owned()), "{path}");
    }
    let purged = json!([{ "id": "42", "status": "purged" }]);
    assert_eq!(server.get("/orders").await, purged);
}

#[tokio::test]
async fn a_position_that_is_none() {
    let server = Server::start().await;
    server.order("42", 700).await;
    let items = server.send(Method::GET, "/orders/42/items?after=x", None);
    let text = soon(items.await.text()).await.unwrap();
    assert!(
        text.contains("event: problem\ndata: {\"detail\":\"`x` is no position"),
        "{text}"
    );
    let (status, _) = server.refused(Method::GET, "/orders?limit=x", None).await;
    assert_eq!(status, 400);
}

/// The outcome is unknown, and the request is repeated.
#[tokio::test]
async fn a_store_that_is_unavailable_for_now() {
    let server = Server::start().await;
    server.store.fail_at(server.store.operations(), Fault::Fail);
    let post = server.refused(Method::POST, "/orders/42", Some(order(700)));
    let (status, detail) = post.await;
    assert_eq!(status, 503);
    assert!(detail.starts_with("the store is unavailable, and the outcome is unknown"));
    server.order("42", 700).await;
}
