//! Several readers of one stream.

mod account;

use std::future::pending;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use flow_core::{
    Broadcast, Cx, Event, FlowErrorKind, ItemPosition, Reader, Received, Res, Result, ShareOptions,
    SlowReaders, flow, handler,
};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::{Alive, all};

/// Puts the numbers from 0 on, and waits only for the stream.
#[handler(streams = "u64")]
async fn count(to: u64, cx: &Cx) {
    for n in 0..to {
        cx.put(n).await;
    }
}

fn counted(to: u64, sharing: ShareOptions) -> Broadcast<u64> {
    let flow = flow! { streams u64; start(u64) -> count };
    flow.stream(to).share(sharing)
}

/// Puts a number each second, from 0 on.
#[handler(streams = "u64")]
async fn tick(to: u64, cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 0..to {
        cx.put(n).await;
        sleep(Duration::from_secs(1)).await;
    }
}

fn ticking(to: u64, alive: &Alive, sharing: ShareOptions) -> Broadcast<u64> {
    let flow = flow! { streams u64; with Alive; start(u64) -> tick }.with(alive.clone());
    flow.stream(to).share(sharing)
}

fn waits() -> ShareOptions {
    ShareOptions::new(SlowReaders::Block)
}

fn misses() -> ShareOptions {
    ShareOptions::new(SlowReaders::Skip)
}

fn lag(items: usize) -> NonZeroUsize {
    NonZeroUsize::new(items).unwrap()
}

/// Reads a flow that counts: each item equals its position.
fn number(n: u64) -> Received<u64> {
    Received::Item {
        position: ItemPosition::new(n),
        item: n,
    }
}

fn numbers(range: std::ops::Range<u64>) -> Vec<Received<u64>> {
    range.map(number).collect()
}

async fn next(reader: &mut Reader<u64>) -> Received<u64> {
    reader.try_next().await.unwrap().unwrap()
}

#[tokio::test]
async fn each_reader_sees_every_item_with_its_position() {
    let readers = counted(1_000, waits());
    let (one, other) = (readers.subscribe(), readers.subscribe());
    let (one, other) = tokio::join!(all(one), all(other));
    assert_eq!(one, numbers(0..1_000));
    assert_eq!(other, numbers(0..1_000));
}

#[tokio::test]
async fn a_reader_that_joins_late_sees_what_comes_from_then_on() {
    let readers = counted(10, waits().replay(10));
    let mut early = readers.subscribe();
    for n in 0..4 {
        assert_eq!(next(&mut early).await, number(n));
    }
    let late = readers.subscribe();
    let (early, late) = tokio::join!(all(early), all(late));
    assert_eq!(early, numbers(4..10));
    assert_eq!(late, numbers(4..10));
}

#[tokio::test]
async fn the_replay_reaches_back_as_far_as_was_said_and_the_rest_is_missed() {
    let readers = counted(10, waits().replay(3));
    let mut early = readers.subscribe();
    for n in 0..5 {
        assert_eq!(next(&mut early).await, number(n));
    }
    let mut from_the_start = readers.subscribe_from(ItemPosition::START);
    assert_eq!(next(&mut from_the_start).await, Received::Lagged(2));
    assert_eq!(next(&mut from_the_start).await, number(2));
    let mut within_reach = readers.subscribe_from(ItemPosition::new(3));
    assert_eq!(next(&mut within_reach).await, number(3));
}

#[tokio::test]
async fn the_replay_does_not_depend_on_how_slow_others_are() {
    for slow in [SlowReaders::Block, SlowReaders::Skip] {
        let readers = counted(10, ShareOptions::new(slow).replay(1));
        let (_slow, mut fast) = (readers.subscribe(), readers.subscribe());
        for n in 0..5 {
            assert_eq!(next(&mut fast).await, number(n));
        }
        let mut late = readers.subscribe_from(ItemPosition::START);
        assert_eq!(next(&mut late).await, Received::Lagged(4));
        assert_eq!(next(&mut late).await, number(4));
    }
}

