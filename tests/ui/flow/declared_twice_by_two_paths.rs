// What a flow declares twice, by two paths: the types show that it is the same.
use flow_core::{Answered, Asked, Cx, Event, Res, State, flow, handler};
use shop::{Clerk, Order, Refund, Sum};

mod shop {
    use flow_core::Event;

    #[derive(Clone, Event)]
    #[event(answer = bool)]
    pub struct Refund;

    #[derive(Clone, Event)]
    pub struct Order;

    pub struct Clerk;

    #[derive(Default)]
    pub struct Sum;
}

#[derive(Event)]
struct Sold;

#[handler(emits = [Refund, Sold])]
async fn sell(_clerk: Res<Clerk>, _sum: State<Sum>, cx: &Cx) {
    cx.emit(Refund);
    cx.emit(Sold);
}

#[handler]
async fn pay(_answered: Answered<Refund>) {}

#[handler]
async fn book(_answered: Answered<Refund>) {}

#[handler(on = Order)]
async fn take() {}

#[handler]
async fn open() -> Clerk {
    Clerk
}

fn main() {
    let _ = flow! {
        streams Asked<Refund>;
        with Clerk;
        with shop::Clerk;
        state Sum;
        state shop::Sum;
        external Order;
        external self::Order;
        ignore Sold;
        ignore self::Sold;
        start -> sell;
        when Order -> take;
        ask Refund -> pay;
        ask shop::Refund -> book
    };
    let _ = flow! {
        with Clerk;
        with shop::Clerk = open;
        state Sum;
        ignore Refund;
        ignore Sold;
        start -> sell
    };
}
