//! Executions as tasks, and their handles.

use std::future::pending;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::{Cx, FlowErrorKind, Res, flow, handler};
use futures::StreamExt;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::{Alive, Guard};

#[handler]
async fn put_and_wait(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    cx.put("first").await;
    pending::<()>().await;
}

#[handler]
async fn put_a_thousand(cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 0..1_000 {
        cx.put(n.to_string()).await;
    }
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn cancel_drops_the_handlers_and_ends_the_items_with_an_error() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_and_wait }.with(alive.clone());
    let mut execution = flow.spawn(());
    assert_eq!(execution.items().next().await.unwrap().unwrap(), "first");
    assert_eq!(alive.count(), 1);
    execution.cancel();
    let error = execution.items().next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(error.to_string(), "the execution was cancelled");
    assert_eq!(alive.count(), 0);
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn output_waits_for_the_end_and_drops_the_items() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    flow.spawn(()).output().await.unwrap();
    assert_eq!(alive.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_lets_the_execution_run_on() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    drop(flow.spawn(()));
    while alive.count() == 0 {
        tokio::task::yield_now().await;
    }
    sleep(Duration::from_secs(2)).await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn handlers_wait_at_a_full_stream_while_the_handle_does_not_read() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> put_a_thousand }.with(alive.clone());
    let mut execution = flow.spawn(());
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(alive.count(), 1);
    assert_eq!(execution.items().count().await, 1_000);
}

#[tokio::test]
async fn output_returns_the_error_of_a_handler() {
    #[handler]
    async fn fail() -> flow_core::Result<()> {
        Err("no ink".into())
    }

    let mut execution = flow! { start -> fail }.spawn(());
    let last = execution.items().next().await.unwrap().unwrap_err();
    let joined = execution.output().await.unwrap_err();
    assert_eq!(last.to_string(), "handler `fail` failed on start");
    assert_eq!(joined.to_string(), last.to_string());
}

