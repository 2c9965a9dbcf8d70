//! At the end an execution gives up everything it holds, even what keeps the execution alive: a
//! value with a context of it, or with a waker of one of its handlers.

use std::any::Any;
use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::{Cx, Ending, Event, Failed, FlowErrorKind, Res, Result, State, flow, handler};
use futures::{FutureExt, StreamExt};

use crate::{Alive, Guard, Ping};

type Call = Box<dyn Fn(u32) + Send>;

/// Keeps what handlers put into it.
#[derive(Default)]
struct Kept(Mutex<Vec<(Call, Guard)>>);

#[derive(Default)]
struct KeptState(Vec<(Call, Guard)>);

/// How the handler goes on after it has kept its context.
#[derive(Clone, Copy, Debug)]
enum Way {
    End,
    Stop,
    Fail,
    Panic,
    TimeOut,
}

#[handler(emits = Ping)]
async fn keep_own_context(
    way: Way,
    kept: Res<Kept>,
    state: State<KeptState>,
    alive: Res<Alive>,
    cx: &Cx,
) -> Result<(), fmt::Error> {
    let own = cx.clone();
    let call = Box::new(move |n| own.emit(Ping(n)));
    kept.0.lock().unwrap().push((call, alive.guard()));
    let own = cx.clone();
    let call = Box::new(move |n| own.emit(Ping(n)));
    state.with(|state| state.0.push((call, alive.guard())));
    match way {
        Way::End => {}
        Way::Stop => cx.stop(),
        Way::Fail => return Err(fmt::Error),
        Way::Panic => panic!("on purpose"),
        Way::TimeOut => pending().await,
    }
    Ok(())
}

#[handler(on = Ping)]
async fn take(_ping: Ping) {}

macro_rules! keeping {
    ($alive:expr) => {
        flow! {
            with Kept; with Alive; state KeptState;
            timeout "1h";
            start(Way) -> keep_own_context -> end;
            when Ping -> take
        }
        .with(Kept::default())
        .with($alive.clone())
    };
}

#[tokio::test(start_paused = true)]
async fn resources_and_states_with_a_context_are_dropped_on_every_way_to_end() {
    for way in [Way::End, Way::Stop, Way::Fail, Way::Panic, Way::TimeOut] {
        let alive = Alive::default();
        drop(keeping!(alive).run(way).await);
        assert_eq!(alive.count(), 0, "{way:?}, run");
        drop(keeping!(alive).stream(way).collect::<Vec<_>>().await);
        assert_eq!(alive.count(), 0, "{way:?}, read to its end");
        drop(keeping!(alive).spawn(way).output().await);
        assert_eq!(alive.count(), 0, "{way:?}, spawned");
    }
}

#[tokio::test]
async fn resources_and_states_with_a_context_are_dropped_with_the_execution() {
    let alive = Alive::default();
    let mut execution = keeping!(alive).stream(Way::TimeOut);
    assert!(execution.next().now_or_never().is_none());
    assert_eq!(alive.count(), 2);
    drop(execution);
    assert_eq!(alive.count(), 0, "dropped while a handler waits");

    drop(keeping!(alive).stream(Way::TimeOut));
    assert_eq!(alive.count(), 0, "never polled");

    let spawned = keeping!(alive).spawn(Way::TimeOut);
    tokio::task::yield_now().await;
    assert_eq!(alive.count(), 2);
    spawned.cancel();
    let error = spawned.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(alive.count(), 0, "cancelled");
}

struct Inbox(tokio::sync::Mutex<tokio::sync::mpsc::Receiver<u32>>);

#[handler]
async fn wait_for_inbox(inbox: Res<Inbox>) {
    inbox.0.lock().await.recv().await;
}

#[tokio::test]
async fn a_resource_that_keeps_the_waker_of_a_handler_is_dropped_with_the_execution() {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let inbox = Inbox(tokio::sync::Mutex::new(receiver));
    let mut execution = flow! { with Inbox; start -> wait_for_inbox }
        .with(inbox)
        .stream(());
    assert!(execution.next().now_or_never().is_none());
    assert!(!sender.is_closed());
    drop(execution);
    assert!(sender.is_closed());
}

