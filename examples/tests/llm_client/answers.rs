//! Answers that are not a stream although one was requested.

use examples::LlmError;

use crate::refused;
use crate::script::Script;

fn json(body: &str) -> Script {
    Script::answer(
        "200 OK",
        "Content-Type: application/json; charset=utf-8\r\n",
        body,
    )
}

#[tokio::test]
async fn a_document_instead_of_a_stream_is_an_error_that_shows_it() {
    for body in [
        r#"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#,
        r#"{"error":{"message":"Provider returned error","code":502}}"#,
        r#"{"choices":[{"mess"#,
        "{}",
        "7",
    ] {
        let error = refused(json(body)).await;
        assert!(matches!(error, LlmError::Passing(_)), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "The model server sent no chat reply ({body}): ask again, or check OPENAI_BASE_URL."
            )
        );
    }
}

#[tokio::test]
async fn a_document_that_breaks_off_is_shown_as_far_as_it_came() {
    let script = Script::request()
        .chunked("application/json")
        .chunk(r#"{"choices":"#);
    let error = refused(script).await;
    assert!(error.to_string().contains(r#"({"choices":)"#), "{error}");
}

#[tokio::test]
async fn a_web_page_is_not_taken_for_a_reply() {
    let error = refused(Script::answer(
        "200 OK",
        "Content-Type: text/html\r\n",
        "<html>\n<title>Welcome</title>\n</html>",
    ))
    .await;
    let text = error.to_string();
    assert!(
        text.contains("<title>Welcome</title>") && text.contains("OPENAI_BASE_URL"),
        "{text}"
    );
}
