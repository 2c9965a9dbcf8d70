//! Answers that are not streamed though a stream was asked for.

use examples::LlmError;

use crate::script::Script;
use crate::{ask, complete, refused};

fn json(body: &str) -> Script {
    Script::answer(
        "200 OK",
        "Content-Type: application/json; charset=utf-8\r\n",
        body,
    )
}

#[tokio::test]
async fn a_reply_that_is_not_streamed_is_one_piece() {
    let body = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello \ud83c\udf0a"},"finish_reason":"stop"}],"usage":{}}"#;
    let (pieces, error) = ask(json(body)).await.unwrap();
    assert_eq!(pieces, ["Hello 🌊"]);
    assert!(error.is_none());
}

#[tokio::test]
async fn a_reply_without_text_is_complete_and_empty() {
    assert_eq!(
        complete(json(r#"{"choices":[{"message":{"content":null}}]}"#)).await,
        ""
    );
}

#[tokio::test]
async fn an_error_under_a_success_is_an_error() {
    let error = refused(json(
        r#"{"error":{"message":"Provider returned error","code":502}}"#,
    ))
    .await;
    assert_eq!(
        error.to_string(),
        "The model server broke the reply off (Provider returned error): ask again."
    );
}

#[tokio::test]
async fn json_that_is_no_reply_is_an_error() {
    for body in ["{}", r#"{"choices":[]}"#, r#"{"choices":[{}]}"#, "[]", "7"] {
        let error = refused(json(body)).await;
        assert!(
            matches!(error, LlmError::Malformed { .. }),
            "{body}: {error}"
        );
        assert!(error.server_is_usable());
    }
    let error = refused(json(r#"{"choices":[{"mess"#)).await;
    assert!(matches!(error, LlmError::Cut), "{error}");
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_cut_reply() {
    let script = Script::request()
        .chunked("application/json")
        .chunk(r#"{"choices":"#);
    let error = refused(script).await;
    assert!(matches!(error, LlmError::Cut), "{error}");
}

#[tokio::test]
async fn a_web_page_is_not_taken_for_a_reply() {
    let error = refused(Script::answer(
        "200 OK",
        "Content-Type: text/html\r\n",
        "<html></html>",
    ))
    .await;
    assert!(matches!(error, LlmError::WebPage { .. }), "{error}");
    assert!(!error.server_is_usable());
}
