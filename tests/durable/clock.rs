//! The clock on the wall is set, back and forth, while the process is down and while it runs.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use flow_core::durable::{Handle, Host, HostOptions, MemoryStore};
use flow_core::{Res, Tick, flow, handler};
use tokio::time::{Instant, sleep};

use crate::flows::{Order, Paid, World, account, order};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
const MINUTE: Duration = Duration::from_secs(60);

/// When the tests begin.
fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

fn open(store: &MemoryStore, park_after: Duration, now: SystemTime) -> Host {
    let options = HostOptions::new().time_of_runtime(now);
    options.park_after(park_after).open(store.clone())
}

/// A clock that is set while it goes on with the time of the runtime.
#[derive(Clone)]
struct Wall(Arc<Mutex<(SystemTime, Instant)>>);

impl Wall {
    fn new() -> Self {
        Self(Arc::new(Mutex::new((noon(), Instant::now()))))
    }

    fn now(&self) -> SystemTime {
        let (time, since) = *self.0.lock().unwrap();
        time + since.elapsed()
    }

    fn set(&self, time: SystemTime) {
        *self.0.lock().unwrap() = (time, Instant::now());
    }

    fn open(&self, store: &MemoryStore, park_after: Duration) -> Host {
        let wall = self.clone();
        let options = HostOptions::new().clock(move || wall.now());
        options.park_after(park_after).open(store.clone())
    }
}

/// The host looks at the clock again after so long.
const SEEN_AFTER: Duration = Duration::from_secs(31);

