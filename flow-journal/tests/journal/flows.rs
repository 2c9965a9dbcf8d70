//! The flows of the tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use flow_core::{Answered, Asked, Cx, Event, IdempotencyKey, Res, flow, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// Counts charges, and may let them wait.
#[derive(Clone, Default)]
pub(crate) struct Bank(pub(crate) Arc<Account>);

#[derive(Default)]
pub(crate) struct Account {
    pub(crate) charges: AtomicU32,
    pub(crate) closed: AtomicBool,
    pub(crate) opens: Notify,
}

impl Bank {
    pub(crate) fn charges(&self) -> u32 {
        self.0.charges.load(Ordering::Relaxed)
    }
}

/// May the order be shipped?
#[derive(Clone, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Approve {
    pub(crate) cents: u32,
}

#[handler(effect)]
pub(crate) async fn charge(cents: u32, _key: IdempotencyKey, bank: Res<Bank>) -> Approve {
    if bank.0.closed.load(Ordering::Relaxed) {
        bank.0.opens.notified().await;
    }
    bank.0.charges.fetch_add(1, Ordering::Relaxed);
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
