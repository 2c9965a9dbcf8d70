//! Executions in which nothing runs leave the memory, and come back.

use std::time::Duration;

use flow_core::FlowErrorKind;
use flow_core::durable::{Logged, MemoryStore, RequestError, Status};
use futures::TryStreamExt;
use tokio::time::{Instant, sleep, timeout};

use crate::flows::{Paid, World, account, gate, options, order};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test(start_paused = true)]
async fn a_parked_execution_goes_on_when_something_comes() {
    for park_after in [Duration::ZERO, Duration::from_secs(1)] {
        let world = World::default();
        let host = options().park_after(park_after).open(MemoryStore::new());
        let accounts = host.register(account(&world));
        let account = accounts.start("a", 0).await.unwrap();
        for n in 1..=4 {
            sleep(HOUR).await;
            account.send(&n.to_string(), Paid(n)).await.unwrap();
            account.send(&n.to_string(), Paid(n)).await.unwrap();
        }
        assert_eq!(account.output().await.unwrap(), 10);
        let items: Vec<_> = account.items(None).try_collect().await.unwrap();
        assert!(
            items
                .iter()
                .all(|entry| matches!(entry, Logged::Item { .. }))
        );
        assert_eq!(items.len(), 4);
        assert_eq!(world.effects().len(), 5, "{:?}", world.effects());
    }
}

#[tokio::test(start_paused = true)]
async fn a_parked_execution_goes_on_when_its_time_has_come() {
    let world = World::default();
    let store = MemoryStore::new();
    let host = options().park_after(Duration::ZERO).open(store.clone());
    let orders = host.register(order(&world));
    let began = Instant::now();
    let order = orders.start("a", 21).await.unwrap();
    sleep(HOUR).await;
    let operations = store.operations();
    sleep(HOUR / 2).await;
    assert_eq!(
        store.operations(),
        operations,
        "nothing is written of the wait"
    );
    assert!(matches!(order.status().await, Ok(Status::Unfinished)));
    assert_eq!(order.output().await.unwrap(), 0);
    let late = began
        .elapsed()
        .checked_sub(2 * HOUR)
        .expect("it came early");
    assert!(late < Duration::from_secs(1), "{late:?} late");
    assert_eq!(world.counted()["lapse 42"], 1);
}

/// Parking is not seen in what an execution comes to.
#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_for_events_is_idle() {
    for park_after in [Duration::ZERO, 24 * HOUR] {
        let world = World::default();
        let host = options().park_after(park_after).open(MemoryStore::new());
        let accounts = host.register(account(&world).idle_timeout(HOUR));
        let began = Instant::now();
        let account = accounts.start("a", 0).await.unwrap();
        let output = timeout(24 * HOUR, account.output()).await;
        let error = output.expect("it is idle").unwrap_err();
        let RequestError::Failed(error) = error else {
            panic!("{error}");
        };
        assert_eq!(error.kind(), FlowErrorKind::Idle);
        assert!(began.elapsed() < HOUR + HOUR / 2, "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_that_comes_while_the_process_is_down_has_come_at_the_next_start() {
    let world = World::default();
    let store = MemoryStore::new();
    let options = options();
    let orders = options.clone().open(store.clone()).register(order(&world));
    let execution = orders.start("a", 21).await.unwrap();
    sleep(HOUR).await;
    drop((orders, execution));
    sleep(2 * HOUR).await;
    let orders = options.open(store.reopen()).register(order(&world));
    let began = Instant::now();
    assert_eq!(orders.get("a").output().await.unwrap(), 0);
    assert!(
        began.elapsed() < Duration::from_secs(1),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn an_execution_in_which_a_handler_runs_is_not_parked() {
    let world = World::default();
    let host = options()
        .park_after(Duration::ZERO)
        .open(MemoryStore::new());
    let gated = host.register(gate(&world));
    let execution = gated.start("a", 1).await.unwrap();
    sleep(24 * HOUR).await;
    world.open();
    assert_eq!(execution.output().await.unwrap(), 2);
    assert_eq!(world.counted()["begin 1"], 1);
}
