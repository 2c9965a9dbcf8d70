//! A handler that fails, panics, or times out, and a handler whose task panics.

use std::sync::atomic::{AtomicUsize, Ordering};

use flow_core::FlowErrorKind::{Failed, Panicked, TimedOut, Unfinished};
use flow_core::{flow, handler};
use tokio::time::sleep;

use super::scene::{Row, SECOND, Way, expected, yielded};

#[tokio::test(start_paused = true)]
async fn error_of_a_handler() {
    let row = Row::of(Way::Fails);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], Some(Failed)).await;
    row.returns(Err(Failed)).await;
    row.is_rescued("no ink").await;
    row.readers_yield(&["before"], Some(Failed)).await;
}

#[tokio::test(start_paused = true)]
async fn panic_of_a_handler() {
    let row = Row::of(Way::Panics);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], Some(Panicked)).await;
    row.returns(Err(Panicked)).await;
    row.is_not_rescued(Err(Panicked)).await;
    row.readers_yield(&["before"], Some(Panicked)).await;
}

#[tokio::test(start_paused = true)]
async fn timeout_of_a_handler() {
    let row = Row::of(Way::Hangs);
    row.drops_siblings_and_events(1).await;
    row.stream_yields(&["before"], Some(TimedOut)).await;
    row.returns(Err(TimedOut)).await;
    row.is_rescued("`rescued_act` took longer than 1h").await;
    row.readers_yield(&["before"], Some(TimedOut)).await;
}

#[tokio::test(start_paused = true)]
async fn panic_in_a_task_of_a_handler() {
    // Only the `JoinHandle` reports the panic. Everything else continues. The clone of the context
    // that the task held is dropped, so the execution ends when the rest is done.
    let row = Row::of(Way::TaskPanics);
    let (flow, stage) = row.scene();
    let mut spawned = flow.spawn((Way::TaskPanics, false));
    sleep(SECOND * 5).await;
    stage.goes_on().await;
    assert_eq!(stage.late(), 1);
    stage.release_the_sibling().await;
    assert_eq!(
        yielded(spawned.items()).await,
        expected(&["before", "from the task", "after"], Some(Unfinished))
    );
    // It ends without reaching its `end`, as it would without the panic.
    assert_eq!(spawned.output().await.unwrap_err().kind(), Unfinished);
    assert_eq!(stage.rescues(), 0);
    assert_eq!(stage.alive.count(), 0);
}

#[tokio::test]
async fn a_handler_that_has_woken_itself_is_not_polled_after_its_panic() {
    static POLLS: AtomicUsize = AtomicUsize::new(0);

    #[handler]
    async fn wake_and_panic() {
        std::future::poll_fn(|cx| -> std::task::Poll<()> {
            POLLS.fetch_add(1, Ordering::SeqCst);
            cx.waker().wake_by_ref();
            panic!("a handler of a test panics")
        })
        .await;
    }

    let error = flow! { start -> wake_and_panic }.run(()).await.unwrap_err();
    assert_eq!(error.kind(), Panicked);
    assert_eq!(
        error.to_string(),
        "handler `wake_and_panic` panicked on start"
    );
    assert_eq!(POLLS.load(Ordering::SeqCst), 1);
}
