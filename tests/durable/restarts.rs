//! A host that is dropped, and the next one on the same store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow_core::durable::{MemoryStore, RequestError, Status};
use flow_core::{Event, Flow, Res, State, flow, handler};
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
    // That executions are looked at, and that they were.
    let looks = 4;
    assert_eq!(store.operations(), looks, "it is left as it is");
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

/// One of many states.
#[derive(Default, Serialize, Deserialize)]
struct Nth<const N: usize>(u32);

#[handler]
async fn write_last(n: u32, last: State<Nth<65>>) -> u32 {
    last.with(|last| last.0 += n);
    n
}

#[handler]
async fn wait_a_minute(n: u32) -> u32 {
    sleep(Duration::from_secs(60)).await;
    n
}

macro_rules! read_all {
    ($($name:ident $number:literal)*) => {
        #[handler]
        #[expect(clippy::too_many_arguments, reason = "one for each state")]
        async fn read_all(_n: u32, $($name: State<Nth<$number>>),*) -> u32 {
            0 $(+ $name.with(|state| state.0))*
        }
    };
}

read_all! {
    s0 0 s1 1 s2 2 s3 3 s4 4 s5 5 s6 6 s7 7 s8 8 s9 9 s10 10
    s11 11 s12 12 s13 13 s14 14 s15 15 s16 16 s17 17 s18 18 s19 19 s20 20 s21 21
    s22 22 s23 23 s24 24 s25 25 s26 26 s27 27 s28 28 s29 29 s30 30 s31 31 s32 32
    s33 33 s34 34 s35 35 s36 36 s37 37 s38 38 s39 39 s40 40 s41 41 s42 42 s43 43
    s44 44 s45 45 s46 46 s47 47 s48 48 s49 49 s50 50 s51 51 s52 52 s53 53 s54 54
    s55 55 s56 56 s57 57 s58 58 s59 59 s60 60 s61 61 s62 62 s63 63 s64 64 s65 65
}

flow! {
    /// With more states than a machine word has bits.
    flow ManyStates(u32) -> u32;
    durable;
    state Nth<0>; state Nth<1>; state Nth<2>; state Nth<3>; state Nth<4>; state Nth<5>;
    state Nth<6>; state Nth<7>; state Nth<8>; state Nth<9>; state Nth<10>; state Nth<11>;
    state Nth<12>; state Nth<13>; state Nth<14>; state Nth<15>; state Nth<16>; state Nth<17>;
    state Nth<18>; state Nth<19>; state Nth<20>; state Nth<21>; state Nth<22>; state Nth<23>;
    state Nth<24>; state Nth<25>; state Nth<26>; state Nth<27>; state Nth<28>; state Nth<29>;
    state Nth<30>; state Nth<31>; state Nth<32>; state Nth<33>; state Nth<34>; state Nth<35>;
    state Nth<36>; state Nth<37>; state Nth<38>; state Nth<39>; state Nth<40>; state Nth<41>;
    state Nth<42>; state Nth<43>; state Nth<44>; state Nth<45>; state Nth<46>; state Nth<47>;
    state Nth<48>; state Nth<49>; state Nth<50>; state Nth<51>; state Nth<52>; state Nth<53>;
    state Nth<54>; state Nth<55>; state Nth<56>; state Nth<57>; state Nth<58>; state Nth<59>;
    state Nth<60>; state Nth<61>; state Nth<62>; state Nth<63>; state Nth<64>; state Nth<65>;
    start -> write_last -> wait_a_minute -> read_all -> end
}

#[tokio::test(start_paused = true)]
async fn the_last_of_many_states_is_restored() {
    let store = MemoryStore::new();
    let many = host(&store).register(ManyStates::new());
    many.start("id", 7).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    drop(many);
    let many = host(&store.reopen()).register(ManyStates::new());
    assert_eq!(many.get("id").output().await.unwrap(), 7);
}
