//! Safe code that no program needs: wakers that panic, puts that are polled elsewhere, executions
//! that are polled in destructors. Nothing is lost and nothing hangs.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

use flow_core::{
    Broadcast, Cx, Event, Execution, FlowError, FlowErrorKind, Res, ShareOptions, SlowReaders,
    flow, handler,
};
use futures::executor::block_on;
use futures::{FutureExt, StreamExt, TryStreamExt};
use tokio::io::{AsyncReadExt, DuplexStream, duplex};
use tokio::time::timeout;

use crate::{Alive, Ping};

type Job = Box<dyn FnOnce() + Send>;
/// What a handler leaves here emits `Ping(7)`.
type Later = Arc<Mutex<Option<Job>>>;

#[handler(emits = Ping)]
async fn emit_later(later: Res<Later>, cx: &Cx) {
    let own = cx.clone();
    *later.lock().unwrap() = Some(Box::new(move || own.emit(Ping(7))));
}

#[handler(on = Ping, streams = u32)]
async fn put_ping(Ping(n): Ping, cx: &Cx) {
    cx.put(n).await;
}

/// An execution whose handler has left the job, and waits for the event.
fn waiting(waker: &Waker) -> (Execution<u32>, Job) {
    let later = Later::default();
    let flow = flow! { streams u32; with Later; start -> emit_later; when Ping -> put_ping };
    let mut execution = flow.with(Arc::clone(&later)).stream(());
    let polled = execution.poll_next_unpin(&mut Context::from_waker(waker));
    assert!(polled.is_pending());
    let job = later.lock().unwrap().take().unwrap();
    (execution, job)
}

struct PanicsWhenWoken;

impl Wake for PanicsWhenWoken {
    fn wake(self: Arc<Self>) {
        panic!("on purpose");
    }
}

#[test]
fn an_event_whose_emit_unwinds_from_a_waker_is_not_lost() {
    let (execution, job) = waiting(&Waker::from(Arc::new(PanicsWhenWoken)));
    assert!(catch_unwind(AssertUnwindSafe(job)).is_err());
    assert_eq!(block_on(execution.try_collect::<Vec<_>>()).unwrap(), [7]);
}

#[derive(Default)]
struct CountsWakes(AtomicUsize);

impl Wake for CountsWakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_reader_whose_waker_panics_does_not_keep_the_others_asleep() {
    let (sender, items) = futures::channel::mpsc::unbounded::<u8>();
    let options = ShareOptions::new(SlowReaders::Block);
    let shared = Broadcast::new(items.map(Ok), options);
    let count = Arc::new(CountsWakes::default());
    let counted = || Waker::from(Arc::clone(&count));
    let wakers = [
        counted(),
        Waker::from(Arc::new(PanicsWhenWoken)),
        counted(),
        counted(),
    ];
    let mut readers = wakers.map(|waker| {
        let mut reader = shared.subscribe();
        let polled = reader.poll_next_unpin(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
        reader
    });
    let sent = catch_unwind(AssertUnwindSafe(|| sender.unbounded_send(7)));
    assert!(sent.is_err());
    assert_eq!(count.0.load(Ordering::SeqCst), 3);
    for reader in &mut readers {
        let item = block_on(reader.next()).unwrap().unwrap().into_item();
        assert_eq!(item, Some(7));
    }
}

struct AtExit(RefCell<Option<Job>>);

impl Drop for AtExit {
    fn drop(&mut self) {
        if let Some(job) = self.0.borrow_mut().take() {
            job();
        }
    }
}

thread_local! {
    static AT_EXIT: AtExit = const { AtExit(RefCell::new(None)) };
}

#[handler]
async fn put_three(cx: &Cx) {
    for item in ["a", "b", "c"] {
        cx.put(item).await;
    }
}

#[test]
fn executions_can_be_used_in_the_destructors_of_a_thread() {
    for _ in 0..20 {
        let (execution, job) = waiting(Waker::noop());
        let (told, count) = std::sync::mpsc::channel();
        let at_exit = move || {
            job();
            let flow = flow! { start -> put_three }.capacity(NonZeroUsize::MIN);
            // One that is read to its end, and one that is dropped before.
            let items = block_on(flow.stream(()).count());
            let mut half = flow.stream(());
            let polled = half.poll_next_unpin(&mut Context::from_waker(Waker::noop()));
            assert!(polled.is_ready());
            told.send(items).unwrap();
        };
        let use_at_exit = move || AT_EXIT.with(|at| *at.0.borrow_mut() = Some(Box::new(at_exit)));
        thread::spawn(use_at_exit).join().unwrap();
        assert_eq!(count.recv(), Ok(3));
        assert_eq!(block_on(execution.try_collect::<Vec<_>>()).unwrap(), [7]);
    }
}

/// Polls a `put` on a thread of its own, a few times.
fn poll_elsewhere(put: impl Future<Output = ()> + Send) {
    let mut put = Box::pin(put);
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut cx = Context::from_waker(Waker::noop());
            (0..3).any(|_| put.as_mut().poll(&mut cx).is_ready())
        });
    });
}