#[tokio::test]
async fn without_a_replay_a_late_reader_has_missed_all_before() {
    let readers = counted(5, misses());
    readers.drain().await.unwrap();
    assert_eq!(all(readers.subscribe()).await, []);
    assert_eq!(
        all(readers.subscribe_from(ItemPosition::START)).await,
        [Received::Lagged(5)]
    );
}

#[tokio::test]
async fn a_reader_that_comes_back_continues_after_its_last_item() {
    let readers = counted(20, waits().replay(20));
    let mut seen = Vec::new();
    let mut last = None;
    for visit in 1.. {
        let reader = match last {
            None => readers.subscribe_from(ItemPosition::START),
            Some(position) => readers.subscribe_after(position),
        };
        let part: Vec<_> = all(reader.take(visit)).await;
        let Some(Received::Item { position, .. }) = part.last() else {
            break;
        };
        last = Some(*position);
        seen.extend(part);
    }
    assert_eq!(seen, numbers(0..20));
}

#[tokio::test]
async fn a_reader_at_a_future_position_reads_and_misses_nothing_before_it() {
    let readers = counted(10, waits());
    assert_eq!(
        all(readers.subscribe_after(ItemPosition::new(6))).await,
        numbers(7..10)
    );
    assert_eq!(
        all(readers.subscribe_after(ItemPosition::new(u64::MAX))).await,
        []
    );

    let readers = counted(100, misses().max_lag(lag(2)));
    let slow = readers.subscribe_from(ItemPosition::new(90));
    readers.drain().await.unwrap();
    let seen = [Received::Lagged(8), number(98), number(99)];
    assert_eq!(all(slow).await, seen);
}

#[tokio::test]
async fn a_reader_that_joins_after_the_end_gets_the_replay_and_the_ending() {
    #[handler(streams = "u64")]
    async fn fail(cx: &Cx) -> Result<()> {
        cx.put(0_u64).await;
        Err("no ink".into())
    }

    let flow = flow! { streams u64; start -> fail };
    let readers = flow.stream(()).share(waits().replay(5));
    assert!(readers.drain().await.is_err());
    let mut late = readers.subscribe_from(ItemPosition::START);
    assert_eq!(next(&mut late).await, number(0));
    let error = late.next().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "handler `fail` failed on start");
    assert!(late.next().await.is_none());
    assert!(late.next().await.is_none());
    let mut later = readers.subscribe();
    assert!(later.next().await.unwrap().is_err());
    assert!(later.next().await.is_none());
}

#[tokio::test]
async fn an_error_reaches_all_once() {
    #[handler]
    async fn fail(cx: &Cx) -> Result<()> {
        cx.put("before").await;
        Err("no ink".into())
    }

    let readers = flow! { start -> fail }.stream(()).share(waits());
    let three: [Reader<String>; 3] = std::array::from_fn(|_| readers.subscribe());
    for seen in futures::future::join_all(three.map(StreamExt::collect::<Vec<_>>)).await {
        let [Ok(Received::Item { .. }), Err(error)] = seen.as_slice() else {
            panic!("{seen:?}");
        };
        assert_eq!(error.to_string(), "handler `fail` failed on start");
    }
}

#[tokio::test]
async fn a_panic_of_a_handler_reaches_all() {
    #[handler]
    async fn divide(by: u32) {
        let _ = 1 / by;
    }

    let flow = flow! { start(u32) -> divide };
    let readers = flow.stream(0).share(misses());
    let (mut one, mut other) = (readers.subscribe(), readers.subscribe());
    for error in [one.next().await, other.next().await] {
        let error = error.unwrap().unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Panicked);
        assert_eq!(error.handler(), Some("divide"));
    }
}

