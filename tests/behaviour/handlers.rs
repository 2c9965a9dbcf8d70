//! Handlers as plain functions, in unit tests.

use flow_core::testing::Recorder;
use flow_core::{Cx, Res, Router, Streams, handler};

use crate::{Ping, Pong};

struct Limit(u32);

#[handler(on = "Ping", emits = ["Ping", "Pong"])]
async fn count(Ping(n): Ping, cx: &Cx, limit: Res<Limit>) -> Result<u32, std::io::Error> {
    cx.put(format!("at {n}")).await;
    if n < limit.0 {
        cx.emit(Ping(n + 1));
    } else {
        cx.emit(Pong(n));
        cx.stop();
    }
    Ok(n * 2)
}

#[tokio::test]
async fn a_handler_is_called_like_the_function_it_is() {
    let recorder = Recorder::new();
    let doubled = count(Ping(3), &recorder.cx(), Res::new(Limit(4)))
        .await
        .unwrap();
    assert_eq!(doubled, 6);
    assert_eq!(recorder.emitted::<Ping>(), [Ping(4)]);
    assert_eq!(recorder.emitted::<Pong>(), []);
    assert!(!recorder.stopped());

    count(Ping(4), &recorder.cx(), Res::new(Limit(4)))
        .await
        .unwrap();
    assert_eq!(recorder.emitted::<Pong>(), [Pong(4)]);
    assert_eq!(recorder.items::<String>(), ["at 3", "at 4"]);
    assert!(recorder.stopped());
}

async fn heading(cx: &Cx<impl Router, impl Streams<String>>, text: &str) {
    cx.put(format!("== {text} ==")).await;
}

#[handler(streams = String)]
async fn report(cx: &Cx) {
    heading(cx, "results").await;
}

#[handler]
async fn without_context_or_event() -> u8 {
    7
}

#[tokio::test]
async fn a_helper_serves_the_handlers_that_stream_what_it_puts() {
    let recorder = Recorder::new();
    report(&recorder.cx()).await;
    assert_eq!(recorder.items::<String>(), ["== results =="]);
    assert_eq!(without_context_or_event().await, 7);
}
