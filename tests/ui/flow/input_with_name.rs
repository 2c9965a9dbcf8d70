// The input of a flow with a name, as a parameter of a function has one.
use flow_core::{flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

flow! {
    flow Double(n: u32) -> u32;
    start -> double -> end
}

fn main() {
    let _ = flow! { start(n: u32) -> double -> end };
    let _ = Double::new();
}
