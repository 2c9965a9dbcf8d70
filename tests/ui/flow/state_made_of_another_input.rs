// The function that makes a state takes another type than the input.
use flow_core::{State, flow, handler};

struct Total(u32);

fn from_text(text: &String) -> Total {
    Total(text.len() as u32)
}

#[handler]
async fn add(total: State<Total>) {
    total.with(|total| total.0 += 1);
}

fn main() {
    let _ = flow! { state Total = from_text; start(u32) -> add };
}
