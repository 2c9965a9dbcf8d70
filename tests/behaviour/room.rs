//! The queue of the `put`s that wait for room: first come, first served, each woken once.

use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Res, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::{Ping, Pong, all};

/// How often the `put`s of an execution were polled.
#[derive(Clone, Default)]
struct Polls(Arc<AtomicUsize>);

impl Polls {
    async fn count<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        poll_fn(|task| {
            self.0.fetch_add(1, Ordering::SeqCst);
            future.as_mut().poll(task)
        })
        .await
    }
}

#[handler(emits = "Ping")]
async fn emit_many(many: u32, cx: &Cx) {
    for n in 0..many {
        cx.emit(Ping(n));
    }
}

#[handler(on = "Ping", streams = "u32")]
async fn put_number(Ping(n): Ping, cx: &Cx, polls: Res<Polls>) {
    polls.count(cx.put(n)).await;
}

#[handler]
async fn up_to(many: u32) -> Range<u32> {
    0..many
}

#[handler(streams = "u32")]
async fn put_item(n: u32, cx: &Cx, polls: Res<Polls>) {
    polls.count(cx.put(n)).await;
}

#[handler]
async fn done(_: Vec<()>) {}

#[handler(streams = "u32")]
async fn put_from_tasks(many: u32, cx: &Cx, polls: Res<Polls>) {
    for n in 0..many {
        let (cx, polls) = (cx.clone(), Polls::clone(&polls));
        tokio::spawn(async move { polls.count(cx.put(n)).await });
    }
}

const CAPACITIES: [usize; 4] = [1, 2, 32, 1024];

/// Reads all items with each capacity, streamed and spawned. No `put` is polled more than `most`
/// times on average, besides the few that yield because the budget of a poll is spent. Returns the
/// items of the spawned executions, in which all wait before the first is read.
macro_rules! each_is_woken_once {
    ($flow:expr, $most:expr) => {{
        let mut spawned_items = Vec::new();
        for capacity in CAPACITIES {
            let polls = Polls::default();
            let capacity = NonZeroUsize::new(capacity).unwrap();
            let flow = $flow.with(polls.clone()).capacity(capacity);
            let mut items = all(flow.stream(MANY)).await;
            let streamed = polls.0.swap(0, Ordering::SeqCst);
            items.sort_unstable();
            assert!(items.into_iter().eq(0..MANY), "an item is lost");
            let mut execution = flow.spawn(MANY);
            sleep(Duration::from_secs(1)).await;
            spawned_items.push(all(execution.items()).await);
            let spawned = polls.0.load(Ordering::SeqCst);
            let many = usize::try_from(MANY).unwrap();
            let most = many * $most + many / 10;
            assert!(streamed <= most, "{streamed} polls, capacity {capacity}");
            assert!(spawned <= most, "{spawned} polls, capacity {capacity}");
        }
        spawned_items
    }};
}

const MANY: u32 = 5_000;

#[tokio::test(start_paused = true)]
async fn handlers_that_wait_for_room_are_served_in_order_and_each_is_woken_once() {
    let flow = flow! { streams u32; with Polls; start(u32) -> emit_many; when Ping -> put_number };
    // Once to find no room, once to take it.
    for items in each_is_woken_once!(flow.clone(), 2) {
        assert!(items.into_iter().eq(0..MANY), "an item is out of order");
    }
}

