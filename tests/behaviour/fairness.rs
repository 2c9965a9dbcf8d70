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
