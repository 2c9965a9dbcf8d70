//! A destructor that panics: of a value that a handler holds, of an event, of an item.

use std::num::NonZeroUsize;
use std::sync::Arc;

use flow_core::FlowErrorKind::{Panicked, Unfinished};
use flow_core::{Cx, Event, Res, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::scene::{Bomb, Row, SECOND, Way};
use crate::Alive;

#[tokio::test(start_paused = true)]
async fn panic_in_the_drop_of_what_a_running_handler_holds() {
    // The same as a panic of the handler.
    let row = Row::of(Way::DropsABomb);
    row.drops_siblings_and_events(0).await;
    row.stream_yields(&["before"], Some(Panicked)).await;
    row.returns(Err(Panicked)).await;
    row.is_not_rescued(Err(Panicked)).await;
    row.readers_yield(&["before"], Some(Panicked)).await;
}

/// An event that is still in the queue at the end. [`Alone`] waits for its partner then.
#[derive(Event)]
struct Waits(#[allow(dead_code, reason = "it is held")] Bomb);
#[derive(Event)]
struct Alone(#[allow(dead_code, reason = "it is held")] Bomb);
#[derive(Event)]
struct Never;
#[derive(Event)]
struct Beside;

#[handler(emits = ["Waits", "Alone", "Beside", "Never"])]
async fn begin(end: bool, cx: &Cx, alive: Res<Alive>) -> u32 {
    for _ in 0..2 {
        cx.emit(Alone(Bomb));
        cx.emit(Beside);
    }
    sleep(SECOND).await;
    cx.put("before").await;
    for _ in 0..3 {
        cx.emit(Waits(Bomb));
    }
    if end {
        return 42;
    }
    if alive.count() == 0 {
        cx.emit(Never);
    }
    cx.stop();
    0
}

/// Is suspended while it holds a bomb.
#[handler(on = "Beside")]
async fn beside(_beside: Beside, alive: Res<Alive>) {
    let (_guard, _bomb, _other) = (alive.guard(), Bomb, alive.guard());
    std::future::pending::<()>().await;
}

#[handler(on = "Waits")]
async fn take(waits: Waits) {
    std::mem::forget(waits);
}

#[handler]
async fn meet((alone, _never): (Alone, Never)) {
    std::mem::forget(alone);
}

#[tokio::test(start_paused = true)]
async fn panic_in_the_drop_of_what_the_end_drops() {
    // The ending stays, and all the other values are dropped too.
    let alive = Alive::default();
    let flow = flow! {
        with Alive;
        start(bool) -> begin -> end now;
        when Beside -> beside;
        when Waits -> take;
        when Alone & Never -> meet else -> ignore
    };
    let flow = flow.with(alive.clone());
    let items = flow.stream(true).map(Result::unwrap).collect::<Vec<_>>();
    assert_eq!(items.await, ["before"]);
    assert_eq!(alive.count(), 0);
    assert_eq!(flow.run(true).await.unwrap(), 42);
    assert_eq!(flow.spawn(true).output().await.unwrap(), 42);
    let mut stream = flow.stream(false);
    assert_eq!(stream.next().await.unwrap().unwrap(), "before");
    // It was stopped before its `end`.
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), Unfinished);
    assert_eq!(alive.count(), 0);

    // Dropping the execution does not panic either.
    let mut stream = flow.stream(true);
    assert!(stream.next().now_or_never().is_none());
    assert_eq!(alive.count(), 4);
    drop(stream);
    assert_eq!(alive.count(), 0);
}

/// An item whose drop panics. The tests forget the items that they read.
struct Item(Bomb);

#[handler(streams = "Item")]
async fn put_three(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for _ in 0..3 {
        cx.put(Item(Bomb)).await;
    }
    sleep(SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn panic_in_the_drop_of_an_item() {
    let alive = Alive::default();
    let flow = flow! { streams Item; with Alive; start -> put_three }.with(alive.clone());

    // Unread items are dropped with the stream, without a panic.
    let mut stream = flow.stream(());
    std::mem::forget(stream.next().await.unwrap().unwrap().0);
    drop(stream);
    assert_eq!(alive.count(), 0);

    // The same with the handle: the execution runs to its end even if its own task drops the items.
    let mut spawned = flow.spawn(());
    let events = spawned.lifecycle();
    std::mem::forget(spawned.items().next().await.unwrap().unwrap().0);
    drop(spawned);
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    assert_eq!(last.kind.to_string(), "the execution ended");
    assert_eq!(alive.count(), 0);

    // An item that nothing will read is dropped in `put`, so the handler panics.
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), Panicked);
    assert_eq!(error.handler(), Some("put_three"));
    assert_eq!(alive.count(), 0);
    assert_eq!(
        flow.spawn(()).output().await.unwrap_err().kind(),
        Panicked,
        "nothing reads from the start"
    );
}

#[tokio::test(start_paused = true)]
async fn panic_in_the_drop_of_items_that_a_task_has_put() {
    #[handler(streams = "Item")]
    async fn leave_it_to_a_task(cx: &Cx) {
        let cx = cx.clone();
        tokio::spawn(async move {
            for _ in 0..5 {
                cx.put(Item(Bomb)).await;
            }
            sleep(SECOND).await;
        });
    }

    // The stream is full and `put` waits when the reader leaves.
    let flow = flow! { streams Item; start -> leave_it_to_a_task }.capacity(NonZeroUsize::MIN);
    let spawned = flow.spawn(());
    let events = spawned.lifecycle();
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    spawned.output().await.unwrap();
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    assert_eq!(last.kind.to_string(), "the execution ended");
}

#[tokio::test(start_paused = true)]
async fn panic_in_the_drop_of_items_that_came_while_others_were_read() {
    #[handler(streams = "Item")]
    async fn put_twice(cx: &Cx, alive: Res<Alive>, go_on: Res<Arc<Notify>>) {
        let _guard = alive.guard();
        cx.put(Item(Bomb)).await;
        cx.put(Item(Bomb)).await;
        go_on.notified().await;
        cx.put(Item(Bomb)).await;
        cx.put(Item(Bomb)).await;
        sleep(SECOND).await;
    }

    let (alive, go_on) = (Alive::default(), Arc::new(Notify::new()));
    let flow = flow! { streams Item; with Alive; with Arc<Notify>; start -> put_twice };
    let flow = flow.with(alive.clone()).with(Arc::clone(&go_on));
    let mut stream = flow.stream(());
    std::mem::forget(stream.next().await.unwrap().unwrap().0);
    go_on.notify_one();
    std::mem::forget(stream.next().await.unwrap().unwrap().0);
    drop(stream);
    assert_eq!(alive.count(), 0);
}
