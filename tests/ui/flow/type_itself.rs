// `Self` in a flow, which cannot name the type around it.
use flow_core::{Event, State, flow, handler};

#[derive(Event)]
struct Order;

#[derive(Default)]
struct Total;

#[handler]
async fn pay(_: Order) {}

#[handler]
async fn add(_: Total, _total: State<Total>) {}

impl Order {
    fn unnamed(self) -> usize {
        flow! { start(Self) -> pay }.blocking_iter(self).count()
    }

    fn named(self) -> usize {
        flow! { flow Payment(Self); start -> pay }
        Payment::new().blocking_iter(self).count()
    }
}

impl Total {
    fn of(_: &Total) -> Total {
        Total
    }

    fn twice(self) -> usize {
        let flow = flow! { state Self = Self::of; start(Self) -> add };
        flow.blocking_iter(self).count()
    }
}

fn main() {
    Order.unnamed();
    Order.named();
    Total.twice();
}
