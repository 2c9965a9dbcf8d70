//! An order without glue: handlers return what has happened, and the flow shows where it goes.
//!
//! No handler here takes a context to emit, converts an event into another, or keeps a table of
//! what has arrived. `-> emit` emits what a handler returns, `by .order` brings the two halves of
//! an order together, and a closure writes the line for what is sold out.
//!
//! `cargo run --example 17_orders` prints
//!
//! ```text
//! sold out: piano
//! order 2: 1 kg, 20 euros
//! order 1: 9 kg, 300 euros
//! order 4 is packed, but not paid
//! ```

use std::time::Duration;

use flow_core::{Cx, Event, Events, Failed, Result, flow, handler};
use futures::TryStreamExt;
use tokio::time::sleep;

struct Order {
    number: u32,
    article: &'static str,
}

#[derive(Clone, Event)]
struct Reserved {
    order: u32,
    euros: u32,
}

#[derive(Event)]
struct SoldOut {
    article: &'static str,
}

#[derive(Events)]
enum Stock {
    Reserved(Reserved),
    SoldOut(SoldOut),
}

#[derive(Event)]
struct Paid {
    order: u32,
    euros: u32,
}

#[derive(Event)]
struct Packed {
    order: u32,
    kilos: u32,
}

#[handler]
async fn reserve(Order { number, article }: Order) -> Stock {
    let euros = match article {
        "piano" => return Stock::SoldOut(SoldOut { article }),
        "tuba" => 300,
        _ => 20,
    };
    Stock::Reserved(Reserved {
        order: number,
        euros,
    })
}

#[handler]
async fn charge(Reserved { order, euros }: Reserved) -> Result<Paid> {
    sleep(Duration::from_secs(u64::from(euros))).await;
    if order == 4 {
        return Err("the card is declined".into());
    }
    Ok(Paid { order, euros })
}

#[handler]
async fn pack(Reserved { order, euros }: Reserved) -> Packed {
    sleep(Duration::from_secs(5)).await;
    let kilos = if euros > 100 { 9 } else { 1 };
    Packed { order, kilos }
}

#[handler]
async fn ship((Paid { order, euros }, Packed { kilos, .. }): (Paid, Packed)) -> String {
    format!("order {order}: {kilos} kg, {euros} euros")
}

/// What is left without its other half.
enum Half {
    Paid(u32),
    Packed(u32),
}

impl From<Paid> for Half {
    fn from(paid: Paid) -> Self {
        Self::Paid(paid.order)
    }
}

impl From<Packed> for Half {
    fn from(packed: Packed) -> Self {
        Self::Packed(packed.order)
    }
}

#[handler(on = [Paid, Packed])]
async fn undo(half: Half) -> String {
    match half {
        Half::Paid(order) => format!("order {order} is paid, but not packed"),
        Half::Packed(order) => format!("order {order} is packed, but not paid"),
    }
}

#[handler]
async fn unpaid(_failed: Failed) {}

#[handler]
async fn print(line: String, cx: &Cx) {
    cx.put(line).await;
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<()> {
    let shop = flow! {
        sound;
        start(Vec<Order>) -> each (reserve -> emit) -> ignore;
        when Reserved -> charge -> emit;
        when Reserved -> pack -> emit;
        when Paid & Packed by .order -> ship -> print
            else -> undo -> print;
        when SoldOut { article } -> |article| format!("sold out: {article}") -> print;
        rescue charge -> unpaid
    };

    let orders = [(1, "tuba"), (2, "flute"), (3, "piano"), (4, "oboe")];
    let orders = orders.map(|(number, article)| Order { number, article });
    let mut lines = shop.stream(orders.into());
    while let Some(line) = lines.try_next().await? {
        println!("{line}");
    }
    Ok(())
}
