//! Answers with a status that is not a success.

use examples::LlmError;

use crate::refused;
use crate::script::Script;

const JSON: &str = "Content-Type: application/json\r\n";

#[tokio::test]
async fn an_error_that_needs_a_new_setting_names_the_settings_to_check() {
    for (status, body, said) in [
        (
            "401 Unauthorized",
            r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#,
            "401: Incorrect API key provided",
        ),
        (
            "402 Payment Required",
            r#"{"error":{"message":"No credit."}}"#,
            "402: No credit",
        ),
        (
            "403 Forbidden",
            r#"{"detail":"No access"}"#,
            "403: No access",
        ),
        (
            "404 Not Found",
            r#"{"error":{"message":"model \"m\" not found, try pulling it first"}}"#,
            r#"404: model "m" not found, try pulling it first"#,
        ),
        ("405 Method Not Allowed", "", "405"),
    ] {
        let error = refused(Script::answer(status, JSON, body)).await;
        assert!(matches!(error, LlmError::Lasting(_)), "{error}");
        let text = error.to_string();
        assert_eq!(
            text,
            format!(
                "The model server refuses this ({said}): check OPENAI_API_KEY, OPENAI_MODEL, and OPENAI_BASE_URL, which usually ends in /v1."
            )
        );
        assert!(!text.contains("test-key"));
    }
}

#[tokio::test]
async fn an_error_that_may_pass_quotes_the_server() {
    for (status, body, said) in [
        (
            "400 Bad Request",
            r#"{"error":{"message":"The context is too long.","code":400}}"#,
            "400: The context is too long",
        ),
        (
            "429 Too Many Requests",
            r#"{"error":{"message":"Too many requests","code":429}}"#,
            "429: Too many requests",
        ),
        (
            "503 Service Unavailable",
            r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            "503: Loading model",
        ),
    ] {
        let error = refused(Script::answer(status, JSON, body)).await;
        assert!(matches!(error, LlmError::Passing(_)), "{error}");
        assert_eq!(
            error.to_string(),
            format!("The model server failed ({said}): ask again a little later, or differently.")
        );
    }
}

#[tokio::test]
async fn every_shape_of_error_is_readable() {
    for (body, expected) in [
        (r#"{"error":{"message":"boom","code":500}}"#, "500: boom"),
        (r#"{"error":{"message":"boom","code":"x"}}"#, "500: boom"),
        (r#"{"error":"boom"}"#, "500: boom"),
        (r#"{"object":"error","message":"boom"}"#, "500: boom"),
        (r#"{"detail":"boom"}"#, "500: boom"),
        (
            r#"{"detail":[{"loc":["body","model"],"msg":"boom"}]}"#,
            "500: boom",
        ),
        (r#"[{"error":{"code":429,"message":"boom"}}]"#, "500: boom"),
        ("Internal\r\nServer Error\n", "500: Internal Server Error"),
        (
            "<html><title>Bad\nGateway</title></html>",
            "500: <html><title>Bad Gateway</title></html>",
        ),
        ("{}", "500"),
        ("", "500"),
    ] {
        let error = refused(Script::answer("500 Internal Server Error", "", body)).await;
        assert!(
            error.to_string().contains(&format!("({expected})")),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_error_whose_body_breaks_off_is_still_reported() {
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
