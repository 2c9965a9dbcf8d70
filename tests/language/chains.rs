//! `start -> parse -> check -> end`: a value goes from handler to handler.

use std::num::ParseIntError;

use flow_core::{Cx, Event, FlowErrorKind, flow, handler};
use futures::StreamExt;

use crate::items;

#[handler]
async fn parse(text: &'static str) -> Result<i64, ParseIntError> {
    text.parse()
}

#[handler]
async fn double(n: i64) -> i64 {
    n * 2
}

#[handler]
async fn tell(n: i64, cx: &Cx) {
    cx.put(n.to_string()).await;
}

#[handler]
async fn refuse(_n: i64) -> flow_core::Result<i64> {
    Err("no".into())
}

#[derive(Event)]
struct Doubled(i64);

#[handler(emits = "Doubled")]
async fn announce(n: i64, cx: &Cx) -> i64 {
    cx.emit(Doubled(n));
    n
}

#[handler(on = "Doubled")]
async fn hear(Doubled(n): Doubled, cx: &Cx) -> String {
    cx.put(format!("heard {n}")).await;
    n.to_string()
}

#[handler]
async fn shout(text: String, cx: &Cx) {
    cx.put(format!("{text}!")).await;
}

#[tokio::test]
async fn each_stage_gets_what_the_one_before_it_returned() {
    let flow = flow! { start(&'static str) -> parse -> double -> double -> tell };
    assert_eq!(items(flow.stream("5")).await, ["20"]);
}

#[tokio::test]
async fn a_result_is_unwrapped_on_the_way_and_its_error_names_the_stage() {
    let flow = flow! { start(&'static str) -> parse -> double -> end };
    assert_eq!(flow.run("21").await.unwrap(), 42);
    let error = flow.run("x").await.unwrap_err();
    assert_eq!(error.to_string(), "handler `parse` failed on start");

    let flow = flow! { start(&'static str) -> parse -> refuse -> tell };
    let error = flow.run("1").await.unwrap_err();
    assert_eq!(error.to_string(), "handler `refuse` failed on start");
}

#[tokio::test]
async fn a_panic_in_a_later_stage_names_that_stage() {
    #[handler]
    async fn wait(n: i64) -> i64 {
        tokio::task::yield_now().await;
        n
    }
    #[handler]
    async fn divide(n: i64) -> i64 {
        tokio::task::yield_now().await;
        1 / n
    }
    let flow = flow! { start(i64) -> wait -> divide -> tell };
    let error = flow.run(0).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `divide` panicked on start");
}

#[tokio::test]
async fn a_stage_may_emit_and_its_listeners_have_chains_of_their_own() {
    let flow = flow! {
        start(i64) -> double -> announce -> tell;
        when Doubled -> hear -> shout
    };
    assert_eq!(items(flow.stream(4)).await, ["8", "heard 8", "8!"]);
}

#[tokio::test]
async fn the_first_end_now_wins_and_the_rest_is_cancelled() {
    #[derive(Event, Clone)]
    struct Go;
    #[handler(emits = "Go")]
    async fn begin(cx: &Cx) {
        cx.emit(Go);
    }
    #[handler]
    async fn slow() -> &'static str {
        std::future::pending().await
    }
    #[handler]
    async fn fast(cx: &Cx) -> &'static str {
        tokio::task::yield_now().await;
        cx.put("done").await;
        "fast"
    }
    let flow = flow! {
        start -> begin;
        when Go -> slow -> end now;
        when Go -> fast -> end now
    };
    assert_eq!(flow.run(()).await.unwrap(), "fast");
    assert_eq!(flow.spawn(()).output().await.unwrap(), "fast");
    let mut execution = flow.stream(());
    assert_eq!(execution.next().await.unwrap().unwrap(), "done");
    assert_eq!(execution.output().await.unwrap(), "fast");
}

#[tokio::test]
async fn a_flow_that_runs_out_before_its_end_says_so() {
    let flow = flow! {
        flow (i64) -> i64;
        start -> double -> match { n if n > 10 => end, _ => ignore }
    };
    assert_eq!(flow.run(6).await.unwrap(), 12);
    let error = flow.run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unfinished);
    assert_eq!(
        error.to_string(),
        "the execution finished without reaching `end`"
    );
}

#[test]
fn a_value_that_nothing_takes_may_be_ignored() {
    let flow = flow! { start(&'static str) -> parse -> ignore };
    assert_eq!(flow.blocking_iter("1").count(), 0);
    assert!(flow.blocking_iter("1").output().is_ok());
    assert!(flow.blocking_iter("x").output().is_err());
}
