// A state without a function that makes it, whose type is not `Default`.
use flow_core::{State, flow, handler};

struct Total(u32);

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total; start -> add };
}
