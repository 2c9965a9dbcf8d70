//! Answers with a status that is no success.

use examples::LlmError;

use crate::refused;
use crate::script::Script;

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn a_bad_request_says_what_the_server_said() {
    let body = r#"{"error":{"message":"The context is too long.","type":"invalid_request_error","code":400}}"#;
    let error = refused(Script::answer("400 Bad Request", JSON, body)).await;
    assert_eq!(
        error.to_string(),
        "The model server did not take the question (400: The context is too long): ask it differently."
    );
    assert!(error.server_is_usable());
}

#[tokio::test]
async fn a_refused_key_says_which_variable_to_set() {
    let body = r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#;
    let error = refused(Script::answer("401 Unauthorized", JSON, body)).await;
    let text = error.to_string();
    assert!(
        text.starts_with(
            "The model server does not accept the API key (401: Incorrect API key provided): \
             set OPENAI_API_KEY to a key for http://127.0.0.1:"
        ),
        "{text}"
    );
    assert!(!text.contains("test-key"));
    assert!(!error.server_is_usable());
}

#[tokio::test]
async fn a_forbidden_model_ends_the_chat() {
    let error = refused(Script::answer(
        "403 Forbidden",
        JSON,
        r#"{"detail":"No access"}"#,
    ))
    .await;
    assert!(matches!(error, LlmError::Forbidden { status: 403, .. }));
    assert!(error.to_string().contains("(403: No access)"), "{error}");
    assert!(!error.server_is_usable());
}

#[tokio::test]
async fn an_unknown_model_or_address_names_both_variables() {
    let body = r#"{"error":{"message":"model \"m\" not found, try pulling it first"}}"#;
    let text = refused(Script::answer("404 Not Found", JSON, body)).await;
    let (usable, text) = (text.server_is_usable(), text.to_string());
    assert!(
        text.contains(r#"(404: model "m" not found, try pulling it first)"#),
        "{text}"
    );
    assert!(
        text.contains("OPENAI_BASE_URL") && text.contains("OPENAI_MODEL"),
        "{text}"
    );
    assert!(!usable);
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    for (header, wait) in [
        ("Retry-After: 20\r\n", "in 20 seconds"),
        ("retry-after: 1\r\n", "in 1 second"),
        (
            "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT\r\n",
            "after Wed, 21 Oct 2026 07:28:00 GMT",
        ),
        ("", "a little later"),
    ] {
        let body = r#"{"error":{"message":"Too many requests","code":429}}"#;
        let error = refused(Script::answer("429 Too Many Requests", header, body)).await;
        assert_eq!(
            error.to_string(),
            format!(
                "The model server wants fewer questions (429: Too many requests): ask again {wait}."
            )
        );
        assert!(error.server_is_usable());
    }
}

#[tokio::test]
async fn a_server_that_loads_its_model_is_not_ready() {
    let body = r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#;
    let error = refused(Script::answer("503 Service Unavailable", JSON, body)).await;
    assert_eq!(
        error.to_string(),
        "The model server is not ready (503: Loading model): ask again a little later."
    );
    assert!(error.server_is_usable());
}

#[tokio::test]
async fn a_failing_server_is_told_in_every_shape_of_error() {
    let html =
        "<!DOCTYPE html>\n<html><head><title>Bad\nGateway</title></head><body>…</body></html>";
    for (body, expected) in [
        (r#"{"error":{"message":"boom","code":500}}"#, "500: boom"),
        (
            r#"{"error":{"message":"boom","code":"server_error"}}"#,
            "500: boom",
        ),
        (r#"{"error":"boom"}"#, "500: boom"),
        (r#"{"detail":"boom"}"#, "500: boom"),
        (
            r#"{"detail":[{"loc":["body","model"],"msg":"boom"}]}"#,
            "500: boom",
        ),
        ("Internal\r\nServer Error\n", "500: Internal Server Error"),
        (html, "500: Bad Gateway"),
        ("<html>", "status 500"),
        ("", "status 500"),
    ] {
        let error = refused(Script::answer("500 Internal Server Error", "", body)).await;
        assert_eq!(
            error.to_string(),
            format!("The model server failed ({expected}): ask again, or look into its log.")
        );
        assert!(error.server_is_usable());
    }
}

#[tokio::test]
async fn an_error_whose_body_breaks_off_is_still_told() {
    let head = "HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n";
    let error = refused(Script::request().send(format!("{head}out of mem"))).await;
    assert!(error.to_string().contains("(500: out of mem)"), "{error}");
}

#[tokio::test]
async fn an_endless_error_body_is_read_only_so_far() {
    let script = Script::request()
        .send("HTTP/1.1 500 Oops\r\n\r\n")
        .send("word ".repeat(20_000));
    let error = refused(script.hold()).await;
    assert!(error.to_string().len() < 500, "{error}");
}
