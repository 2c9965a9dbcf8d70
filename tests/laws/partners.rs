//! Events that wait for a partner count as pending: they are bounded, and make no sender wait.

use std::time::Duration;

use flow_core::{Cx, Event, FlowErrorKind, TryEmitError, flow, handler};
use futures::StreamExt;
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, PartialEq, Event)]
struct Left(u32);
#[derive(Clone, Debug, PartialEq, Event)]
struct Right(u32);

#[handler]
async fn begin() {}

#[handler(streams = "(u32, u32)")]
async fn pair((left, right): (Left, Right), cx: &Cx) {
    cx.put((left.0, right.0)).await;
}

flow! {
    flow Pairs streams (u32, u32);
    external Left;
    external Right;
    start -> begin;
    when Left & Right -> pair
}

#[tokio::test(start_paused = true)]
async fn an_event_that_waits_for_its_partner_is_pending() {
    for flow in [Pairs::new(), Pairs::new().max_pending(2)] {
        let execution = flow.spawn(());
        execution.try_emit(Left(1)).unwrap();
        execution.try_emit(Left(2)).unwrap();
        assert_eq!(execution.pending(), 2);
        sleep(SECOND).await;
        assert_eq!(execution.pending(), 2);
        execution.try_emit(Right(1)).unwrap();
        assert_eq!(execution.pending(), 3);
        sleep(SECOND).await;
        assert_eq!(execution.pending(), 1);
        execution.cancel();
        assert!(execution.output().await.is_err());
    }
}

#[tokio::test(start_paused = true)]
async fn the_event_that_completes_a_pair_gets_in_however_many_wait() {
    const MOST: u32 = 3;
    let mut execution = Pairs::new().max_pending(MOST.into()).spawn(());
    // One task sends all of one kind, and then those of the other: no event waits behind another.
    for round in 0..10 {
        for n in 0..MOST {
            let sent = timeout(SECOND, execution.emit(Left(round * MOST + n))).await;
            sent.unwrap().unwrap();
        }
        sleep(SECOND).await;
        assert_eq!(execution.pending(), MOST as usize);
        for n in 0..MOST {
            let sent = timeout(SECOND, execution.emit(Right(round * MOST + n))).await;
            sent.unwrap().unwrap();
        }
    }
    let items = execution.take_items();
    drop(execution);
    let (items, error) = crate::read(items).await;
    assert!(error.is_none());
    assert!(items.into_iter().eq((0..10 * MOST).map(|n| (n, n))));
}

#[tokio::test(start_paused = true)]
async fn they_do_not_take_the_room_of_other_events() {
    let execution = Pairs::new().max_pending(2).spawn(());
    for n in 0..2 {
        execution.try_emit(Left(n)).unwrap();
    }
    sleep(SECOND).await;
    execution.try_emit(Right(0)).unwrap();
    execution.try_emit(Right(1)).unwrap();
    // That is the queue, which is full until the execution runs.
    assert_eq!(
        execution.try_emit(Right(2)),
        Err(TryEmitError::Full(Right(2)))
    );
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_too_many_ends_the_execution_and_the_error_names_the_clause() {
    let execution = Pairs::new().max_pending(2).spawn(());
    for n in 0..2 {
        execution.emit(Left(n)).await.unwrap();
    }
    sleep(SECOND).await;
    execution.emit(Left(2)).await.unwrap();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
    assert_eq!(error.event(), Some("Left"));
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_pending` of 2, because `when Left & Right` waits with \
         3 `Left` and no `Right`: raise the limit, or emit the partners sooner"
    );

    // The same for the events of handlers, of all clauses together.
    #[derive(Event)]
    struct More(u32);
    #[handler(on = More, emits = [Left, Right, More])]
    async fn more(More(n): More, cx: &Cx) {
        cx.emit(Right(n));
        match n {
            0..9 => cx.emit(More(n + 1)),
            9 => {}
            _ => cx.emit(Left(n)),
        }
    }
    #[derive(Event)]
    struct Third;
    #[handler(emits = [More, Third])]
    async fn first(cx: &Cx) {
        cx.emit(Third);
        cx.emit(More(0));
    }
    #[handler]
    async fn third((_third, _left): (Third, Left)) {}

    let flow = flow! {
        streams (u32, u32);
        start -> first;
        when More -> more;
        when Left & Right -> pair;
        when Third & Left -> third
    };
    let error = flow.clone().max_pending(10).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyPending);
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_pending` of 10, because `when Left & Right` waits with \
         no `Left` and 10 `Right`: raise the limit, or emit the partners sooner"
    );
    // Without the limit, and with one that suffices, they are left over.
    for flow in [flow.clone(), flow.max_pending(11)] {
        let error = flow.run(()).await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn senders_on_several_threads_come_to_their_end() {
    const TASKS: u32 = 3;
    const EACH: u32 = 500;
    let mut execution = Pairs::new().max_pending(TASKS.into()).spawn(());
    for task in 0..TASKS {
        let (left, right) = (execution.sender(), execution.sender());
        tokio::spawn(async move {
            for n in 0..EACH {
                // At most one of its events has no partner, so that the limit is never exceeded.
                if task % 2 == 0 {
                    left.emit(Left(n)).await.unwrap();
                    right.emit(Right(n)).await.unwrap();
                } else {
                    right.emit(Right(n)).await.unwrap();
                    left.emit(Left(n)).await.unwrap();
                }
            }
        });
    }
    let items = execution.take_items();
    drop(execution);
    let all = timeout(60 * SECOND, crate::read(items)).await;
    let (items, error) = all.unwrap();
    assert!(error.is_none(), "{error:?}");
    assert_eq!(items.len(), (TASKS * EACH) as usize);
}

#[tokio::test(start_paused = true)]
async fn the_arrival_of_an_event_that_waits_for_its_partner_is_activity() {
    for flow in [Pairs::new(), Pairs::new().max_pending(9)] {
        let mut execution = flow.idle_timeout(SECOND).spawn(());
        for n in 0..5 {
            sleep(6 * SECOND / 10).await;
            execution.try_emit(Left(n)).unwrap();
        }
        execution.try_emit(Right(7)).unwrap();
        let first = execution.items().next().await.unwrap().unwrap();
        assert_eq!(first, (0, 7));
        // It was not idle in between, and now nothing can send their partners.
        let error = execution.output().await.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::LeftOver);
    }
}
