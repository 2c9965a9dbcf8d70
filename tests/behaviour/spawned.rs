//! Executions as tasks of their own.

use std::future::pending;
use std::time::Duration;

use flow_core::{Cx, FlowErrorKind, Res, flow, handler};
use futures::StreamExt;
use tokio::time::sleep;

use crate::Alive;

#[handler]
async fn put_and_wait(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    cx.put("first").await;
    pending::<()>().await;
}

#[handler]
async fn put_a_thousand(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 0..1_000 {
        cx.put(n.to_string()).await;
    }
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn cancel_drops_the_handlers_and_ends_the_items_with_an_error() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_and_wait }.with(alive.clone());
    let mut execution = flow.spawn(());
    assert_eq!(execution.items().next().await.unwrap().unwrap(), "first");
    assert_eq!(alive.count(), 1);
    execution.cancel();
    let error = execution.items().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(error.to_string(), "the execution was cancelled");
    assert_eq!(alive.count(), 0);
    let error = execution.join().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn join_waits_for_the_end_and_drops_the_items() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    flow.spawn(()).join().await.unwrap();
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_lets_the_execution_run_on() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    drop(flow.spawn(()));
    while alive.count() == 0 {
        tokio::task::yield_now().await;
    }
    sleep(Duration::from_secs(2)).await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn a_handle_that_nobody_reads_from_holds_the_handlers_at_a_full_stream() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    let mut execution = flow.spawn(());
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(alive.count(), 1);
    assert_eq!(execution.items().count().await, 1_000);
}

#[tokio::test]
async fn join_tells_why_a_handler_failed() {
    #[handler]
    async fn fail() -> flow_core::Result<()> {
        Err("no ink".into())
    }

    let mut execution = flow! { start -> fail }.spawn(());
    let last = execution.items().next().await.unwrap().unwrap_err();
    let joined = execution.join().await.unwrap_err();
    assert_eq!(last.to_string(), "handler `fail` failed on start");
    assert_eq!(joined.to_string(), last.to_string());
}

#[test]
fn an_execution_is_cancelled_with_its_runtime() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_and_wait }.with(alive.clone());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut execution = runtime.block_on(async {
        let mut execution = flow.spawn(());
        execution.items().next().await.unwrap().unwrap();
        execution
    });
    assert_eq!(alive.count(), 1);
    drop(runtime);
    assert_eq!(alive.count(), 0);
    let last = futures::executor::block_on(execution.items().next());
    assert_eq!(last.unwrap().unwrap_err().kind(), FlowErrorKind::Cancelled);
}
