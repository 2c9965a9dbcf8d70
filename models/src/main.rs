//! Models of the parts of the engine that threads share, on the public API: a checker runs each of
//! them under all schedules with few preemptions (loom), or under many random ones (shuttle).
//!
//! Arguments choose models by the beginnings of their names.

mod check;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use check::{Bell, Flag, all, block_on, next, thread};
use flow_core::{
    Answered, Asked, Cx, Event, FlowErrorKind, ItemPosition, Received, Res, ShareOptions,
    SlowReaders, flow, handler,
};

const ONE: NonZeroUsize = NonZeroUsize::MIN;

#[derive(Clone, Event)]
struct Tick(u32);
#[derive(Clone, Event)]
struct Left;
#[derive(Clone, Event)]
struct Right;
#[derive(Clone, Event)]
#[event(answer = u32)]
struct Review;

#[handler(emits = Tick)]
async fn emit_from_a_thread(cx: &Cx) {
    let cx = cx.clone();
    thread::spawn(move || cx.emit(Tick(1)));
}

#[handler(emits = Tick)]
async fn emit_from_two_threads(cx: &Cx) {
    for n in 1..3 {
        let cx = cx.clone();
        thread::spawn(move || cx.emit(Tick(n)));
    }
}

#[handler(on = Tick, streams = u32)]
async fn put_tick(Tick(n): Tick, cx: &Cx) {
    cx.put(n).await;
}

#[handler(streams = u32)]
async fn put_from_a_thread(cx: &Cx) {
    let own = cx.clone();
    thread::spawn(move || {
        for n in 1..3_u32 {
            block_on(own.put(n));
        }
    });
    cx.put(0_u32).await;
}

#[handler(streams = u32)]
async fn put_many(count: u32, cx: &Cx) {
    for n in 1..=count {
        cx.put(n).await;
    }
}

#[handler]
async fn nothing() {}

#[handler(on = Tick)]
async fn count(_tick: Tick, counted: Res<Arc<AtomicUsize>>) {
    counted.fetch_add(1, Ordering::SeqCst);
}

#[handler(emits = [Left, Right])]
async fn both(cx: &Cx) {
    cx.emit(Left);
    cx.emit(Right);
}

#[handler(on = Left, streams = u32)]
async fn left(_left: Left, bells: Res<(Bell, Bell)>, cx: &Cx) {
    bells.0.heard().await;
    cx.put(1_u32).await;
}

#[handler(on = Right, streams = u32)]
async fn right(_right: Right, bells: Res<(Bell, Bell)>, cx: &Cx) {
    bells.1.heard().await;
    cx.put(2_u32).await;
}

#[handler(streams = u32)]
async fn put_around_the_bell(bell: Res<Bell>, cx: &Cx) {
    cx.put(1_u32).await;
    bell.heard().await;
    cx.put(2_u32).await;
}

/// Is woken by two threads, of which only the second has something to tell. No lock orders it.
async fn woken_twice() {
    let told = Arc::new(Flag::default());
    let mut begun = false;
    let poll = move |cx: &mut std::task::Context<'_>| {
        if !std::mem::replace(&mut begun, true) {
            let (first, second) = (cx.waker().clone(), cx.waker().clone());
            let set = Arc::clone(&told);
            thread::spawn(move || first.wake());
            thread::spawn(move || {
                set.set();
                second.wake();
            });
        }
        if told.is_set() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    };
    std::future::poll_fn(poll).await;
}

#[handler]
async fn first_slot() {
    woken_twice().await;
}

#[handler(on = Left)]
async fn wait_forever(_left: Left) {
    std::future::pending::<()>().await;
}

#[handler(on = Right)]
async fn other_slot(_right: Right, cx: &Cx) {
    woken_twice().await;
    cx.stop();
}

#[handler(emits = Review)]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler]
async fn decide(answered: Answered<Review>) -> u32 {
    answered.answer
}

#[handler]
async fn give_up(_review: Review) -> u32 {
    99
}

fn ok<T, E: std::fmt::Debug>(items: Vec<Result<T, E>>) -> Vec<T> {
    items.into_iter().map(Result::unwrap).collect()
}

fn sorted(mut items: Vec<u32>) -> Vec<u32> {
    items.sort_unstable();
    items
}

fn received<E: std::fmt::Debug>(items: Vec<Result<Received<u32>, E>>) -> Vec<u32> {
    ok(items)
        .into_iter()
        .filter_map(Received::into_item)
        .collect()
}

#[handler]
async fn zero() -> u32 {
    0
}

flow! {
    /// Comes to its end by itself, and takes events until then.
    flow Brief -> u32;
    with Arc<AtomicUsize>;
    external Tick;
    start -> zero -> end;
    when Tick -> count
}

#[handler]
async fn zero_at_the_bell(bell: Res<Bell>) -> u32 {
    bell.heard().await;
    0
}

flow! {
    /// The same, when the bell rings.
    flow AtTheBell -> u32;
    with Arc<AtomicUsize>;
    with Bell;
    external Tick;
    start -> zero_at_the_bell -> end;
    when Tick -> count
}