#[tokio::test(start_paused = true)]
async fn a_deadline_is_kept_when_the_wall_is_set_while_the_host_runs() {
    for (park_after, set, expected) in [
        // In memory, the clock on the wall is not looked at.
        (99 * DAY, noon() + DAY, 2 * HOUR..2 * HOUR),
        (99 * DAY, noon() - DAY, 2 * HOUR..2 * HOUR),
        // One that is not comes when the wall shows its time.
        (Duration::ZERO, noon() + DAY, HOUR..HOUR + SEEN_AFTER),
        (
            Duration::ZERO,
            noon() + 2 * HOUR - MINUTE,
            HOUR..HOUR + MINUTE + SEEN_AFTER,
        ),
        (
            Duration::ZERO,
            noon() - DAY,
            DAY + 3 * HOUR..DAY + 3 * HOUR + SEEN_AFTER,
        ),
    ] {
        let (world, wall) = (World::default(), Wall::new());
        let orders = wall
            .open(&MemoryStore::new(), park_after)
            .register(order(&world));
        let began = Instant::now();
        let order = orders.start("a", 21).await.unwrap();
        sleep(HOUR).await;
        wall.set(set);
        lapses(&order).await;
        let lapsed = began.elapsed();
        let latest = expected.end + Duration::from_secs(1);
        assert!(
            lapsed >= expected.start && lapsed <= latest,
            "{lapsed:?} at {set:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_ticks_and_the_history_goes_on_when_the_wall_is_set_while_the_host_runs() {
    for park_after in [Duration::ZERO, 99 * DAY] {
        let (world, wall) = (World::default(), Wall::new());
        let hours = wall.open(&MemoryStore::new(), park_after);
        let hours = hours.register(Hours::new().with(world.clone()));
        hours.start("a", ()).await.unwrap();
        for set in [noon() + DAY, noon() - DAY, noon() + 2 * DAY] {
            sleep(3 * HOUR + MINUTE).await;
            wall.set(set);
        }
        sleep(3 * HOUR + MINUTE).await;
        let ticks = world.effects();
        assert!(ticks.len() >= 6, "{park_after:?}: {ticks:?}");
        let history = hours.by_id().history().unwrap();
        let history = history.history("a", None, usize::MAX).await.unwrap();
        assert!(history.is_sorted_by_key(|entry| entry.at));
    }
}

/// How long it takes until nobody can answer any more.
async fn lapses(order: &Handle<Order>) -> Duration {
    let began = Instant::now();
    assert_eq!(order.output().await.unwrap(), 0);
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_deadline_never_comes_early_and_at_the_latest_when_the_wall_shows_it() {
    for park_after in [Duration::ZERO, MINUTE, 99 * DAY] {
        for (now, expected) in [
            (noon() - DAY, 2 * HOUR..DAY + 2 * HOUR),
            // An hour was not recorded.
            (noon(), 2 * HOUR..2 * HOUR),
            (noon() + HOUR, HOUR..HOUR),
            (noon() + DAY, Duration::ZERO..Duration::ZERO),
        ] {
            let world = World::default();
            let store = MemoryStore::new();
            let orders = open(&store, park_after, noon()).register(order(&world));
            orders.start("a", 21).await.unwrap();
            sleep(HOUR).await;
            drop(orders);
            let orders = open(&store.reopen(), park_after, now).register(order(&world));
            let lapsed = lapses(&orders.get("a")).await;
            assert!(lapsed >= expected.start, "{lapsed:?} at {now:?}");
            let latest = expected.end + Duration::from_secs(1);
            assert!(lapsed <= latest, "{lapsed:?} at {now:?}");
        }
    }
}

#[handler]
async fn begin() {}

#[handler]
async fn hour(tick: Tick, world: Res<World>) {
    world.note(format!("{}", tick.count()));
}

flow! {
    flow Hours(());
    durable;
    with World;
    start -> begin -> ignore;
    every "1h" -> hour -> ignore;
    timeout "100h";
}

/// How many periods each tick of three hours has stood for, and of three more after the clock was
/// set.
async fn ticks(park_after: Duration, now: SystemTime) -> Vec<String> {
    let world = World::default();
    let store = MemoryStore::new();
    let flow = || Hours::new().with(world.clone());
    let hours = open(&store, park_after, noon()).register(flow());
    hours.start("a", ()).await.unwrap();
    sleep(3 * HOUR + MINUTE).await;
    drop(hours);
    let hours = open(&store.reopen(), park_after, now).register(flow());
    sleep(3 * HOUR + MINUTE).await;
    drop(hours);
    world.effects()
}

#[tokio::test(start_paused = true)]
async fn a_clock_ticks_on_when_the_wall_is_set_and_what_it_missed_comes_as_one() {
    for park_after in [Duration::ZERO, 99 * DAY] {
        let back = ticks(park_after, noon() + 2 * HOUR).await;
        assert!(
            back.len() >= 4 && back.iter().all(|tick| tick == "1"),
            "{back:?}"
        );
        let still = ticks(park_after, noon() + 3 * HOUR + MINUTE).await;
        assert_eq!(still, ["1"; 6], "{park_after:?}");
        let forth = ticks(park_after, noon() + DAY).await;
        assert_eq!(forth[..3], ["1"; 3]);
        assert_eq!(forth[3], "21", "{forth:?}");
        assert_eq!(forth[4..], ["1"; 3]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_times_of_the_history_do_not_go_back() {
    let world = World::default();
    let mut store = MemoryStore::new();
    let mut now = noon();
    for n in 0..4 {
        let accounts = open(&store, MINUTE, now).register(account(&world));
        let account = accounts.start("a", 0).await.unwrap();
        account.send(&n.to_string(), Paid(1)).await.unwrap();
        sleep(HOUR).await;
        drop((accounts, account));
        now -= DAY;
        store = store.reopen();
    }
    let accounts = open(&store, MINUTE, now + 30 * DAY).register(account(&world));
    accounts.get("a").send("last", Paid(9)).await.unwrap();
    sleep(HOUR).await;
    let history = accounts.by_id().history().unwrap();
    let history = history.history("a", None, usize::MAX).await.unwrap();
    assert!(history.len() > 5);
    assert!(history.is_sorted_by_key(|entry| entry.at));
    assert!(history.last().unwrap().at > noon() + 20 * DAY);
}
