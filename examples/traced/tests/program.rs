//! The traced example.

// Clippy knows only the functions marked #[test] as tests, not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "../../tests/programs/run.rs"]
mod run;

use std::collections::HashMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::run::{Ended, GUARD, example, run};

/// The traced example, which sends its spans to this collector, or prints them.
async fn traced(collector: Option<&str>) -> Ended {
    let mut command = example("traced");
    match collector {
        Some(address) => command.env("OTEL_EXPORTER_OTLP_ENDPOINT", address),
        None => command.env_remove("OTEL_EXPORTER_OTLP_ENDPOINT"),
    };
    run(command, "").await
}

const ITEMS: &str = "[stream] order 1 is packed\n\
    [stream] we are sorry: it rains, and there are no umbrellas left\n";

/// The fields of a printed span.
type Span<'a> = HashMap<&'a str, &'a str>;

fn spans(printed: &str) -> Vec<Span<'_>> {
    // The name of the instrumentation scope precedes that of the span.
    let blocks = printed.split("\n\n\tName         :").skip(1);
    blocks.map(span).collect()
}

fn span(printed: &str) -> Span<'_> {
    let (name, rest) = printed.split_once('\n').unwrap();
    let mut span = Span::from([("Name", name.trim())]);
    for (name, value) in rest.lines().filter_map(|line| line.split_once(':')) {
        // The first match counts: the lines after the span belong to others.
        span.entry(name.trim()).or_insert(value.trim());
    }
    span
}

#[tokio::test]
async fn the_spans_of_the_handlers_are_children_of_the_executions() {
    let ended = traced(None).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let printed = ended
        .stdout
        .strip_prefix(ITEMS)
        .unwrap_or_else(|| panic!("{ended:?}"));
    let (executions, handlers): (Vec<_>, Vec<_>) = spans(printed)
        .into_iter()
        .partition(|span| span["Name"] == "Shop");
    let [execution] = executions.as_slice() else {
        panic!("{printed}");
    };
    assert_eq!(execution["ParentSpanId"], "None (root span)");

    let mut names: Vec<_> = handlers.iter().map(|span| span["Name"]).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "apologise",
            "charge",
            "charge",
            "open_the_shop",
            "pack",
            "pack"
        ]
    );
    for handler in &handlers {
        assert_eq!(handler["ParentSpanId"], execution["SpanId"], "{handler:?}");
        assert_eq!(handler["TraceId"], execution["TraceId"], "{handler:?}");
    }
    let failed: Vec<_> = handlers
        .iter()
        .filter(|span| span["Status"] != "Unset")
        .collect();
    let [pack] = failed.as_slice() else {
        panic!("{failed:?}");
    };
    assert_eq!(pack["Name"], "pack");
    assert_eq!(
        pack["Status"],
        r#"Error { description: "it rains, and there are no umbrellas left" }"#
    );
}

#[tokio::test]
async fn logs_of_the_handlers_are_in_their_spans() {
    let ended = traced(None).await;
    for (handler, said) in [
        ("charge", "order 1 is paid"),
        ("charge", "order 2 is paid"),
        ("pack", "looking for a book"),
        ("pack", "looking for an umbrella"),
        ("apologise", "writing a letter"),
    ] {
        let line = ended.stderr.lines().find(|line| line.ends_with(said));
        let line = line.unwrap_or_else(|| panic!("no {said:?} in {ended:?}"));
        assert_eq!(line.matches(":handler{").count(), 1, "{line}");
        assert!(line.contains(&format!("handler=\"{handler}\" ")), "{line}");
    }
}

#[tokio::test]
async fn a_collector_gets_the_spans_if_there_is_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let collect = async {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        // All spans are in one request. The span of the execution ends last.
        while !String::from_utf8_lossy(&request).contains("Shop") {
            let read = connection.read(&mut buffer).await.unwrap();
            assert_ne!(read, 0, "it ended: {}", String::from_utf8_lossy(&request));
            request.extend_from_slice(&buffer[..read]);
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        connection.write_all(answer).await.unwrap();
        String::from_utf8_lossy(&request).into_owned()
    };
    let both = async { tokio::join!(collect, traced(Some(&address))) };
    let (request, ended) = tokio::time::timeout(GUARD, both).await.unwrap();
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), ITEMS),
        "{ended:?}"
    );
    assert!(request.starts_with("POST /v1/traces "), "{request}");
    for handler in ["open_the_shop", "charge", "pack", "apologise"] {
        assert!(request.contains(handler), "no {handler} in {request}");
    }
}
