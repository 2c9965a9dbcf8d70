// A state of a type that does not exist.
use flow_core::{State, flow, handler};

#[derive(Default)]
struct Total(u32);

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Totla; start -> add };
}
