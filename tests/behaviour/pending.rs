//! Events that are emitted and not yet taken: their number, `max_pending`, and senders that wait
//! for room.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use flow_core::lifecycle::LifecycleKind;
use flow_core::{
    Answered, Asked, Cx, EmitError, Event, FlowError, FlowErrorKind, Res, TryEmitError, flow,
    handler,
};
use futures::{FutureExt, StreamExt};
use tokio::task::yield_now;
use tokio::time::{Duration, timeout};

use crate::{Alive, Guard, Ping, Pong, all};

/// The numbers of the events that were taken.
#[derive(Clone, Default)]
struct Taken(Arc<Mutex<Vec<u32>>>);

impl Taken {
    fn numbers(&self) -> Vec<u32> {
        self.0.lock().unwrap().clone()
    }
}

#[handler]
async fn begin() {}

#[handler(on = "Ping")]
async fn take(Ping(n): Ping, taken: Res<Taken>) {
    taken.0.lock().unwrap().push(n);
}

#[handler(emits = "Ping")]
async fn emit_some(count: u32, cx: &Cx) {
    for n in 0..count {
        cx.emit(Ping(n));
    }
}

/// A flow that takes pings from outside, and the numbers that it has taken.
macro_rules! taking {
    ($($limit:tt)*) => {{
        let taken = Taken::default();
        let flow = flow! {
            with Taken;
            external Ping;
            $($limit)*
            start -> begin;
            when Ping -> take
        };
        (flow.with(taken.clone()), taken)
    }};
}

