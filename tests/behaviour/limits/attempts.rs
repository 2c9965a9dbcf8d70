//! The number of an attempt, as the handler's context tells it.

use std::time::Duration;

use flow_core::testing::Recorder;
use flow_core::{Cx, Failed, Handler, Result, Router, State, flow, handler};
use tokio::time::sleep;

use crate::{Ping, all};

#[handler(on = Ping, retry(attempts = 3, backoff = "1s", jitter = false))]
async fn fail_until(Ping(enough): Ping, cx: &Cx) -> Result<()> {
    let attempt = cx.attempt();
    cx.put(format!("{enough}: {attempt}")).await;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(cx.attempt(), attempt);
    if attempt < enough {
        return Err("again".into());
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn attempts_count_from_one() {
    let flow = flow! { start(Ping) -> fail_until };
    assert_eq!(all(flow.stream(Ping(1))).await, ["1: 1"]);
    assert_eq!(all(flow.stream(Ping(3))).await, ["3: 1", "3: 2", "3: 3"]);
}

#[handler]
async fn tell(cx: &Cx) {
    cx.put(format!("attempt {}", cx.attempt())).await;
}

#[handler]
async fn tell_after(_failed: Failed, cx: &Cx) {
    cx.put(format!("rescue {}", cx.attempt())).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_without_retry_is_in_its_first_attempt_even_as_a_rescue() {
    let flow = flow! { start -> tell };
    assert_eq!(all(flow.stream(())).await, ["attempt 1"]);
    let flow = flow! { start(Ping) -> fail_until; rescue fail_until -> tell_after };
    let expected = ["9: 1", "9: 2", "9: 3", "rescue 1"];
    assert_eq!(all(flow.stream(Ping(9))).await, expected);
}

#[handler(emits = Ping)]
async fn emit_two(cx: &Cx) {
    cx.emit(Ping(3));
    cx.emit(Ping(2));
}

#[tokio::test(start_paused = true)]
async fn calls_of_one_handler_at_the_same_time_count_on_their_own() {
    let flow = flow! { start -> emit_two; when Ping -> fail_until };
    assert_eq!(
        all(flow.stream(())).await,
        ["3: 1", "2: 1", "3: 2", "2: 2", "3: 3"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_branches_of_an_each_count_on_their_own() {
    #[handler]
    async fn two() -> Vec<Ping> {
        vec![Ping(1), Ping(3)]
    }

    #[handler]
    async fn none(_: Vec<()>) {}

    let flow = flow! { start -> two -> each fail_until -> none };
    let expected = ["1: 1", "3: 1", "3: 2", "3: 3"];
    assert_eq!(all(flow.stream(())).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_clone_in_another_task_belongs_to_its_attempt() {
    #[handler(retry(attempts = 2, backoff = "1s", jitter = false))]
    async fn leave_a_task(cx: &Cx) -> Result<()> {
        let left = cx.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(60)).await;
            left.put(format!("late: {}", left.attempt())).await;
        });
        match cx.attempt() {
            1 => Err("again".into()),
            _ => Ok(()),
        }
    }

    let flow = flow! { start -> leave_a_task };
    assert_eq!(all(flow.stream(())).await, ["late: 1", "late: 2"]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_counts_within_a_timeout_and_a_concurrency() {
    #[handler(
        on = Ping,
        timeout = "10s",
        concurrency = 1,
        retry(attempts = 2, backoff = "1s", jitter = false)
    )]
    async fn hang_once(Ping(n): Ping, cx: &Cx, calls: State<u32>) -> Result<()> {
        calls.with(|calls| *calls += 1);
        cx.put(format!("{n}: {}", cx.attempt())).await;
        if cx.attempt() == 1 {
            sleep(Duration::from_secs(60)).await;
        }
        let calls = calls.with(|calls| *calls);
        cx.put(format!("{n} of {calls}")).await;
        Ok(())
    }

    let flow = flow! { state u32; start -> emit_two; when Ping -> hang_once };
    let expected = ["3: 1", "2: 1", "3: 2", "3 of 3", "2: 2", "2 of 4"];
    assert_eq!(all(flow.stream(())).await, expected);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_counts_inside_a_stage_and_from_one_in_each_call_of_it() {
    flow! { flow Inner(Ping); start -> fail_until }
    let flow = flow! { start -> emit_two; when Ping -> Inner };
    let expected = ["3: 1", "2: 1", "3: 2", "2: 2", "3: 3"];
    assert_eq!(all(flow.stream(())).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_helper_that_is_generic_over_the_router_knows_the_attempt() {
    fn is_last<R: Router, H: Handler>(cx: &Cx<R, H>) -> bool {
        cx.attempt() == 2
    }

    #[handler(streams = String, retry(attempts = 2, backoff = "1s", jitter = false))]
    async fn ask_the_helper(cx: &Cx) -> Result<()> {
        cx.put(is_last(cx).to_string()).await;
        Err("no".into())
    }

    #[handler]
    async fn give_in(_failed: Failed) {}

    let flow = flow! { start -> ask_the_helper; rescue ask_the_helper -> give_in };
    assert_eq!(all(flow.stream(())).await, ["false", "true"]);
}

#[tokio::test]
async fn a_replacement_is_not_retried_and_so_in_its_first_attempt() {
    let flow = flow! { start(Ping) -> fail_until }
        .replace::<fail_until>()
        .by(async |Ping(_), cx| cx.put(format!("instead: {}", cx.attempt())).await);
    assert_eq!(all(flow.stream(Ping(3))).await, ["instead: 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_recorder_gives_a_context_of_any_attempt() {
    let recorder = Recorder::new();
    fail_until(Ping(2), &recorder.cx()).await.unwrap_err();
    let third = recorder.on_attempt(3);
    fail_until(Ping(2), &third.cx()).await.unwrap();
    assert_eq!(recorder.items::<String>(), ["2: 1", "2: 3"]);
}

#[test]
#[should_panic(expected = "attempts count from 1: pass at least 1")]
fn a_recorder_has_no_attempt_zero() {
    let _ = Recorder::new().on_attempt(0);
}
