// The macro cannot name the type of the value that arrives at the only `end`.
use flow_core::{flow, handler};

#[handler]
async fn judge(points: u32) -> Option<u32> {
    Some(points)
}

fn main() {
    let _ = flow! {
        start(u32) -> judge -> match {
            Some(points) => end,
            None => ignore
        }
    };
}