#[tokio::test]
async fn items_stay_at_their_end_after_an_error() {
    #[handler]
    async fn fail() -> flow_core::Result<()> {
        Err("no ink".into())
    }

    let mut execution = flow! { start -> fail }.spawn(());
    assert!(execution.items().next().await.unwrap().is_err());
    assert!(execution.items().next().await.is_none());
    assert!(execution.items().next().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_is_told_if_the_execution_has_failed_before_spawn_returns() {
    #[handler]
    async fn fail() -> flow_core::Result<()> {
        Err("no ink".into())
    }

    // On another thread, it may be over before this one goes on.
    let flow = flow! { start -> fail };
    for _ in 0..20_000 {
        let mut execution = flow.spawn(());
        assert!(execution.items().next().await.unwrap().is_err());
    }
}

/// Drops the handle of the execution; its own handler calls it.
#[derive(Clone, Default)]
struct GiveUp(Arc<Mutex<Option<Leave>>>);

type Leave = Box<dyn FnOnce() + Send>;

#[handler]
async fn put_while_the_reader_leaves(cx: &Cx, alive: Res<Alive>, give_up: Res<GiveUp>) {
    let _guard = alive.guard();
    let leave = async {
        let give_up = give_up.0.lock().unwrap().take();
        give_up.unwrap()();
    };
    // From here on, the handler is polled after the driver has read the outside and before it sends
    // items.
    tokio::task::yield_now().await;
    cx.put("first").await;
    tokio::join!(biased; cx.put("second"), leave);
}

#[tokio::test]
async fn a_put_that_waits_for_the_reader_returns_when_the_reader_leaves() {
    let (alive, give_up) = (Alive::default(), GiveUp::default());
    let flow = flow! { with Alive; with GiveUp; start -> put_while_the_reader_leaves }
        .with(alive.clone())
        .with(give_up.clone())
        .capacity(NonZeroUsize::MIN);
    let execution = flow.spawn(());
    *give_up.0.lock().unwrap() = Some(Box::new(move || drop(execution)));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(give_up.0.lock().unwrap().is_none(), "the handler ran");
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn unread_items_are_dropped_with_the_stream_even_if_a_context_is_left() {
    struct Held(#[allow(dead_code, reason = "it is held")] Guard);

    #[handler(streams = "Held")]
    async fn put_guards(cx: &Cx, alive: Res<Alive>) {
        let kept = cx.clone();
        tokio::spawn(async move {
            pending::<()>().await;
            drop(kept);
        });
        for _ in 0..3 {
            cx.put(Held(alive.guard())).await;
        }
        pending::<()>().await;
    }

    let alive = Alive::default();
    let flow = flow! { streams Held; with Alive; start -> put_guards }.with(alive.clone());
    let mut items = flow.stream(());
    assert!(items.next().await.is_some());
    assert_eq!(alive.count(), 2);
    drop(items);
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn items_left_at_the_end_are_dropped_with_their_reader() {
    struct Held(#[allow(dead_code, reason = "it is held")] Guard);

    #[handler(streams = "Held")]
    async fn put_guards(cx: &Cx, alive: Res<Alive>) {
        for _ in 0..3 {
            cx.put(Held(alive.guard())).await;
        }
    }

    let alive = Alive::default();
    let flow = flow! { streams Held; with Alive; start -> put_guards }.with(alive.clone());
    let mut execution = flow.spawn(());
    let items = execution.take_items();
    while alive.count() < 3 || !execution.sender().is_closed() {
        tokio::task::yield_now().await;
    }
    assert_eq!(alive.count(), 3);
    drop(items);
    assert_eq!(alive.count(), 0);
    execution.output().await.unwrap();
}

/// A handler waits here while the test checks the state.
#[derive(Clone, Default)]
struct Gate(Arc<(Notify, Notify)>);

impl Gate {
    async fn arrive(&self) {
        self.0.0.notify_one();
        self.0.1.notified().await;
    }

    async fn wait_for_arrival(&self) {
        self.0.0.notified().await;
    }

    fn open(&self) {
        self.0.1.notify_one();
    }
}

/// The reader leaves on one thread while the execution runs on another, at many different moments.
/// Neither may miss the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whenever_the_reader_leaves_no_put_waits_and_no_item_is_left() {
    struct Held(#[allow(dead_code, reason = "it is held")] Guard);

    #[handler(streams = "Held")]
    async fn put_guards(outside: bool, cx: &Cx, alive: Res<Alive>, gate: Res<Gate>) {
        if outside {
            let (cx, alive) = (cx.clone(), Alive::clone(&alive));
            tokio::spawn(async move {
                for _ in 0..20 {
                    cx.put(Held(alive.guard())).await;
                }
            });
        }
        for _ in 0..20 {
            cx.put(Held(alive.guard())).await;
        }
        gate.arrive().await;
    }

    let (alive, gate) = (Alive::default(), Gate::default());
    let flow = flow! { streams Held; with Alive; with Gate; start(bool) -> put_guards }
        .with(alive.clone())
        .with(gate.clone())
        .capacity(NonZeroUsize::new(2).unwrap());
    for round in 0..2_000_u32 {
        let mut execution = flow.spawn(round % 2 == 0);
        let mut items = execution.take_items();
        for _ in 0..round % 5 {
            assert!(items.next().await.is_some());
        }
        for _ in 0..round * 37 % 1_000 {
            std::hint::spin_loop();
        }
        drop(items);
        let arrived = timeout(Duration::from_secs(30), gate.wait_for_arrival()).await;
        arrived.expect("the handler waits for a reader");
        for waited in 0.. {
            if alive.count() == 0 {
                break;
            }
            assert!(waited < 100_000, "in round {round} an item stays");
            tokio::task::yield_now().await;
        }
        gate.open();
        execution.output().await.unwrap();
    }
}
