// The value that arrives at `end` is not the declared result.
use flow_core::{flow, handler};

#[handler]
async fn name() -> String {
    String::new()
}

fn main() {
    let _ = flow! {
        flow -> u32;
        start -> name -> end
    };
}
