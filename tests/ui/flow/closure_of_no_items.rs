// A closure that is not written yet, before an `each`.
use flow_core::{flow, handler};

#[handler]
async fn print(_: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> |n| { todo!("split {n}") } -> each print
    };
}
