//! What a client gets.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::client::{Server, order, soon};

#[tokio::test]
async fn a_small_order_needs_nobody() {
    let server = Server::start().await;
    server.order("42", 700).await;
    let receipt = json!({
        "outcome": "shipped",
        "customer": "Ada",
        "cents": 700,
        "parcels": ["desk"],
    });
    let done = json!({ "id": "42", "status": "done", "output": receipt });
    assert_eq!(server.get("/orders/42").await, done);
}

#[tokio::test]
async fn a_large_order_that_is_refused_is_refunded() {
    let server = Server::start().await;
    server.order("42", 20_001).await;
    let status = server.get("/orders/42").await;
    assert_eq!(status["status"], "unfinished");
    let asked = &status["questions"][0];
    assert_eq!(
        (&asked["number"], &asked["name"]),
        (&json!(0), &json!("Approve"))
    );
    assert!(asked["deadline"].is_u64(), "{asked}");

    let refused = Some(json!({ "approved": false }));
    // The second time it changes nothing.
    for _ in 0..2 {
        let answer = server.send(Method::POST, "/orders/42/answers/0", refused.clone());
        assert_eq!(answer.await.status(), StatusCode::NO_CONTENT);
    }
    soon(server.orders.output("42")).await.unwrap();
    let status = server.get("/orders/42").await;
    assert_eq!(status["output"]["outcome"], "refunded");
}

#[tokio::test]
async fn orders_are_listed_by_their_ids() {
    let server = Server::start().await;
    for (id, cents) in [("c", 700), ("a", 20_001), ("b", 700)] {
        server.order(id, cents).await;
    }
    let listed = server.get("/orders").await;
    let listed = listed.as_array().unwrap();
    let ids: Vec<_> = listed.iter().map(|order| &order["id"]).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    let unfinished = json!({ "id": "a", "status": "unfinished" });
    assert_eq!(listed[0], unfinished);
    assert_eq!(listed[1]["output"]["cents"], 700);
    let page = server.get("/orders?after=a&limit=1").await;
    assert_eq!(page, json!([listed[1]]));
}

#[tokio::test]
async fn items_after_a_position_and_then_the_end() {
    let server = Server::start().await;
    server.order("42", 700).await;
    let items = server
        .send(Method::GET, "/orders/42/items?after=1", None)
        .await;
    assert_eq!(items.headers()["content-type"], "text/event-stream");
    let text = soon(items.text()).await.unwrap();
    let packed = r#"{"article":"desk","kind":"packed","number":1,"of":1}"#;
    let end = server.get("/orders/42").await;
    let events = format!("retry: 500\n\nid: 2\ndata: {packed}\n\nevent: end\ndata: {end}\n\n");
    assert_eq!(text, events);
}

#[tokio::test]
async fn streams_end_when_the_server_is_told_to_stop() {
    let server = Server::start().await;
    server.order("42", 20_001).await;
    let items = server.send(Method::GET, "/orders/42/items", None).await;
    server.stop();
    let text = soon(items.text()).await.unwrap();
    assert!(!text.contains("event: end"), "{text}");
}

#[tokio::test]
async fn a_name_with_a_slash_is_a_name() {
    let server = Server::start().await;
    let response = server
        .send(Method::POST, "/orders/a%2Fb", Some(order(700)))
        .await;
    assert_eq!(response.headers()["location"], "/orders/a%2Fb");
    assert_eq!(server.get("/orders/a%2Fb").await["id"], "a/b");
}
