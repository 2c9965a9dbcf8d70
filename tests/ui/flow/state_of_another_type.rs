// The function that makes a state returns another type.
use flow_core::{State, flow, handler};

struct Total(u32);

fn number(number: &u32) -> u32 {
    *number
}

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total = number; start(u32) -> add };
}
