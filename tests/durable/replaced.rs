//! Replaced handlers of a durable flow.

use flow_core::{Cx, Event, Result, flow, handler};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

#[derive(Clone, Serialize, Deserialize, Event)]
struct Shipped(u32);

#[handler(emits = Shipped, streams = String, retry(attempts = 3, backoff = "1ms", jitter = false))]
async fn ship(order: u32, cx: &Cx) -> Result<u32> {
    cx.emit(Shipped(order));
    Err("there is no carrier in a test".into())
}

#[handler(on = Shipped)]
async fn tell(Shipped(order): Shipped, cx: &Cx) {
    cx.put(format!("shipped {order}")).await;
}

flow! {
    flow Parcel(u32) -> u32;
    durable;
    start -> ship -> end;
    when Shipped -> tell;
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

flow! {
    flow Order(u32) -> u32;
    durable;
    start -> Parcel -> double -> end;
}

#[tokio::test]
async fn what_a_replacement_emits_goes_out_when_it_has_ended_well() {
    let flow = Parcel::new().replace::<ship>().by(async |order: u32, cx| {
        cx.emit(Shipped(order));
        cx.put(format!("ship {order}")).await;
        Ok(order + 1)
    });
    let mut execution = flow.stream(7);
    let items: Vec<_> = (&mut execution).try_collect().await.unwrap();
    assert_eq!(items, ["ship 7", "shipped 7"]);
    assert_eq!(execution.output().await.unwrap(), 8);
}

#[tokio::test]
async fn what_a_failing_replacement_emits_does_not_go_out() {
    let flow = Parcel::new().replace::<ship>().by(async |order: u32, cx| {
        cx.emit(Shipped(order));
        Result::Err("no".into())
    });
    let mut execution = flow.stream(7);
    let error = (&mut execution).try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(format!("{error:#}"), "handler `ship` failed on start: no");
}

#[tokio::test]
async fn a_stage_that_is_a_flow_is_replaced() {
    let flow = Order::new()
        .replace::<Parcel>()
        .by(async |order: u32, _| Ok(order));
    assert_eq!(flow.run(7).await.unwrap(), 14);
}

#[tokio::test]
async fn a_handler_of_a_stage_is_replaced() {
    let flow = Order::new()
        .replace_within::<Parcel, ship>()
        .by(async |order: u32, _| Ok(order + 1));
    assert_eq!(flow.run(7).await.unwrap(), 16);
}
