//! The store fails at every one of its operations: an execution comes to the same as without that.

use std::collections::BTreeSet;
use std::time::Duration;

use flow_core::Flow;
use flow_core::durable::{Encoded, Fault, Host, MemoryStore, RequestError};
use serde_json::json;

use crate::flows::{Account, Chain, Each, Fails, Join, Order, StandIn, Talk, World, options};
use crate::script::{Outcome, Script, Step, perform};

const FAULTS: [Fault; 5] = [
    Fault::Tear,
    Fault::Forget,
    Fault::Keep,
    Fault::Stop,
    Fault::Fail,
];

/// Performs the script on a store that fails. The client repeats it when the outcome is unknown,
/// and the process is started again when the store has stopped.
async fn run<G, Given>(
    flow: &impl Fn(&World) -> Flow<G, Given>,
    script: Script,
    park_after: Duration,
    fault: Option<(u64, Fault)>,
) -> (Outcome, World, u64)
where
    G: flow_core::__private::Graph,
    Given: flow_core::__private::Complete + 'static,
{
    let world = World::default();
    let options = options().park_after(park_after);
    let mut store = MemoryStore::new();
    if let Some((at, fault)) = fault {
        store.fail_at(at, fault);
    }
    let open = |store: &MemoryStore| -> (Host, _) {
        let host = options.clone().open(store.clone());
        let executions = host.register_as("F", flow(&world));
        (host, executions)
    };
    // A handler that waits, and is repeated, may go on as well.
    let gates = world.clone();
    let opener = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(60)).await;
            gates.open();
        }
    });
    let _opens = AbortOnDrop(opener);
    let (mut host, mut executions) = open(&store);
    for _ in 0..20 {
        match perform(&**executions.by_id(), script).await {
            Ok(outcome) => return (outcome, world, store.operations()),
            Err(RequestError::Unavailable(_)) => {}
            Err(error) => panic!("{fault:?}: {error}"),
        }
        if !matches!(fault, Some((_, Fault::Fail))) {
            drop((host, executions));
            store = store.reopen();
            (host, executions) = open(&store);
        }
    }
    panic!("{fault:?}: it does not come to an end");
}

struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Compares each fault at each operation with a run without faults. Of the calls, only those are
/// made again that ran at the time of the fault: so many at most.
async fn same_with_faults<G, Given>(
    flow: impl Fn(&World) -> Flow<G, Given>,
    script: Script,
    at_once: usize,
) where
    G: flow_core::__private::Graph,
    Given: flow_core::__private::Complete + 'static,
{
    for park_after in [Duration::ZERO, Duration::from_secs(60)] {
        let (expected, world, operations) = run(&flow, script, park_after, None).await;
        let effects = world.counted();
        assert!(effects.values().all(|count| *count == 1), "{effects:?}");
        assert!(operations > 2);
        let mut struck = BTreeSet::new();
        for at in 0..operations {
            for fault in FAULTS {
                let fault = Some((at, fault));
                let (outcome, world, again) = run(&flow, script, park_after, fault).await;
                assert_eq!(outcome, expected, "{fault:?} {park_after:?}");
                let counted = world.counted();
                assert!(
                    counted.keys().eq(effects.keys()),
                    "{fault:?} {park_after:?}: {counted:?}"
                );
                let twice = counted.values().filter(|count| **count > 1).count();
                assert!(
                    counted.values().all(|count| *count <= 2),
                    "{fault:?}: {counted:?}"
                );
                assert!(twice <= at_once, "{fault:?} {park_after:?}: {counted:?}");
                struck.insert(again);
            }
        }
        assert!(struck.len() > 1, "no fault has made a difference");
    }
}