/// A name, and what holds in each schedule.
type Model = (&'static str, fn());

const MODELS: &[Model] = &[
    (
        "an event from a thread reaches a driver that falls asleep",
        || {
            let flow = flow! { streams u32; start -> emit_from_a_thread; when Tick -> put_tick };
            assert_eq!(ok(all(flow.stream(()))), [1]);
        },
    ),
    ("events from two threads arrive once each", || {
        let flow = flow! { streams u32; start -> emit_from_two_threads; when Tick -> put_tick };
        assert_eq!(sorted(ok(all(flow.stream(())))), [1, 2]);
    }),
    (
        "puts from a thread and from a handler share one place",
        || {
            let flow = flow! { streams u32; start -> put_from_a_thread }.capacity(ONE);
            let items = ok(all(flow.stream(())));
            let outside: Vec<_> = items.iter().copied().filter(|n| *n > 0).collect();
            assert_eq!((items.len(), outside), (3, vec![1, 2]));
        },
    ),
    (
        "a spawned execution and its reader pass items through one place",
        || {
            let flow = flow! { streams u32; start(u32) -> put_many }.capacity(ONE);
            let mut spawned = flow.spawn(3);
            assert_eq!(ok(all(spawned.items())), [1, 2, 3]);
            block_on(spawned.output()).unwrap();
        },
    ),
    ("a reader leaves while a put waits for it", || {
        let flow = flow! { streams u32; start(u32) -> put_many }.capacity(ONE);
        let mut spawned = flow.spawn(3);
        assert_eq!(next(&mut spawned.items()).unwrap().unwrap(), 1);
        block_on(spawned.output()).unwrap();
    }),
    (
        "a cancel and the end of an execution are one ending",
        || {
            let flow = flow! { streams u32; start(u32) -> put_many }.capacity(ONE);
            let mut spawned = flow.spawn(2);
            spawned.cancel();
            let items = all(spawned.items());
            let output = block_on(spawned.output());
            assert_eq!(items.last().is_some_and(Result::is_err), output.is_err());
            match output {
                Ok(()) => assert_eq!(items.len(), 2),
                Err(error) => assert_eq!(error.kind(), FlowErrorKind::Cancelled),
            }
        },
    ),
    (
        "an execution ends after the events of its last senders",
        || {
            let counted = Arc::new(AtomicUsize::new(0));
            let flow = flow! {
                with Arc<AtomicUsize>; external Tick;
                start -> nothing; when Tick -> count
            };
            let spawned = flow.with(Arc::clone(&counted)).spawn(());
            let sender = spawned.sender();
            thread::spawn(move || sender.try_emit(Tick(2)).unwrap());
            spawned.try_emit(Tick(1)).unwrap();
            block_on(spawned.output()).unwrap();
            assert_eq!(counted.load(Ordering::SeqCst), 2);
        },
    ),
    ("an event that a stage takes as it ends is not lost", || {
        let counted = Arc::new(AtomicUsize::new(0));
        let flow = flow! { with Arc<AtomicUsize>; external Tick; start -> Brief -> ignore };
        let spawned = flow.with(Arc::clone(&counted)).spawn(());
        let sender = spawned.sender();
        thread::spawn(move || sender.try_emit(Tick(1)).unwrap());
        let left_over = block_on(spawned.output()).is_err();
        assert_eq!(counted.load(Ordering::SeqCst), usize::from(!left_over));
    }),
    (
        "a stage decides its end while an event is on its way to it",
        || {
            let (counted, bell) = (Arc::new(AtomicUsize::new(0)), Bell::default());
            let flow = flow! {
                with Arc<AtomicUsize>; with Bell; external Tick;
                start -> AtTheBell -> ignore
            };
            let flow = flow.with(Arc::clone(&counted)).with(bell.clone());
            let spawned = flow.spawn(());
            let sender = spawned.sender();
            thread::spawn(move || {
                bell.ring();
                sender.try_emit(Tick(1)).unwrap();
            });
            let left_over = block_on(spawned.output()).is_err();
            assert_eq!(counted.load(Ordering::SeqCst), usize::from(!left_over));
        },
    ),
    ("two senders wait for one place, and each gets it", || {
        let counted = Arc::new(AtomicUsize::new(0));
        let flow = flow! {
            with Arc<AtomicUsize>; external Tick; max_pending 1;
            start -> nothing; when Tick -> count
        };
        let spawned = flow.with(Arc::clone(&counted)).spawn(());
        let sender = spawned.sender();
        thread::spawn(move || block_on(sender.emit(Tick(2))).unwrap());
        let first = usize::from(spawned.try_emit(Tick(0)).is_ok());
        block_on(spawned.emit(Tick(1))).unwrap();
        block_on(spawned.output()).unwrap();
        assert_eq!(counted.load(Ordering::SeqCst), first + 2);
    }),
    (
        "a sender that waits is told of a cancel, or its event was let in before",
        || {
            let flow = flow! {
                external Tick; max_pending 1;
                start -> nothing; when Tick -> ignore
            };
            let spawned = flow.spawn(());
            let sender = spawned.sender();
            let waits = thread::spawn(move || {
                // The second waits, unless the first was taken meanwhile.
                let first = sender.try_emit(Tick(1)).is_ok();
                let second = block_on(sender.emit(Tick(2))).is_ok();
                assert!(first || !second, "nothing is emitted after the end");
            });
            spawned.cancel();
            drop(block_on(spawned.output()));
            waits.join().unwrap();
        },
    ),
    ("one of two answers is taken", || {
        let flow = flow! {
            streams Asked<Review>;
            start -> draft; ask Review -> decide -> end else -> give_up -> end
        };
        let mut execution = flow.stream(());
        let asked = next(&mut execution).unwrap().unwrap();
        let other = asked.clone();
        let first = thread::spawn(move || asked.answer(1).is_ok());
        let second = thread::spawn(move || other.answer(2).is_ok());
        let output = block_on(execution.output()).unwrap();
        let taken = (first.join().unwrap(), second.join().unwrap());
        assert_eq!(taken, (output == 1, output == 2));
        assert!(output < 99);
    }),
    ("a question that two threads drop is given up", || {
        let flow = flow! {
            streams Asked<Review>;
            start -> draft; ask Review -> decide -> end else -> give_up -> end
        };
        let mut execution = flow.stream(());
        let asked = next(&mut execution).unwrap().unwrap();
        let other = asked.clone();
        thread::spawn(move || drop(asked));
        thread::spawn(move || drop(other));
        assert_eq!(block_on(execution.output()).unwrap(), 99);
    }),
    ("two suspended handlers are woken by two threads", || {
        let (a, b) = (Bell::default(), Bell::default());
        let flow = flow! {
            with (Bell, Bell); streams u32;
            start -> both; when Left -> left; when Right -> right
        };
        let flow = flow.with((a.clone(), b.clone()));
        thread::spawn(move || a.ring());
        thread::spawn(move || b.ring());
        assert_eq!(sorted(ok(all(flow.stream(())))), [1, 2]);
    }),
    ("the first slot is woken twice", || {
        block_on(flow! { start -> first_slot }.run(())).unwrap();
    }),
    ("another slot is woken twice", || {
        let flow = flow! { start -> both; when Left -> wait_forever; when Right -> other_slot };
        block_on(flow.run(())).unwrap();
    }),
    ("readers on two threads share one execution", || {
        let bell = Bell::default();
        let flow = flow! { with Bell; streams u32; start -> put_around_the_bell };
        let options = ShareOptions::new(SlowReaders::Block).replay(4);
        let readers = flow.with(bell.clone()).stream(()).share(options);
        let one = readers.subscribe_from(ItemPosition::START);
        let two = readers.subscribe_from(ItemPosition::START);
        drop(readers);
        let other = thread::spawn(move || received(all(one)));
        thread::spawn(move || bell.ring());
        assert_eq!(received(all(two)), [1, 2]);
        assert_eq!(other.join().unwrap(), [1, 2]);
    }),
    ("a slow reader leaves while another waits for it", || {
        let flow = flow! { streams u32; start(u32) -> put_many };
        let options = ShareOptions::new(SlowReaders::Block).max_lag(ONE);
        let readers = flow.stream(3).share(options);
        let one = readers.subscribe_from(ItemPosition::START);
        let two = readers.subscribe_from(ItemPosition::START);
        drop(readers);
        thread::spawn(move || drop(two));
        assert_eq!(received(all(one)), [1, 2, 3]);
    }),
    (
        "a reader that polls the execution leaves while another sleeps",
        || {
            let bell = Bell::default();
            let flow = flow! { with Bell; streams u32; start -> put_around_the_bell };
            let options = ShareOptions::new(SlowReaders::Block).max_lag(ONE);
            let readers = flow.with(bell.clone()).stream(()).share(options);
            let mut one = readers.subscribe_from(ItemPosition::START);
            let two = readers.subscribe_from(ItemPosition::START);
            drop(readers);
            let other = thread::spawn(move || {
                let first = next(&mut one).unwrap().unwrap();
                drop(one);
                first.into_item()
            });
            thread::spawn(move || bell.ring());
            assert_eq!(received(all(two)), [1, 2]);
            assert_eq!(other.join().unwrap(), Some(1));
        },
    ),
    ("a spawned execution is read on two threads", || {
        let flow = flow! { streams u32; start(u32) -> put_many }.capacity(ONE);
        let options = ShareOptions::new(SlowReaders::Skip).replay(4);
        let readers = flow.spawn(2).share(options);
        let one = readers.subscribe_from(ItemPosition::START);
        let two = readers.subscribe_from(ItemPosition::START);
        drop(readers);
        let other = thread::spawn(move || received(all(one)));
        assert_eq!(received(all(two)), [1, 2]);
        assert_eq!(other.join().unwrap(), [1, 2]);
    }),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    for (name, model) in MODELS {
        if wanted.is_empty()
            || wanted
                .iter()
                .any(|wanted| name.starts_with(wanted.as_str()))
        {
            check::check(name, *model);
        }
    }
}
