//! A handler that fails, panics, or takes too long; and one whose task panics.

use flow_core::FlowErrorKind::{Failed, Panicked, TimedOut, Unfinished};
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
    // Nobody but its `JoinHandle` is told: everything goes on, and the clone of the context that it
    // held is gone, so that the execution ends when the rest has run out.
    let row = Row::of(Way::TaskPanics);
    let (flow, stage) = row.scene();
    let mut spawned = flow.spawn((Way::TaskPanics, false));
    sleep(SECOND * 5).await;
    stage.goes_on().await;
    assert_eq!(stage.late(), 1);
    stage.release_the_sibling().await;
    assert_eq!(
        yielded(spawned.items()).await,
        expected(&["before", "from the task", "after"], None)
    );
    // It ran out before its `end`, as it would have without the panic.
    assert_eq!(spawned.join().await.unwrap_err().kind(), Unfinished);
    assert_eq!(stage.rescues(), 0);
    assert_eq!(stage.alive.count(), 0);
}
