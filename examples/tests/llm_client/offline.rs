//! The client and the offline model together, and the model's own protocol.

use examples::{Llm, OfflineModel};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::read;

async fn say(llm: &Llm, question: &str) -> Vec<String> {
    let (pieces, error) = read(llm.ask(question).await.unwrap()).await;
    assert!(error.is_none(), "{error:?}");
    pieces
}

#[tokio::test]
async fn the_offline_model_holds_a_conversation() {
    let llm = Llm::offline().await.unwrap();
    assert!(
        llm.describe().contains("offline model"),
        "{}",
        llm.describe()
    );
    say(&llm, "Hi, my name is Ada.").await;
    assert_eq!(say(&llm, "what is 12 * 7").await.concat(), "12 * 7 is 84.");
    assert_eq!(
        say(&llm, "What is my name?").await,
        [
            "Your ",
            "name ",
            "is ",
            "Ada; ",
            "you ",
            "told ",
            "me ",
            "so ",
            "yourself."
        ]
    );
}

#[tokio::test]
async fn each_offline_model_has_its_own_port_and_stops_with_its_owner() {
    let (one, two) = (
        OfflineModel::start().await.unwrap(),
        OfflineModel::start().await.unwrap(),
    );
    assert_ne!(one.base_url(), two.base_url());
    let address = one.base_url();
    drop(one);
    // The task ends at its next poll; until then, the port may still accept.
    while client()
        .get(format!("{address}/models"))
        .send()
        .await
        .is_ok()
    {
        tokio::task::yield_now().await;
    }
}

/// A client that does not depend on this system's proxies.
fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

/// The response of a running model to a request.
async fn post(body: impl Into<String>) -> (StatusCode, String, String) {
    let model = OfflineModel::start().await.unwrap();
    let url = format!("{}/chat/completions", model.base_url());
    let response = client().post(url).body(body.into()).send().await.unwrap();
    let content_type = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    (
        response.status(),
        content_type,
        response.text().await.unwrap(),
    )
}

fn request(stream: bool) -> String {
    json!({
        "model": "anything",
        "messages": [
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": [{ "type": "text", "text": "what is 2 + 2" }] },
        ],
        "stream": stream,
    })
    .to_string()
}

#[tokio::test]
async fn a_stream_has_a_role_words_a_finish_and_done() {
    let (status, content_type, body) = post(request(true)).await;
    assert_eq!(
        (status, content_type.as_str()),
        (StatusCode::OK, "text/event-stream")
    );
    let mut events: Vec<_> = body
        .split_terminator("\n\n")
        .map(|event| event.strip_prefix("data: ").unwrap())
        .collect();
    assert_eq!(events.pop(), Some("[DONE]"));
    let chunks: Vec<Value> = events
        .iter()
        .map(|event| serde_json::from_str(event).unwrap())
        .collect();
    for chunk in &chunks {
        assert_eq!(
            (&chunk["object"], &chunk["model"]),
            (&json!("chat.completion.chunk"), &json!("offline"))
        );
    }
    let [role, words @ .., finish] = &chunks[..] else {
        panic!("{body}");
    };
    assert_eq!(
        role["choices"][0]["delta"],
        json!({ "role": "assistant", "content": "" })
    );
    let deltas = words
        .iter()
        .map(|chunk| &chunk["choices"][0]["delta"]["content"]);
    let deltas: Vec<_> = deltas.map(|text| text.as_str().unwrap()).collect();
    assert_eq!(deltas, ["2 ", "+ ", "2 ", "is ", "4."]);
    assert_eq!(finish["choices"][0]["finish_reason"], "stop");
}

#[tokio::test]
async fn a_reply_is_sent_whole_when_no_stream_is_asked_for() {
    let (status, content_type, body) = post(request(false)).await;
    assert_eq!(
        (status, content_type.as_str()),
        (StatusCode::OK, "application/json")
    );
    let reply: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(reply["object"], "chat.completion");
    assert_eq!(
        reply["choices"][0],
        json!({
            "index": 0,
            "message": { "role": "assistant", "content": "2 + 2 is 4." },
            "finish_reason": "stop",
        })
    );
}

#[tokio::test]
async fn bad_requests_are_answered_in_the_protocols_shape() {
    for body in [
        "",
        "not json",
        "{}",
        r#"{"messages":7}"#,
        r#"{"messages":[]}"#,
        r#"{"messages":[{"role":"system","content":"x"}]}"#,
        r#"{"messages":[{"role":"user","content":7}]}"#,
        "\u{FFFD}",
    ] {
        let (status, content_type, answer) = post(body).await;
        assert_eq!(
            (status, content_type.as_str()),
            (StatusCode::BAD_REQUEST, "application/json")
        );
        let error: Value = serde_json::from_str(&answer).unwrap();
        assert!(
            !error["error"]["message"].as_str().unwrap().is_empty(),
            "{body}"
        );
        assert_eq!(error["error"]["type"], "invalid_request_error");
    }
    let (status, _, answer) = post("x".repeat(3_000_000)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(serde_json::from_str::<Value>(&answer).unwrap()["error"]["message"].is_string());
}

#[tokio::test]
async fn other_urls_and_methods_are_answered_in_the_protocols_shape() {
    let model = OfflineModel::start().await.unwrap();
    let client = client();
    let unknown = client.get(format!("{}/embeddings", model.base_url()));
    let wrong = client.get(format!("{}/chat/completions", model.base_url()));
    for (request, status) in [
        (unknown, StatusCode::NOT_FOUND),
        (wrong, StatusCode::METHOD_NOT_ALLOWED),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let error: Value = response.json().await.unwrap();
        assert!(error["error"]["message"].is_string());
    }
}

#[tokio::test]
async fn the_model_is_listed() {
    let model = OfflineModel::start().await.unwrap();
    let response = client()
        .get(format!("{}/models", model.base_url()))
        .send()
        .await
        .unwrap();
    let list: Value = response.json().await.unwrap();
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], OfflineModel::NAME);
}