#[tokio::test(start_paused = true)]
async fn each_item_of_an_each_that_waits_for_room_is_woken_once() {
    let flow = flow! { streams u32; with Polls; start(u32) -> up_to -> each put_item -> done };
    // `each` polls what it starts a second time.
    for mut items in each_is_woken_once!(flow.clone(), 3) {
        items.sort_unstable();
        assert!(items.into_iter().eq(0..MANY), "an item is lost");
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_outside_that_wait_for_room_are_served_in_order_and_each_is_woken_once() {
    let flow = flow! { streams u32; with Polls; start(u32) -> put_from_tasks };
    for items in each_is_woken_once!(flow.clone(), 2) {
        assert!(items.into_iter().eq(0..MANY), "an item is out of order");
    }
}

#[derive(Clone, Event)]
#[event(answer = "u32")]
struct Question(u32);

#[handler(emits = "Question")]
async fn ask_many(many: u32, cx: &Cx) {
    for n in 0..many {
        cx.emit(Question(n));
    }
}

#[handler(streams = "Out")]
async fn put_answer(answered: Answered<Question>, cx: &Cx) {
    cx.put(Out::Answer(answered.answer)).await;
}

enum Out {
    Asked(Asked<Question>),
    Answer(u32),
}

impl From<Asked<Question>> for Out {
    fn from(asked: Asked<Question>) -> Self {
        Self::Asked(asked)
    }
}

#[tokio::test]
async fn questions_that_wait_for_room_are_all_asked_and_answered() {
    for capacity in CAPACITIES {
        let flow = flow! { streams Out; start(u32) -> ask_many; ask Question -> put_answer };
        let flow = flow.capacity(NonZeroUsize::new(capacity).unwrap());
        let mut items = flow.stream(5_000);
        let (mut asked, mut answers) = (Vec::new(), Vec::new());
        while let Some(item) = items.next().await {
            match item.unwrap() {
                Out::Asked(question) => {
                    asked.push(question.question.0);
                    let answer = question.question.0 + 1;
                    question.answer(answer).unwrap();
                }
                Out::Answer(answer) => answers.push(answer),
            }
        }
        asked.sort_unstable();
        answers.sort_unstable();
        assert!(asked.into_iter().eq(0..5_000), "a question is lost");
        assert!(answers.into_iter().eq(1..=5_000), "an answer is lost");
    }
}

/// A flag for a handler to give up its `put`, and how many did.
#[derive(Clone, Default)]
struct GiveUp(Arc<(Notify, AtomicU32)>);

#[handler(on = "Ping", streams = "u32")]
async fn put_all_but_the_second(Ping(n): Ping, cx: &Cx, give_up: Res<GiveUp>) {
    if n != 1 {
        return cx.put(n).await;
    }
    let mut put = Box::pin(cx.put(n));
    assert!(put.as_mut().now_or_never().is_none(), "there is room");
    // The waker of the first poll is not the handler's, so that its place is granted unseen.
    give_up.0.0.notified().await;
    drop(put);
    give_up.0.1.fetch_add(1, Ordering::SeqCst);
}

#[tokio::test(start_paused = true)]
async fn a_put_that_is_dropped_after_it_was_granted_a_place_passes_it_on() {
    let give_up = GiveUp::default();
    let flow = flow! {
        streams u32; with GiveUp; start(u32) -> emit_many; when Ping -> put_all_but_the_second
    };
    let flow = flow.with(give_up.clone()).capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn(4);
    sleep(Duration::from_secs(1)).await;
    // Granting the place of item 0 and giving it up happen in the same poll of the execution.
    let mut items = execution.items();
    assert_eq!(items.next().await.unwrap().unwrap(), 0);
    give_up.0.0.notify_one();
    assert_eq!(all(items).await, [2, 3]);
    assert_eq!(give_up.0.1.load(Ordering::SeqCst), 1);
}

/// Tasks outside, one of which is dropped when it was granted a place.
#[tokio::test(start_paused = true)]
async fn a_put_outside_that_is_dropped_after_it_was_granted_a_place_passes_it_on() {
    #[handler(streams = "u32")]
    async fn put_outside(cx: &Cx, give_up: Res<GiveUp>) {
        for n in 0..6_u32 {
            let (cx, give_up) = (cx.clone(), GiveUp::clone(&give_up));
            tokio::spawn(async move {
                if n == 3 {
                    let mut put = Box::pin(cx.put(n));
                    assert!(put.as_mut().now_or_never().is_none(), "there is room");
                    give_up.0.0.notified().await;
                    drop(put);
                } else {
                    cx.put(n).await;
                }
            });
            // One after the other.
            sleep(Duration::from_secs(1)).await;
        }
    }

    let give_up = GiveUp::default();
    let flow = flow! { streams u32; with GiveUp; start -> put_outside };
    let flow = flow.with(give_up.clone()).capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn(());
    sleep(Duration::from_secs(10)).await;
    let mut items = execution.items();
    let mut read = Vec::new();
    while let Ok(item) = timeout(Duration::from_secs(1), items.next()).await {
        read.push(item.unwrap().unwrap());
    }
    assert_eq!(read, [0, 1, 2]);
    give_up.0.0.notify_one();
    assert_eq!(all(items).await, [4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_put_that_is_not_polled_keeps_its_place_from_no_other() {
    #[handler(streams = "u32")]
    async fn put_three(cx: &Cx) {
        cx.put(0_u32).await;
        let mut first = pin!(cx.put(1_u32));
        assert!(first.as_mut().now_or_never().is_none(), "there is room");
        // `first` comes before this one, and is not polled meanwhile.
        cx.put(2_u32).await;
        first.await;
    }

    let flow = flow! { streams u32; start -> put_three }.capacity(NonZeroUsize::MIN);
    assert_eq!(all(flow.stream(())).await, [0, 2, 1]);
    assert_eq!(all(flow.spawn(()).items()).await, [0, 2, 1]);
}

#[tokio::test(start_paused = true)]
async fn a_put_that_did_not_take_its_place_comes_first_when_it_is_polled_again() {
    #[handler(on = "Ping", streams = "u32")]
    async fn put_late(Ping(n): Ping, cx: &Cx) {
        let mut put = pin!(cx.put(n));
        if n == 1 {
            assert!(put.as_mut().now_or_never().is_none(), "there is room");
            sleep(Duration::from_secs(10)).await;
        }
        put.await;
    }

    let flow = flow! { streams u32; start(u32) -> emit_many; when Ping -> put_late };
    let mut items = flow.capacity(NonZeroUsize::MIN).stream(7);
    let mut read = Vec::new();
    for _ in 0..3 {
        read.push(items.next().await.unwrap().unwrap());
    }
    sleep(Duration::from_secs(20)).await;
    read.extend(all(items).await);
    // While it slept, 2, 3 and 4 took its place; of the rest, it is the first.
    assert_eq!(read, [0, 2, 3, 4, 1, 5, 6]);
}

/// A `put` that another task polls, or drops, after its handler.
type Moved = Pin<Box<dyn Future<Output = ()> + Send>>;

#[derive(Clone, Default)]
struct Hand(Arc<Mutex<Option<Moved>>>);

#[handler(on = "Ping", streams = "u32")]
async fn put_by_hand(Ping(n): Ping, cx: &Cx, hand: Res<Hand>) {
    if n == 1 {
        let cx = cx.clone();
        let mut put: Moved = Box::pin(async move { cx.put(n).await });
        assert!(put.as_mut().now_or_never().is_none(), "there is room");
        *hand.0.lock().unwrap() = Some(put);
    } else {
        cx.put(n).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_put_that_begins_in_its_handler_ends_in_a_task() {
    let hand = Hand::default();
    let flow = flow! { streams u32; with Hand; start(u32) -> emit_many; when Ping -> put_by_hand };
    let flow = flow.with(hand.clone()).capacity(NonZeroUsize::MIN);
    for drops in [false, true] {
        for reads in 0..3 {
            let mut execution = flow.spawn(5);
            sleep(Duration::from_secs(1)).await;
            let mut items = execution.items();
            let mut read = Vec::new();
            for _ in 0..reads {
                read.push(items.next().await.unwrap().unwrap());
            }
            let put = hand.0.lock().unwrap().take().unwrap();
            let task = tokio::spawn(async move {
                if !drops {
                    put.await;
                }
            });
            read.extend(all(items).await);
            task.await.unwrap();
            read.sort_unstable();
            let expected: &[u32] = if drops {
                &[0, 2, 3, 4]
            } else {
                &[0, 1, 2, 3, 4]
            };
            assert_eq!(read, expected);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_put_that_begins_in_a_task_ends_in_a_handler() {
    #[handler(streams = "u32", emits = "Pong")]
    async fn begin_outside(cx: &Cx, hand: Res<Hand>) {
        let (cx, hand) = (cx.clone(), Hand::clone(&hand));
        tokio::spawn(async move {
            // One in the stream, one in the inbox.
            cx.put(0_u32).await;
            cx.put(1_u32).await;
            let context = cx.clone();
            let mut put: Moved = Box::pin(async move { context.put(2_u32).await });
            assert!(put.as_mut().now_or_never().is_none(), "there is room");
            *hand.0.lock().unwrap() = Some(put);
            cx.emit(Pong(0));
            cx.put(3_u32).await;
        });
    }

    #[handler(on = "Pong")]
    async fn end_inside(_: Pong, hand: Res<Hand>) {
        let put = hand.0.lock().unwrap().take();
        put.unwrap().await;
    }

    let flow = flow! { streams u32; with Hand; start -> begin_outside; when Pong -> end_inside };
    let flow = flow.with(Hand::default()).capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn(());
    sleep(Duration::from_secs(1)).await;
    let mut read = all(execution.items()).await;
    read.sort_unstable();
    assert_eq!(read, [0, 1, 2, 3]);
}

/// Handlers and tasks that put without end, at the same stream.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Handler(u32),
    Task(u32),
}

#[handler(emits = "Ping", streams = "Source")]
async fn begin_both(cx: &Cx) {
    for n in 0..3 {
        cx.emit(Ping(n));
        let cx = cx.clone();
        tokio::spawn(async move {
            for _ in 0..100 {
                cx.put(Source::Task(n)).await;
            }
        });
    }
}

#[handler(on = "Ping", streams = "Source")]
async fn put_a_hundred(Ping(n): Ping, cx: &Cx) {
    for _ in 0..100 {
        cx.put(Source::Handler(n)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn handlers_and_tasks_outside_get_their_turns_at_a_full_stream() {
    for capacity in [1, 2, 4] {
        let flow = flow! { streams Source; start -> begin_both; when Ping -> put_a_hundred };
        let flow = flow.capacity(NonZeroUsize::new(capacity).unwrap());
        let items = all(flow.spawn(()).items()).await;
        assert_eq!(items.len(), 600);
        // While all of them put, each has its turn among any few items.
        for from in (0..3).flat_map(|n| [Source::Handler(n), Source::Task(n)]) {
            let turns = items.iter().enumerate().filter(|(_, item)| **item == from);
            let turns: Vec<_> = turns.map(|(at, _)| at).take(60).collect();
            let longest = turns.windows(2).map(|two| two[1] - two[0]).max();
            let few = 12 + 6 * capacity;
            assert!(
                longest.unwrap() <= few,
                "{from:?}, capacity {capacity}: {turns:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn items_of_tasks_do_not_overtake_handlers_that_have_waited_longer() {
    #[handler(on = "Pong", streams = "Source")]
    async fn put_one(Pong(n): Pong, cx: &Cx) {
        cx.put(Source::Handler(n)).await;
    }

    #[handler(emits = "Pong", streams = "Source")]
    async fn fill_and_wait(cx: &Cx) {
        cx.put(Source::Handler(0)).await;
        for n in 1..5 {
            cx.emit(Pong(n));
        }
        let cx = cx.clone();
        tokio::spawn(async move {
            // The handlers wait by now.
            sleep(Duration::from_secs(1)).await;
            for n in 0..5 {
                cx.put(Source::Task(n)).await;
            }
        });
    }

    let flow = flow! { streams Source; start -> fill_and_wait; when Pong -> put_one };
    let mut execution = flow.capacity(NonZeroUsize::MIN).spawn(());
    sleep(Duration::from_secs(2)).await;
    let items = all(execution.items()).await;
    let first = [
        Source::Handler(0),
        // It was in the inbox when the handlers' turn came.
        Source::Task(0),
        Source::Handler(1),
        Source::Handler(2),
        Source::Handler(3),
        Source::Handler(4),
        Source::Task(1),
    ];
    assert_eq!(items[..first.len()], first);
    assert_eq!(items.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn all_puts_return_when_the_reader_leaves_also_those_that_were_granted_a_place() {
    #[handler(emits = "Ping")]
    async fn begin(cx: &Cx, returned: Res<Polls>) {
        for n in 0..10 {
            cx.emit(Ping(n));
            let (cx, returned) = (cx.clone(), Polls::clone(&returned));
            tokio::spawn(async move {
                cx.put("outside").await;
                returned.0.fetch_add(1, Ordering::SeqCst);
            });
        }
    }

    #[handler(on = "Ping")]
    async fn put_and_note(_: Ping, cx: &Cx, returned: Res<Polls>) {
        cx.put("inside").await;
        returned.0.fetch_add(1, Ordering::SeqCst);
    }

    for reads in 0..4 {
        let returned = Polls::default();
        let flow = flow! { with Polls; start -> begin; when Ping -> put_and_note };
        let flow = flow.with(returned.clone()).capacity(NonZeroUsize::MIN);
        let mut execution = flow.spawn(());
        let mut items = execution.take_items();
        sleep(Duration::from_secs(1)).await;
        for _ in 0..reads {
            // Each frees a place, and the `put` that is granted it is not polled yet.
            assert!(items.next().now_or_never().is_some());
            tokio::task::yield_now().await;
        }
        drop(items);
        execution.output().await.unwrap();
        tokio::task::yield_now().await;
        assert_eq!(returned.0.load(Ordering::SeqCst), 20);
    }
}

/// Puts are given up at random moments, on several threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn no_put_is_forgotten_however_many_are_given_up() {
    /// Puts many times, and gives up some of them after a few polls.
    async fn put_or_give_up<F: Future<Output = ()>>(n: u32, put: impl Fn() -> F, done: &Polls) {
        for round in 0..50 {
            let mut turns = (n * 7 + round * 13) % 11;
            let mut item = pin!(put());
            let is_put = poll_fn(|task| {
                if item.as_mut().poll(task).is_ready() {
                    return Poll::Ready(true);
                }
                turns = turns.saturating_sub(1);
                if turns == 0 {
                    return Poll::Ready(false);
                }
                task.waker().wake_by_ref();
                Poll::Pending
            });
            if is_put.await {
                done.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        put().await;
        done.0.fetch_add(1, Ordering::SeqCst);
    }

    #[handler(emits = "Ping", streams = "u32")]
    async fn begin(cx: &Cx, polls: Res<Polls>) {
        for n in 0..20 {
            cx.emit(Ping(n));
            let (cx, polls) = (cx.clone(), Polls::clone(&polls));
            tokio::spawn(async move {
                put_or_give_up(n, || cx.put(n), &polls).await;
            });
        }
    }

    #[handler(on = "Ping", streams = "u32")]
    async fn put_some(Ping(n): Ping, cx: &Cx, polls: Res<Polls>) {
        put_or_give_up(n, || cx.put(n), &polls).await;
    }

    for capacity in [1, 2, 5] {
        for _ in 0..30 {
            let put = Polls::default();
            let flow = flow! { streams u32; with Polls; start -> begin; when Ping -> put_some };
            let flow = flow
                .with(put.clone())
                .capacity(NonZeroUsize::new(capacity).unwrap());
            let mut execution = flow.spawn(());
            let read = timeout(Duration::from_secs(60), all(execution.items())).await;
            let read = read.expect("a `put` waits for ever").len();
            assert_eq!(read, put.0.load(Ordering::SeqCst));
            assert!(read >= 40);
        }
    }
}
