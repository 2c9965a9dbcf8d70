//! Random programs on several threads: whatever the schedule, each event and item arrives once, and
//! nothing is alive after the end.
//!
//! The seeds are fixed, the schedule is not.

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::{
    Answered, Asked, Cx, Event, ItemPosition, Received, Res, ShareOptions, SlowReaders, flow,
    handler,
};
use futures::StreamExt;
use tokio::time::{sleep, timeout};

use crate::{Alive, Guard, all};

/// Programs of each kind.
const SEEDS: u64 = 200;

struct Random(fastrand::Rng);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }

    fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn fork(&mut self) -> Self {
        Self(self.0.fork())
    }

    fn capacity(&mut self) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(self.below(9))
    }

    fn short(&mut self) -> Duration {
        Duration::from_micros(self.0.u64(..800))
    }

    /// Mostly goes on at once.
    async fn pause(&mut self) {
        match self.below(40) {
            0 => sleep(self.short()).await,
            1..10 => tokio::task::yield_now().await,
            10..12 => std::thread::yield_now(),
            _ => {}
        }
    }
}

/// Runs a program for each seed, at most four at a time, and fails if one hangs or leaks.
fn on_threads<F>(program: fn(Random, Alive) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build();
    let run = move |seed| async move {
        let alive = Alive::default();
        let random = Random(fastrand::Rng::with_seed(seed));
        let ended = tokio::spawn(program(random, alive.clone()));
        let ended = timeout(Duration::from_secs(60), ended).await;
        ended
            .unwrap_or_else(|_| panic!("seed {seed} hangs"))
            .unwrap();
        // The tasks of the execution may still be on their way out.
        let gone = async {
            while alive.count() > 0 {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let gone = timeout(Duration::from_secs(60), gone).await;
        gone.unwrap_or_else(|_| panic!("seed {seed}: {} are alive", alive.count()));
    };
    let programs = futures::stream::iter(0..SEEDS).for_each_concurrent(4, run);
    runtime.unwrap().block_on(programs);
}

type Item = (usize, Arc<Guard>);

#[derive(Clone, Event)]
struct Work(usize, Arc<Guard>);

#[handler(on = Work, streams = Item)]
async fn work(Work(n, guard): Work, cx: &Cx) {
    if n.is_multiple_of(3) {
        tokio::task::yield_now().await;
    }
    if n.is_multiple_of(31) {
        sleep(Duration::from_micros(n as u64 % 300)).await;
    }
    cx.put((n, guard)).await;
}

#[handler]
async fn begin() {}

#[test]
fn each_event_that_threads_emit_arrives_once() {
    on_threads(|mut random, alive| async move {
        let flow = flow! { external Work; streams Item; start -> begin; when Work -> work };
        let mut spawned = flow.capacity(random.capacity()).spawn(());
        let (senders, each) = (1 + random.below(4), random.below(60));
        let items = spawned.take_items();
        for number in 0..senders {
            let (sender, alive, mut random) = (spawned.sender(), alive.clone(), random.fork());
            tokio::spawn(async move {
                for n in 0..each {
                    let work = Work(number * each + n, Arc::new(alive.guard()));
                    sender.emit(work).await.unwrap();
                    random.pause().await;
                }
            });
        }
        drop(spawned);
        let mut numbers: Vec<_> = all(items).await.into_iter().map(|(n, _)| n).collect();
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..senders * each));
    });
}