/// Leaves its waker in the resource, and returns.
#[handler]
async fn look_into_inbox(inbox: Res<Inbox>) {
    let mut inbox = inbox.0.lock().await;
    std::future::poll_fn(|cx| {
        assert!(inbox.poll_recv(cx).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn such_a_resource_is_dropped_when_the_execution_has_run_out() {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let inbox = Inbox(tokio::sync::Mutex::new(receiver));
    let flow = flow! { with Inbox; start -> look_into_inbox }.with(inbox);
    let mut execution = flow.stream(());
    drop(flow);
    assert!(!sender.is_closed());
    assert!(execution.next().await.is_none());
    assert!(sender.is_closed());
}

/// A resource whose destructor panics.
struct Panics<const N: u8>;

impl<const N: u8> Drop for Panics<N> {
    fn drop(&mut self) {
        panic!("destructor of resource {N}");
    }
}

#[handler]
async fn use_both(_one: Res<Panics<1>>, _two: Res<Panics<2>>) -> u32 {
    7
}

#[tokio::test]
async fn resources_whose_destructors_panic_do_not_change_the_output() {
    let flow = flow! { with Panics<1>; with Panics<2>; start -> use_both -> end };
    let flow = flow.with(Panics::<1>).with(Panics::<2>);
    let execution = flow.spawn(());
    drop(flow);
    assert_eq!(execution.output().await.unwrap(), 7);
}

/// An output with a context of the execution.
struct Out(Call, Guard);

#[handler(emits = Ping)]
async fn give_out(alive: Res<Alive>, cx: &Cx) -> Out {
    let own = cx.clone();
    Out(Box::new(move |n| own.emit(Ping(n))), alive.guard())
}

#[tokio::test]
async fn an_output_that_is_not_taken_is_dropped_with_the_execution() {
    let alive = Alive::default();
    let flow = flow! { with Alive; start -> give_out -> end now; when Ping -> take };
    let flow = flow.with(alive.clone());
    let mut execution = flow.stream(());
    assert!(execution.next().await.is_none());
    assert_eq!(alive.count(), 1);
    drop(execution);
    assert_eq!(alive.count(), 0);

    let Out(call, guard) = flow.run(()).await.unwrap();
    call(1);
    assert_eq!(alive.count(), 1);
    drop((call, guard));
    assert_eq!(alive.count(), 0);
}

type Emit = Box<dyn Fn(Bomb) + Send>;

/// Emits another of its kind when it is dropped, as often as the number says.
#[derive(Event)]
struct Bomb(Option<Arc<Mutex<Emit>>>, u32, Arc<AtomicUsize>);

impl Drop for Bomb {
    fn drop(&mut self) {
        self.2.fetch_sub(1, Ordering::Relaxed);
        if let (Some(emit), 1..) = (self.0.take(), self.1) {
            self.2.fetch_add(1, Ordering::Relaxed);
            let next = Bomb(Some(Arc::clone(&emit)), self.1 - 1, Arc::clone(&self.2));
            let emit = emit.lock().unwrap();
            emit(next);
        }
    }
}

struct Count(Arc<AtomicUsize>);

#[handler(emits = Bomb)]
async fn plant(count: Res<Count>, cx: &Cx) {
    let own = cx.clone();
    let emit: Emit = Box::new(move |bomb| own.emit(bomb));
    count.0.fetch_add(1, Ordering::Relaxed);
    cx.emit(Bomb(
        Some(Arc::new(Mutex::new(emit))),
        3,
        Arc::clone(&count.0),
    ));
    cx.stop();
}

#[handler(on = Bomb)]
async fn defuse(_bomb: Bomb) {}

#[tokio::test]
async fn an_event_that_a_destructor_emits_at_the_end_is_dropped_too() {
    let count = Arc::new(AtomicUsize::new(0));
    let flow = flow! { with Count; start -> plant; when Bomb -> defuse };
    flow.with(Count(Arc::clone(&count))).run(()).await.unwrap();
    assert_eq!(Arc::strong_count(&count), 1);
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[handler]
async fn put_three(cx: &Cx) {
    for item in ["1", "2", "3"] {
        cx.put(item).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lifecycle_that_begins_between_the_end_and_the_last_item_is_told_of_the_end() {
    let mut execution = flow! { start -> put_three }.stream(());
    assert_eq!(execution.next().await.unwrap().unwrap(), "1");
    let lifecycle = execution.lifecycle();
    assert_eq!((&mut execution).count().await, 2);
    drop(execution);
    let told = tokio::time::timeout(Duration::from_secs(1), lifecycle.collect::<Vec<_>>());
    let told = told.await.expect("the lifecycle ends");
    assert!(
        matches!(told[..], [ref last] if matches!(last.kind, LifecycleKind::Ended { error: None }))
    );
}

/// The payload of a panic, whose destructor panics as well.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            std::panic::panic_any(Payload);
        }
    }
}

#[handler]
async fn panic_with_payload() {
    std::panic::panic_any(Payload)
}

#[tokio::test]
async fn a_panic_whose_payload_panics_is_one_panic() {
    let flow = flow! { start -> panic_with_payload };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    let error = flow.spawn(()).output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    let results: Vec<_> = flow.stream(()).collect().await;
    assert_eq!(results.len(), 1);
}

/// A state whose destructor panics.
#[derive(Default)]
struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("destructor of the state");
    }
}

#[handler]
async fn use_state(_state: State<PanicsOnDrop>) -> u32 {
    7
}

#[tokio::test]
async fn a_state_whose_destructor_panics_does_not_change_the_output() {
    let flow = flow! { state PanicsOnDrop; start -> use_state -> end };
    assert_eq!(flow.run(()).await.unwrap(), 7);
    assert_eq!(flow.spawn(()).output().await.unwrap(), 7);
    let mut execution = flow.stream(());
    assert!(execution.next().await.is_none());
    assert_eq!(execution.output().await.unwrap(), 7);
}

/// An error that keeps its execution, as one that gives back a connection does.
struct Returns {
    _context: Mutex<Box<dyn Any + Send>>,
    _guard: Guard,
}

impl fmt::Debug for Returns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Returns")
    }
}

