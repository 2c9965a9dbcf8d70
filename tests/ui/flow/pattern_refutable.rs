use flow_core::{Event, flow, handler};

enum Status {
    Open,
    Paid(u32),
}

#[derive(Event)]
struct Order {
    id: u32,
    status: Status,
    note: Option<String>,
}

#[handler]
async fn begin() -> Order {
    Order {
        id: 1,
        status: Status::Paid(2),
        note: None,
    }
}

#[handler]
async fn ship(_id: u32) {}

fn main() {
    flow! { start -> begin -> emit; when Order { id: 1, .. } -> ship };
    flow! { start -> begin -> emit; when Order { status: Status::Paid(price), .. } -> ship };
    flow! { start -> begin -> emit; when Order { note: Some(note), .. } -> ship };
}
