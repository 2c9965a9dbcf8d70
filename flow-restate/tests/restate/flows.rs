//! The flows of the tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flow_core::{Answered, Asked, Cx, Event, IdempotencyKey, Res, flow, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// Counts what is charged.
#[derive(Clone, Default)]
pub(crate) struct Bank(Arc<AtomicU64>);

impl Bank {
    pub(crate) fn charges(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Approve {
    pub(crate) cents: u32,
}

#[handler(effect)]
pub(crate) async fn charge(cents: u32, _key: IdempotencyKey, bank: Res<Bank>) -> Approve {
    bank.0.fetch_add(1, Ordering::Relaxed);
    Approve { cents }
}

#[handler]
pub(crate) async fn ship(answered: Answered<Approve>) -> String {
    let cents = answered.question.cents;
    if answered.answer {
        format!("shipped for {cents}")
    } else {
        format!("refused for {cents}")
    }
}

flow! {
    /// Charges, asks and ships.
    pub(crate) flow Order(u32) -> String streams Asked<Approve>;
    durable;
    with Bank;
    start -> charge -> ask Approve -> ship -> end;
}

#[handler(streams = u32)]
pub(crate) async fn count(to: u32, cx: &Cx) -> u32 {
    for number in 0..to {
        cx.put(number).await;
    }
    to
}

flow! {
    /// Puts the numbers up to its input.
    pub(crate) flow Count(u32) -> u32 streams u32;
    durable;
    start -> count -> end;
}

/// A gate at which a handler waits.
#[derive(Clone)]
pub(crate) struct Gate(Arc<watch::Sender<(u32, bool)>>);

impl Default for Gate {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new((0, false))))
    }
}

impl Gate {
    /// Waits until so many bodies have come to the gate.
    pub(crate) async fn begun(&self, times: u32) {
        let mut seen = self.0.subscribe();
        seen.wait_for(|(begun, _)| *begun >= times).await.unwrap();
    }

    /// How many bodies have come to the gate.
    pub(crate) fn times(&self) -> u32 {
        self.0.borrow().0
    }

    pub(crate) fn open(&self) {
        self.0.send_modify(|(_, is_open)| *is_open = true);
    }
}

#[handler]
async fn wait(number: u32, gate: Res<Gate>) -> u32 {
    gate.0.send_modify(|(begun, _)| *begun += 1);
    let mut seen = gate.0.subscribe();
    seen.wait_for(|(_, is_open)| *is_open).await.unwrap();
    number
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Numbers(pub(crate) u32);

#[handler(on = Numbers, streams = u32)]
async fn show(Numbers(number): Numbers, cx: &Cx) {
    cx.put(number).await;
}

flow! {
    /// Waits at a gate, and shows what comes meanwhile.
    pub(crate) flow Gated(u32) -> u32 streams u32;
    durable;
    with Gate;
    external Numbers;
    start -> wait -> end;
    when Numbers -> show;
}

flow! {
    /// Charges, and then waits at a gate.
    pub(crate) flow ChargedAndGated(u32) -> u32 streams u32;
    durable;
    with Bank;
    with Gate;
    external Numbers;
    start -> charge -> |approve: Approve| approve.cents -> wait -> end;
    when Numbers -> show;
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Down(u32);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Held(u32);

#[handler]
async fn first(number: u32) -> (Down, Held) {
    (Down(number), Held(1))
}

#[handler(on = Down, emits = Down, streams = u32)]
async fn down(Down(number): Down, cx: &Cx) {
    cx.put(number).await;
    if number > 1 {
        cx.emit(Down(number - 1));
    }
}

flow! {
    /// Counts down while it waits at a gate.
    pub(crate) flow Total(u32) -> u32 streams u32;
    durable;
    with Gate;
    start -> first -> emit;
    when Held -> |Held(number): Held| number -> wait -> end;
    when Down -> down;
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Anyone;

#[handler]
async fn call(_seconds: u32) -> Anyone {
    Anyone
}

#[handler]
async fn early(_answered: Answered<Anyone>) -> String {
    "early".to_owned()
}

#[handler]
async fn late(_question: Anyone) -> String {
    "late".to_owned()
}

flow! {
    /// Asks a question that nobody answers.
    pub(crate) flow Signals(u32) -> String streams Asked<Anyone>;
    durable;
    start -> call -> emit;
    ask Anyone within "6s" -> early -> end else -> late -> end;
}

#[handler]
async fn told(answered: Answered<Anyone>) -> bool {
    answered.answer
}

flow! {
    pub(crate) flow Asks(u32) -> bool streams Asked<Anyone>;
    durable;
    start -> call -> ask Anyone -> told -> end;
}

flow! {
    pub(crate) flow Waits(u32) -> u32 streams Asked<Anyone>;
    durable;
    with Gate;
    start -> wait -> end;
}

flow! {
    /// Waits at a gate in a stage, and asks beside it in another one.
    pub(crate) flow Beside(u32) -> bool streams Asked<Anyone>;
    durable;
    with Gate;
    start -> (Waits, Asks) -> |(_, told): (u32, bool)| told -> end;
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Agree(u32);

#[handler]
async fn propose(cents: u32) -> Agree {
    Agree(cents)
}

#[handler]
async fn agreed(_answered: Answered<Agree>) -> String {
    "agreed".to_owned()
}

flow! {
    /// Cannot go on with what another flow has begun.
    pub(crate) flow Renamed(u32) -> String streams Asked<Agree>;
    durable;
    start -> propose -> ask Agree -> agreed -> end;
}
