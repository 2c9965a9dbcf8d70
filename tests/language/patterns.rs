//! `when Order { id, .. } -> …`: what a pattern binds goes on.

use flow_core::{BoxError, Cx, Event, Failed, Result, flow, handler};

use crate::items;

#[derive(Clone, Debug, Event)]
struct Order {
    id: u32,
    guest: String,
    paid: bool,
}

#[derive(Event)]
struct Cancelled(u32, &'static str);

#[derive(Event)]
struct Quit;

#[handler]
async fn order(id: u32) -> (Order, Cancelled, Quit) {
    let order = Order {
        id,
        guest: "Ada".to_owned(),
        paid: true,
    };
    (order, Cancelled(id, "too late"), Quit)
}

#[handler]
async fn ship(id: u32, cx: &Cx) {
    cx.put(format!("{id} is shipped")).await;
}

#[handler]
async fn refund((id, why): (u32, &'static str), cx: &Cx) {
    cx.put(format!("{id} is refunded: {why}")).await;
}

#[handler]
async fn close(cx: &Cx) {
    cx.put("closed").await;
}

#[tokio::test]
async fn one_binding_goes_on_as_itself_and_several_as_a_tuple() {
    let flow = flow! {
        start(u32) -> order -> emit;
        when Order { id, .. } -> ship;
        when Cancelled(id, why) -> refund;
        when Quit {} -> close
    };
    let expected = ["7 is shipped", "7 is refunded: too late", "closed"];
    assert_eq!(items(flow.stream(7)).await, expected);
}

#[tokio::test]
async fn a_clause_with_a_pattern_stands_beside_others_of_its_event() {
    #[handler(on = Order)]
    async fn print(order: Order, cx: &Cx) {
        cx.put(order.guest).await;
    }
    let flow = flow! {
        start(u32) -> order -> emit;
        when Order { guest: name, paid, .. } -> |(name, paid)| format!("{name}: {paid}") -> put;
        when Order -> print;
        ignore Cancelled;
        ignore Quit
    };
    assert_eq!(items(flow.stream(7)).await, ["Ada: true", "Ada"]);
}

#[handler]
async fn put(text: String, cx: &Cx) {
    cx.put(text).await;
}

#[handler]
async fn fails(id: u32) -> Result<()> {
    Err(format!("{id} is unknown").into())
}

#[handler]
async fn report(failed: Failed<BoxError, Order>, cx: &Cx) {
    let Failed { error, cause, .. } = failed;
    cx.put(format!("{}: {error}", cause.guest)).await;
}

#[tokio::test]
async fn a_rescue_gets_the_whole_event() {
    let flow = flow! {
        start(u32) -> order -> emit;
        when Order { id, .. } -> fails;
        rescue fails -> report;
        ignore Cancelled;
        ignore Quit
    };
    assert_eq!(items(flow.stream(7)).await, ["Ada: 7 is unknown"]);
}