#[handler(streams = u32)]
async fn put_oddly(alive: Res<Alive>, cx: &Cx) {
    for n in 0..200_u32 {
        let _guard = alive.guard();
        match n % 5 {
            // Given up at once.
            0 => drop(cx.put(n).now_or_never()),
            // Given up later, after another execution has run in between.
            1 => {
                let mut put = Box::pin(cx.put(n));
                let _ = futures::poll!(put.as_mut());
                assert_eq!(flow! { start -> put_three }.stream(()).count().await, 3);
            }
            2 => poll_elsewhere(cx.put(n)),
            // Lost against a branch that is always ready.
            3 => futures::select_biased! {
                () = cx.put(n).fuse() => {},
                () = std::future::ready(()).fuse() => {},
            },
            _ => {}
        }
        if n % 7 == 0 {
            cx.put(1000 + n).await;
        }
    }
}

#[test]
fn puts_that_are_given_up_or_polled_elsewhere_neither_lose_nor_double_items() {
    for capacity in [1, 2, 7] {
        let alive = Alive::default();
        let flow = flow! { streams u32; with Alive; start -> put_oddly }
            .with(alive.clone())
            .capacity(NonZeroUsize::new(capacity).unwrap());
        let items: Vec<u32> = block_on(flow.stream(()).try_collect()).unwrap();
        let (awaited, odd): (Vec<u32>, Vec<u32>) = items.iter().partition(|n| **n >= 1000);
        let all: Vec<_> = (0..200).filter(|n| n % 7 == 0).map(|n| 1000 + n).collect();
        assert_eq!(awaited, all, "capacity {capacity}");
        let each_once: std::collections::BTreeSet<_> = odd.iter().collect();
        assert_eq!(each_once.len(), odd.len(), "capacity {capacity}");
        assert_eq!(alive.count(), 0);
    }
}

/// Emits into the execution around it.
type Outer = Mutex<Option<Box<dyn Fn(u32) + Send>>>;

/// Runs an execution like its own, as deep as this says, and emits into the one around it.
#[handler(streams = u32, emits = Ping)]
async fn nest(depth: u32, outer: Res<Outer>, cx: &Cx) {
    if let Some(emit) = &*outer.lock().unwrap() {
        emit(100 + depth);
    }
    if depth > 0 {
        let own = cx.clone();
        let mut inner = nested(depth - 1, Some(Box::new(move |n| own.emit(Ping(n)))));
        while let Some(item) = inner.next().await {
            cx.put(item.unwrap()).await;
            cx.emit(Ping(depth));
        }
    }
}

fn nested(depth: u32, outer: Option<Box<dyn Fn(u32) + Send>>) -> Execution<u32> {
    flow! { streams u32; with Outer; start(u32) -> nest; when Ping -> put_ping }
        .with(Mutex::new(outer))
        .stream(depth)
}

