use super::Order;
use crate::Paid;
use flow_core::{flow, handler};

mod wire {
    pub struct Order {
        pub name: String,
    }

    #[derive(Clone, Debug)]
    pub struct Paid;
}

#[handler]
async fn begin(id: u32) -> Order {
    let order = wire::Order { name: "a".repeat(id as usize) };
    let _ = wire::Paid;
    Order { id, total: order.name.len() as u32 }
}

#[handler(on = Order)]
async fn pay(Order { id, total }: Order) -> Paid {
    Paid(id, total)
}

#[handler(on = Paid)]
async fn close(Paid(id, total): Paid) -> u32 {
    id + total
}

pub fn run() {
    let shop = flow! {
        sound;
        start(u32) -> begin -> emit;
        when Order -> pay -> emit;
        when Paid -> close -> end
    };
    assert_eq!(shop.blocking_iter(3).output().unwrap(), 6);
}
