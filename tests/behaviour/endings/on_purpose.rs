//! `stop`, `end`, `end now`, and an execution with nothing left to do.

use flow_core::FlowErrorKind::{LeftOver, Unfinished};

use tokio::time::sleep;

use super::scene::{Row, SECOND, Way, expected, yielded};

#[tokio::test(start_paused = true)]
async fn stop() {
    let row = Row::of(Way::Stops);
    row.drops_siblings_and_events(0).await;
    // A flow with an `end` has not reached it; one without an `end` ends well.
    row.stream_yields(&["before"], Some(Unfinished)).await;
    row.returns(Err(Unfinished)).await;
    row.is_not_rescued(Err(Unfinished)).await;
    row.readers_yield(&["before"], Some(Unfinished)).await;
}

#[tokio::test(start_paused = true)]
async fn end_while_others_run() {
    let (flow, stage) = Row::of(Way::Ends).scene();
    let mut spawned = flow.spawn((Way::Ends, true));
    sleep(SECOND * 5).await;
    stage.goes_on().await;
    stage.release_the_sibling().await;
    let items = yielded(spawned.items()).await;
    assert_eq!(items, expected(&["before"], None));
    assert_eq!(spawned.output().await.unwrap(), 42);
    assert_eq!((stage.late(), stage.rescues()), (1, 0));
    stage.is_over().await;
}

#[tokio::test(start_paused = true)]
async fn end_now_while_others_run() {
    let row = Row::of(Way::EndsNow);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], None).await;
    row.returns(Ok(42)).await;
    row.is_not_rescued(Ok(42)).await;
    row.readers_yield(&["before"], None).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_nothing_waits() {
    // An event that waits for its partner does not prevent the end, and is dropped.
    let (flow, stage) = Row::of(Way::Returns).scene();
    let mut spawned = flow.spawn((Way::Returns, true));
    sleep(SECOND * 5).await;
    stage.goes_on().await;
    stage.release_the_sibling().await;
    let items = yielded(spawned.items()).await;
    assert_eq!(items, expected(&["before", "after"], Some(Unfinished)));
    assert_eq!(spawned.output().await.unwrap_err().kind(), Unfinished);
    assert_eq!((stage.late(), stage.rescues()), (1, 0));
    stage.is_over().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_and_events_wait_for_a_partner() {
    let (flow, stage) = Row::lonely_scene();
    let mut spawned = flow.spawn((Way::Returns, true));
    sleep(SECOND * 5).await;
    stage.goes_on().await;
    stage.release_the_sibling().await;
    let items = yielded(spawned.items()).await;
    assert_eq!(items, expected(&["before", "after"], Some(LeftOver)));
    assert_eq!(spawned.output().await.unwrap_err().kind(), LeftOver);
    assert_eq!((stage.late(), stage.rescues()), (1, 0));
    stage.is_over().await;
}
