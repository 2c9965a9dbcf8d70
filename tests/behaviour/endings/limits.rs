//! An execution that reaches one of its own limits.

use flow_core::FlowErrorKind::{Idle, TimedOut, TooManyEvents, TooManyPending};

use super::scene::{Limit, Row};

#[tokio::test(start_paused = true)]
async fn timeout_of_the_execution() {
    let row = Row::limited(Limit::Timeout);
    row.drops_siblings_and_events(1).await;
    row.stream_yields(&["before"], Some(TimedOut)).await;
    row.returns(Err(TimedOut)).await;
    row.is_not_rescued(Err(TimedOut)).await;
    row.readers_yield(&["before"], Some(TimedOut)).await;
}

#[tokio::test(start_paused = true)]
async fn idle_timeout() {
    let row = Row::limited(Limit::Idle);
    row.drops_siblings_and_events(1).await;
    row.stream_yields(&["before"], Some(Idle)).await;
    row.returns(Err(Idle)).await;
    row.is_not_rescued(Err(Idle)).await;
    row.readers_yield(&["before"], Some(Idle)).await;
}

#[tokio::test(start_paused = true)]
async fn max_events() {
    let row = Row::limited(Limit::Events);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], Some(TooManyEvents)).await;
    row.returns(Err(TooManyEvents)).await;
    row.is_not_rescued(Err(TooManyEvents)).await;
    row.readers_yield(&["before"], Some(TooManyEvents)).await;
}

#[tokio::test(start_paused = true)]
async fn max_pending() {
    let row = Row::limited(Limit::Pending);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], Some(TooManyPending)).await;
    row.returns(Err(TooManyPending)).await;
    row.is_not_rescued(Err(TooManyPending)).await;
    row.readers_yield(&["before"], Some(TooManyPending)).await;
}
