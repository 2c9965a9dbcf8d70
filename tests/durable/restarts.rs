//! A host that is dropped, and the next one on the same store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow_core::durable::{MemoryStore, RequestError, Status};
use flow_core::{Event, Flow, Res, flow, handler};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

use crate::flows::{World, gate, host};

#[tokio::test(start_paused = true)]
async fn executions_go_on_with_the_next_host() {
    let store = MemoryStore::new();
    let world = World::default();
    let gated = host(&store).register(gate(&world));
    for n in 0..100 {
        gated.start(&n.to_string(), n).await.unwrap();
    }
    sleep(Duration::from_secs(1)).await;
    drop(gated);
    let store = store.reopen();
    let gated = host(&store).register(gate(&world));
    sleep(Duration::from_secs(1)).await;
    for n in 0..100 {
        world.open();
        sleep(Duration::from_millis(1)).await;
        assert_eq!(world.counted()[&format!("begin {n}")], 2);
    }
    for n in 0..100 {
        assert_eq!(gated.get(&n.to_string()).output().await.unwrap(), 2 * n);
        assert_eq!(
            world.counted()[&format!("say {n}")],
            1,
            "what has ended is not made again"
        );
        assert_eq!(world.counted()[&format!("end {n}")], 1);
    }
}

/// The same flow in three versions of a program.
mod version {
    use super::*;

    #[derive(Clone, Debug, Serialize, Deserialize, Event)]
    pub(crate) struct Old(pub(crate) u32);

    #[handler]
    pub(crate) async fn first(n: u32, world: Res<World>) -> u32 {
        world.note("first");
        n + 1
    }

    #[handler]
    pub(crate) async fn wait(n: u32, world: Res<World>) -> u32 {
        world.note("wait");
        sleep(Duration::from_secs(60)).await;
        n
    }

    #[handler]
    pub(crate) async fn old(n: u32) -> Old {
        Old(n)
    }

    #[handler(on = Old)]
    pub(crate) async fn take_old(Old(n): Old, world: Res<World>) -> u32 {
        world.note("take");
        sleep(Duration::from_secs(60)).await;
        n
    }

    flow! {
        pub(crate) flow One(u32) -> u32;
        durable;
        with World;
        start -> first -> old -> emit;
        when Old -> take_old -> end;
    }

    flow! {
        /// Without the clause that was running.
        pub(crate) flow Two(u32) -> u32;
        durable;
        with World;
        start -> first -> wait -> end;
    }
}

fn one(world: &World) -> Flow<version::One> {
    version::One::new().with(world.clone())
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_the_program_cannot_go_on_with_is_left_and_listed() {
    let store = MemoryStore::new();
    let world = World::default();
    let executions = host(&store).register_as("F", one(&world));
    executions.start("a", 1).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.effects(), ["first", "take"]);
    drop(executions);

    let store = store.reopen();
    let two = version::Two::new().with(world.clone());
    let executions = host(&store).register_as("F", two);
    sleep(Duration::from_secs(1)).await;
    let stuck = executions.by_id().list().unwrap().stuck();
    assert_eq!(stuck.len(), 1);
    assert_eq!(stuck[0].id, "a");
    assert!(matches!(stuck[0].status, Status::Blocked { .. }));
    let error = executions.get("a").output().await.unwrap_err();
    let RequestError::Blocked { reason } = error else {
        panic!("{error}");
    };
    let reason = format!("{reason:#}");
    assert!(reason.contains("when Old -> take_old"), "{reason}");
    executions.start("a", 1).await.unwrap();
    let error = executions.get("a").cancel().await.unwrap_err();
    assert!(matches!(error, RequestError::Blocked { .. }), "{error}");
    assert_eq!(store.operations(), 0, "it is left as it is");
    drop(executions);

    let executions = host(&store.reopen()).register_as("F", one(&world));
    assert_eq!(executions.get("a").output().await.unwrap(), 2);
    assert_eq!(world.effects(), ["first", "take", "take"]);
}

/// Whether the number 1 cannot be read.
static PANICS: AtomicBool = AtomicBool::new(false);

#[derive(Clone, Debug, Serialize)]
struct Fragile(u32);

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        assert!(
            number != 1 || !PANICS.load(Ordering::SeqCst),
            "no 1 any more"
        );
        Ok(Self(number))
    }
}

#[handler]
async fn wait_for(Fragile(n): Fragile) -> u32 {
    sleep(Duration::from_secs(60)).await;
    n
}

flow! {
    flow Panics(Fragile) -> u32;
    durable;
    start -> wait_for -> end;
}

#[tokio::test(start_paused = true)]
async fn a_value_that_panics_when_it_is_read_blocks_its_execution_alone() {
    let store = MemoryStore::new();
    let executions = host(&store).register(Panics::new());
    executions.start("a", Fragile(1)).await.unwrap();
    let store = store.reopen();
    drop(executions);
    PANICS.store(true, Ordering::SeqCst);
    let executions = host(&store).register(Panics::new());
    executions.start("b", Fragile(2)).await.unwrap();
    assert_eq!(executions.get("b").output().await.unwrap(), 2);
    let error = executions.get("a").output().await.unwrap_err();
    let RequestError::Blocked { reason } = error else {
        panic!("{error}");
    };
    let reason = format!("{reason:#}");
    assert!(
        reason.contains("panics when it is read or written: no 1 any more"),
        "{reason}"
    );
    let list = executions.by_id().list().unwrap();
    assert_eq!(list.stuck().len(), 1);

    PANICS.store(false, Ordering::SeqCst);
    list.retry("a").await.unwrap();
    assert_eq!(executions.get("a").output().await.unwrap(), 1);
}
