//! The stream as an iterator, for programs that are not async.

use std::time::Duration;

use flow_core::{Cx, FlowError, FlowErrorKind, Res, flow, handler};
use tokio::runtime::{Builder, Runtime};

use crate::Alive;

#[handler]
async fn tick(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 1.. {
        cx.put(n.to_string()).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn a_break_cancels_what_still_runs() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> tick }.with(alive.clone());
    let mut seen = Vec::new();
    for item in flow.blocking_iter(()) {
        seen.push(item.unwrap());
        if seen.len() == 3 {
            break;
        }
    }
    assert_eq!(seen, ["1", "2", "3"]);
    assert_eq!(alive.count(), 0);
}

#[handler]
async fn count(cx: &Cx) {
    for n in 1..=2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
        cx.put(n.to_string()).await;
    }
}

fn counted() -> Result<Vec<String>, FlowError> {
    flow! { start -> count }.blocking_iter(()).collect()
}

fn assert_refused() {
    let results: Vec<_> = flow! { start -> count }.blocking_iter(()).collect();
    assert_eq!(results.len(), 1);
    let error = results[0].as_ref().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Runtime);
    let hint = std::error::Error::source(error).unwrap().to_string();
    assert!(hint.contains("use `stream`"), "{hint}");
    assert!(hint.contains("`spawn_blocking`"), "{hint}");
    let output = flow! { start -> count }.blocking_iter(()).output();
    assert_eq!(output.unwrap_err().kind(), FlowErrorKind::Runtime);
}

/// A runtime of one thread, and one of several.
fn runtimes() -> [Runtime; 2] {
    let one = Builder::new_current_thread().enable_all().build();
    let several = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    [one.unwrap(), several.unwrap()]
}

#[test]
fn inside_async_code_it_fails_instead_of_blocking() {
    for runtime in runtimes() {
        runtime.block_on(async {
            assert_refused();
            tokio::spawn(async { assert_refused() }).await.unwrap();
            tokio::task::yield_now().await;
            assert_refused();
        });
        tokio::task::LocalSet::new().block_on(&runtime, async {
            assert_refused();
            let local = tokio::task::spawn_local(async { assert_refused() });
            local.await.unwrap();
        });
    }
}

#[test]
fn where_a_runtime_lets_a_thread_block_it_runs() {
    let in_handler = || {
        #[handler]
        async fn within() -> Vec<String> {
            tokio::task::spawn_blocking(counted).await.unwrap().unwrap()
        }
        flow! { start -> within -> end }.blocking_iter(()).output()
    };
    for runtime in runtimes() {
        let in_task = runtime.block_on(async { tokio::task::spawn_blocking(counted).await });
        assert_eq!(in_task.unwrap().unwrap(), ["1", "2"]);
        let _entered = runtime.enter();
        assert_eq!(counted().unwrap(), ["1", "2"]);
        assert_eq!(in_handler().unwrap(), ["1", "2"]);
    }
    let [_, several] = runtimes();
    let in_place = several
        .block_on(async { tokio::spawn(async { tokio::task::block_in_place(counted) }).await });
    assert_eq!(in_place.unwrap().unwrap(), ["1", "2"]);
}

#[test]
fn a_handler_that_yields_next_to_an_item_is_woken() {
    #[handler]
    async fn yield_after_each(cx: &Cx) {
        for n in 0..3 {
            cx.put(n.to_string()).await;
            tokio::task::yield_now().await;
        }
    }

    // Within the `next` that already has the item.
    let items = flow! { start -> yield_after_each }.blocking_iter(());
    assert_eq!(
        items.map(Result::unwrap).collect::<Vec<_>>(),
        ["0", "1", "2"]
    );
}
