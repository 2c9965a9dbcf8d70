//! A busy execution lets other tasks of its runtime run.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use flow_core::{Cx, Res, flow, handler};
use futures::StreamExt;

use crate::Ping;

/// A flag that another task of the same thread sets. The handlers stop when it is set.
#[derive(Clone, Default)]
struct Ticked(Arc<AtomicBool>);

impl Ticked {
    /// Spawns a task that sets the flag at its hundredth poll.
    fn after_a_hundred_polls() -> Self {
        let ticked = Self::default();
        let set = ticked.clone();
        tokio::spawn(async move {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            set.0.store(true, Ordering::SeqCst);
        });
        ticked
    }

    fn seen(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[handler(on = "Ping", emits = "Ping")]
async fn emit_until_ticked(cx: &Cx, ticked: Res<Ticked>) {
    if !ticked.seen() {
        cx.emit(Ping(0));
    }
}

#[tokio::test]
async fn a_loop_of_events() {
    let ticked = Ticked::after_a_hundred_polls();
    flow! { with Ticked; start -> emit_until_ticked; when Ping -> emit_until_ticked }
        .with(ticked)
        .run(())
        .await
        .unwrap();
}

#[handler]
async fn put_until_ticked(cx: &Cx, ticked: Res<Ticked>) {
    while !ticked.seen() {
        cx.put("item").await;
    }
}

#[tokio::test]
async fn a_loop_of_items_that_nothing_reads() {
    let ticked = Ticked::after_a_hundred_polls();
    let flow = flow! { with Ticked; start -> put_until_ticked }.with(ticked);
    flow.run(()).await.unwrap();
}

#[tokio::test]
async fn a_loop_of_items_with_a_reader_that_never_waits() {
    let ticked = Ticked::after_a_hundred_polls();
    let flow = flow! { with Ticked; start -> put_until_ticked }.with(ticked);
    let mut items = flow.stream(());
    while let Some(item) = items.next().await {
        item.unwrap();
    }
}

#[tokio::test]
async fn a_million_turns_alongside_a_task_that_keeps_ticking() {
    #[handler(on = "Ping", emits = "Ping")]
    async fn turn(Ping(n): Ping, cx: &Cx) {
        if n < 1_000_000 {
            cx.emit(Ping(n + 1));
        }
    }

    let ticks = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&ticks);
    let ticker = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
    });
    let flow = flow! { start(Ping) -> turn; when Ping -> turn };
    flow.run(Ping(0)).await.unwrap();
    ticker.abort();
    // At least one tick for a thousand turns.
    assert!(ticks.load(Ordering::SeqCst) > 1_000);
}

#[handler]
async fn list(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[handler]
async fn keep(n: u32) -> u32 {
    n
}

/// Is woken at once, so that it is done at the second poll.
#[handler]
async fn again(n: u32) -> u32 {
    let mut is_first = true;
    std::future::poll_fn(|cx| {
        if std::mem::take(&mut is_first) {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(n)
    })
    .await
}

#[handler]
async fn odd(n: u32) -> flow_core::Result<u32> {
    if n % 2 == 1 {
        Ok(n)
    } else {
        Err("even".into())
    }
}

flow! {
    /// Emits events for as long as `Ping` counts down.
    flow Turns(Ping);
    start -> turn_down;
    when Ping -> turn_down
}

#[handler(on = "Ping", emits = "Ping")]
async fn turn_down(Ping(n): Ping, cx: &Cx) {
    if n > 0 {
        cx.emit(Ping(n - 1));
    }
}

flow! {
    /// One level deeper.
    flow Deeper(Ping);
    start -> Turns
}

/// How often another task of the thread was polled while this ran.
async fn turns_beside(work: impl Future<Output = Result<(), flow_core::FlowError>>) -> u32 {
    let ticks = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&ticks);
    let ticker = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
        }
    });
    work.await.unwrap();
    ticker.abort();
    ticks.load(Ordering::SeqCst)
}

const ITEMS: u32 = 100_000;
/// One for a thousand items or turns.
const AT_LEAST: u32 = ITEMS / 1_000;

#[tokio::test]
async fn an_each_over_items_that_are_all_ready() {
    let flow = flow! { start(u32) -> list -> each keep[8] -> ignore };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
    let flow = flow! { start(u32) -> list -> each keep -> ignore };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
}

#[tokio::test]
async fn an_each_over_items_that_are_woken_at_once() {
    let flow = flow! { start(u32) -> list -> each again -> ignore };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
    let flow = flow! { start(u32) -> list -> each again[8] -> ignore };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
}

#[tokio::test]
async fn an_each_that_passes_its_results_on_or_leaves_them_out() {
    let flow = flow! { start(u32) -> list -> each keep[1_000] -> each keep[8] -> ignore };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
    let flow = flow! {
        start(u32) -> list -> each (keep -> odd else skip)[1_000] -> each keep -> ignore
    };
    assert!(turns_beside(flow.run(ITEMS)).await >= AT_LEAST);
}

#[tokio::test]
async fn a_loop_of_events_in_a_stage_at_any_depth() {
    let flow = flow! { start(Ping) -> Turns };
    assert!(turns_beside(flow.run(Ping(ITEMS))).await >= AT_LEAST);
    let flow = flow! { start(Ping) -> Deeper };
    assert!(turns_beside(flow.run(Ping(ITEMS))).await >= AT_LEAST);
}
