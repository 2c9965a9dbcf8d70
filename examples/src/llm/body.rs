//! Finds the sentence meant for people in the many shapes of error bodies.

use serde_json::Value;

/// Longer messages are cut here, so that they stay one readable line.
const LONGEST: usize = 300;

/// What an error body says; empty if it says nothing to a person.
pub(super) fn message(body: &str) -> String {
    let body = body.trim();
    let found = match serde_json::from_str::<Value>(body) {
        Ok(json) => in_json(&json).unwrap_or_default(),
        Err(_) if body.starts_with('<') => title(body).unwrap_or_default().to_owned(),
        Err(_) => body.to_owned(),
    };
    one_line(&found)
}

fn in_json(json: &Value) -> Option<String> {
    match json {
        Value::String(text) => Some(text.clone()),
        // FastAPI reports a list of faults; Gemini wraps its error in one.
        Value::Array(items) => {
            let texts: Vec<_> = items.iter().filter_map(in_json).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        Value::Object(fields) => ["error", "message", "detail", "msg"]
            .iter()
            .filter_map(|name| fields.get(*name))
            .find_map(in_json)
            .or_else(|| fields.get("code").map(code)),
        _ => None,
    }
}

fn code(code: &Value) -> String {
    match code {
        Value::String(name) => format!("error {name}"),
        other => format!("error {other}"),
    }
}

fn title(html: &str) -> Option<&str> {
    // ASCII lower case keeps every byte's place.
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let length = lower.get(start..)?.find("</title>")?;
    html.get(start..start + length)
}

/// One line of bounded length that can stand within a sentence.
pub(super) fn one_line(text: &str) -> String {
    let line = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let line = line.trim_end_matches(['.', ' ']);
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_shape_gives_its_sentence() {
        for (body, expected) in [
            (
                r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
                "Loading model",
            ),
            (
                r#"{"error":{"code":"invalid_api_key","message":"Bad key."}}"#,
                "Bad key",
            ),
            (r#"{"error":"model not found"}"#, "model not found"),
            (
                r#"{"object":"error","message":"too long","code":400}"#,
                "too long",
            ),
            (r#"{"detail":"Not authenticated"}"#, "Not authenticated"),
            (
                r#"{"detail":[{"loc":["body"],"msg":"field required"},{"msg":"bad value"}]}"#,
                "field required; bad value",
            ),
            (r#"[{"error":{"code":429,"message":"Quota"}}]"#, "Quota"),
            (r#"{"error":{"code":500}}"#, "error 500"),
            (
                r#"{"error":{"code":"server_error","message":null}}"#,
                "error server_error",
            ),
            ("upstream\r\n  timed out\n", "upstream timed out"),
            (
                "<html><head><TITLE>502 Bad Gateway</TITLE></head></html>",
                "502 Bad Gateway",
            ),
            ("<html>no title</html>", ""),
            ("{}", ""),
            ("", ""),
        ] {
            assert_eq!(message(body), expected, "{body}");
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = message(&"é".repeat(5_000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }
}
