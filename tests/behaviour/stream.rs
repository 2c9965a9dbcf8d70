//! The stream of items: lazy, bounded, lossless.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::{Cx, Res, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep};

use crate::{Alive, Ping, all};

/// How many items a handler has put.
#[derive(Clone, Default)]
struct Put(Arc<AtomicUsize>);

impl Put {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[handler(streams = "usize")]
async fn put_a_thousand(cx: &Cx, put: Res<Put>) {
    for n in 0..1_000_usize {
        cx.put(n).await;
        put.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// The capacity of a flow that does not set one.
const DEFAULT_CAPACITY: usize = 32;

#[tokio::test]
async fn nothing_runs_before_the_stream_is_polled() {
    let put = Put::default();
    let flow = flow! { streams usize; with Put; start -> put_a_thousand }.with(put.clone());
    let items = flow.stream(());
    tokio::task::yield_now().await;
    assert_eq!(put.count(), 0);
    drop(items);
    assert_eq!(put.count(), 0);
}

#[tokio::test]
async fn a_slow_reader_makes_put_wait_at_the_capacity() {
    for capacity in [1, 2, 7, DEFAULT_CAPACITY] {
        let put = Put::default();
        let flow = flow! { streams usize; with Put; start -> put_a_thousand }
            .with(put.clone())
            .capacity(NonZeroUsize::new(capacity).unwrap());
        let mut items = flow.stream(());
        for n in 0..1_000 {
            assert_eq!(items.next().await.unwrap().unwrap(), n);
            assert!(put.count() <= n + 1 + capacity, "{} at {n}", put.count());
        }
        assert!(items.next().await.is_none());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spawned_execution_is_bounded_by_the_same_capacity() {
    let put = Put::default();
    let flow = flow! { streams usize; with Put; start -> put_a_thousand }.with(put.clone());
    let mut execution = flow.spawn(());
    let mut items = execution.items();
    for n in 0..1_000 {
        assert_eq!(items.next().await.unwrap().unwrap(), n);
        assert!(put.count() <= n + 1 + DEFAULT_CAPACITY);
        if n % 100 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn without_a_reader_items_are_dropped() {
    let put = Put::default();
    let flow = flow! { streams usize; with Put; start -> put_a_thousand }.with(put.clone());
    flow.run(()).await.unwrap();
    assert_eq!(put.count(), 1_000);
}

#[handler(emits = "Ping")]
async fn emit_two(cx: &Cx) {
    cx.emit(Ping(1));
    cx.emit(Ping(2));
}

#[handler(on = "Ping", streams = "(u32, usize)")]
async fn put_many(Ping(n): Ping, cx: &Cx) {
    for i in 0..500_usize {
        cx.put((n, i)).await;
    }
}

#[tokio::test]
async fn handlers_that_wait_for_the_same_reader_all_get_through() {
    let flow = flow! { streams (u32, usize); start -> emit_two; when Ping -> put_many };
    let items = all(flow.capacity(NonZeroUsize::MIN).stream(())).await;
    for n in [1, 2] {
        let of_one: Vec<_> = items
            .iter()
            .filter(|item| item.0 == n)
            .map(|item| item.1)
            .collect();
        assert_eq!(of_one, (0..500).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_put_leaves_no_item_behind() {
    #[handler]
    async fn give_up(cx: &Cx) {
        cx.put("kept").await;
        tokio::select! {
            () = cx.put("given up") => panic!("there was room"),
            () = sleep(Duration::from_secs(1)) => {}
        }
        cx.put("kept too").await;
    }

    let flow = flow! { start -> give_up }.capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn(());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(all(execution.items()).await, ["kept", "kept too"]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_does_not_block_handlers_that_wait_for_something_else() {
    #[handler(emits = "Ping")]
    async fn put_then_emit(cx: &Cx) {
        for n in 0..10 {
            cx.put(n.to_string()).await;
        }
        cx.emit(Ping(0));
    }

    #[handler(on = "Ping", emits = "Ping")]
    async fn tick(Ping(n): Ping, cx: &Cx, put: Res<Put>) {
        sleep(Duration::from_millis(100)).await;
        put.0.fetch_add(1, Ordering::SeqCst);
        if n < 4 {
            cx.emit(Ping(n + 1));
        }
    }

    let put = Put::default();
    let flow = flow! { with Put; start -> put_then_emit; when Ping -> tick }.with(put.clone());
    let mut items = flow.stream(());
    for _ in 0..10 {
        items.next().await.unwrap().unwrap();
        sleep(Duration::from_millis(100)).await;
    }
    assert!(put.count() >= 4, "{} ticks while items waited", put.count());
    assert!(items.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn items_arrive_while_the_handler_still_runs() {
    #[handler]
    async fn steps(cx: &Cx) {
        for n in 1..=3 {
            cx.put(n.to_string()).await;
            sleep(Duration::from_secs(1)).await;
        }
    }

    let start = Instant::now();
    let mut items = flow! { start -> steps }.stream(());
    for n in 0..3 {
        assert_eq!(items.next().await.unwrap().unwrap(), (n + 1).to_string());
        assert_eq!(start.elapsed(), Duration::from_secs(n));
    }
    assert!(items.next().await.is_none());
    assert_eq!(start.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn items_of_several_types_convert_into_the_item_of_the_flow() {
    #[derive(Debug, PartialEq)]
    enum Item {
        Text(String),
        Number(u32),
    }

    impl From<String> for Item {
        fn from(text: String) -> Self {
            Self::Text(text)
        }
    }

    impl From<u32> for Item {
        fn from(number: u32) -> Self {
            Self::Number(number)
        }
    }

    #[handler(emits = "Ping")]
    async fn words(cx: &Cx) {
        cx.put("three").await;
        cx.emit(Ping(3));
    }

    #[handler(on = "Ping", streams = u32)]
    async fn number(Ping(n): Ping, cx: &Cx) {
        cx.put(n).await;
    }

    let flow = flow! { streams Item; start -> words; when Ping -> number };
    let items = all(flow.stream(())).await;
    assert_eq!(items, [Item::Text("three".to_owned()), Item::Number(3)]);
}

#[tokio::test]
async fn an_execution_can_be_stored_by_the_type_of_its_items_and_moved_between_tasks() {
    #[handler]
    async fn hold(cx: &Cx, alive: Res<Alive>) {
        let _guard = alive.guard();
        cx.put("here").await;
        tokio::task::yield_now().await;
        cx.put("there").await;
    }

    struct Session {
        items: flow_core::Execution<String>,
    }

    let alive = Alive::default();
    let flow = flow! { with Alive; start -> hold }.with(alive.clone());
    let mut session = Session {
        items: flow.stream(()),
    };
    assert_eq!(session.items.next().await.unwrap().unwrap(), "here");
    assert!(session.items.next().now_or_never().is_none());
    let rest = tokio::spawn(async move { all(session.items).await })
        .await
        .unwrap();
    assert_eq!(rest, ["there"]);
}
