use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Order {
    id: u32,
    guest: String,
}

#[handler]
async fn begin() -> Order {
    Order {
        id: 1,
        guest: String::new(),
    }
}

#[handler]
async fn ship(_id: u32) {}

#[handler(on = Order)]
async fn whole(_order: Order) {}

fn main() {
    flow! { start -> begin -> emit; when Order { id, guest } -> ship };
    flow! { start -> begin -> emit; when Order { id, .. } -> whole };
    flow! { start -> begin -> emit; when Order { number, .. } -> ship };
}
