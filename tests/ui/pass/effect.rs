//! Handlers that act on the outside and take their key, or are called once; and snapshots of
//! states.
use flow_core::{Cx, Event, IdempotencyKey, Res, Result, Snapshot, State, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Order(u32);
struct Bank;
type Key = flow_core::IdempotencyKey;
#[derive(Default, Serialize, Deserialize)]
struct Total(u32);

#[handler(effect, retry(attempts = 3))]
async fn charge(order: Order, key: IdempotencyKey, _bank: Res<Bank>) -> Result<Order> {
    let _: &str = key.as_str();
    Ok(order)
}
#[handler(effect, retry(attempts = 3), on = Order)]
async fn refund(key: Key, Order(_): Order, cx: &Cx) -> Result<()> {
    cx.put(format!("{key}")).await;
    Ok(())
}
/// It is not called again.
#[handler(effect)]
async fn print(_order: Order) {}
/// It does not act on the outside, and takes the key all the same.
#[handler]
async fn log(_key: flow_core::IdempotencyKey) {}
#[handler(emits = Order)]
async fn begin(cx: &Cx, total: State<Total>) {
    total.with(|total| total.0 += 1);
    cx.emit(Order(1));
}
#[handler]
async fn report(total: Snapshot<Total>, cx: &Cx) {
    let total: &Total = &total;
    cx.put(total.0.to_string()).await;
}
/// An event of the same name as the key's is one.
mod other {
    #[derive(Clone, flow_core::Event, serde::Serialize, serde::Deserialize)]
    pub struct Snapshot(pub u32);
}
#[handler]
async fn seen(_snapshot: other::Snapshot) {}

fn main() {
    let _ = flow! { with Bank; start(Order) -> charge -> print };
    let _ = flow! { start(Order) -> refund };
    let _ = flow! { start(other::Snapshot) -> seen };
    let _ = flow! {
        durable;
        with Bank;
        state Total;
        start -> begin;
        when Order -> charge -> refund -> report;
        when Order -> |_| () -> log
    };
    // A state that is only looked at.
    let _ = flow! { durable; state Total; start -> report };
}
