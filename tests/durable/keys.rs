//! Idempotency keys across crashes, and snapshots of states beside a call that writes.

use std::collections::BTreeSet;
use std::time::Duration;

use flow_core::durable::{Happened, MemoryStore};
use flow_core::{Cx, Ending, IdempotencyKey, Res, Result, Snapshot, State, flow, handler};
use tokio::time::sleep;

use crate::flows::{Paid, World, account, host};

#[handler]
async fn up_to(n: u32) -> Vec<u32> {
    (0..n).collect()
}

/// Each second attempt succeeds.
#[handler(effect, retry(attempts = 2, backoff = "1ms"))]
async fn charge(n: u32, key: IdempotencyKey, world: Res<World>, cx: &Cx) -> Result<u32> {
    world.note(format!("{n} {key}"));
    sleep(Duration::from_secs(10)).await;
    match cx.attempt() {
        1 => Err("the line is busy".into()),
        _ => Ok(n),
    }
}

#[handler(effect)]
async fn ship(numbers: Vec<u32>, key: IdempotencyKey, world: Res<World>) -> usize {
    world.note(format!("ship {key}"));
    sleep(Duration::from_secs(10)).await;
    numbers.len()
}

flow! {
    flow Charging(u32) -> usize;
    durable;
    with World;
    start -> up_to -> each charge -> ship -> end
}

fn keys_of(world: &World, call: &str) -> BTreeSet<String> {
    let effects = world.effects().into_iter();
    let keys = effects.filter_map(|effect| Some(effect.strip_prefix(call)?.trim().to_owned()));
    keys.collect()
}

#[tokio::test(start_paused = true)]
async fn a_call_has_the_same_key_in_all_attempts_and_after_crashes() {
    let mut store = MemoryStore::new();
    let world = World::default();
    let charging = || Charging::new().with(world.clone());
    let executions = host(&store).register(charging());
    executions.start("a", 2).await.unwrap();
    executions.start("b", 2).await.unwrap();
    // In the middle of each attempt, and of `ship`.
    for _ in 0..3 {
        sleep(Duration::from_secs(8)).await;
        let before = store.reopen();
        let executions = host(&before).register(charging());
        sleep(Duration::from_secs(1)).await;
        drop(executions);
        store = before.reopen();
    }
    let executions = host(&store).register(charging());
    for id in ["a", "b"] {
        assert_eq!(executions.get(id).output().await.unwrap(), 2);
    }
    // Of each call, those of both executions.
    let mut all = BTreeSet::new();
    for call in ["0", "1", "ship"] {
        let keys = keys_of(&world, call);
        assert_eq!(keys.len(), 2, "{call}: {:?}", world.effects());
        all.extend(keys);
    }
    assert_eq!(all.len(), 6);
    let calls = world.effects().len();
    assert!(calls > 2 * 5, "some calls were made again: {calls}");
    for key in all {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(key.chars().all(plain) && key.len() < 255, "{key}");
    }
}

#[handler(effect)]
async fn tell(n: u32, key: IdempotencyKey, world: Res<World>) {
    world.note(format!("tell {n} {key}"));
}

#[handler]
async fn ending_as_number(_ending: Ending) -> u32 {
    2
}

flow! {
    flow Telling(u32);
    durable;
    with World;
    external Paid;
    start -> tell;
    when Paid -> |Paid(n)| n -> tell;
    finally within "1s" -> ending_as_number -> tell;
}

#[tokio::test(start_paused = true)]
async fn a_call_after_a_restart_has_no_key_of_a_call_that_is_over() {
    let store = MemoryStore::new();
    let world = World::default();
    let telling = || Telling::new().with(world.clone());
    let executions = host(&store).register(telling());
    executions.start("a", 1).await.unwrap();
    // Nothing is left of the first call when it is over.
    sleep(Duration::from_secs(1)).await;
    drop(executions);
    let executions = host(&store.reopen()).register(telling());
    executions.get("a").cancel().await.unwrap();
    executions.get("a").output().await.unwrap_err();
    assert_eq!(world.effects().len(), 2, "{:?}", world.effects());
    let (first, second) = (keys_of(&world, "tell 1"), keys_of(&world, "tell 2"));
    assert!(first.is_disjoint(&second), "{:?}", world.effects());
}

#[derive(Default, serde::Serialize, serde::Deserialize)]
struct Total(u32);

#[handler]
async fn add(n: u32, total: State<Total>, world: Res<World>) {
    total.with(|total| total.0 += n);
    world.note("added");
    sleep(Duration::from_secs(10)).await;
    total.with(|total| total.0 += n);
}

#[handler]
async fn fail(_n: u32, total: State<Total>) -> Result<()> {
    total.with(|total| total.0 += 1_000);
    sleep(Duration::from_secs(10)).await;
    Err("no".into())
}

#[handler]
async fn look(_n: u32, total: Snapshot<Total>, world: Res<World>) {
    world.note(format!("saw {}", total.0));
}

#[handler]
async fn pause(n: u32) -> u32 {
    sleep(Duration::from_secs(5)).await;
    n
}

#[handler]
async fn skip_error(_failed: flow_core::Failed) {}

#[handler]
async fn look_again(_n: u32, total: Snapshot<Total>, world: Res<World>) {
    world.note(format!("saw {}", total.0));
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_waits_for_nobody_and_has_what_is_committed() {
    let world = World::default();
    let flow = flow! {
        durable;
        with World;
        state Total;
        // `look` runs while the others are in the middle of their calls, and after each of them.
        start(u32) -> (add, pause -> look)
            -> |_| 1 -> look_again
            -> |()| 1 -> (fail else skip_error, pause -> look)
            -> |_| 1 -> look_again
            -> end
    };
    flow.with(world.clone()).run(3).await.unwrap();
    assert_eq!(
        world.effects(),
        ["added", "saw 0", "saw 6", "saw 6", "saw 6"]
    );
}

#[tokio::test(start_paused = true)]
async fn no_two_activations_have_one_number_though_each_was_in_another_process() {
    let mut store = MemoryStore::new();
    let world = World::default();
    for n in 0..6 {
        let accounts = host(&store).register(account(&world));
        let account = accounts.start("a", 0).await.unwrap();
        account.send(&n.to_string(), Paid(1)).await.unwrap();
        sleep(Duration::from_secs(9)).await;
        drop((accounts, account));
        store = store.reopen();
    }
    let accounts = host(&store).register(account(&world));
    let history = accounts.by_id().history().unwrap();
    let history = history.history("a", None, usize::MAX).await.unwrap();
    let what = history.iter().flat_map(|entry| &entry.what);
    let numbers: Vec<u64> = what
        .filter_map(|what| match what {
            Happened::Queued { activation, .. } => Some(*activation),
            _ => None,
        })
        .collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 6]);
}