#[tokio::test(start_paused = true)]
async fn a_chain_comes_to_the_same() {
    same_with_faults(
        |world| Chain::new().with(world.clone()),
        &[Step::Start(3)],
        1,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_join_comes_to_the_same() {
    same_with_faults(
        |world| Join::new().with(world.clone()),
        &[Step::Start(3)],
        2,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_each_comes_to_the_same() {
    same_with_faults(
        |world| Each::new().with(world.clone()),
        &[Step::Start(4)],
        2,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stand_in_comes_to_the_same() {
    same_with_faults(
        |world| StandIn::new().with(world.clone()),
        &[Step::Start(3)],
        3,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_comes_to_the_same() {
    same_with_faults(
        |world| Fails::new().with(world.clone()),
        &[Step::Start(3)],
        1,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_to_the_same() {
    let script = &[Step::Start(21), Step::Answer(true)];
    same_with_faults(|world| Order::new().with(world.clone()), script, 1).await;
}

#[tokio::test(start_paused = true)]
async fn the_want_of_an_answer_comes_to_the_same() {
    same_with_faults(
        |world| Order::new().with(world.clone()),
        &[Step::Start(21)],
        1,
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn events_come_to_the_same() {
    let script = &[
        Step::Start(0),
        Step::Send(4, "a"),
        Step::Send(5, "b"),
        Step::Send(4, "a"),
        Step::Send(1, "c"),
    ];
    same_with_faults(|world| Account::new().with(world.clone()), script, 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_execution_comes_to_the_same() {
    let script = &[Step::Start(21), Step::Wait, Step::Cancel];
    same_with_faults(|world| Order::new().with(world.clone()), script, 1).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_puts_several_items_comes_to_the_same() {
    same_with_faults(
        |world| Talk::new().with(world.clone()),
        &[Step::Start(1)],
        1,
    )
    .await;
}

/// The acknowledgement of a durable request is lost: repeating it changes nothing.
#[tokio::test(start_paused = true)]
async fn a_request_whose_acknowledgement_was_lost_may_be_repeated() {
    let world = World::default();
    let mut store = MemoryStore::new();
    let flow = || Account::new().with(world.clone());
    let keep = |store: &MemoryStore, fault: Fault| {
        let store = store.reopen();
        // The sync of the next commit.
        store.fail_at(1, fault);
        let executions = options().open(store.clone()).register(flow());
        (store, executions)
    };
    for fault in [Fault::Keep, Fault::Fail] {
        let id = format!("{fault:?}");
        let (failing, executions) = keep(&store, fault);
        let by_id = executions.by_id();
        let started = by_id.start(&id, Encoded::from(json!(0))).await;
        assert!(matches!(started, Err(RequestError::Unavailable(_))));
        if fault == Fault::Keep {
            let still = by_id.start(&id, Encoded::from(json!(0))).await;
            assert!(matches!(still, Err(RequestError::Unavailable(_))));
        } else {
            by_id.start(&id, Encoded::from(json!(0))).await.unwrap();
        }
        store = failing;
        let opened = world.counted().get("open 0").copied().unwrap_or_default();
        store = store.reopen();
        let executions = options().open(store.clone()).register(flow());
        let account = executions.start(&id, 0).await.unwrap();
        let other = executions.start(&id, 1).await.unwrap_err();
        assert!(matches!(other, RequestError::OtherInput { .. }));
        tokio::time::sleep(Duration::from_secs(1)).await;
        drop((account, executions));

        let (failing, executions) = keep(&store, fault);
        let account = executions.get(&id);
        let sent = account.send("a", crate::flows::Paid(7)).await;
        assert!(
            matches!(sent, Err(RequestError::Unavailable(_))),
            "{sent:?}"
        );
        store = failing.reopen();
        drop(executions);
        let executions = options().open(store.clone()).register(flow());
        let account = executions.get(&id);
        account.send("a", crate::flows::Paid(7)).await.unwrap();
        account.send("b", crate::flows::Paid(3)).await.unwrap();
        assert_eq!(account.output().await.unwrap(), 10, "7 was paid once");
        assert_eq!(
            world.counted()["open 0"],
            opened.max(1),
            "it was opened once"
        );
    }
}
