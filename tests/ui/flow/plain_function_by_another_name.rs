// A function without `#[handler]` that an import renames.
use flow_core::flow;

mod steps {
    pub async fn third_of(n: u32) -> u32 {
        n / 3
    }
}

use steps::third_of as third;

fn main() {
    let _ = flow! { start(u32) -> third -> end };
}
