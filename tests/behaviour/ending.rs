//! The result of an ending, and what comes after it. `endings` tests its effect on everything
//! else.

use std::error::Error;
use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow_core::{Cx, FlowError, FlowErrorKind, Res, flow, handler};
use futures::StreamExt;
use tokio::time::sleep;

use crate::{Alive, Ping, all};

#[handler(emits = "Ping")]
async fn emit_one(cx: &Cx) {
    cx.put("first").await;
    cx.emit(Ping(1));
}

#[handler(on = "Ping")]
async fn wait_forever(_ping: Ping, alive: Res<Alive>) {
    let _guard = alive.guard();
    pending::<()>().await;
}

#[tokio::test]
async fn an_execution_ends_when_nothing_runs_and_nothing_waits() {
    #[handler]
    async fn nothing() {}

    assert_eq!(all(flow! { start -> nothing }.stream(())).await, [""; 0]);
}

#[handler(on = "Ping")]
async fn fail(_ping: Ping, cx: &Cx) -> Result<(), std::num::ParseIntError> {
    cx.put("before").await;
    "x".parse::<u8>()?;
    cx.put("after").await;
    Ok(())
}

/// The items of `flow`; the last one must be an error.
async fn failure<T>(
    stream: impl futures::Stream<Item = Result<T, FlowError>>,
) -> (Vec<T>, FlowError) {
    let mut results: Vec<_> = stream.collect().await;
    let error = results.pop().unwrap().err().unwrap();
    (results.into_iter().map(Result::unwrap).collect(), error)
}

#[tokio::test]
async fn an_error_is_the_last_item_and_names_the_handler_the_event_and_the_source() {
    let alive = Alive::default();
    let flow = flow! {
        with Alive;
        start -> emit_one;
        when Ping -> wait_forever;
        when Ping -> fail
    };
    let (items, error) = failure(flow.with(alive.clone()).stream(())).await;
    assert_eq!(items, ["first", "before"]);
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.to_string(), "handler `fail` failed on `Ping`");
    assert_eq!(
        (error.handler(), error.event()),
        (Some("fail"), Some("Ping"))
    );
    assert!(error.source().unwrap().is::<std::num::ParseIntError>());
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn an_error_under_another_name_than_result_is_an_error_too() {
    type Fallible = Result<(), std::fmt::Error>;

    #[handler]
    async fn fail() -> Fallible {
        Err(std::fmt::Error)
    }

    let error = flow! { start -> fail }.run(()).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `fail` failed on start");
    assert_eq!(error.event(), None);
}

#[handler(on = "Ping")]
async fn panic_later(_ping: Ping) {
    sleep(Duration::from_secs(1)).await;
    panic!("no more {}", "ink");
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_its_execution_and_nothing_else() {
    let alive = Alive::default();
    let flow = flow! {
        with Alive;
        start -> emit_one;
        when Ping -> wait_forever;
        when Ping -> panic_later
    };
    let flow = flow.with(alive.clone());
    let (items, error) = failure(flow.stream(())).await;
    assert_eq!(items, ["first"]);
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(
        error.to_string(),
        "handler `panic_later` panicked on `Ping`"
    );
    assert_eq!(error.source().unwrap().to_string(), "no more ink");
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn after_its_end_a_stream_stays_ended() {
    #[handler]
    async fn one(cx: &Cx) {
        cx.put("one").await;
    }

    let mut items = flow! { start -> one }.stream(());
    assert!(items.next().await.is_some());
    for _ in 0..3 {
        assert!(items.next().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_task_emits_and_puts_after_the_end_is_dropped() {
    #[handler(emits = "Ping")]
    async fn leave_a_task_behind(cx: &Cx, alive: Res<Alive>) {
        let (task_cx, guard) = (cx.clone(), alive.guard());
        tokio::spawn(async move {
            sleep(Duration::from_secs(1)).await;
            for n in 0..1_000 {
                task_cx.emit(Ping(n));
                task_cx.put("late").await;
            }
            drop(guard);
        });
        cx.stop();
    }

    let alive = Alive::default();
    let flow = flow! { with Alive; start -> leave_a_task_behind; when Ping -> wait_forever };
    assert_eq!(all(flow.with(alive.clone()).stream(())).await, [""; 0]);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(alive.count(), 0);
}

#[tokio::test]
async fn an_error_after_stop_is_dropped_even_if_its_destructor_emits() {
    static SPOKE: AtomicBool = AtomicBool::new(false);

    struct Loud(Box<dyn Fn() + Send + Sync>);

    impl std::fmt::Debug for Loud {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("Loud")
        }
    }

    impl std::fmt::Display for Loud {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("loud")
        }
    }

    impl Error for Loud {}

    impl Drop for Loud {
        fn drop(&mut self) {
            (self.0)();
        }
    }

    #[handler(emits = "Ping")]
    async fn stop_and_fail(cx: &Cx) -> Result<(), Loud> {
        let speaker = cx.clone();
        cx.put("said").await;
        cx.stop();
        Err(Loud(Box::new(move || {
            speaker.emit(Ping(1));
            SPOKE.store(true, Ordering::SeqCst);
        })))
    }

    let flow = flow! { start -> stop_and_fail; ignore Ping };
    assert_eq!(all(flow.stream(())).await, ["said"]);
    assert!(SPOKE.load(Ordering::SeqCst), "to the end, without a panic");
}
