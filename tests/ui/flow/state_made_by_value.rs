// The function that makes a state takes the input by value.
use flow_core::{State, flow, handler};

struct Total(u32);

fn from_number(number: u32) -> Total {
    Total(number)
}

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total = from_number; start(u32) -> add };
}
