// A handler takes a state that the flow does not declare.
use flow_core::{State, flow, handler};

struct Total(u32);

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { start -> add };
}
