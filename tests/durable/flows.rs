//! Small durable flows, and what their handlers do to the world outside.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use flow_core::durable::{Host, HostOptions, MemoryStore};
use flow_core::{Answered, Asked, Cx, Event, Failed, Flow, Res, Result, State, flow, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// A host on this store, in which time is that of the test.
pub(crate) fn host(store: &MemoryStore) -> Host {
    options().open(store.clone())
}

pub(crate) fn options() -> HostOptions {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    HostOptions::new().time_of_runtime(now)
}

/// What the handlers have done, and a gate at which some of them wait.
#[derive(Clone, Default)]
pub(crate) struct World(Arc<Inner>);

#[derive(Default)]
struct Inner {
    effects: Mutex<Vec<String>>,
    gate: Notify,
}

impl World {
    pub(crate) fn note(&self, effect: impl Into<String>) {
        self.0.effects.lock().unwrap().push(effect.into());
    }

    pub(crate) fn effects(&self) -> Vec<String> {
        self.0.effects.lock().unwrap().clone()
    }

    pub(crate) fn counted(&self) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for effect in self.effects() {
            *counted.entry(effect).or_default() += 1;
        }
        counted
    }

    /// Lets one handler pass that waits.
    pub(crate) fn open(&self) {
        self.0.gate.notify_one();
    }

    async fn wait(&self) {
        self.0.gate.notified().await;
    }
}

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
pub(crate) struct Paid(pub(crate) u32);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
#[event(answer = bool)]
pub(crate) struct Review(pub(crate) u32);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Update {
    Text(String),
    Asked { number: u64, of: u32 },
}

impl From<String> for Update {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Update {
    fn from(asked: Asked<Review>) -> Self {
        Self::Asked {
            number: asked.id.to_string().parse().unwrap(),
            of: asked.question.0,
        }
    }
}

#[handler]
pub(crate) async fn double(n: u32, world: Res<World>) -> u32 {
    world.note(format!("double {n}"));
    n * 2
}

#[handler]
async fn say(n: u32, world: Res<World>, cx: &Cx) -> u32 {
    cx.put(format!("{n}")).await;
    world.note(format!("say {n}"));
    n
}

#[handler]
async fn slow(n: u32, world: Res<World>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(n))).await;
    world.note(format!("slow {n}"));
    n + 100
}

#[handler]
async fn gated(n: u32, world: Res<World>) -> u32 {
    world.note(format!("begin {n}"));
    world.wait().await;
    world.note(format!("end {n}"));
    n
}

#[handler]
async fn talk(n: u32, world: Res<World>, cx: &Cx) -> u32 {
    cx.put(format!("one of {n}")).await;
    world.note("talk");
    world.wait().await;
    cx.put(format!("two of {n}")).await;
    n
}

#[handler]
async fn up_to(n: u32) -> Vec<u32> {
    (1..=n).collect()
}

#[handler]
async fn sum(numbers: Vec<u32>) -> u32 {
    numbers.iter().sum()
}

#[handler]
pub(crate) async fn add((a, b): (u32, u32), world: Res<World>) -> u32 {
    world.note(format!("add {a} {b}"));
    a + b
}

/// Its type is seen by others, and names the boxed error.
#[handler]
pub(crate) async fn even(n: u32, world: Res<World>) -> Result<u32> {
    world.note(format!("even {n}"));
    if n.is_multiple_of(2) {
        Ok(n)
    } else {
        Err(format!("{n} is odd").into())
    }
}

#[handler]
async fn instead(failed: Failed, world: Res<World>) -> u32 {
    world.note(format!("instead: {failed:#}"));
    1_000
}

#[handler]
pub(crate) async fn review(n: u32, world: Res<World>) -> Review {
    world.note(format!("review {n}"));
    Review(n)
}

#[handler]
pub(crate) async fn decide(answered: Answered<Review>, world: Res<World>) -> u32 {
    world.note(format!("decide {}", answered.answer));
    if answered.answer {
        answered.question.0 + 1
    } else {
        0
    }
}

#[handler]
async fn open_account(n: u32, world: Res<World>) {
    world.note(format!("open {n}"));
}

#[handler(on = Paid)]
async fn count(Paid(n): Paid, total: State<u32>, world: Res<World>, cx: &Cx) -> u32 {
    world.note(format!("paid {n}"));
    let total = total.with(|total| {
        *total += n;
        *total
    });
    cx.put(format!("total {total}")).await;
    total
}

flow! {
    pub(crate) flow Chain(u32) -> u32;
    durable;
    with World;
    start -> double -> say -> double -> say -> end;
}

flow! {
    pub(crate) flow Join(u32) -> u32;
    durable;
    with World;
    start -> (double, slow -> double) -> add -> say -> end;
}

flow! {
    pub(crate) flow Each(u32) -> u32;
    durable;
    with World;
    start -> up_to -> each (slow -> say)[2] -> sum -> end;
}

flow! {
    pub(crate) flow StandIn(u32) -> u32;
    durable;
    with World;
    start -> up_to -> each (even else instead)[3] -> sum -> end;
}

flow! {
    pub(crate) flow Fails(u32) -> u32;
    durable;
    with World;
    start -> say -> even -> double -> end;
}

flow! {
    /// A review, and two hours for it.
    pub(crate) flow Order(u32) -> u32 streams Update;
    durable;
    with World;
    start -> double -> say -> review -> ask Review within "2h" else lapse -> decide -> say -> end;
}

#[handler]
async fn lapse(Review(n): Review, world: Res<World>) -> bool {
    world.note(format!("lapse {n}"));
    false
}

flow! {
    /// Its payments come from outside.
    pub(crate) flow Account(u32) -> u32;
    durable;
    with World;
    state u32;
    external Paid;
    start -> open_account;
    when Paid -> count -> match {
        n @ 10.. => |n: u32| n -> end,
        _ => ignore,
    };
}

flow! {
    pub(crate) flow Gated(u32) -> u32;
    durable;
    with World;
    start -> say -> gated -> double -> end;
}

#[handler]
async fn tidy(world: Res<World>) {
    world.note("tidy");
    world.wait().await;
    world.note("tidied");
}

flow! {
    pub(crate) flow Tidies(u32) -> u32;
    durable;
    with World;
    start -> gated -> end;
    finally within "1h" -> tidy;
}

flow! {
    pub(crate) flow Talk(u32) -> u32;
    durable;
    with World;
    start -> say -> talk -> double -> say -> end;
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    of: u32,
    #[serde(default)]
    urgent: bool,
}

#[handler]
async fn file(ticket: Ticket) -> u32 {
    ticket.of
}

flow! {
    /// A field of the input has a default.
    pub(crate) flow Tickets(Ticket) -> u32;
    durable;
    start -> file -> end;
}

pub(crate) fn order(world: &World) -> Flow<Order> {
    Order::new().with(world.clone())
}

pub(crate) fn account(world: &World) -> Flow<Account> {
    Account::new().with(world.clone())
}

pub(crate) fn gate(world: &World) -> Flow<Gated> {
    Gated::new().with(world.clone())
}
