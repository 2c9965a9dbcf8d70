//! Reminders of questions that wait while the process is down.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use flow_core::durable::{Happened, Host, HostOptions, Logged, MemoryStore};
use flow_core::{Answered, Asked, Event, Res, Tick, flow, handler};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

const HOUR: Duration = Duration::from_secs(3600);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct Reminders(Arc<Mutex<Vec<(u32, u64)>>>);

impl Reminders {
    fn seen(&self) -> Vec<(u32, u64)> {
        self.0.lock().unwrap().clone()
    }
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = bool)]
struct Approve(u32);

#[handler]
async fn remind((Approve(number), tick): (Approve, Tick), reminders: Res<Reminders>) {
    reminders.0.lock().unwrap().push((number, tick.count()));
}

#[handler]
async fn decide(answered: Answered<Approve>) -> bool {
    answered.answer
}

flow! {
    flow InStage(u32) -> bool streams Asked<Approve>;
    durable;
    with Reminders;
    start -> |number: u32| Approve(number) -> ask Approve every "1h" remind -> decide -> end;
}

flow! {
    flow InClause(u32) -> bool streams Asked<Approve>;
    durable;
    with Reminders;
    start -> |number: u32| Approve(number) -> emit;
    ask Approve every "1h" remind -> decide -> end;
}

flow! {
    flow WithoutReminder(u32) -> bool streams Asked<Approve>;
    durable;
    start -> |number: u32| Approve(number) -> ask Approve -> decide -> end;
}

flow! {
    flow ClauseWithoutReminder(u32) -> bool streams Asked<Approve>;
    durable;
    start -> |number: u32| Approve(number) -> emit;
    ask Approve -> decide -> end;
}

/// The wall, which goes on with the time of the runtime.
struct Wall(Instant);

impl Wall {
    fn open(&self, store: &MemoryStore, park_after: Duration) -> Host {
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let options = HostOptions::new().time_of_runtime(noon + self.0.elapsed());
        let options = options.history(1000);
        options.park_after(park_after).open(store.clone())
    }
}

macro_rules! goes_on {
    ($flow:ty) => {
        for park_after in [Duration::ZERO, 1000 * HOUR] {
            let (reminders, wall) = (Reminders::default(), Wall(Instant::now()));
            let flow = || <$flow>::new().with(reminders.clone());
            let mut store = MemoryStore::new();
            let host = wall.open(&store, park_after);
            let executions = host.register(flow());
            executions.start("a", 7).await.unwrap();
            sleep(HOUR + 30 * MINUTE).await;
            assert_eq!(reminders.seen(), [(7, 1)]);
            drop((executions, host));

            // Those of the second, the third and the fourth hour come as one.
            store = store.reopen();
            sleep(3 * HOUR).await;
            let host = wall.open(&store, park_after);
            let executions = host.register(flow());
            sleep(MINUTE).await;
            assert_eq!(reminders.seen(), [(7, 1), (7, 3)]);
            sleep(HOUR).await;
            assert_eq!(reminders.seen(), [(7, 1), (7, 3), (7, 1)]);

            let execution = executions.get("a");
            let asked = execution.items(None).try_next().await.unwrap().unwrap();
            let Logged::Item { item: asked, .. } = asked else {
                panic!("{asked:?}");
            };
            execution.answer(asked.id, &true).await.unwrap();
            assert!(execution.output().await.unwrap());
            sleep(5 * HOUR).await;
            assert_eq!(reminders.seen().len(), 3, "it is answered");

            let history = executions.by_id().history().unwrap();
            let entries = history.history("a", None, 1000).await.unwrap();
            let happened = entries.iter().flat_map(|entry| &entry.what);
            let asked = happened.filter(|what| matches!(what, Happened::Asked { .. }));
            assert_eq!(asked.count(), 1, "a reminder does not ask again");
        }
    };
}

/// The second program has a reminder, which the first one had not.
macro_rules! begins_when_it_is_loaded {
    ($before:ty, $after:ty) => {
        for park_after in [Duration::ZERO, 1000 * HOUR] {
            let (reminders, wall) = (Reminders::default(), Wall(Instant::now()));
            let store = MemoryStore::new();
            let host = wall.open(&store, park_after);
            let executions = host.register_as("flow", <$before>::new());
            executions.start("a", 7).await.unwrap();
            sleep(HOUR).await;
            drop((executions, host));

            let mut store = store.reopen();
            let loaded = Instant::now();
            // It is loaded twice before its first reminder.
            for _ in 0..2 {
                let host = wall.open(&store, park_after);
                let flow = <$after>::new().with(reminders.clone());
                let executions = host.register_as("flow", flow);
                sleep(20 * MINUTE).await;
                assert_eq!(reminders.seen(), []);
                drop((executions, host));
                store = store.reopen();
            }
            let host = wall.open(&store, park_after);
            let flow = <$after>::new().with(reminders.clone());
            let _executions = host.register_as("flow", flow);
            tokio::time::sleep_until(loaded + HOUR + MINUTE).await;
            assert_eq!(reminders.seen(), [(7, 1)]);
        }
    };
}

#[tokio::test(start_paused = true)]
async fn a_reminder_of_a_stage_goes_on_after_a_restart() {
    goes_on!(InStage);
}

#[tokio::test(start_paused = true)]
async fn a_reminder_of_a_clause_goes_on_after_a_restart() {
    goes_on!(InClause);
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_a_new_program_adds_to_a_stage_begins_when_it_is_loaded() {
    begins_when_it_is_loaded!(WithoutReminder, InStage);
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_a_new_program_adds_to_a_clause_begins_when_it_is_loaded() {
    begins_when_it_is_loaded!(ClauseWithoutReminder, InClause);
}
