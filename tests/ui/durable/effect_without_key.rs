//! A handler of a durable flow that acts on the outside, and takes no idempotency key.
use flow_core::{Event, IdempotencyKey, Res, Result, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Order(u32);
struct Bank;
type Key = IdempotencyKey;

#[handler(effect)]
async fn charge(_order: Order, _bank: Res<Bank>) -> Result<()> {
    Ok(())
}
#[handler(effect)]
async fn notify(_order: ()) {}
#[handler(effect)]
async fn ship(_order: Order, _key: Key) {}

fn main() {
    let _ = flow! { durable; with Bank; start(Order) -> charge -> notify };
    let _ = flow! { durable; start(Order) -> ship };
}