#[tokio::test]
async fn a_panic_of_the_shared_stream_wakes_and_reaches_all_readers() {
    let items = stream::iter([Ok(1), Ok(0)]).map_ok(|n: u32| 1 / n);
    let readers = Broadcast::new(items, waits());
    let (one, other) = (readers.subscribe(), readers.subscribe());
    let (one, other) = tokio::join!(one.collect::<Vec<_>>(), other.collect::<Vec<_>>());
    for seen in [one, other] {
        let [Ok(Received::Item { item: 1, .. }), Err(error)] = seen.as_slice() else {
            panic!("{seen:?}");
        };
        assert_eq!(error.kind(), FlowErrorKind::Panicked);
        assert_eq!(
            format!("{error:#}"),
            "the stream panicked: attempt to divide by zero"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_execution_waits_for_the_slowest_reader() {
    let readers = counted(100, waits().max_lag(lag(4)));
    let (mut slow, mut fast) = (readers.subscribe(), readers.subscribe());
    for n in 0..4 {
        assert_eq!(next(&mut fast).await, number(n));
    }
    assert!(fast.next().now_or_never().is_none());
    let slowly = async {
        for n in 0..100 {
            sleep(Duration::from_secs(1)).await;
            assert_eq!(next(&mut slow).await, number(n));
        }
    };
    let began = Instant::now();
    let (rest, ()) = tokio::join!(all(fast), slowly);
    assert_eq!(rest, numbers(4..100));
    assert_eq!(began.elapsed(), Duration::from_secs(100));
}

#[tokio::test]
async fn handlers_wait_with_the_execution() {
    #[handler(streams = "u64")]
    async fn put_three(cx: &Cx, alive: Res<Alive>) {
        for n in 0..3_u64 {
            let _guard = alive.guard();
            cx.put(n).await;
        }
    }

    let alive = Alive::default();
    let flow = flow! { streams u64; with Alive; start -> put_three }
        .with(alive.clone())
        .capacity(NonZeroUsize::MIN);
    let readers = flow.stream(()).share(waits().max_lag(lag(1)));
    let (slow, mut fast) = (readers.subscribe(), readers.subscribe());
    assert_eq!(next(&mut fast).await, number(0));
    assert!(fast.next().now_or_never().is_none());
    assert_eq!(alive.count(), 1, "it waits for room");
    drop(slow);
    assert_eq!(all(fast).await, numbers(1..3));
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn a_slow_reader_that_is_dropped_lets_the_others_go_on() {
    let readers = counted(10, waits().max_lag(lag(1)));
    let (slow, mut fast) = (readers.subscribe(), readers.subscribe());
    assert_eq!(next(&mut fast).await, number(0));
    let fast = tokio::spawn(all(fast));
    yield_now().await;
    assert!(!fast.is_finished());
    drop(slow);
    assert_eq!(fast.await.unwrap(), numbers(1..10));
}

#[tokio::test]
async fn a_slow_reader_is_told_how_many_it_has_missed() {
    let readers = counted(10, misses().max_lag(lag(4)));
    let mut slow = readers.subscribe();
    assert_eq!(next(&mut slow).await, number(0));
    assert_eq!(all(readers.subscribe()).await, numbers(1..10));
    assert_eq!(next(&mut slow).await, Received::Lagged(5));
    assert_eq!(all(slow).await, numbers(6..10));
}

#[tokio::test]
async fn a_reader_alone_is_never_slow() {
    let readers = counted(1_000, misses().max_lag(lag(1)));
    assert_eq!(all(readers.subscribe()).await, numbers(0..1_000));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_reader_that_has_polled_does_not_stall_the_others() {
    let alive = Alive::default();
    let readers = ticking(3, &alive, waits());
    let (mut polled, other) = (readers.subscribe(), readers.subscribe());
    // It is the first to poll the execution. From here on, its waker wakes nothing.
    assert_eq!(next(&mut polled).await, number(0));
    assert!(polled.next().now_or_never().is_none());
    let other = tokio::spawn(all(other));
    yield_now().await;
    drop(polled);
    assert_eq!(other.await.unwrap(), numbers(0..3));
}

/// Counts its wakes.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn a_woken_reader_that_does_not_poll_does_not_stall_the_others() {
    let alive = Alive::default();
    let readers = ticking(3, &alive, misses());
    let mut idle = readers.subscribe();
    assert_eq!(next(&mut idle).await, number(0));
    let wakes = Arc::new(Wakes::default());
    let task = Waker::from(Arc::clone(&wakes));
    let polled = idle.poll_next_unpin(&mut Context::from_waker(&task));
    assert_eq!(polled.map(|_| ()), Poll::Pending);
    assert_eq!(all(readers.subscribe()).await, numbers(1..3));
    assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
    assert_eq!(all(idle).await, numbers(1..3));
}

#[tokio::test(start_paused = true)]
async fn a_wake_during_the_poll_of_one_reader_wakes_all() {
    // Wakes itself while it is polled, like an execution that yields.
    let mut polls = 0;
    let items = stream::poll_fn(move |cx| {
        polls += 1;
        match polls {
            1..=3 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            4 => Poll::Ready(Some(Ok(0))),
            _ => Poll::Ready(None),
        }
    });
    let readers: Broadcast<u64> = Broadcast::new(items, waits());
    let (mut gone, other) = (readers.subscribe(), readers.subscribe());
    assert!(gone.next().now_or_never().is_none());
    drop(gone);
    assert_eq!(all(other).await, numbers(0..1));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_last_reader_and_the_last_handle_cancels() {
    let alive = Alive::default();
    let readers = ticking(100, &alive, waits());
    let (mut one, other) = (readers.subscribe(), readers.clone());
    assert_eq!(next(&mut one).await, number(0));
    // The timer that the handler waits for holds a waker.
    assert!(one.next().now_or_never().is_none());
    drop((readers, other));
    assert_eq!(next(&mut one).await, number(1));
    assert_eq!(alive.count(), 1);
    drop(one);
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn while_a_handle_is_there_readers_may_go_and_come() {
    let alive = Alive::default();
    let readers = ticking(3, &alive, waits());
    for n in 0..3 {
        assert_eq!(next(&mut readers.subscribe()).await, number(n));
        assert_eq!(alive.count(), 1);
    }
    drop(readers);
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn unread_items_are_dropped_with_the_last_reader() {
    #[derive(Clone)]
    struct Held(Arc<()>);

    #[handler(streams = "Held")]
    async fn put_held(held: Arc<()>, cx: &Cx) {
        let kept = cx.clone();
        tokio::spawn(async move {
            pending::<()>().await;
            drop(kept);
        });
        for _ in 0..3 {
            cx.put(Held(Arc::clone(&held))).await;
        }
        pending::<()>().await;
    }

    let held = Arc::new(());
    let flow = flow! { streams Held; start(Arc<()>) -> put_held };
    let readers = flow.stream(Arc::clone(&held)).share(waits().replay(3));
    let mut reader = readers.subscribe();
    for _ in 0..3 {
        let Some(Received::Item { item, .. }) = reader.try_next().await.unwrap() else {
            panic!("nothing is missed");
        };
        drop(item.0);
    }
    assert!(reader.next().now_or_never().is_none());
    drop(readers);
    drop(reader);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test]
async fn the_last_reader_of_an_item_gets_it_and_not_a_copy() {
    #[derive(Debug, Default)]
    struct Counted(Arc<AtomicUsize>);

    impl Clone for Counted {
        fn clone(&self) -> Self {
            self.0.fetch_add(1, Ordering::SeqCst);
            Self(Arc::clone(&self.0))
        }
    }

    let clones = Arc::new(AtomicUsize::new(0));
    let items = stream::iter([Ok(Counted(Arc::clone(&clones)))]);
    let readers = Broadcast::new(items, waits());
    let three: [Reader<Counted>; 3] = std::array::from_fn(|_| readers.subscribe());
    for mut reader in three {
        reader.try_next().await.unwrap().unwrap();
    }
    assert_eq!(clones.load(Ordering::SeqCst), 2);
}

#[test]
fn readers_follow_from_threads_of_their_own() {
    let readers = counted(10_000, waits().max_lag(lag(3)));
    // All readers join before the first one reads.
    let all_readers: [_; 4] = std::array::from_fn(|_| readers.subscribe());
    let threads = all_readers
        .map(|reader| std::thread::spawn(move || futures::executor::block_on(all(reader))));
    for thread in threads {
        assert!(thread.join().unwrap() == numbers(0..10_000));
    }
}

#[tokio::test]
async fn a_spawned_execution_is_shared_and_still_has_its_handle() {
    #[derive(Event)]
    struct Add(u64);

    #[handler(on = "Add", streams = "u64")]
    async fn add(Add(n): Add, cx: &Cx) {
        cx.put(n).await;
    }

    #[handler]
    async fn begin() {}

    let flow = flow! { streams u64; external Add; start -> begin; when Add -> add };
    let mut execution = flow.spawn(());
    let readers = execution.share(waits());
    let (mut one, other) = (readers.subscribe(), readers.subscribe());
    execution.try_emit(Add(0)).unwrap();
    assert_eq!(next(&mut one).await, number(0));
    assert!(execution.items().next().await.is_none());
    execution.try_emit(Add(1)).unwrap();
    let (joined, one, other) = tokio::join!(execution.output(), all(one), all(other));
    joined.unwrap();
    assert_eq!(one, numbers(1..2));
    assert_eq!(other, numbers(0..2));
}

#[tokio::test]
async fn a_spawned_execution_continues_without_readers() {
    let flow = flow! { streams u64; start(u64) -> count };
    let mut execution = flow.spawn(1_000);
    let readers = execution.share(waits());
    drop(readers);
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_of_a_spawned_execution_takes_nothing_from_its_readers() {
    let alive = Alive::default();
    let flow = flow! { streams u64; with Alive; start(u64) -> tick }.with(alive.clone());
    let mut execution = flow.spawn(3);
    let readers = execution.share(waits());
    let second = execution.share(waits());
    assert_eq!(all(second.subscribe()).await, [], "they are taken");
    drop((second, execution));
    assert_eq!(all(readers.subscribe()).await, numbers(0..3));
}

#[tokio::test(start_paused = true)]
async fn drain_runs_the_execution_while_nothing_reads() {
    let alive = Alive::default();
    let readers = ticking(100, &alive, misses().replay(2));
    let run = tokio::spawn(readers.drain());
    sleep(Duration::from_secs(1_000)).await;
    assert_eq!(alive.count(), 0);
    run.await.unwrap().unwrap();
    let late = all(readers.subscribe_from(ItemPosition::START)).await;
    assert_eq!(late, [Received::Lagged(98), number(98), number(99)]);
}

#[test]
fn handles_and_readers_of_items_that_are_not_sync_go_to_other_threads() {
    fn is_send<T: Send>(_: &T) {}
    let items = stream::iter([Ok(std::cell::Cell::new(1))]);
    let readers = Broadcast::new(items, waits());
    is_send(&readers);
    is_send(&readers.subscribe());
    is_send(&readers.drain());
}

#[tokio::test]
async fn the_debug_output_of_a_broadcast_shows_its_items_and_readers() {
    let readers = counted(3, waits());
    let (read, waiting) = (readers.subscribe(), readers.subscribe());
    let shown = format!("{readers:?}");
    assert_eq!(
        shown,
        "Broadcast { items: 0, readers: 2, ended: false, .. }"
    );
    drop(waiting);
    assert_eq!(all(read).await, numbers(0..3));
    let shown = format!("{readers:?}");
    assert_eq!(shown, "Broadcast { items: 3, readers: 0, ended: true, .. }");
}
