// A state is made by a value instead of a function.
use flow_core::{State, flow, handler};

struct Total(u32);

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total = Total(3); start -> add };
}
