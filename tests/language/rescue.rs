//! `rescue a -> b`: where an error goes that is not to end the execution.

use flow_core::{BoxError, Cx, Event, Failed, flow, handler};

use crate::items;

#[derive(Debug, PartialEq)]
enum Refused {
    Busy(u32),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Refused {}

#[derive(Event)]
struct Ask(u32);

#[handler(emits = "Ask")]
async fn begin(n: u32, cx: &Cx) {
    for n in 0..n {
        cx.emit(Ask(n));
    }
}

#[handler(on = "Ask")]
async fn answer(Ask(n): Ask, cx: &Cx) -> Result<u32, Refused> {
    if n % 2 == 1 {
        return Err(Refused::Busy(n));
    }
    cx.put(format!("answered {n}")).await;
    Ok(n)
}

#[handler]
async fn check(n: u32) -> Result<(), BoxError> {
    if n == 4 {
        return Err("four is too much".into());
    }
    Ok(())
}

#[handler]
async fn apologise(failed: Failed<Refused>, cx: &Cx) {
    let Refused::Busy(n) = failed.error;
    let (handler, event) = (failed.handler, failed.event.unwrap());
    cx.put(format!("{handler} on {event}: busy at {n}")).await;
}

#[handler]
async fn log(failed: Failed, cx: &Cx) {
    cx.put(failed.to_string()).await;
}

#[tokio::test]
async fn the_error_comes_typed_and_the_others_go_on() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> check;
        rescue answer -> apologise
    };
    assert_eq!(
        items(flow.stream(4)).await,
        [
            "answered 0",
            "answered 2",
            "answer on Ask: busy at 1",
            "answer on Ask: busy at 3"
        ]
    );
    let error = flow.run(5).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `check` failed on `Ask`");
}

#[tokio::test]
async fn a_rescue_for_all_takes_what_has_none_of_its_own() {
    let flow = flow! {
        start(u32) -> begin;
        when Ask -> answer -> check;
        rescue answer -> apologise;
        rescue -> log
    };
    assert_eq!(
        items(flow.stream(5)).await,
        [
            "answered 0",
            "answered 2",
            "answered 4",
            "answer on Ask: busy at 1",
            "answer on Ask: busy at 3",
            "handler `check` failed on `Ask`: four is too much"
        ]
    );
}

#[tokio::test]
async fn an_error_of_a_rescue_ends_the_execution() {
    #[handler]
    async fn give_up(failed: Failed) -> Result<(), BoxError> {
        Err(failed.error)
    }
    let flow = flow! { start(u32) -> check; rescue -> give_up };
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.handler(), Some("give_up"));
}

#[tokio::test]
async fn an_error_in_a_branch_is_rescued_once_and_drops_the_rest_of_the_clause() {
    #[handler]
    async fn wait_for_ever(_n: u32) {
        std::future::pending::<()>().await;
    }
    let flow = flow! { start(u32) -> (wait_for_ever, check) -> ignore; rescue check -> log };
    assert_eq!(
        items(flow.stream(4)).await,
        ["handler `check` failed on start: four is too much"]
    );
}