#[handler(emits = Work)]
async fn begin_work(count: usize, alive: Res<Alive>, cx: &Cx) {
    for n in 0..count {
        cx.emit(Work(n, Arc::new(alive.guard())));
        if n.is_multiple_of(7) {
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn each_reader_that_stays_receives_all_items_or_how_many_it_missed() {
    on_threads(|mut random, alive| async move {
        let slow = if random.once_in(2) {
            SlowReaders::Block
        } else {
            SlowReaders::Skip
        };
        let options = ShareOptions::new(slow).replay(random.below(5));
        let flow =
            flow! { with Alive; streams Item; start(usize) -> begin_work; when Work -> work };
        let flow = flow.with(alive).capacity(random.capacity());
        let count = random.below(60);
        let readers = if random.once_in(2) {
            flow.spawn(count).share(options)
        } else {
            flow.stream(count).share(options)
        };
        let number = 1 + random.below(5);
        let join = |_| (readers.subscribe_from(ItemPosition::START), random.fork());
        let joined: Vec<_> = (0..number).map(join).collect();
        drop(readers);
        let read = joined.into_iter().map(|(mut reader, mut random)| {
            tokio::spawn(async move {
                let leaves_after = if random.once_in(3) {
                    random.below(30)
                } else {
                    usize::MAX
                };
                let (mut received, mut missed) = (0, 0);
                while let Some(item) = reader.next().await {
                    match item.unwrap() {
                        Received::Item { .. } => received += 1,
                        Received::Lagged(items) => missed += items,
                    }
                    if received >= leaves_after {
                        return None;
                    }
                    random.pause().await;
                }
                Some((received, missed))
            })
        });
        for read in read.collect::<Vec<_>>() {
            if let Some((received, missed)) = read.await.unwrap() {
                assert_eq!(received as u64 + missed, count as u64);
                assert!(missed == 0 || slow == SlowReaders::Skip);
            }
        }
    });
}

/// The tasks of a handler, their puts, and what became of them.
#[derive(Default)]
struct Puts {
    given_up: AtomicUsize,
    finished: AtomicUsize,
}

const TASKS: usize = 4;
const EACH: usize = 25;

#[handler(streams = Item)]
async fn put_from_tasks(
    alive: Res<Alive>,
    random: Res<Mutex<Random>>,
    puts: Res<Arc<Puts>>,
    cx: &Cx,
) {
    for task in 0..TASKS {
        let mut random = random.lock().unwrap().fork();
        let (cx, alive, puts) = (cx.clone(), alive.clone(), Arc::clone(&puts));
        tokio::spawn(async move {
            for n in 0..EACH {
                random.pause().await;
                let put = cx.put((task * EACH + n, Arc::new(alive.guard())));
                if !random.once_in(4) {
                    put.await;
                } else if timeout(random.short() / 4, put).await.is_err() {
                    puts.given_up.fetch_add(1, Ordering::SeqCst);
                }
                puts.finished.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
}

macro_rules! puts_from_tasks {
    ($random:ident, $alive:ident, $puts:expr) => {
        flow! {
            with Alive; with Mutex<Random>; with Arc<Puts>;
            streams Item;
            start -> put_from_tasks
        }
        .with($alive)
        .with(Mutex::new($random.fork()))
        .with($puts)
        .capacity($random.capacity())
    };
}

#[test]
fn each_put_that_is_not_given_up_arrives_once_and_in_order() {
    on_threads(|mut random, alive| async move {
        let puts = Arc::new(Puts::default());
        let mut execution = puts_from_tasks!(random, alive, Arc::clone(&puts)).stream(());
        let mut numbers = Vec::new();
        while let Some(item) = execution.next().await {
            numbers.push(item.unwrap().0);
            random.pause().await;
        }
        for task in 0..TASKS {
            let own = numbers.iter().filter(|n| **n / EACH == task);
            assert!(own.is_sorted());
        }
        // The execution ends with the last context, which its task drops after it has counted.
        assert_eq!(puts.finished.load(Ordering::SeqCst), TASKS * EACH);
        let given_up = puts.given_up.load(Ordering::SeqCst);
        let arrived = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!((numbers.len(), arrived + given_up), (arrived, TASKS * EACH));
    });
}

#[test]
fn an_execution_can_be_left_at_any_time() {
    on_threads(|mut random, alive| async move {
        let flow = puts_from_tasks!(random, alive, Arc::new(Puts::default()));
        let reads = random.below(50);
        match random.below(4) {
            0 => drop(flow.stream(()).take(reads).count().await),
            1 => {
                let mut spawned = flow.spawn(());
                spawned.items().take(reads).count().await;
                spawned.cancel();
                drop(spawned.output().await);
            }
            2 => {
                let spawned = flow.spawn(());
                random.pause().await;
                spawned.output().await.unwrap();
            }
            _ => {
                let mut spawned = flow.spawn(());
                let items = spawned.take_items();
                random.pause().await;
                if random.once_in(2) {
                    drop(items);
                } else {
                    spawned.cancel();
                    items.count().await;
                }
            }
        }
    });
}

#[derive(Clone, Event)]
#[event(answer = "u32")]
struct Review(#[expect(dead_code, reason = "it is held")] Arc<Guard>);

#[handler(emits = Review)]
async fn ask(count: usize, alive: Res<Alive>, cx: &Cx) {
    for n in 0..count {
        cx.emit(Review(Arc::new(alive.guard())));
        if n.is_multiple_of(3) {
            tokio::task::yield_now().await;
        }
    }
}

/// How many questions were answered, and how many were not.
#[derive(Default)]
struct Decided(AtomicUsize, AtomicUsize);

#[handler]
async fn decide(_answered: Answered<Review>, decided: Res<Arc<Decided>>) {
    decided.0.fetch_add(1, Ordering::SeqCst);
}

#[handler]
async fn give_up(_review: Review, decided: Res<Arc<Decided>>) {
    decided.1.fetch_add(1, Ordering::SeqCst);
}

#[test]
fn each_question_is_answered_once_or_not_at_all() {
    on_threads(|mut random, alive| async move {
        let decided = Arc::new(Decided::default());
        let count = random.below(40);
        let flow = flow! {
            with Alive; with Arc<Decided>;
            streams Asked<Review>;
            start(usize) -> ask;
            ask Review within "1ms" -> decide else -> give_up
        };
        let flow = flow.with(alive).with(Arc::clone(&decided));
        let mut items = flow.capacity(random.capacity()).spawn(count).take_items();
        let mut answers = Vec::new();
        while let Some(asked) = items.next().await {
            let asked = asked.unwrap();
            for _ in 0..random.below(3) {
                let (asked, mut random) = (asked.clone(), random.fork());
                answers.push(tokio::spawn(async move {
                    random.pause().await;
                    if random.once_in(2) {
                        sleep(Duration::from_millis(1)).await;
                    }
                    asked.answer(1).is_ok()
                }));
            }
        }
        let mut accepted = 0;
        for answer in answers {
            accepted += usize::from(answer.await.unwrap());
        }
        let answered = decided.0.load(Ordering::SeqCst);
        let unanswered = decided.1.load(Ordering::SeqCst);
        assert_eq!((answered, answered + unanswered), (accepted, count));
    });
}
