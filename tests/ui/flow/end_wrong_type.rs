// A7: what arrives at `end` is not what the flow says it ends with.
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