#[tokio::test(start_paused = true)]
async fn an_event_that_finds_no_room_is_given_back_or_waits() {
    let (flow, taken) = taking!();
    let execution = flow.max_pending(2).spawn(());
    let sender = execution.sender();
    assert_eq!(execution.try_emit(Ping(1)), Ok(()));
    assert_eq!(sender.try_emit(Ping(2)), Ok(()));
    assert_eq!((execution.pending(), sender.pending()), (2, 2));
    assert_eq!(
        execution.try_emit(Ping(9)),
        Err(TryEmitError::Full(Ping(9)))
    );
    let only = sender.only();
    assert_eq!(only.try_emit(Ping(9)), Err(TryEmitError::Full(Ping(9))));
    let mut waits = Box::pin(only.emit(Ping(3)));
    assert_eq!(waits.as_mut().now_or_never(), None);
    assert_eq!((only.pending(), taken.numbers().len()), (2, 0));
    waits.await.unwrap();
    execution.emit(Ping(4)).await.unwrap();
    drop(only);
    execution.output().await.unwrap();
    assert_eq!(taken.numbers(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn without_max_pending_there_is_always_room() {
    let (flow, taken) = taking!();
    let execution = flow.spawn(());
    for n in 0..10_000 {
        execution.try_emit(Ping(n)).unwrap();
    }
    assert_eq!(execution.pending(), 10_000);
    let emitted = execution.emit(Ping(10_000)).now_or_never();
    assert_eq!(emitted, Some(Ok(())));
    execution.output().await.unwrap();
    assert!(taken.numbers().into_iter().eq(0..=10_000));
}

/// How often futures were polled.
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

#[tokio::test(start_paused = true)]
async fn senders_that_wait_are_served_in_order_and_woken_once_each() {
    const MANY: u32 = 3_000;
    for most in [1, 2, 32, 1024] {
        let (flow, taken) = taking!();
        let execution = flow.max_pending(most).spawn(());
        let polls = Polls::default();
        for n in 0..MANY {
            let (sender, polls) = (execution.sender(), polls.clone());
            tokio::spawn(async move { polls.count(sender.emit(Ping(n))).await.unwrap() });
        }
        execution.output().await.unwrap();
        assert!(taken.numbers().into_iter().eq(0..MANY), "{most}");
        let polls = polls.0.load(Ordering::SeqCst);
        assert!(polls <= 2 * MANY as usize, "{polls} polls with {most}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_event_does_not_overtake_one_that_waits() {
    let (flow, taken) = taking!(max_pending 1;);
    let execution = flow.spawn(());
    execution.try_emit(Ping(1)).unwrap();
    let mut waits = pin!(execution.emit(Ping(2)));
    assert_eq!(waits.as_mut().now_or_never(), None);
    yield_now().await;
    // The first was taken, and its place is kept for the second.
    assert_eq!((execution.pending(), taken.numbers()), (0, vec![1]));
    let third = execution.try_emit(Ping(3));
    assert_eq!(third, Err(TryEmitError::Full(Ping(3))));
    waits.await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(taken.numbers(), [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn the_place_of_an_emit_that_is_dropped_goes_to_the_next() {
    // It is dropped while it waits, and when it has been granted a place.
    for granted in [false, true] {
        let (flow, taken) = taking!(max_pending 1;);
        let execution = flow.spawn(());
        execution.try_emit(Ping(1)).unwrap();
        let mut dropped = Box::pin(execution.emit(Ping(2)));
        let mut next = pin!(execution.emit(Ping(3)));
        assert_eq!(dropped.as_mut().now_or_never(), None);
        assert_eq!(next.as_mut().now_or_never(), None);
        if granted {
            yield_now().await;
            assert_eq!(next.as_mut().now_or_never(), None);
        }
        drop(dropped);
        timeout(Duration::from_secs(1), next)
            .await
            .unwrap()
            .unwrap();
        execution.output().await.unwrap();
        assert_eq!(taken.numbers(), [1, 3]);
    }
}

/// What the handler of the first event does.
#[derive(Clone, Copy, Debug)]
enum Way {
    Stops,
    Fails,
    Panics,
    Cancelled,
}

#[handler(on = "Ping")]
async fn act(_ping: Ping, way: Res<Way>, cx: &Cx) -> flow_core::Result<()> {
    match *way {
        Way::Stops => cx.stop(),
        Way::Fails => return Err("no ink".into()),
        Way::Panics => panic!("a handler of a test panics"),
        Way::Cancelled => std::future::pending().await,
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn senders_that_wait_when_the_execution_ends_get_their_events_back() {
    for way in [Way::Stops, Way::Fails, Way::Panics, Way::Cancelled] {
        let flow = flow! {
            with Way;
            external Ping;
            max_pending 1;
            start -> begin;
            when Ping -> act
        };
        let execution = flow.with(way).spawn(());
        let sender = execution.sender();
        sender.try_emit(Ping(1)).unwrap();
        let waiting = (2..12).map(|n| Box::pin(sender.emit(Ping(n))));
        let mut waiting: Vec<_> = waiting.collect();
        for waits in &mut waiting {
            assert_eq!(waits.now_or_never(), None);
        }
        if let Way::Cancelled = way {
            execution.cancel();
        }
        for (n, waits) in (2..).zip(waiting) {
            assert_eq!(waits.await, Err(EmitError(Ping(n))), "{way:?}");
        }
        drop(execution.output().await);
        // Nothing is taken after the end, and the caller is told.
        assert!(sender.is_closed());
        assert_eq!(sender.pending(), 0);
        assert_eq!(sender.emit(Ping(1)).await, Err(EmitError(Ping(1))));
        let late = sender.try_emit(Ping(2));
        assert_eq!(late, Err(TryEmitError::Ended(Ping(2))), "{way:?}");
        let only = sender.only();
        assert_eq!(only.emit(Ping(3)).await, Err(EmitError(Ping(3))));
        let late = only.try_emit(Ping(4)).unwrap_err();
        assert_eq!(late.to_string(), "the execution has ended");
        assert_eq!(late.into_inner(), Ping(4));
    }
}

#[tokio::test]
async fn an_event_after_the_end_is_given_back_without_max_pending_too() {
    let (flow, taken) = taking!();
    let execution = flow.spawn(());
    let sender = execution.sender();
    execution.cancel();
    // The execution has not noticed yet.
    assert_eq!(sender.try_emit(Ping(1)), Err(TryEmitError::Ended(Ping(1))));
    drop(execution.output().await);
    assert_eq!(sender.emit(Ping(2)).await, Err(EmitError(Ping(2))));
    assert_eq!(taken.numbers(), [0; 0]);
}

#[test]
fn senders_that_wait_when_the_execution_is_dropped_get_their_events_back() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (flow, taken) = taking!(max_pending 1;);
    let execution = runtime.block_on(async { flow.spawn(()) });
    let sender = execution.sender();
    sender.try_emit(Ping(1)).unwrap();
    let mut waits = pin!(sender.emit(Ping(2)));
    assert_eq!(waits.as_mut().now_or_never(), None);
    drop(runtime);
    assert_eq!(waits.now_or_never(), Some(Err(EmitError(Ping(2)))));
    assert_eq!(
        execution.try_emit(Ping(3)),
        Err(TryEmitError::Ended(Ping(3)))
    );
    assert_eq!(taken.numbers(), [0; 0]);
}

#[tokio::test]
async fn a_handler_that_emits_beyond_max_pending_ends_the_execution() {
    let flow = flow! {
        with Taken;
        max_pending 3;
        start(u32) -> emit_some;
        when Ping -> take
    };
    let taken = Taken::default();
    let flow = flow.with(taken.clone());
    flow.run(3).await.unwrap();
    assert_eq!(taken.numbers(), [0, 1, 2]);
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
    assert_eq!(
        (error.handler(), error.event()),
        (Some("emit_some"), Some("Ping"))
    );
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_pending` of 3 with `Ping`: \
         raise the limit, or emit fewer events at once"
    );
    assert!(error.source().is_none());
    flow.max_pending(4).run(4).await.unwrap();
}

#[tokio::test]
async fn an_event_counts_until_each_clause_that_takes_it_has_begun() {
    let flow = flow! {
        with Taken;
        start(u32) -> emit_some;
        when Ping -> take;
        when Ping -> ignore
    };
    let flow = flow.with(Taken::default());
    flow.clone().max_pending(6).run(3).await.unwrap();
    let error = flow.max_pending(5).run(3).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
}

#[tokio::test]
async fn events_of_clones_of_the_context_count_as_those_of_handlers() {
    #[handler(emits = "Ping")]
    async fn emit_elsewhere(count: u32, cx: &Cx) {
        let cx = cx.clone();
        let task = tokio::spawn(async move { (0..count).for_each(|n| cx.emit(Ping(n))) });
        task.await.unwrap();
    }

    let flow = flow! {
        with Taken;
        max_pending 3;
        start(u32) -> emit_elsewhere;
        when Ping -> take
    };
    let flow = flow.with(Taken::default());
    flow.run(3).await.unwrap();
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
    assert_eq!((error.handler(), error.event()), (None, Some("Ping")));
}

#[tokio::test]
async fn a_loop_of_events_never_exceeds_max_pending() {
    #[handler(on = "Ping", emits = "Ping")]
    async fn again(Ping(n): Ping, cx: &Cx) {
        if n > 0 {
            cx.emit(Ping(n - 1));
        }
    }

    let flow = flow! { max_pending 1; start(Ping) -> again; when Ping -> again };
    flow.run(Ping(10_000)).await.unwrap();
}

/// An event that waits holds the guard.
#[derive(Event)]
struct Held(#[expect(dead_code, reason = "it is held")] Guard);

#[tokio::test]
async fn events_beyond_max_pending_do_not_pile_up_while_their_handler_goes_on() {
    #[handler(emits = "Held")]
    async fn flood(count: usize, cx: &Cx, alive: Res<Alive>, most: Res<AtomicUsize>) {
        for _ in 0..count {
            cx.emit(Held(alive.guard()));
            most.fetch_max(alive.count(), Ordering::SeqCst);
        }
    }

    #[handler(on = "Held")]
    async fn release(_held: Held) {}

    let (alive, most) = (Alive::default(), Arc::new(AtomicUsize::new(0)));
    let flow = flow! {
        with Alive;
        with AtomicUsize;
        max_pending 10;
        start(usize) -> flood;
        when Held -> release
    };
    let flow = flow.with(alive.clone()).with_arc(Arc::clone(&most));
    let error = flow.run(10_000).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
    assert_eq!((most.load(Ordering::SeqCst), alive.count()), (10, 0));
}

#[tokio::test(start_paused = true)]
async fn senders_that_fill_the_queue_do_not_make_handlers_fail() {
    #[handler(on = "Ping", emits = "Pong")]
    async fn pass_on(Ping(n): Ping, cx: &Cx) {
        cx.emit(Pong(n));
    }

    #[handler(on = "Pong")]
    async fn count(_pong: Pong, total: Res<AtomicUsize>) {
        total.fetch_add(1, Ordering::SeqCst);
    }

    let flow = flow! {
        with AtomicUsize;
        external Ping;
        max_pending 2;
        start -> begin;
        when Ping -> pass_on;
        when Pong -> count
    };
    let total = Arc::new(AtomicUsize::new(0));
    let execution = flow.with_arc(Arc::clone(&total)).spawn(());
    for _ in 0..4 {
        let sender = execution.sender();
        tokio::spawn(async move {
            for n in 0..500 {
                sender.emit(Ping(n)).await.unwrap();
            }
        });
    }
    yield_now().await;
    execution.output().await.unwrap();
    assert_eq!(total.load(Ordering::SeqCst), 2_000);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_never_refused_for_room() {
    #[derive(Clone, Debug, Event)]
    #[event(answer = bool)]
    struct Review;

    #[handler(emits = "Review")]
    async fn draft(cx: &Cx) {
        cx.emit(Review);
    }

    #[handler]
    async fn decide(answered: Answered<Review>) -> bool {
        answered.answer
    }

    #[handler(on = "Ping")]
    async fn drop_it(_ping: Ping) {}

    let flow = flow! {
        streams Asked<Review>;
        external Ping;
        max_pending 1;
        start -> draft;
        ask Review -> decide -> end;
        when Ping -> drop_it
    };
    let mut execution = flow.spawn(());
    let asked = execution.items().next().await.unwrap().unwrap();
    execution.try_emit(Ping(1)).unwrap();
    let full = execution.try_emit(Ping(2));
    assert_eq!(full, Err(TryEmitError::Full(Ping(2))));
    asked.answer(true).unwrap();
    assert_eq!(execution.pending(), 2);
    assert!(execution.output().await.unwrap());
}

#[tokio::test]
async fn the_event_of_a_sender_that_is_one_too_many_is_given_back() {
    let taken = Taken::default();
    let flow = flow! {
        with Taken;
        external Ping;
        max_events 5;
        max_pending 100;
        start -> begin;
        when Ping -> take;
        when Ping -> ignore
    };
    let execution = flow.with(taken.clone()).spawn(());
    let sender = execution.sender();
    // Two clauses take each event, and one more event is one too many.
    assert_eq!(sender.try_emit(Ping(1)), Ok(()));
    assert_eq!(sender.emit(Ping(2)).await, Ok(()));
    assert_eq!(sender.emit(Ping(3)).await, Err(EmitError(Ping(3))));
    let late = sender.try_emit(Ping(4));
    assert_eq!(late, Err(TryEmitError::Ended(Ping(4))));
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    assert_eq!((error.handler(), error.event()), (None, Some("Ping")));
}

flow! {
    flow Emitting(u32);
    with Taken;
    start -> emit_some;
    when Ping -> take
}

flow! {
    flow Bounded(u32);
    with Taken;
    max_pending 3;
    start -> emit_some;
    when Ping -> take
}

#[handler]
async fn number(n: u32) -> u32 {
    n
}

#[tokio::test]
async fn a_flow_within_another_has_a_queue_and_a_limit_of_its_own() {
    let flow = flow! { with Taken; max_pending 1; start(u32) -> number -> Emitting };
    flow.with(Taken::default()).run(10).await.unwrap();
    let flow = flow! { with Taken; max_pending 1; start(u32) -> number -> Bounded };
    let flow = flow.with(Taken::default());
    flow.run(3).await.unwrap();
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.handler(), Some("Bounded"));
    let inner: &FlowError = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(inner.kind(), FlowErrorKind::TooManyPending);
}

#[test]
fn senders_on_several_threads_never_exceed_max_pending_and_each_event_arrives_once() {
    const EACH: u32 = 2_000;
    let runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = { runtime }.worker_threads(4).build().unwrap();
    runtime.block_on(async {
        let (flow, taken) = taking!(max_pending 3;);
        let execution = flow.spawn(());
        let senders = (0..4).map(|number| {
            let sender = execution.sender();
            tokio::spawn(async move {
                for n in 0..EACH {
                    let mut event = Ping(number * EACH + n);
                    if n % 3 == 0 {
                        sender.emit(event).await.unwrap();
                    } else {
                        while let Err(TryEmitError::Full(back)) = sender.try_emit(event) {
                            event = back;
                            yield_now().await;
                        }
                    }
                    let pending = sender.pending();
                    assert!(pending <= 3, "{pending} are pending");
                }
            })
        });
        for sender in senders.collect::<Vec<_>>() {
            sender.await.unwrap();
        }
        execution.output().await.unwrap();
        let mut numbers = taken.numbers();
        // Those of one sender come in their order.
        for number in 0..4 {
            let of_one = numbers.iter().filter(|n| *n / EACH == number);
            assert!(of_one.copied().eq(number * EACH..(number + 1) * EACH));
        }
        numbers.sort_unstable();
        assert!(numbers.into_iter().eq(0..4 * EACH));
    });
}

#[tokio::test]
async fn the_number_of_pending_events_of_a_stream_can_be_read() {
    let flow = flow! { with Taken; start(u32) -> emit_some; when Ping -> take };
    let taken = Taken::default();
    for flow in [
        flow.clone().with(taken.clone()),
        flow.with(taken.clone()).max_pending(1_000),
    ] {
        let mut execution = flow.stream(1_000);
        assert_eq!(execution.pending(), 0);
        // Its budget is spent before it has taken all.
        assert!(execution.next().now_or_never().is_none());
        let left = 1_000 - taken.numbers().len();
        assert_eq!(execution.pending(), left);
        assert!(left > 0);
        assert!(all(&mut execution).await.is_empty());
        assert_eq!(execution.pending(), 0);
        taken.0.lock().unwrap().clear();
    }
}

#[tokio::test]
async fn observers_are_told_the_same_with_limits_as_without() {
    #[handler(on = "Ping", emits = "Pong")]
    async fn pass_on(Ping(n): Ping, cx: &Cx) {
        cx.emit(Pong(n));
    }

    #[handler(on = "Pong")]
    async fn last(_pong: Pong) {}

    let flow = flow! {
        external Ping;
        start -> begin;
        when Ping -> pass_on;
        when Pong -> last
    };
    let mut told = Vec::new();
    for flow in [flow.clone(), flow.max_pending(5).max_events(100)] {
        let execution = flow.spawn(());
        let events = execution.lifecycle();
        for n in 0..3 {
            execution.try_emit(Ping(n)).unwrap();
        }
        execution.output().await.unwrap();
        let events = events.filter_map(async |event| match event.kind {
            LifecycleKind::Emitted { event, handler } => Some(format!("{event} {handler:?}")),
            LifecycleKind::ClauseEntered { trigger, cause, .. } => {
                Some(format!("{:?} {trigger:?} {cause:?}", event.step))
            }
            _ => None,
        });
        told.push(events.collect::<Vec<_>>().await);
    }
    assert_eq!(told[0].len(), 13);
    assert_eq!(told[0], told[1]);
}

#[test]
#[should_panic(expected = "`max_pending` of 0 would leave no room for any event")]
fn max_pending_of_zero_is_refused() {
    let (flow, _) = taking!();
    drop(flow.max_pending(0));
}
