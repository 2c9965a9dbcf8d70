//! The flow: an order is charged, approved if it is large, packed and handed over.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::{Answered, Asked, Cx, Event, Events, IdempotencyKey, Res, Result, flow, handler};
use serde::{Deserialize, Serialize};

use crate::bank::Bank;

/// What costs more than this many cents is shipped when somebody has approved it.
const LARGE: u64 = 20_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    customer: String,
    lines: Vec<Line>,
    #[serde(default)]
    is_gift: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    article: String,
    cents: u32,
}

impl Order {
    fn cents(&self) -> u64 {
        self.lines.iter().map(|line| u64::from(line.cents)).sum()
    }
}

/// May this order be shipped, which is large?
#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = Verdict)]
pub(crate) struct Approve {
    order: Order,
    cents: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Verdict {
    approved: bool,
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Ship(Order);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Refund(Order);

/// After the charge.
#[derive(Debug, Events, Serialize, Deserialize)]
enum Charged {
    Large(Approve),
    Small(Ship),
}

/// After the question.
#[derive(Debug, Events, Serialize, Deserialize)]
enum Decided {
    Approved(Ship),
    Refused(Refund),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Parcel {
    article: String,
    number: usize,
    of: usize,
}

/// An item of the stream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Progress {
    Charged {
        cents: u64,
    },
    /// Somebody is asked; `until` is in seconds since 1970.
    Asked {
        question: String,
        until: Option<u64>,
    },
    Packing {
        article: String,
    },
    Packed {
        article: String,
        number: usize,
        of: usize,
    },
    Refunded {
        cents: u64,
    },
}

impl From<Asked<Approve>> for Progress {
    fn from(asked: Asked<Approve>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let until = now.ok().zip(asked.within).map(|(now, within)| now + within);
        Self::Asked {
            question: asked.id.to_string(),
            until: until.map(|until| until.as_secs()),
        }
    }
}

/// What becomes of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Receipt {
    Shipped {
        customer: String,
        cents: u64,
        parcels: Vec<String>,
    },
    Refunded {
        customer: String,
        cents: u64,
    },
}

/// The time that it takes to pack an article.
pub(crate) struct Pace(pub(crate) Duration);

/// The bank charges once for each key, however often it is asked.
#[handler(effect, streams = Progress)]
async fn charge(order: Order, key: IdempotencyKey, bank: Res<Bank>, cx: &Cx) -> Result<Charged> {
    let cents = order.cents();
    bank.charge(cents, key.as_str()).await?;
    cx.put(Progress::Charged { cents }).await;
    Ok(if cents > LARGE {
        Charged::Large(Approve { order, cents })
    } else {
        Charged::Small(Ship(order))
    })
}

#[handler]
async fn decide(answered: Answered<Approve>) -> Decided {
    let order = answered.question.order;
    if answered.answer.approved {
        Decided::Approved(Ship(order))
    } else {
        Decided::Refused(Refund(order))
    }
}

/// Each parcel is a call of its own, so a crash repeats the one that was being packed.
#[handler(on = Ship)]
async fn parcels(Ship(order): Ship) -> Vec<Parcel> {
    let of = order.lines.len();
    let lines = order.lines.into_iter().zip(1..);
    let parcel = |(line, number): (Line, _)| Parcel {
        article: line.article,
        number,
        of,
    };
    lines.map(parcel).collect()
}

#[handler(streams = Progress)]
async fn pack(parcel: Parcel, pace: Res<Pace>, cx: &Cx) -> String {
    let Parcel {
        article,
        number,
        of,
    } = parcel;
    let packed = article.clone();
    cx.put(Progress::Packing {
        article: packed.clone(),
    })
    .await;
    tokio::time::sleep(pace.0).await;
    cx.put(Progress::Packed {
        article,
        number,
        of,
    })
    .await;
    packed
}

#[handler]
async fn hand_over((Ship(order), parcels): (Ship, Vec<String>)) -> Receipt {
    Receipt::Shipped {
        cents: order.cents(),
        customer: order.customer,
        parcels,
    }
}

#[handler(effect, on = Refund, streams = Progress)]
async fn refund(
    Refund(order): Refund,
    key: IdempotencyKey,
    bank: Res<Bank>,
    cx: &Cx,
) -> Result<Receipt> {
    let cents = order.cents();
    bank.refund(cents, key.as_str()).await?;
    cx.put(Progress::Refunded { cents }).await;
    Ok(Receipt::Refunded {
        cents,
        customer: order.customer,
    })
}

flow! {
    /// From an order to its receipt.
    pub(crate) flow Shop(Order) -> Receipt streams Progress;
    durable;
    sound;
    with Bank;
    with Pace;
    start -> charge -> emit;
    ask Approve within "24h" -> decide -> emit
        else -> |approve: Approve| Refund(approve.order) -> emit;
    when Ship -> (|ship: Ship| ship, parcels -> each pack[1]) -> hand_over -> end;
    when Refund -> refund -> end
}