#[test]
fn executions_within_executions_move_between_threads_and_emit_outwards() {
    let mut execution = nested(4, None);
    let mut items = Vec::new();
    loop {
        let polled = thread::spawn(move || {
            let item = block_on(execution.next());
            (execution, item)
        });
        let (back, item) = polled.join().unwrap();
        execution = back;
        match item {
            Some(item) => items.push(item.unwrap()),
            None => break,
        }
    }
    // Depth d puts each item of depth d - 1, and then d itself; and 100 + d - 1, which depth d - 1
    // has emitted into it.
    let mut expected = Vec::new();
    for depth in 1..=4 {
        let passed_on = expected.len();
        expected.extend(std::iter::repeat_n(depth, passed_on));
        expected.push(100 + depth - 1);
    }
    expected.sort_unstable();
    items.sort_unstable();
    assert_eq!(items, expected);
}

/// A connection that the handler holds in its resource.
struct Line(tokio::sync::Mutex<DuplexStream>);

#[handler]
async fn read_line(line: Res<Line>) {
    let mut line = line.0.lock().await;
    let _ = timeout(Duration::from_secs(1), line.read_u8()).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_in_a_resource_is_closed_on_every_way_to_end() {
    for way in ["dropped", "cancelled", "ended", "spawned and ended"] {
        let (here, mut peer) = duplex(8);
        let flow =
            flow! { with Line; start -> read_line }.with(Line(tokio::sync::Mutex::new(here)));
        match way {
            "dropped" => assert!(flow.stream(()).next().now_or_never().is_none()),
            "cancelled" => {
                let spawned = flow.spawn(());
                tokio::task::yield_now().await;
                spawned.cancel();
                spawned.output().await.unwrap_err();
            }
            "ended" => flow.run(()).await.unwrap(),
            _ => flow.spawn(()).output().await.unwrap(),
        }
        drop(flow);
        let closed = timeout(Duration::from_secs(1), peer.read_u8()).await;
        let error = closed.unwrap_or_else(|_| panic!("{way}: the connection stays open"));
        assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::UnexpectedEof);
    }
}

/// The payload of a panic, whose destructor panics as well.
struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        if !thread::panicking() {
            std::panic::panic_any(Payload);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_shared_stream_that_panics_ends_for_the_other_reader() {
    let panics = futures::stream::poll_fn(|_| -> Poll<Option<Result<u8, FlowError>>> {
        std::panic::panic_any(Payload)
    });
    let readers = Broadcast::new(panics, ShareOptions::new(SlowReaders::Block));
    let (one, other) = (readers.subscribe(), readers.subscribe());
    let first = AssertUnwindSafe(one.count()).catch_unwind().await;
    let second = timeout(Duration::from_secs(1), other.collect::<Vec<_>>()).await;
    std::mem::forget(first);
    let second = second.unwrap();
    let [Err(error)] = &second[..] else {
        panic!("{second:?}");
    };
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
}

/// The wakers that handlers leave behind.
#[derive(Default)]
struct LeftBehind(Mutex<Vec<Waker>>);

#[handler(emits = Ping)]
async fn ping_twice(cx: &Cx) {
    cx.emit(Ping(1));
    cx.emit(Ping(2));
}

/// Suspends once, so that two of them are suspended at the same time.
#[handler(on = Ping)]
async fn leave_a_waker(_: Ping, left: Res<LeftBehind>) {
    let mut polled = false;
    poll_fn(|cx| {
        left.0.lock().unwrap().push(cx.waker().clone());
        if std::mem::replace(&mut polled, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[handler(on = Over)]
async fn over(_: Over) -> &'static str {
    "over"
}

#[derive(Event)]
struct Over;

#[tokio::test]
async fn a_waker_that_outlives_its_handler_does_not_keep_a_parked_execution_busy() {
    let left = Arc::new(LeftBehind::default());
    let flow = flow! {
        with LeftBehind;
        external Over;
        start -> ping_twice;
        when Ping -> leave_a_waker;
        when Over -> over -> end
    };
    let execution = flow.with_arc(Arc::clone(&left)).spawn(());
    for _ in 0..3 {
        // The first time their wakers resume the handlers, and then they have returned.
        tokio::task::yield_now().await;
        let wakers = left.0.lock().unwrap().clone();
        wakers.iter().for_each(Waker::wake_by_ref);
    }
    assert_eq!(left.0.lock().unwrap().len(), 4, "two handlers, twice each");
    execution.emit(Over).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), "over");
}
