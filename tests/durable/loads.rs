//! Executions that take the process with them.

use std::time::Duration;

use flow_core::durable::{Executions, Fault, MemoryStore, RequestError, Status};
use tokio::time::sleep;

use crate::flows::{Gated, World, gate, host, order};

/// The process dies while the execution runs.
async fn die(store: MemoryStore, executions: Executions<Gated>) -> MemoryStore {
    sleep(Duration::from_secs(1)).await;
    let store = store.reopen();
    drop(executions);
    store
}

fn begun(world: &World, n: u32) -> usize {
    world
        .counted()
        .get(&format!("begin {n}"))
        .copied()
        .unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn after_five_loads_without_progress_an_execution_is_poisoned_until_it_is_retried() {
    let mut store = MemoryStore::new();
    let world = World::default();
    let executions = host(&store).register(gate(&world));
    executions.start("a", 1).await.unwrap();
    store = die(store, executions).await;
    for loads in 1..=5 {
        assert_eq!(begun(&world, 1), loads);
        let executions = host(&store).register(gate(&world));
        assert!(matches!(
            executions.get("a").status().await,
            Ok(Status::Unfinished)
        ));
        store = die(store, executions).await;
    }
    let executions = host(&store).register(gate(&world));
    sleep(Duration::from_secs(1)).await;
    let runs = begun(&world, 1);
    assert_eq!(runs, 6, "the first one has got on, and five have not");
    let execution = executions.get("a");
    assert!(matches!(
        execution.status().await,
        Ok(Status::Poisoned { loads: 5 })
    ));
    let list = executions.by_id().list().unwrap();
    assert_eq!(list.stuck().len(), 1);
    let error = execution.output().await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the process has died 5 times"),
        "{error}"
    );
    assert!(matches!(
        execution.cancel().await,
        Err(RequestError::Poisoned { .. })
    ));
    assert_eq!(begun(&world, 1), runs);

    list.retry("a").await.unwrap();
    assert_eq!(list.stuck().len(), 0);
    sleep(Duration::from_secs(1)).await;
    assert_eq!(begun(&world, 1), runs + 1);
    world.open();
    assert_eq!(execution.output().await.unwrap(), 2);
}

#[tokio::test(start_paused = true)]
async fn after_two_loads_without_progress_executions_run_one_at_a_time() {
    let mut store = MemoryStore::new();
    let world = World::default();
    let executions = host(&store).register(gate(&world));
    for n in 0..3 {
        executions.start(&n.to_string(), n).await.unwrap();
    }
    for _ in 0..3 {
        let executions = host(&store).register(gate(&world));
        store = die(store, executions).await;
    }
    drop(executions);
    let before: usize = (0..3).map(|n| begun(&world, n)).sum();
    let executions = host(&store).register(gate(&world));
    let running = |world: &World| (0..3).map(|n| begun(world, n)).sum::<usize>() - before;
    sleep(Duration::from_secs(1)).await;
    assert_eq!(running(&world), 1);
    world.open();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(running(&world), 2, "the first one has got on");
    sleep(Duration::from_secs(8)).await;
    assert_eq!(running(&world), 2);
    sleep(Duration::from_secs(2)).await;
    assert_eq!(
        running(&world),
        3,
        "one that waits does not keep the others waiting for ever"
    );
    for n in 0..3 {
        world.open();
        sleep(Duration::from_secs(1)).await;
        let _ = n;
    }
    for n in 0..3 {
        assert_eq!(
            executions.get(&n.to_string()).output().await.unwrap(),
            2 * n
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_dropped_in_peace_while_nothing_runs_counts_nothing() {
    let mut store = MemoryStore::new();
    let world = World::default();
    let orders = host(&store).register(order(&world));
    orders.start("a", 1).await.unwrap();
    drop(orders);
    for _ in 0..10 {
        let orders = host(&store).register(order(&world));
        sleep(Duration::from_secs(60)).await;
        assert!(matches!(
            orders.get("a").status().await,
            Ok(Status::Unfinished)
        ));
        store = store.reopen();
        drop(orders);
    }
    let orders = host(&store).register(order(&world));
    sleep(Duration::from_secs(1)).await;
    assert!(orders.by_id().list().unwrap().stuck().is_empty());
}

/// Ten orders that wait for an answer.
async fn ten_wait() -> (World, MemoryStore) {
    let (world, store) = (World::default(), MemoryStore::new());
    let orders = host(&store).register(order(&world));
    for n in 0..10 {
        orders.start(&n.to_string(), n).await.unwrap();
    }
    sleep(Duration::from_secs(60)).await;
    drop(orders);
    (world, store.reopen())
}

/// How many operations the next start takes.
async fn operations_of_start(world: &World, store: &MemoryStore) -> u64 {
    let orders = host(store).register(order(world));
    sleep(Duration::from_secs(60)).await;
    drop(orders);
    store.operations()
}

/// That the executions of the flow are looked at, and that they were: two commits.
const LOOKS: u64 = 4;

#[tokio::test(start_paused = true)]
async fn nothing_is_written_for_an_execution_that_waits() {
    let (world, mut store) = ten_wait().await;
    for _ in 0..3 {
        assert_eq!(operations_of_start(&world, &store).await, LOOKS);
        store = store.reopen();
    }
    let orders = host(&store).register(order(&world));
    orders.get("3").cancel().await.unwrap();
    assert!(store.operations() > LOOKS);
}

#[tokio::test(start_paused = true)]
async fn after_the_process_has_died_at_a_look_each_load_is_counted() {
    let (world, store) = ten_wait().await;
    store.fail_at(2, Fault::Stop);
    operations_of_start(&world, &store).await;
    let store = store.reopen();
    // Each one is counted, and what was counted is forgotten when it is found to wait.
    assert_eq!(operations_of_start(&world, &store).await, LOOKS + 10 * 4);
    assert_eq!(operations_of_start(&world, &store.reopen()).await, LOOKS);
}
