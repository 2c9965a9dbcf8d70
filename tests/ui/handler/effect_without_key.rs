//! A retried handler that acts on the outside, and takes no idempotency key.
use flow_core::{Event, Res, Result, flow, handler};

#[derive(Clone, Event)]
struct Order(u32);
struct Bank;

#[handler(effect, retry(attempts = 3))]
async fn charge(_order: Order, _bank: Res<Bank>) -> Result<()> {
    Ok(())
}

#[handler(effect, effect)]
async fn notify(_order: Order) {}

#[handler(effects)]
async fn ship(_order: Order) {}

fn main() {
    let _ = flow! { with Bank; start(Order) -> charge };
    let _ = flow! { start(Order) -> notify };
    let _ = flow! { start(Order) -> ship };
}