impl fmt::Display for Returns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is given back")
    }
}

impl std::error::Error for Returns {}

#[handler(streams = !)]
async fn fail_with_context(alive: Res<Alive>, cx: &Cx) -> Result<u32> {
    let context: Box<dyn Any + Send> = Box::new(cx.clone());
    Err(Returns {
        _context: Mutex::new(context),
        _guard: alive.guard(),
    }
    .into())
}

#[handler]
async fn succeed(_alive: Res<Alive>) -> u32 {
    1
}

#[handler]
async fn fail_again(failed: Failed) -> Result<u32> {
    Err(failed.error)
}

#[handler(streams = !)]
async fn fail_to_settle(_ending: Ending, alive: Res<Alive>, cx: &Cx) -> Result<()> {
    let context: Box<dyn Any + Send> = Box::new(cx.clone());
    Err(Returns {
        _context: Mutex::new(context),
        _guard: alive.guard(),
    }
    .into())
}

macro_rules! given_up_in_every_way {
    ($name:literal, $flow:expr) => {{
        let alive = Alive::default();
        let flow = || $flow.with(alive.clone());
        let error = flow().run(()).await.unwrap_err();
        assert_ne!(alive.count(), 0, "{}: the caller has the error", $name);
        drop(error);
        assert_eq!(alive.count(), 0, "{}, run", $name);
        drop(flow().stream(()).collect::<Vec<_>>().await);
        assert_eq!(alive.count(), 0, "{}, streamed", $name);
        drop(flow().spawn(()).output().await);
        assert_eq!(alive.count(), 0, "{}, spawned", $name);

        let mut spawned = flow().spawn(());
        let items = spawned.take_items();
        drop(items.collect::<Vec<_>>().await);
        let ended = spawned.lifecycle().collect::<Vec<_>>().await;
        let told = matches!(&ended[..], [event] if matches!(
            event.kind,
            LifecycleKind::Ended { error: Some(_), .. }
        ));
        assert!(told, "{}: {ended:?}", $name);
        drop((ended, spawned));
        assert_eq!(alive.count(), 0, "{}, its items were taken", $name);

        let spawned = flow().spawn(());
        tokio::time::sleep(Duration::from_millis(1)).await;
        drop(spawned);
        assert_eq!(alive.count(), 0, "{}, nobody asked", $name);

        drop(flow().spawn(()));
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(alive.count(), 0, "{}, detached", $name);
    }};
}

#[tokio::test(start_paused = true)]
async fn an_error_with_a_context_of_its_execution_is_dropped_with_its_last_reader() {
    given_up_in_every_way!(
        "of a handler",
        flow! { with Alive; start -> fail_with_context -> end }
    );
    given_up_in_every_way!(
        "passed on by a rescue",
        flow! {
            with Alive;
            start -> fail_with_context -> end;
            rescue fail_with_context -> fail_again -> end
        }
    );
    given_up_in_every_way!(
        "of a finally",
        flow! { with Alive; start -> succeed -> end; finally within "1s" -> fail_to_settle }
    );
    given_up_in_every_way!(
        "of both",
        flow! {
            with Alive;
            start -> fail_with_context -> end;
            finally within "1s" -> fail_to_settle
        }
    );
    given_up_in_every_way!(
        "of a stage",
        flow! { with Alive; start -> FailingStage -> end }
    );
}

flow! {
    flow FailingStage -> u32;
    with Alive;
    start -> fail_with_context -> end
}
