//! Hosts and runtimes that are dropped at any moment, on several threads.

use std::time::Duration;

use flow_core::__private::{Complete, Graph};
use flow_core::Flow;
use flow_core::durable::{Fault, HostOptions, MemoryStore, RequestError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::flows::{Account, Chain, Each, Join, Order, World};
use crate::script::{Outcome, Script, Step, perform};

const SEEDS: u64 = 150;

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap()
}

/// Performs the script in lives of at most this long each.
fn run<G: Graph, Given: Complete + 'static>(
    flow: &impl Fn(&World) -> Flow<G, Given>,
    script: Script,
    mut random: Option<fastrand::Rng>,
) -> (Outcome, World) {
    let world = World::default();
    let mut store = MemoryStore::new();
    for _ in 0..1_000 {
        let mut life = Duration::from_secs(60);
        let mut options = HostOptions::new();
        if let Some(random) = &mut random {
            life = Duration::from_micros(random.u64(..6_000));
            options = options.park_after(Duration::from_micros(random.u64(..1_000)));
            let fault = [
                Fault::Tear,
                Fault::Forget,
                Fault::Keep,
                Fault::Stop,
                Fault::Fail,
            ];
            store.fail_at(random.u64(..20), random.choice(fault).unwrap());
        }
        let runtime = runtime();
        let performed = runtime.block_on(async {
            let host = options.open(store.clone());
            let executions = host.register_as("F", flow(&world));
            let by_id = executions.by_id();
            match timeout(life, perform(&**by_id, script)).await {
                Ok(Err(RequestError::Poisoned { .. })) => {
                    // Its lives were too short to get on.
                    let _unavailable = by_id.list().unwrap().retry("x").await;
                    None
                }
                Ok(Err(RequestError::Unavailable(_))) | Err(_) => None,
                Ok(Err(error)) => panic!("{error}"),
                Ok(Ok(outcome)) => Some(outcome),
            }
        });
        if let Some(outcome) = performed {
            return (outcome, world);
        }
        let reopened = store.reopen();
        drop(runtime);
        store = reopened;
    }
    panic!("it does not come to an end");
}

fn same_with_drops<G: Graph, Given: Complete + 'static>(
    flow: impl Fn(&World) -> Flow<G, Given>,
    script: Script,
) {
    let (expected, expected_world) = run(&flow, script, None);
    let mut repeated = 0;
    for seed in 0..SEEDS {
        let random = fastrand::Rng::with_seed(seed);
        let (mut outcome, world) = run(&flow, script, Some(random));
        // Those of calls at one time may come in any order when one of them is repeated.
        outcome.items.sort_by_key(ToString::to_string);
        let mut items = expected.items.clone();
        items.sort_by_key(ToString::to_string);
        assert_eq!(outcome.output, expected.output, "seed {seed}");
        assert_eq!(outcome.items, items, "seed {seed}");
        let counted = world.counted();
        assert!(
            counted.keys().eq(expected_world.counted().keys()),
            "seed {seed}: {counted:?}"
        );
        repeated += usize::from(counted.values().any(|count| *count > 1));
    }
    assert!(repeated > 0, "no drop has hit a call");
}

#[test]
fn a_chain_comes_to_the_same() {
    same_with_drops(|world| Chain::new().with(world.clone()), &[Step::Start(3)]);
}

#[test]
fn a_join_comes_to_the_same() {
    same_with_drops(|world| Join::new().with(world.clone()), &[Step::Start(1)]);
}

#[test]
fn an_each_comes_to_the_same() {
    same_with_drops(|world| Each::new().with(world.clone()), &[Step::Start(3)]);
}

#[test]
fn an_answer_comes_to_the_same() {
    let script = &[Step::Start(21), Step::Answer(true)];
    same_with_drops(|world| Order::new().with(world.clone()), script);
}

#[test]
fn events_come_to_the_same() {
    let script = &[
        Step::Start(0),
        Step::Send(4, "a"),
        Step::Send(5, "b"),
        Step::Send(4, "a"),
        Step::Send(1, "c"),
    ];
    same_with_drops(|world| Account::new().with(world.clone()), script);
}
